"""Which leaflets say which messages: looked at after words have changed, never while somebody waits for a save.

A leaflet is looked at as it stands, and in each revision of it that waits for approval, may print or was ordered. The
sweeper looks again at what was changed since. What is sent or ordered is noted at once (`note`): whoever ends a message
stops all that says it in one statement, without reading a leaflet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, delete, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from leaflets.domain.errors import NotFound
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State
from leaflets.domain.template import Template
from leaflets.services.message import messages
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.message import Message, MessageLook, MessageText, MessageUse
from leaflets.storage.people import Campaign
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Submission
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

Templates = Callable[[str], Template]
"""The template of a reference `name@version`; raises `NotFound` for one that is gone."""

MOST_AT_ONCE = 100
"""Leaflets of one look of the sweeper."""

ENDED_AT = func.coalesce(
    select(Message.withdrawn_at).where(Message.id == MessageText.message_id).correlate(MessageText).scalar_subquery(),
    MessageText.ended_at,
)
"""When words ended, by `MessageText`: its whole message, or they alone."""

UNFINISHED = exists().where(MessageText.id == MessageUse.text_id, MessageUse.at <= ENDED_AT)
"""Uses of words that ended since, of which the leaflet's people have not been told: see message_aftermath."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(seconds=5)
"""Of the machine that saves and the one that sweeps: what was saved so shortly before a look is looked at again."""


def sweep(
    session: Session, *, now: datetime, templates: Templates, below: Node | None = None, most: int = MOST_AT_ONCE
) -> int:
    """Look at some of the leaflets (`below` a node) that were changed since somebody looked: how many.

    Any number may sweep at once. Nobody waits while it reads; only what it found is written under a lock, and what
    somebody else has locked is left for the next sweep.
    """
    due = select(Leaflet.id).outerjoin(MessageLook, MessageLook.leaflet_id == Leaflet.id).where(_stale())
    if below is not None:
        seats = select(Campaign.id).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(below.path))
        due = due.where(Leaflet.campaign_id.in_(seats))
    longest_ago = MessageLook.looked_at.asc().nulls_first()  # what somebody writes in just now never keeps others out
    ids = session.scalars(due.order_by(longest_ago, Leaflet.id).limit(most)).all()
    if not ids:
        return 0
    found = _read(session, [Leaflet.id.in_(ids)], templates)
    with writing(session):
        free = select(Leaflet.id).where(Leaflet.id.in_(ids)).order_by(Leaflet.id).with_for_update(skip_locked=True)
        mine = set(session.scalars(free))
        return _keep(session, {id_: uses for id_, uses in found.items() if id_ in mine}, now)


def look(session: Session, *conditions: ColumnElement[bool], now: datetime, templates: Templates) -> int:
    """Look at these leaflets now, with each of them locked: how many. One whose template is gone says nothing."""
    wanted = select(Leaflet.id).join(Leaflet.campaign).outerjoin(Node, Node.id == Campaign.node_id).where(*conditions)
    locked = wanted.order_by(Leaflet.id).with_for_update(of=Leaflet)
    ids = session.scalars(locked).all()
    return _keep(session, _read(session, [Leaflet.id.in_(ids)], templates), now)


def _read(
    session: Session, conditions: Sequence[ColumnElement[bool]], templates: Templates
) -> dict[int, list[MessageUse]]:
    """What each of these leaflets says, by its id."""
    wanted = select(Leaflet).where(*conditions).options(joinedload(Leaflet.campaign).joinedload(Campaign.node))
    found = session.scalars(wanted.execution_options(populate_existing=True)).unique().all()
    return {each.id: list(_uses(session, each, templates)) for each in found}


def _keep(session: Session, found: Mapping[int, Iterable[MessageUse]], now: datetime) -> int:
    """Write down what was found. What was known before stays as it was, with its `at`."""
    known: dict[int, dict[tuple[int | None, str, int], MessageUse]] = {}
    for use in session.scalars(select(MessageUse).where(MessageUse.leaflet_id.in_(found))):
        known.setdefault(use.leaflet_id, {})[_key(use)] = use
    session.execute(delete(MessageLook).where(MessageLook.leaflet_id.in_(found)))
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
        session.add(MessageLook(leaflet_id=leaflet_id, looked_at=now - _CLOCKS_DIFFER))
    session.flush()
    return len(found)


def _key(use: MessageUse) -> tuple[int | None, str, int]:
    return use.revision_id, use.zone, use.text_id


def note(session: Session, target: Leaflet, revision: Revision, template: Template, now: datetime) -> None:
    """Note which messages a revision says, inside the transaction that sends or orders it, with the leaflet locked."""
    said = _said(session, target, template, revision.content["values"])
    noted = select(MessageUse.zone, MessageUse.text_id).where(MessageUse.revision_id == revision.id)
    known = {(zone, text_id) for zone, text_id in session.execute(noted)}
    session.add_all(
        MessageUse(leaflet_id=target.id, revision_id=revision.id, zone=zone, text_id=text.id, at=now)
        for zone, text in said
        if (zone, text.id) not in known
    )
    session.flush()


def ended_since(session: Session, revision_id: int, moment: datetime) -> bool:
    """Whether words of a message that a revision says ended at that moment or since, as far as that was noted."""
    said = exists().where(MessageUse.revision_id == revision_id, MessageUse.text_id == MessageText.id)
    return session.scalar(select(MessageText.id).where(said, moment <= ENDED_AT).limit(1)) is not None


def forget(session: Session, node: Node) -> None:
    """There are new words: whatever lies below may have said them before they were a message."""
    below = select(Leaflet.id).join(Leaflet.campaign).join(Node, Node.id == Campaign.node_id)
    ids = below.where(Node.path.startswith(node.path))
    session.execute(delete(MessageLook).where(MessageLook.leaflet_id.in_(ids)))


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
    main = target.main if target.variant_of_id is not None else None
    changed_at = max(target.changed_at, main.changed_at) if main else target.changed_at
    contents: list[tuple[int | None, str, Mapping[str, Any], datetime]] = [
        (None, target.template_ref, target.values, changed_at)
    ]
    kept = _kept_revisions([target.id]).subquery()
    since = select(Revision, func.max(kept.c.since)).join(kept, kept.c.revision_id == Revision.id).group_by(Revision.id)
    for revision, at in session.execute(since):
        contents.append((revision.id, revision.content["template"], revision.content["values"], at))
    for revision_id, ref, values, at in contents:
        try:
            template = templates(ref)
        except NotFound:
            continue
        for zone, text in _said(session, target, template, values):
            yield MessageUse(leaflet_id=target.id, revision_id=revision_id, zone=zone, text_id=text.id, at=at)


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
    """What was sent and waits, what an approval covers, and what was ordered and not replaced; and since when."""
    sent = Submission.revision_id, Submission.sent_at.label("since")
    return union_all(
        select(*sent).where(Submission.leaflet_id.in_(leaflet_ids), Submission.state == State.WAITING),
        select(Approval.revision_id, Approval.at).where(
            Approval.leaflet_id.in_(leaflet_ids), Approval.withdrawn_at.is_(None)
        ),
        select(Order.revision_id, Order.placed_at).where(
            Order.leaflet_id.in_(leaflet_ids), Order.state != WorkState.SUPERSEDED
        ),
    )


def _stale() -> ColumnElement[bool]:
    """Never looked at, or since then written in, sent, approved or ordered; a variant with the words that it shares."""
    main = aliased(Leaflet)
    since = MessageLook.looked_at
    return or_(
        since.is_(None),
        Leaflet.changed_at >= since,
        exists().where(main.id == Leaflet.variant_of_id, main.changed_at >= since),
        exists().where(Submission.leaflet_id == Leaflet.id, Submission.sent_at >= since),
        exists().where(Approval.leaflet_id == Leaflet.id, Approval.at >= since),
        exists().where(Order.leaflet_id == Leaflet.id, Order.placed_at >= since),
    )
