"""What lies below an office: its places with what hangs below each, found by name or code."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from leaflets.constituencies import other_names
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.gazetteer import Entry, settle
from leaflets.domain.organisation.tree import HOLDS, Area, Tier
from leaflets.domain.permissions import POLICY, Action
from leaflets.services import access
from leaflets.services.organisation import tree
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

PAGE = 50
"""Places that are shown at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place as a list shows it, with how many places hang below it and campaigns stand in it or below.

    Of what a search found, only what is directly there is counted.
    """

    id: int
    parent_id: int | None
    tier: Tier
    kind: str
    name: str
    code: str
    places: int
    campaigns: int


@dataclass(frozen=True, slots=True)
class Below:
    """One page of what lies below a node.

    `way` leads to it from the organisation, `open_to` are those of it that may be looked at. `counts` says how many
    places of each kind lie below. `found` counts all that the search found; of a search, `parents` names what is above.
    """

    node: Node
    way: Sequence[Node]
    open_to: frozenset[int]
    counts: dict[str, int]
    campaigns: int
    standing: Sequence[Campaign]
    rows: Sequence[Place]
    found: int
    page: int
    pages: int
    parents: dict[int, str]


def below(session: Session, *, actor: Person, node_id: int, search: str = "", page: int = 1) -> Below:
    """The places directly below a node; with a search, all below it whose name or code holds every word of it.

    Accents and capitals do not matter. Raises `NotFound`, `Refused`.
    """
    node = access.require_at(session, actor, Action.SEE_PLACES, node_id)
    words = _plain(search).split()
    wanted = _found(session, node, words) if words else _children(session, node)
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(page, 1), pages)
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    way_down, open_to = way(session, actor=actor, node=node)
    counts, campaigns = _totals(session, node)
    hanging = _directly_below(session, [row.id for row in shown]) if words else _below_children(session, node)
    return Below(
        node=node,
        way=way_down,
        open_to=open_to,
        counts=counts,
        campaigns=campaigns,
        standing=session.scalars(select(Campaign).where(Campaign.node_id == node.id).order_by(Campaign.name)).all(),
        rows=[_place(row, *hanging) for row in shown],
        found=len(wanted),
        page=page,
        pages=pages,
        parents=_names(session, shown) if words else {},
    )


def way(session: Session, *, actor: Person, node: Node) -> tuple[Sequence[Node], frozenset[int]]:
    """The way to a node from its organisation, and which nodes on it somebody may look at."""
    return tree.way_down(session, node), _open(session, actor, node)


def might_hold(session: Session, node: Node) -> list[Node]:
    """Where in its organisation a place could be moved to: nations, regions and, for a seat, councils; by name."""
    tiers = [tier for tier, held in HOLDS.items() if node.tier in held]
    others = select(Node).where(Node.organisation_id == node.organisation_id, Node.tier.in_(tiers))
    others = others.where(Node.id != node.parent_id, ~Node.path.startswith(node.path))
    others = others.where((Node.tier != Tier.SEAT) | (Node.area == Area.COUNCIL))
    return list(session.scalars(others.order_by(Node.name, Node.id)))


def seats_below(session: Session, node: Node) -> list[Entry]:
    """Every seat below a node as it is found by a few letters, by name; their keys are ids."""
    below = select(Node).where(Node.path.startswith(node.path), Node.tier == Tier.SEAT).order_by(Node.name, Node.id)
    seats = session.scalars(below).all()
    above = _names(session, seats)
    return [
        Entry(
            str(each.id),
            each.name,
            f"{each.area or each.tier} in {above[each.parent_id or 0]}",
            f"{each.code} {other_names().get(each.code, '')} {above[each.parent_id or 0]}",
        )
        for each in seats
    ]


def might_lie_in(session: Session, node: Node) -> list[Entry]:
    """The same as they are found by a few letters; their keys are ids."""
    held = might_hold(session, node)
    above = _names(session, held)
    found = []
    for each in held:
        within = f" in {above[each.parent_id]}" if each.parent_id in above and each.tier != Tier.NATION else ""
        found.append(Entry(str(each.id), each.name, f"{each.area or each.tier}{within}", each.code))
    return found


def chosen(session: Session, *, actor: Person, node: Node, typed: str, key: str) -> Node:
    """The place, among those that a node could be moved to, which somebody wrote or chose.

    Raises `Invalid`, with what is like it, where that is none, or not theirs to change.
    """
    to = session.get_one(Node, int(settle(might_lie_in(session, node), typed=typed, key=key).key))
    if POLICY[Action.GROW_TREE].isdisjoint(access.granted_at(session, actor, to)):
        raise Invalid(f"{to.name} is not yours to change.", f"Ask whoever looks after both it and {node.name}.")
    return to


_SHOWN = (Node.id, Node.parent_id, Node.tier, Node.area, Node.name, Node.code)
_RANK = {tier.value: rank for rank, tier in enumerate(Tier)}


def _children(session: Session, node: Node) -> list[Any]:
    rows = session.execute(select(*_SHOWN).where(Node.parent_id == node.id)).all()
    return sorted(rows, key=lambda row: (_RANK[row.tier], _plain(row.name)))


def _found(session: Session, node: Node, words: Sequence[str]) -> list[Any]:
    """The rows below a node whose name or code holds every word, by name: compared here, for the accents."""
    rows = session.execute(select(*_SHOWN).where(Node.path.startswith(node.path), Node.id != node.id))
    fit = []
    for row in rows:
        plain = _plain(f"{row.name} {row.code}")
        if all(word in plain for word in words):
            fit.append((_RANK[row.tier], plain, row.id, row))
    return [row for *_, row in sorted(fit, key=lambda each: each[:3])]


def _totals(session: Session, node: Node) -> tuple[dict[str, int], int]:
    """How many places of each kind lie below a node, and how many campaigns stand in it or below."""
    inside = Node.path.startswith(node.path)
    kinds = select(Node.tier, Node.area, func.count()).where(inside, Node.id != node.id)
    counts = {area or tier: count for tier, area, count in session.execute(kinds.group_by(Node.tier, Node.area))}
    standing = select(func.count()).select_from(Campaign).join(Node, Node.id == Campaign.node_id).where(inside)
    order = [Tier.ORGANISATION, Tier.NATION, Tier.REGION, *Area, Tier.SEAT]
    return dict(sorted(counts.items(), key=lambda each: order.index(each[0]))), session.scalar(standing) or 0


def _below_children(session: Session, node: Node) -> tuple[dict[int, int], dict[int, int]]:
    """How many places hang below each child of a node, and how many campaigns stand in it or below.

    The step of a path that follows the node's own is the child that leads to it: the database cuts it out.
    """
    rest = func.substr(Node.path, len(node.path) + 1)
    slash = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    child = cast(func.substr(rest, 1, slash(rest, "/") - 1), Integer).label("child")
    inside = Node.path.startswith(node.path), Node.id != node.id
    places = session.execute(select(child, func.count() - 1).where(*inside).group_by("child"))
    standing = select(child, func.count()).join(Campaign, Campaign.node_id == Node.id).where(*inside)
    return {row[0]: row[1] for row in places}, {row[0]: row[1] for row in session.execute(standing.group_by("child"))}


def _directly_below(session: Session, ids: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many places hang directly below each of these, and how many campaigns stand in it."""
    places = select(Node.parent_id, func.count()).where(Node.parent_id.in_(ids)).group_by(Node.parent_id)
    standing = select(Campaign.node_id, func.count()).where(Campaign.node_id.in_(ids)).group_by(Campaign.node_id)
    return (
        {row[0] or 0: row[1] for row in session.execute(places)},
        {row[0] or 0: row[1] for row in session.execute(standing)},
    )


def _place(row: Any, places: Mapping[int, int], campaigns: Mapping[int, int]) -> Place:
    kind = row.area or row.tier
    below, standing = places.get(row.id, 0), campaigns.get(row.id, 0)
    return Place(row.id, row.parent_id, Tier(row.tier), kind, row.name, row.code, below, standing)


def _names(session: Session, rows: Sequence[Any]) -> dict[int, str]:
    """The names of what is directly above these rows."""
    above = {row.parent_id for row in rows}
    return {row[0]: row[1] for row in session.execute(select(Node.id, Node.name).where(Node.id.in_(above)))}


def _open(session: Session, actor: Person, node: Node) -> frozenset[int]:
    """Which nodes on the way to this one somebody may look at: from the highest that they were given on."""
    given = select(Grant.node_id).where(
        Grant.person_id == actor.id,
        Grant.node_id.in_(node.way_down),
        Grant.role.in_(POLICY[Action.SEE_PLACES]),
        Grant.holds(moment(session)),
    )
    first = min((node.way_down.index(each) for each in session.scalars(given) if each is not None), default=0)
    return frozenset(node.way_down[first:])


def _plain(text: str) -> str:
    """For comparing: small letters without accents, so that “Ynys Mon” finds Ynys Môn."""
    if text.isascii():
        return text.casefold()
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
