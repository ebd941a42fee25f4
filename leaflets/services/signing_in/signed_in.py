"""Where somebody is signed in: one row for each browser, looked at with every request, and ended at once everywhere.

A browser keeps an opaque token, the database its hash. A sign-in that an organisation's own provider vouched for is
good while its person belongs to nobody else: what one organisation says of a person must open no other's door.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Update, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from leaflets.domain import permissions
from leaflets.domain.errors import Conflict, NotFound
from leaflets.domain.permissions import SIGNED_IN, Action, Role
from leaflets.domain.signing_in import Way
from leaflets.services import access, audit
from leaflets.services.roles import grants
from leaflets.services.signing_in.sign_in import hash_of
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment, writing
from leaflets.storage.signing_in import SignInSession
from leaflets.storage.tree import Node

LASTS = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=5)
"""How often it is written down that somebody is still there: a page that is looked at must cost no write."""

MOST_SHOWN = 50
"""Sign-ins that somebody looks through; whoever has more ends all but this one."""

TOKEN_BYTES = 32


def begin(
    session: Session,
    *,
    now: datetime,
    person_id: int,
    way: Way,
    device: str = "",
    address: str = "",
    strong: bool = False,
    organisation_id: int | None = None,
    instead_of: str = "",
) -> str:
    """Sign somebody in and return the token of their browser. `instead_of` is the token that it had before: it ends.

    `strong` says that a second factor was shown, or a passkey that asked who holds it.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing(session):
        if instead_of:
            session.execute(_not_ended(SignInSession.token_hash == hash_of(instead_of)).values(ended_at=now))
        person = session.get_one(Person, person_id)
        named = update(Grant).where(Grant.person_id == person_id, Grant.called != "")
        session.execute(named.values(called=""))  # who comes brings their own name
        session.add(
            SignInSession(
                token_hash=hash_of(token),
                person_id=person.id,
                organisation_id=organisation_id,
                how=way,
                device=device[:200],
                address=address[:60],
                began_at=now,
                seen_at=now,
                strong_at=now if strong else None,
            )
        )
        became = " ".join(part for part in (way.label, f"on {device}" if device else "") if part)
        audit.record(
            session, actor=person, now=now, what="signed in", subject="person", subject_id=person.id, became=became
        )
    return token


def of_token(session: Session, *, now: datetime, token: str) -> SignInSession | None:
    """The sign-in with that token and its person, while it is good; None for any other."""
    return session.scalar(_GOOD, {"token": hash_of(token), "now": now, "since": now - LASTS})


def seen(session: Session, *, now: datetime, sign_in: SignInSession, device: str, address: str) -> None:
    """Note that somebody is still there, and where, when that was not noted for a while."""
    if now - sign_in.seen_at < SEEN_EVERY:
        return
    with writing(session):
        due = SignInSession.id == sign_in.id, SignInSession.seen_at <= now - SEEN_EVERY
        session.execute(_not_ended(*due).values(seen_at=now, device=device[:200], address=address[:60]))


def strengthen(session: Session, *, actor: Person, now: datetime, sign_in_id: int) -> None:
    """Note that the second step was shown in this browser."""
    with writing(session):
        mine = SignInSession.id == sign_in_id, SignInSession.person_id == actor.id
        session.execute(_not_ended(*mine).values(strong_at=now))
        _note(session, actor, now, "second step shown", actor.id)


def places(session: Session, *, actor: Person, now: datetime) -> list[SignInSession]:
    """Where somebody is signed in, the one seen last first; the newest `MOST_SHOWN` of them."""
    mine = select(SignInSession).where(
        SignInSession.person_id == actor.id, SignInSession.ended_at.is_(None), SignInSession.began_at > now - LASTS
    )
    newest = mine.order_by(SignInSession.seen_at.desc(), SignInSession.id.desc()).limit(MOST_SHOWN)
    return list(session.scalars(newest))


def end(session: Session, *, actor: Person, now: datetime, sign_in_id: int) -> SignInSession:
    """End one of somebody's own; ending it twice changes nothing. Raises `Conflict` for what is not theirs."""
    with writing(session):
        found = session.get(SignInSession, sign_in_id)
        if found is None or found.person_id != actor.id:
            raise Conflict("You are not signed in there.", "Look at the list again.")
        if found.ended_at is None:
            found.ended_at = now
            _note(session, actor, now, "sign-in ended", actor.id, was=found.device)
    return found


def end_others(session: Session, *, actor: Person, now: datetime, kept_id: int) -> None:
    """End all of somebody's own but the one that they look from."""
    with writing(session):
        session.execute(
            _not_ended(SignInSession.person_id == actor.id, SignInSession.id != kept_id).values(ended_at=now)
        )
        _note(session, actor, now, "other sign-ins ended", actor.id)


def end_all_of(session: Session, *, actor: Person, now: datetime, person_id: int) -> Person:
    """End every sign-in of somebody, for whoever keeps the sign-in of a place where they hold a role.

    Raises `NotFound` for somebody who holds nothing where `actor` has a part, `Refused`.
    """
    person = require_keeper(session, actor, person_id)
    with writing(session):
        session.execute(_not_ended(SignInSession.person_id == person_id).values(ended_at=now))
        _note(session, actor, now, "all sign-ins ended", person_id)
    return person


def require_keeper(session: Session, actor: Person, person_id: int) -> Person:
    """The person, for whoever may decide how they sign in. Raises `NotFound` or `Refused`."""
    person, roles = session.get(Person, person_id), _roles_over(session, actor, person_id)
    if person is None or not roles:
        raise NotFound("There is no such person, or you have no part in what they do.", "Check the address.")
    permissions.require(Action.KEEP_SIGN_IN, {*roles, SIGNED_IN})
    return person


def keeps(session: Session, actor: Person, person_id: int) -> bool:
    """Whether somebody may end the sign-ins of another: for a button that would only be refused."""
    roles = _roles_over(session, actor, person_id)
    return actor.id != person_id and permissions.may(Action.KEEP_SIGN_IN, roles)


def _roles_over(session: Session, actor: Person, person_id: int) -> set[Role]:
    """What somebody is wherever another holds a role."""
    roles = set[Role]()
    for grant in grants.held_by(session, person_id):
        if grant.campaign_id is not None:
            roles |= access.roles_in(session, actor, grant.campaign_id)
        elif grant.node is not None:
            roles |= access.granted_at(session, actor, grant.node)
    return roles


def belongs_to(session: Session, person_id: int, organisation_id: int) -> bool:
    """Whether somebody holds a role anywhere in an organisation."""
    held = _held_by(person_id, moment(session)).where(
        or_(Node.organisation_id == organisation_id, Campaign.organisation_id == organisation_id)
    )
    return session.scalar(held.limit(1)) is not None


def elsewhere(
    organisation_id: SQLColumnExpression[int | None] | int,
    person_id: SQLColumnExpression[int] | int,
    now: ColumnElement[datetime] | datetime,
) -> ColumnElement[bool]:
    """Whether somebody holds a role outside an organisation, as a condition of a query."""
    outside = or_(Node.organisation_id != organisation_id, Campaign.organisation_id != organisation_id)
    return exists(_held_by(person_id, now).where(outside))


def _held_by(person_id: SQLColumnExpression[int] | int, now: ColumnElement[datetime] | datetime) -> Select[int]:
    return (
        select(Grant.id)
        .outerjoin(Node, Node.id == Grant.node_id)
        .outerjoin(Campaign, Campaign.id == Grant.campaign_id)
        .where(Grant.person_id == person_id, Grant.holds(now))
    )


def _good() -> Select[SignInSession]:
    """Asked with every request, so put together once: one indexed read, with the person."""
    now = bindparam("now", type_=Grant.ends_at.type)
    return (
        select(SignInSession)
        .join(SignInSession.person)
        .options(contains_eager(SignInSession.person))
        .where(
            SignInSession.token_hash == bindparam("token"),
            SignInSession.ended_at.is_(None),
            SignInSession.began_at > bindparam("since", type_=SignInSession.began_at.type),
            or_(
                SignInSession.organisation_id.is_(None),
                ~elsewhere(SignInSession.organisation_id, SignInSession.person_id, now),
            ),
        )
    )


_GOOD = _good()


def _not_ended(*which: ColumnElement[bool]) -> Update:
    return update(SignInSession).where(SignInSession.ended_at.is_(None), *which)


def _note(session: Session, actor: Person, now: datetime, what: str, person_id: int, *, was: str = "") -> None:
    audit.record(session, actor=actor, now=now, what=what, subject="person", subject_id=person_id, was=was)
