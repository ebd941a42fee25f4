"""Asking for a role, answering with one click, and what happens when nobody answers in time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.permissions import Role
from leaflets.domain.words.characters import tidy_text
from leaflets.services import access, audit
from leaflets.services.roles import access_news, giving, grants
from leaflets.services.roles.answering import answerers, due_by, first_asked, name_of_asked, next_asked, seat_of
from leaflets.services.roles.giving import Seat
from leaflets.storage.grant import AccessRequest, Grant
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

ASKABLE = tuple(role for role in Role if role is not Role.PRINTER)
"""A printer is brought in by whoever orders there."""

MOST_OPEN = 10
LONGEST_WORDS = 1000


def ask(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    role: Role,
    words: str,
    node_id: int | None = None,
    campaign_id: int | None = None,
    organisation_id: int | None = None,
) -> AccessRequest:
    """Ask for a role. Asking the same again while it waits gives the same request.

    The place belongs to one of the `organisations_open` to the asker, or to `organisation_id`, whose address they have:
    any other is `NotFound`. Raises `Invalid` for a role that cannot be held there or that they have, or without a
    word of why, `Conflict` for the eleventh request at a time.
    """
    said = _said(words)
    with writing(session):
        where = giving.seat(session, node_id=node_id, campaign_id=campaign_id)
        node = _asked_within(session, actor, where, organisation_id)
        giving.check_seat(role, where, None)
        if role in giving.standings(session, actor, where):
            raise Invalid(f"You are {role.label} of {where.name} already.", "There is nothing to ask for.", code="role")
        session.get(Person, actor.id, with_for_update={"key_share": True})  # whoever clicks twice asks once
        waiting = of_asker(session, actor=actor, states=("open",))
        for each in waiting:
            if (each.role, each.node_id, each.campaign_id) == (role, node.id, campaign_id):
                return each
        if len(waiting) >= MOST_OPEN:
            raise Conflict(f"{MOST_OPEN} requests of yours wait already.", "Take one back, or wait for an answer.")
        office = first_asked(session, where, role, actor.id)
        request = AccessRequest(
            person_id=actor.id,
            node_id=node.id,
            campaign_id=campaign_id,
            role=role,
            words=said,
            asked_at=now,
            asked_of_id=office.id if office else None,
            answer_by=due_by(session, where, now),
        )
        session.add(request)
        session.flush()
        _note(session, actor, now, "access asked", request, said)
        access_news.tell_answerers(session, now, request)
    return request


def give(session: Session, *, actor: Person, now: datetime, request_id: int, ends_at: datetime | None = None) -> Grant:
    """Give what was asked for. Raises `NotFound`, `Refused`, `Conflict` when it was answered a moment ago."""
    with writing(session):
        request = _to_answer(session, actor, request_id)
        grant = grants.given(
            session,
            actor=actor,
            now=now,
            person_id=request.person_id,
            role=request.role,
            node_id=None if request.campaign_id else request.node_id,
            campaign_id=request.campaign_id,
            reason=f"asked for it: {request.words}"[: grants.LONGEST_REASON],
            ends_at=ends_at,
        )
        _close(session, actor, now, request, "given", "")
    return grant


def refuse(session: Session, *, actor: Person, now: datetime, request_id: int, because: str) -> AccessRequest:
    """Refuse it, for a reason that the asker reads. Raises `NotFound`, `Refused`, `Conflict`, `Invalid` without one."""
    with writing(session):
        request = _to_answer(session, actor, request_id)
        reason = grants.good_reason(because)
        if not reason:
            raise Invalid("A refusal needs its reason.", "Say in a few words why: they will read it.", code="because")
        _close(session, actor, now, request, "refused", reason)
    return request


def take_back(session: Session, *, actor: Person, now: datetime, request_id: int) -> AccessRequest:
    """Take back what one has asked oneself; what was answered meanwhile stays answered. Raises `NotFound`."""
    with writing(session):
        request = session.get(AccessRequest, request_id, with_for_update=True)
        if request is None or request.person_id != actor.id:
            raise _no_such_request()
        if request.state == "open":
            _close(session, actor, now, request, "taken-back", "")
    return request


def of_asker(session: Session, *, actor: Person, states: tuple[str, ...] = ()) -> list[AccessRequest]:
    """What somebody has asked for, the newest first."""
    asked = select(AccessRequest).where(AccessRequest.person_id == actor.id)
    if states:
        asked = asked.where(AccessRequest.state.in_(states))
    return list(session.scalars(asked.order_by(AccessRequest.id.desc()).limit(50)))


def organisations_open(session: Session, *, actor: Person) -> set[int]:
    """The organisations in which somebody works, and those that they have asked and may ask again.

    Whoever was refused, or asked for the wrong thing, needs no second invitation; whose role ended does.
    """
    asked = select(Node.organisation_id).join(AccessRequest, AccessRequest.node_id == Node.id)
    by_them = AccessRequest.person_id == actor.id, AccessRequest.state != "given"
    return access.organisations_of(session, actor) | set(session.scalars(asked.where(*by_them)))


def move_on(session: Session, *, now: datetime) -> int:
    """Ask one office up where nobody has answered in time, and tell everybody whom it concerns: how many moved.

    Where there is none above, the same people are asked again. Any number of workers may do so at once.
    """
    late = AccessRequest.state == "open", AccessRequest.answer_by <= now
    if session.scalar(select(AccessRequest.id).where(*late).limit(1)) is None:
        return 0
    with writing(session):
        due = select(AccessRequest).where(*late).order_by(AccessRequest.answer_by).limit(50)
        moved = session.scalars(due.with_for_update(skip_locked=True, of=AccessRequest)).all()
        for request in moved:
            before = name_of_asked(request)
            office = next_asked(session, request)
            request.moved += office != request.asked_of
            request.asked_of = office
            request.answer_by = due_by(session, seat_of(request), now)
            _note(session, "the clock", now, "access asked again", request, name_of_asked(request))
            access_news.tell_answerers(session, now, request)
            access_news.tell_of_move(session, now, request, before)
    return len(moved)


def _asked_within(session: Session, actor: Person, where: Seat, organisation_id: int | None) -> Node:
    node = where.stands_at
    if node is None or (
        node.organisation_id != organisation_id and node.organisation_id not in organisations_open(session, actor=actor)
    ):
        raise access.not_found("campaign") if where.campaign else access.no_such_office()
    return node


def _to_answer(session: Session, actor: Person, request_id: int) -> AccessRequest:
    request = session.get(AccessRequest, request_id, with_for_update=True)
    if request is None or not giving.standings(session, actor, seat_of(request)):
        raise _no_such_request()
    if request.person_id == actor.id:
        raise Refused(
            "Nobody answers their own request.", f"It waits for {access_news.names(answerers(session, request))}."
        )
    giving.require_giver(session, actor, request.role, seat_of(request))
    if request.state != "open":
        who = request.answerer.name if request.answerer else request.person.name
        said = {"given": "gave it", "refused": f"refused it, because: {request.answer}", "taken-back": "took it back"}
        raise Conflict(f"{who} {said[request.state]} meanwhile.", "Nothing was changed.")
    return request


def _close(session: Session, actor: Person, now: datetime, request: AccessRequest, state: str, answer: str) -> None:
    request.state, request.answer, request.answered_by, request.answered_at = state, answer, actor.id, now
    access_news.settle(session, now, request)
    _note(session, actor, now, f"access {state.replace('-', ' ')}", request, answer)
    if state != "taken-back":
        access_news.tell_answer(session, actor, now, request)


def _said(words: str) -> str:
    said = tidy_text(words).strip()
    if not said:
        raise Invalid("There is not a word of why yet.", "One sentence is enough.", code="words")
    if len(said) > LONGEST_WORDS:
        raise Invalid(f"That is {len(said)} characters.", f"Say it in {LONGEST_WORDS}.", code="words")
    return said


def _no_such_request() -> NotFound:
    return NotFound("There is no such request, or it is not for you to answer.", "Look at the page again.")


def _note(session: Session, actor: Person | str, now: datetime, what: str, request: AccessRequest, became: str) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject="campaign" if request.campaign_id else "node",
        subject_id=request.campaign_id or request.node_id,
        campaign_id=request.campaign_id,
        became=f"person {request.person_id}: {request.role}{': ' if became else ''}{became}",
    )
