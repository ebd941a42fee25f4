"""Bringing people in, changing until when, and ending it: what one person does for another, who hears of it at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import say_dated
from leaflets.domain.errors import Invalid
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import Role
from leaflets.services import alerts
from leaflets.services.roles import giving, grants, people
from leaflets.services.roles.giving import Seat
from leaflets.services.signing_in import sign_in
from leaflets.storage.grant import Grant
from leaflets.storage.people import Person
from leaflets.storage.session import writing


def bring_in(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    email: str,
    name: str,
    role: Role,
    reason: str,
    node_id: int | None = None,
    campaign_id: int | None = None,
    printer_id: int | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Give a role to whoever has that e-mail address, and mail them a way in; somebody new here goes by `name`.

    Whether another organisation knows them makes no difference that anybody here could see, until they sign in.
    `ends_on` is the last day. Doing it again mails another way in. Raises `Invalid` where the reason or a new
    person's name is missing or something is no address, and whatever `grants.give` raises.
    """
    reason = _needed(reason, "Say in a few words why.", "reason")
    with writing(session):
        where = giving.seat(session, node_id=node_id, campaign_id=campaign_id)
        giving.require_giver(session, actor, role, where)
        known = people.person_by_email(session, email)
        called = _called(session, known, where, name) if known else ""
        person = known or people.added(session, actor=actor, now=now, name=name, email=email)
        grant = grants.given(
            session,
            actor=actor,
            now=now,
            person_id=person.id,
            role=role,
            node_id=node_id,
            campaign_id=campaign_id,
            printer_id=printer_id,
            reason=reason,
            ends_at=grants.end_of(ends_on) if ends_on else None,
            called=called,
        )
        if known:
            _tell(session, now, grant, f"{actor.name} made you {said(grant, now)}, because: {reason}")
    brought = f"{actor.name} has brought you in as {said(grant, now)}"
    sign_in.mail_link(
        session,
        now=now,
        email=grant.person.email,
        next_path=_path(grant),
        why=f"{brought}, because: {reason}.",
        subject=brought,
    )
    return grant


def end(session: Session, *, actor: Person, now: datetime, grant_id: int, because: str) -> Grant:
    """End a role; whoever held it hears of it, and why. Nobody needs a reason for their own. See `grants.end`."""
    with writing(session):
        grant = grants.changeable(session, actor, grant_id, own=True)
        if grants.is_over(grant, now):
            return grant
        if grant.person_id != actor.id:
            because = _needed(because, "Say in a few words why it ends: they will read it.", "because")
        grants.ended(session, actor=actor, now=now, grant_id=grant_id, because=because)
        if grant.person_id != actor.id:
            ended = f"{actor.name} ended your role of {grant.role.label} in {where(grant).name}, because: {because}"
            _tell(session, now, grant, ended, path=f"/people/{grant.person_id}")
    return grant


def change_end(session: Session, *, actor: Person, now: datetime, grant_id: int, ends_on: date | None) -> Grant:
    """Change the last day of a role; None: it has none. Whoever holds it hears of it. See `grants.until`."""
    with writing(session):
        before = grants.changeable(session, actor, grant_id).ends_at
        ends_at = grants.end_of(ends_on) if ends_on else None
        grant = grants.until(session, actor=actor, now=now, grant_id=grant_id, ends_at=ends_at)
        if grant.ends_at != before:
            _tell(session, now, grant, f"{actor.name} changed until when you are {said(grant, now)}")
    return grant


def where(grant: Grant) -> Seat:
    """The seat of a grant."""
    return Seat(grant.node, grant.campaign)


def said(grant: Grant, now: datetime) -> str:
    """A role in words: `helper of Ada for Harbour, until Thu 6 May`, `printer for Press & Sons in England`."""
    role = f"{grant.role.label} for {grant.printer.name} in" if grant.printer else f"{grant.role.label} of"
    day = grants.last_day(grant)
    until = f", until {say_dated(day, now.year)}" if day else ""
    return f"{role} {where(grant).name}{until}"


def _called(session: Session, known: Person, where: Seat, typed: str) -> str:
    """What the organisation calls somebody: by their own name once it has met them; until then as it was typed first.

    Raises `Invalid` where it has not met them and no name is typed.
    """
    node = where.stands_at
    organisation_id = where.campaign.organisation_id if where.campaign else node.organisation_id if node else 0
    if names := grants.names_in(session, known.id, organisation_id):
        return names[-1]
    return people.good_name(typed, known.email)


def _tell(session: Session, now: datetime, grant: Grant, sentence: str, path: str = "") -> None:
    alerts.tell(
        session,
        [grant.person],
        now=now,
        kind=Notice.ROLE,
        subject=f"{where(grant).name}: your role of {grant.role.label}",
        sentence=sentence if sentence.endswith((".", "!", "?")) else f"{sentence}.",
        path=path or _path(grant),
    )


def _path(grant: Grant) -> str:
    """Where somebody with that role begins: a printer has one page, and a campaign's people begin with its leaflets."""
    if grant.role is Role.PRINTER:
        return "/press/orders"
    return "/" if grant.campaign_id else where(grant).path


def _needed(typed: str, remedy: str, code: str) -> str:
    kept = grants.good_reason(typed)
    if not kept:
        raise Invalid("The reason is missing.", remedy, code=code)
    return kept
