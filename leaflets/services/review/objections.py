"""Objections: a region says what it objects to, and the nation's office has it before it until somebody answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import POLICY, Action, Role
from leaflets.domain.words.free_text import free_text
from leaflets.services import access, alerts, audit, leaflets
from leaflets.services.organisation import tree
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.objection import Objection
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.session import moment, writing
from leaflets.storage.tree import Node

SHOWN = 100
"""Open objections, and answered ones, that an office reads on one page."""

LONGEST = 4000
"""Characters of an objection, an answer or a reason: more is a letter, and belongs into one."""


def make(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, words: str, order_id: int | None = None
) -> Objection:
    """Object to a leaflet, or to one order of it. The nation's office and the campaign are told at once.

    Raises `Invalid` for an objection without words, `NotFound`, `Refused`.
    """
    said = in_words(words, "An objection")
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.OBJECT)
        order = session.get(Order, order_id) if order_id is not None else None
        if order_id is not None and (order is None or order.leaflet_id != leaflet_id):
            raise access.not_found("order")
        made = Objection(leaflet_id=leaflet_id, order_id=order_id, words=said, made_by=actor.id, made_at=now)
        session.add(made)
        session.flush()
        audit.of_thing(session, actor, now, "objection made", made, became=said)
        office = tree.office_above(session, target.campaign.node, Role.NATION)
        alerts.tell(
            session,
            [*office, *alerts.team(session, target.campaign_id)],
            now=now,
            leaflet=target,
            kind=Notice.OBJECTION,
            subject=f"Objection: {target.title}",
            sentence=f"{actor.name} objects: {said}",
        )
    return made


def answer(session: Session, *, actor: Person, now: datetime, objection_id: int, words: str) -> Objection:
    """Answer an objection, once. Whoever objected and the campaign are told.

    Raises `Conflict` when somebody has answered it already, `Invalid` without words, `NotFound`, `Refused`.
    """
    said = in_words(words, "An answer")
    with writing(session):
        found = session.get(Objection, objection_id, with_for_update=True)
        if found is None:
            raise access.not_found("objection")
        target = found.leaflet
        access.require(session, actor, Action.ANSWER_OBJECTION, target.campaign_id, what="objection")
        if found.answerer:
            raise Conflict(f"{found.answerer.name} has answered this already.", "Read the answer that was given.")
        found.answer, found.answered_by, found.answered_at = said, actor.id, now
        audit.of_thing(session, actor, now, "objection answered", found, became=said)
        alerts.tell(
            session,
            [found.objector, *alerts.team(session, target.campaign_id)],
            now=now,
            leaflet=target,
            kind=Notice.OBJECTION,
            subject=f"Answered: {target.title}",
            sentence=f"{actor.name} answers {found.objector.name}’s objection: {said}",
        )
    return found


def of_leaflet(session: Session, *, actor: Person, leaflet_id: int) -> list[Objection]:
    """Every objection to a leaflet, the newest first."""
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    made = select(Objection).where(Objection.leaflet_id == leaflet_id)
    return list(session.scalars(made.order_by(Objection.id.desc())))


def below(session: Session, *, actor: Person, node_id: int) -> tuple[Node, list[Objection]]:
    """A node, and what is objected to below it: what is open first, the oldest first; then what was answered lately.

    Raises `NotFound` or `Refused`.
    """
    node = access.require_at(session, actor, Action.SEE_BOARD, node_id)
    made = (
        select(Objection)
        .join(Objection.leaflet)
        .join(Leaflet.campaign)
        .join(Node, Node.id == Campaign.node_id)
        .where(Node.path.startswith(node.path))
        .options(
            contains_eager(Objection.leaflet).contains_eager(Leaflet.campaign),
            joinedload(Objection.objector),
            joinedload(Objection.answerer),
        )
    )
    unanswered = made.where(Objection.answered_at.is_(None)).order_by(Objection.id)
    answered = made.where(Objection.answered_at.is_not(None)).order_by(Objection.answered_at.desc())
    return node, [*session.scalars(unanswered.limit(SHOWN)), *session.scalars(answered.limit(SHOWN))]


def waiting_for(session: Session, *, actor: Person) -> list[Objection]:
    """What waits for an answer that this person may give, the oldest first."""
    offices = select(Node.path).join(Grant, Grant.node_id == Node.id)
    answers = Grant.role.in_(POLICY[Action.ANSWER_OBJECTION])
    mine = session.scalars(offices.where(Grant.person_id == actor.id, answers, Grant.holds(moment(session)))).all()
    waiting = (
        select(Objection, Node.path)
        .join(Objection.leaflet)
        .join(Leaflet.campaign)
        .join(Node, Node.id == Campaign.node_id)
        .where(Objection.answered_at.is_(None))
        .order_by(Objection.id)
    )
    return [made for made, path in session.execute(waiting) if any(path.startswith(office) for office in mine)]


def in_words(words: str, what: str) -> str:
    """What somebody wrote, tidied. Raises `Invalid` where it is nothing, or too long to be read."""
    said = free_text(words, what, longest=LONGEST)
    if not said:
        raise Invalid(f"{what} needs words.", "Write at least a sentence.")
    return said
