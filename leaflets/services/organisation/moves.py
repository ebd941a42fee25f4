"""Hanging a place elsewhere in the tree, once somebody has read what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import nation_of
from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.organisation import moving
from leaflets.domain.organisation.moving import Change
from leaflets.domain.organisation.tree import Tier, check_hangs, path_below
from leaflets.domain.template import Template
from leaflets.services.clock import crossings
from leaflets.services.organisation import places, rehung, surroundings
from leaflets.services.press import open_orders
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

Templates = Callable[[str], Template]


class OtherChanges(Conflict):
    """What follows from a move is not what somebody has read."""

    code = "other-changes"


class _Rehearsed(BaseException):
    """Raised to undo a move that was made for its consequences alone."""


def prospect(
    session: Session, *, actor: Person | str, now: datetime, node_id: int, parent_id: int, templates: Templates
) -> tuple[Change, ...]:
    """What would follow from a move: it is made as `move` makes it, and undone. Raises as `move` does."""
    found: tuple[Change, ...] = ()
    try:
        with writing(session):
            _, found = _moved(session, actor, now, node_id, parent_id, templates)
            raise _Rehearsed
    except _Rehearsed:
        return found


def move(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    node_id: int,
    parent_id: int,
    templates: Templates,
    read: str | None = None,
) -> Node:
    """Hang a place, with all that lies below it, below another one of its organisation.

    Every path and nation below follows in the same transaction, and so do plans, open orders and what waits for
    approval, whose `templates` are found by their reference. `read` names the changes that somebody has read
    (`moving.named`). The record says all of them.

    Raises `OtherChanges`, `Invalid` for a loop, a tier that cannot hang there, or an election that is not held in the
    nation it would come to; `Conflict` for a name that is there already, or where nobody there would answer what waits;
    `NotFound`, `Refused`.
    """
    with writing(session):
        node, changes = _moved(session, actor, now, node_id, parent_id, templates)
        if read not in (None, moving.named(changes)):
            raise OtherChanges("What follows from this move has changed since you read it.", "Read it again.")
        if changes:
            said = " ".join(each.sentence for each in changes)
            places.note(session, actor, now, "what a move changed", node, became=said)
    return node


def _moved(
    session: Session, actor: Person | str, now: datetime, node_id: int, parent_id: int, templates: Templates
) -> tuple[Node, tuple[Change, ...]]:
    node = places.held(session, actor, node_id)
    parent = places.held(session, actor, parent_id)
    if node.organisation_id != parent.organisation_id:
        raise NotFound("There is no such place to move to.", "Choose one of the same organisation.")
    if node.parent_id == parent.id:
        return node, ()
    if parent.path.startswith(node.path):
        raise Invalid(
            f"{node.name} cannot hang below itself: {parent.name} lies inside it.", "Choose a place outside it."
        )
    check_hangs(Tier(node.tier), Tier(parent.tier))
    places.check_free(session, parent, Tier(node.tier), node.area, node.name, "", but=node.id)
    _check_elections(session, node, parent)
    before = surroundings.of(session, node)
    above = session.get(Node, node.parent_id) if node.parent_id else None
    places.note(session, actor, now, "place moved", node, was=above.name if above else "", became=parent.name)
    _rehang(session, node, parent)
    rehung.follow(session, node, actor=actor, now=now, templates=templates)
    below = Node.path.startswith(node.path)
    open_orders.follow(session, below, actor=actor, now=now)
    crossings.look(session, below, now=now)
    session.flush()
    return node, moving.changes(node.name, before, surroundings.of(session, node, sent=before.waiting))


def _check_elections(session: Session, node: Node, parent: Node) -> None:
    """Raise `Invalid` where a campaign stands in an election that is not held in the nation it would come to."""
    if parent.nation == node.nation:
        return
    standing = select(Campaign).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(node.path))
    for campaign in session.scalars(standing):
        for row in campaign.elections:
            try:
                nation_of(row.election, parent.law)
            except Invalid as error:
                raise Invalid(
                    f"{campaign.name} stands in an election that is not held in {parent.name}: {row.ref}.",
                    "Leave the place where it is, and start a campaign there instead.",
                ) from error


def _rehang(session: Session, node: Node, parent: Node) -> None:
    was, path = node.path, path_below(parent.path, node.id)
    below = select(func.max(func.length(Node.path) - func.length(func.replace(Node.path, "/", ""))))
    deepest = session.scalar(below.where(Node.path.startswith(was))) or 0
    path_below("/" * (deepest + path.count("/") - was.count("/") - 1), node.id)  # raises where it would get too deep
    # In the order in which whoever decides below holds them (`messages.hold`): neither waits for the other.
    inside = select(Node.id).where(Node.path.startswith(was)).order_by(Node.id)
    session.execute(inside.with_for_update(key_share=True))
    node.parent_id = parent.id
    session.flush()
    moved = update(Node).where(Node.path.startswith(was)).execution_options(synchronize_session=False)
    session.execute(moved.values(path=path + func.substr(Node.path, len(was) + 1), nation=parent.nation))
    session.expire_all()
