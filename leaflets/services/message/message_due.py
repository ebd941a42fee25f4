"""Leaflets of which something has changed since anybody looked which messages they say.

Marks, and no moments: two machines need not agree on the time, and what is due is read without looking at any leaflet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import MessageDue
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node


def mark(session: Session, *leaflet_ids: int) -> None:
    """These have changed, and the variants that share their words: inside the transaction of whoever changes them."""
    _mark(session, or_(Leaflet.id.in_(leaflet_ids), Leaflet.variant_of_id.in_(leaflet_ids)))


def mark_below(session: Session, node: Node) -> None:
    """The leaflets at a place and below may say other messages now, though their words are the same."""
    below = select(Campaign.id).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(node.path))
    _mark(session, Leaflet.campaign_id.in_(below))


def next_ones(session: Session, *, most: int, below: Node | None = None) -> Sequence[int]:
    """Those that were marked first, so that what somebody writes in just now keeps nobody out."""
    due = select(MessageDue.leaflet_id).group_by(MessageDue.leaflet_id).order_by(func.min(MessageDue.id)).limit(most)
    if below is not None:
        seats = select(Campaign.id).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(below.path))
        due = due.where(MessageDue.leaflet_id.in_(select(Leaflet.id).where(Leaflet.campaign_id.in_(seats))))
    return session.scalars(due).all()


def marks(session: Session, leaflet_ids: Collection[int]) -> Sequence[int]:
    """The marks of these leaflets: to be read before the leaflets are, and removed once that is written down."""
    return session.scalars(select(MessageDue.id).where(MessageDue.leaflet_id.in_(leaflet_ids))).all()


def done(session: Session, leaflet_ids: Collection[int], seen: Collection[int]) -> None:
    """Somebody has looked at these leaflets since these marks were made."""
    session.execute(delete(MessageDue).where(MessageDue.id.in_(seen), MessageDue.leaflet_id.in_(leaflet_ids)))


def _mark(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(insert(MessageDue).from_select(["leaflet_id"], select(Leaflet.id).where(which)))
