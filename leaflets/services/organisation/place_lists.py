"""Lists of places: what one would add below a node, and adding it, all of it or nothing."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.organisation.growth import Growth, Known, growth
from leaflets.domain.organisation.place_list import COLUMNS, Row, Sheet, neutral, read
from leaflets.domain.organisation.tree import Tier, path_below
from leaflets.domain.permissions import Action
from leaflets.services import access
from leaflets.services.organisation import places
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def preview(session: Session, *, actor: Person, node_id: int, data: bytes) -> tuple[Sheet, Growth]:
    """What a file says, and what it would add below a node. Nothing is written.

    Raises `Invalid` for a file that is no such list, `NotFound`, `Refused`.
    """
    node = access.require_at(session, actor, Action.GROW_TREE, node_id)
    sheet = read(data)
    return sheet, _growth(session, node, sheet)


def add(session: Session, *, actor: Person, now: datetime, node_id: int, data: bytes) -> int:
    """Add what a file says below a node: how many places. The same file again adds nothing.

    Raises `Invalid` where a row is at fault, `Conflict` where the tree changed since, `NotFound`, `Refused`.
    """
    sheet = read(data)
    with writing(session):
        node = places.held(session, actor, node_id)
        grown = _growth(session, node, sheet)
        if sheet.faults:
            raise Invalid("Some rows of this file cannot be taken.", "Put them right, and send the file again.")
        if grown.faults:
            first = grown.faults[0]
            raise Conflict(
                f"Row {first.row} does not fit the tree as it is now. {first.words} Nothing was added.", first.remedy
            )
        added = _write(session, node, grown, now)
        if added:
            places.note(session, actor, now, "places added", node, became=f"{added} places of a list")
    return added


def undo(session: Session, *, actor: Person, now: datetime, node_id: int, added_at: datetime) -> int:
    """Take out what a list added below a node at that moment: how many places. All of them go, or none does.

    Raises `Conflict` where something is built on one of them, or none is left; `NotFound`, `Refused`.
    """
    with writing(session):
        base = places.held(session, actor, node_id)
        added = select(Node.id).where(Node.path.startswith(base.path), Node.id != base.id, Node.created_at == added_at)
        gone = session.scalars(added).all()
        if not gone:
            raise Conflict("There is nothing left to undo.", "Look at the places as they stand.", code="undone")
        places.note(session, actor, now, "places removed", base, was=f"{len(gone)} places of a list")
        try:
            session.execute(delete(Node).where(Node.id.in_(added)), execution_options={"synchronize_session": False})
        except IntegrityError as error:
            raise Conflict(
                "Somebody has put a place, a campaign, a person or a setting on one of them already.",
                "Take the others out one by one: each has “Take it out” on its page.",
            ) from error
    return len(gone)


def written(session: Session, *, actor: Person, node_id: int) -> str:
    """The places below a node as such a list, for a spreadsheet; no cell of it is ever calculated."""
    node = access.require_at(session, actor, Action.SEE_PLACES, node_id)
    below = select(Node).where(Node.path.startswith(node.path), Node.id != node.id, Node.tier != Tier.NATION)
    shown = (Node.id, Node.parent_id, Node.name, Node.tier, Node.area, Node.code, Node.nation)
    rows = session.execute(below.with_only_columns(*shown).order_by(Node.path)).all()
    names = {row.id: row.name for row in rows}
    codes = {row.id: row.code for row in rows}
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    for row in rows:
        parent_id = row.parent_id or 0
        at_top = parent_id == node.id or parent_id not in codes
        parent = "" if at_top else codes[parent_id] or names[parent_id]
        nation = Nation(row.nation).label if row.nation else ""
        sheet.writerow(neutral(cell) for cell in (row.name, row.area or row.tier, row.code, parent, nation))
    return out.getvalue()


def _growth(session: Session, node: Node, sheet: Sheet) -> Growth:
    rows = session.execute(
        select(Node.id, Node.parent_id, Node.tier, Node.name, Node.code, Node.nation, Node.path, Node.area).where(
            Node.organisation_id == node.organisation_id
        )
    )
    known = [
        Known(id_, parent_id, Tier(tier), name, code, nation, path.startswith(node.path), area)
        for id_, parent_id, tier, name, code, nation, path, area in rows
    ]
    return growth(sheet.rows, known, next(each for each in known if each.id == node.id))


def _write(session: Session, base: Node, grown: Growth, now: datetime) -> int:
    """Add the rows one generation after the other, so that each knows the path above it."""
    known = {parent.id for _, parent in grown.added if isinstance(parent, Known)}
    above = {node.id: node for node in session.scalars(select(Node).where(Node.id.in_(known)))}
    nodes: dict[int, Node] = {}
    left = list(grown.added)
    while left:
        ready = [(row, _above(parent, above, nodes)) for row, parent in left]
        born = {row.number: _node(row, parent, now) for row, parent in ready if parent is not None}
        session.add_all(born.values())
        session.flush()
        for row, parent in ready:
            if parent is not None:
                born[row.number].path = path_below(parent.path, born[row.number].id)
        nodes |= born
        left = [each for each in left if each[0].number not in nodes]
    session.flush()
    return len(nodes)


def _above(parent: Known | Row, above: dict[int, Node], nodes: dict[int, Node]) -> Node | None:
    return above[parent.id] if isinstance(parent, Known) else nodes.get(parent.number)


def _node(row: Row, parent: Node, now: datetime) -> Node:
    return Node(
        organisation_id=parent.organisation_id,
        parent_id=parent.id,
        tier=row.tier,
        name=row.name,
        nation=parent.nation,
        code=row.code,
        area=row.area or "",
        path="",
        created_at=now,
    )
