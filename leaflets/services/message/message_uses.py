"""Which leaflets say which messages: looked at after words have changed, never while somebody waits for a save.

A leaflet is looked at as it stands, and in each revision of it that waits for approval, may print or was ordered. The
sweeper looks again at what was changed since (message_due). What is sent or ordered is noted at once (`note`): whoever
ends a message stops all that says it in one statement, without reading a leaflet.

No two clocks are compared. What words say that have ended is unfinished until their leaflet is dealt with, unless it
came after the end: known of what is sent, because whoever sends it holds the place of the message, and of words as they
stand by the number of their newest edit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from leaflets.domain.errors import NotFound
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State
from leaflets.domain.template import Template
from leaflets.services.message import message_due, messages
from leaflets.storage.leaflet import Leaflet, Revision, ZoneEdit
from leaflets.storage.message import Message, MessageText, MessageUse
from leaflets.storage.people import Campaign
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Submission
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

Templates = Callable[[str], Template]
"""The template of a reference `name@version`; raises `NotFound` for one that is gone."""

MOST_AT_ONCE = 100
"""Leaflets of one look of the sweeper."""

UNFINISHED = exists().where(MessageText.id == MessageUse.text_id, MessageUse.ends < MessageText.ends)
"""Uses of words that ended since, of which the leaflet's people have not been told: see message_aftermath."""

_NEVER = datetime.max.replace(tzinfo=UTC)


def sweep(session: Session, *, templates: Templates, below: Node | None = None, most: int = MOST_AT_ONCE) -> int:
    """Look at some of the leaflets (`below` a node) that were changed since somebody looked: how many.

    Any number may sweep at once. Nobody waits while it reads; only what it found is written under a lock, and what
    somebody else has locked is left for the next sweep.
    """
    ids = message_due.next_ones(session, most=most, below=below)
    if not ids:
        return 0
    marks = message_due.marks(session, ids)
    found = _read(session, [Leaflet.id.in_(ids)], templates)
    with writing(session):
        free = select(Leaflet.id).where(Leaflet.id.in_(ids)).order_by(Leaflet.id).with_for_update(skip_locked=True)
        mine = set(session.scalars(free))
        return _keep(session, {id_: uses for id_, uses in found.items() if id_ in mine}, marks)


def look(session: Session, *conditions: ColumnElement[bool], templates: Templates) -> int:
    """Look at these leaflets now, with each of them locked: how many. One whose template is gone says nothing."""
    wanted = select(Leaflet.id).join(Leaflet.campaign).outerjoin(Node, Node.id == Campaign.node_id).where(*conditions)
    ids = session.scalars(wanted.order_by(Leaflet.id).with_for_update(of=Leaflet)).all()
    marks = message_due.marks(session, ids)
    return _keep(session, _read(session, [Leaflet.id.in_(ids)], templates), marks)


def _read(
    session: Session, conditions: Sequence[ColumnElement[bool]], templates: Templates
) -> dict[int, list[MessageUse]]:
    """What each of these leaflets says, by its id."""
    wanted = select(Leaflet).where(*conditions).options(joinedload(Leaflet.campaign).joinedload(Campaign.node))
    found = session.scalars(wanted.execution_options(populate_existing=True)).unique().all()
    return {each.id: list(_uses(session, each, templates)) for each in found}


def _keep(session: Session, found: Mapping[int, Iterable[MessageUse]], marks: Collection[int]) -> int:
    """Write down what was found. What was known before stays as it was, with its `ends`."""
    known: dict[int, dict[tuple[int | None, str, int], MessageUse]] = {}
    for use in session.scalars(select(MessageUse).where(MessageUse.leaflet_id.in_(found))):
        known.setdefault(use.leaflet_id, {})[_key(use)] = use
    unfinished = set(session.scalars(select(MessageUse.id).where(MessageUse.leaflet_id.in_(found), UNFINISHED)))
    kept = set(session.scalars(_kept_revisions(found)))  # what was sent while we read was noted by whoever sent it
    for leaflet_id, uses in found.items():
        before = known.get(leaflet_id, {})
        now_there = {_key(use): use for use in uses}
        session.add_all(use for key, use in now_there.items() if key not in before)
        for key, use in before.items():
            stays = use.revision_id is not None and (use.revision_id in kept or use.id in unfinished)
            if key not in now_there and not stays:
                session.delete(use)
    message_due.done(session, found, marks)
    session.flush()
    return len(found)


def _key(use: MessageUse) -> tuple[int | None, str, int]:
    return use.revision_id, use.zone, use.text_id


def note(session: Session, target: Leaflet, revision: Revision, template: Template) -> None:
    """Note which messages a revision says, inside the transaction that sends or orders it, with the leaflet locked."""
    said = _said(session, target, template, revision.content["values"])
    noted = select(MessageUse.zone, MessageUse.text_id).where(MessageUse.revision_id == revision.id)
    known = {(zone, text_id) for zone, text_id in session.execute(noted)}
    session.add_all(
        MessageUse(leaflet_id=target.id, revision_id=revision.id, zone=zone, text_id=text.id, ends=text.ends)
        for zone, text in said
        if (zone, text.id) not in known
    )
    message_due.mark(session, target.id)
    session.flush()


def ended_since(session: Session, approval: Approval) -> bool:
    """Whether words of a message ended that its revision says, as far as that was noted, after it was approved."""
    said = exists().where(MessageUse.revision_id == approval.revision_id, MessageUse.text_id == MessageText.id)
    ended = select(MessageText.id).where(said, MessageText.ends > 0, MessageText.last_approval_id >= approval.id)
    return session.scalar(ended.limit(1)) is not None


def has_ended(text: MessageText) -> bool:
    """Whether these words are withdrawn, or were corrected since."""
    return text.ended_at is not None or text.message.withdrawn_at is not None


def counts(session: Session, message_ids: Collection[int]) -> Mapping[int, int]:
    """How many leaflets say each message, as far as was looked."""
    many = (
        select(MessageText.message_id, func.count(MessageUse.leaflet_id.distinct()))
        .join(MessageUse, MessageUse.text_id == MessageText.id)
        .where(MessageText.message_id.in_(message_ids))
        .group_by(MessageText.message_id)
    )
    return {row[0]: row[1] for row in session.execute(many)}


def _uses(session: Session, target: Leaflet, templates: Templates) -> Iterable[MessageUse]:
    contents: list[tuple[int | None, str, Mapping[str, Any]]] = [(None, target.template_ref, target.values)]
    for revision in session.scalars(select(Revision).where(Revision.id.in_(_kept_revisions([target.id])))):
        contents.append((revision.id, revision.content["template"], revision.content["values"]))
    for revision_id, ref, values in contents:
        try:
            template = templates(ref)
        except NotFound:
            continue
        for zone, text in _said(session, target, template, values):
            # Of a revision, whoever sent it noted what was a message then: what is found now was there before the end.
            after = revision_id is None and _written_since(session, target, zone, text)
            ends = text.ends if after else 0
            yield MessageUse(leaflet_id=target.id, revision_id=revision_id, zone=zone, text_id=text.id, ends=ends)


def _written_since(session: Session, target: Leaflet, zone: str, text: MessageText) -> bool:
    """Whether a zone was written in after the words that it says had ended."""
    if not text.ends:
        return False
    home = target.home_of(zone)
    newest = select(func.max(ZoneEdit.id)).where(ZoneEdit.leaflet_id == home.id, ZoneEdit.zone == zone)
    return (session.scalar(newest) or 0) > (text.last_edit_id or 0)


def _said(
    session: Session, target: Leaflet, template: Template, values: Mapping[str, Any]
) -> Iterable[tuple[str, MessageText]]:
    """The zones that say messages, with each of those."""

    def offered(hashes: Collection[str]) -> list[MessageText]:
        """Ended ones too: where several have the same words, the current ones first, then the one that ended last."""
        way_down = target.campaign.node.way_down if target.campaign.node else []
        texts = (
            select(MessageText)
            .join(MessageText.message)
            .where(Message.node_id.in_(way_down), MessageText.words_hash.in_(hashes))
            .options(contains_eager(MessageText.message))
        )
        return sorted(session.scalars(texts), key=lambda text: (_ended_at(text) or _NEVER, text.id), reverse=True)

    facts = messages.facts_of(session, target.campaign)
    for zone, found in messages.saying(facts, template, values, offered).items():
        for text in found.texts:
            yield zone, text


def _ended_at(text: MessageText) -> datetime | None:
    """When it, or its message, ended."""
    ended = [at for at in (text.ended_at, text.message.withdrawn_at) if at is not None]
    return min(ended, default=None)


def _kept_revisions(leaflet_ids: Collection[int]) -> CompoundSelect[Any]:
    """What was sent and waits, what an approval covers, and what was ordered and not replaced."""
    return union_all(
        select(Submission.revision_id).where(Submission.leaflet_id.in_(leaflet_ids), Submission.state == State.WAITING),
        select(Approval.revision_id).where(Approval.leaflet_id.in_(leaflet_ids), Approval.withdrawn_at.is_(None)),
        select(Order.revision_id).where(Order.leaflet_id.in_(leaflet_ids), Order.state != WorkState.SUPERSEDED),
    )
