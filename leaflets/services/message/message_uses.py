"""Which leaflets say which messages: looked at after words have changed, never while somebody waits for a save.

A leaflet is looked at as it stands, and in each revision of it that waits for approval, may print or was ordered. The
sweeper looks again at what was changed since; whoever withdraws a message looks at all that could say it first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, delete, exists, func, or_, select, union
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

_NEVER = datetime.max.replace(tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(seconds=5)
"""Of the machine that saves and the one that sweeps: what was saved so shortly before a look is looked at again."""


def sweep(session: Session, *, now: datetime, templates: Templates) -> int:
    """Look at some of the leaflets that were changed since somebody looked: how many.

    Any number may sweep at once. Nobody waits while it reads; only what it found is written under a lock, and what
    somebody else has locked is left for the next sweep.
    """
    due = select(Leaflet.id).outerjoin(MessageLook, MessageLook.leaflet_id == Leaflet.id).where(_stale())
    ids = session.scalars(due.order_by(Leaflet.id).limit(MOST_AT_ONCE)).all()
    if not ids:
        return 0
    found = _read(session, [Leaflet.id.in_(ids)], now, templates)
    with writing(session):
        free = select(Leaflet.id).where(Leaflet.id.in_(ids)).order_by(Leaflet.id).with_for_update(skip_locked=True)
        mine = set(session.scalars(free))
        return _keep(session, {id_: uses for id_, uses in found.items() if id_ in mine}, now)


def look_at_changed(session: Session, node: Node, *, since: datetime, now: datetime, templates: Templates) -> int:
    """Look at those below a node that were changed since the last look, or not looked at since a moment: how many.

    Inside the transaction of whoever has to know.
    """
    old = or_(_stale(), MessageLook.looked_at <= since)
    changed = select(Leaflet.id).outerjoin(MessageLook, MessageLook.leaflet_id == Leaflet.id).where(old)
    return look(session, Leaflet.id.in_(changed), Node.path.startswith(node.path), now=now, templates=templates)


def look(session: Session, *conditions: ColumnElement[bool], now: datetime, templates: Templates) -> int:
    """Look at these leaflets now, with each of them locked: how many. One whose template is gone says nothing."""
    wanted = select(Leaflet.id).join(Leaflet.campaign).outerjoin(Node, Node.id == Campaign.node_id).where(*conditions)
    locked = wanted.order_by(Leaflet.id).with_for_update(of=Leaflet)
    ids = session.scalars(locked).all()
    return _keep(session, _read(session, [Leaflet.id.in_(ids)], now, templates), now)


def _read(
    session: Session, conditions: Sequence[ColumnElement[bool]], now: datetime, templates: Templates
) -> dict[int, list[MessageUse]]:
    """What each of these leaflets says, by its id."""
    wanted = select(Leaflet).where(*conditions).options(joinedload(Leaflet.campaign).joinedload(Campaign.node))
    found = session.scalars(wanted.execution_options(populate_existing=True)).unique().all()
    return {each.id: list(_uses(session, each, now, templates)) for each in found}


def _keep(session: Session, found: Mapping[int, Iterable[MessageUse]], now: datetime) -> int:
    session.execute(delete(MessageUse).where(MessageUse.leaflet_id.in_(found)))
    session.execute(delete(MessageLook).where(MessageLook.leaflet_id.in_(found)))
    for leaflet_id, uses in found.items():
        session.add_all(uses)
        session.add(MessageLook(leaflet_id=leaflet_id, looked_at=now - _CLOCKS_DIFFER))
    session.flush()
    return len(found)


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


def _uses(session: Session, target: Leaflet, now: datetime, templates: Templates) -> Iterable[MessageUse]:
    contents: list[tuple[int | None, str, Mapping[str, Any]]] = [(None, target.template_ref, target.values)]
    for revision in session.scalars(select(Revision).where(Revision.id.in_(_kept_revisions(target.id)))):
        contents.append((revision.id, revision.content["template"], revision.content["values"]))
    facts = messages.facts_of(session, target.campaign)

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

    for revision_id, ref, values in contents:
        try:
            template = templates(ref)
        except NotFound:
            continue
        for zone, found in messages.saying(facts, template, values, offered).items():
            for text in found.texts:
                yield MessageUse(leaflet_id=target.id, revision_id=revision_id, zone=zone, text_id=text.id, at=now)


def _ended_at(text: MessageText) -> datetime | None:
    """When it, or its message, ended."""
    ended = [at for at in (text.ended_at, text.message.withdrawn_at) if at is not None]
    return min(ended, default=None)


def _kept_revisions(leaflet_id: int) -> CompoundSelect[Any]:
    """What was sent and waits, what an approval covers, and what was ordered and not replaced."""
    return union(
        select(Submission.revision_id).where(Submission.leaflet_id == leaflet_id, Submission.state == State.WAITING),
        select(Approval.revision_id).where(Approval.leaflet_id == leaflet_id, Approval.withdrawn_at.is_(None)),
        select(Order.revision_id).where(Order.leaflet_id == leaflet_id, Order.state != WorkState.SUPERSEDED),
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
