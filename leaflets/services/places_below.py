"""What lies below an office: its places with what hangs below each, found by name or code."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.permissions import POLICY, Action
from leaflets.domain.tree import HOLDS, Area, Tier
from leaflets.services import access, tree
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

PAGE = 100
"""Places that are shown at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place as a list shows it. `places` and `campaigns` count what hangs below it, and stands in it or below."""

    id: int
    parent_id: int | None
    tier: Tier
    kind: str
    name: str
    code: str
    path: str
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
    places, campaigns = _places(session, node)
    words = _plain(search).split()
    wanted = [
        place
        for place in places
        if (
            all(word in _plain(f"{place.name} {place.code}") for word in words) if words else place.parent_id == node.id
        )
    ]
    wanted.sort(key=lambda place: (list(Tier).index(place.tier), _plain(place.name)))
    pages = max(1, -(-len(wanted) // PAGE))
    page = min(max(page, 1), pages)
    way_down, open_to = way(session, actor=actor, node=node)
    names = {place.id: place.name for place in places} | {node.id: node.name}
    return Below(
        node=node,
        way=way_down,
        open_to=open_to,
        counts=dict(Counter(place.kind for place in places)),
        campaigns=campaigns,
        standing=session.scalars(select(Campaign).where(Campaign.node_id == node.id).order_by(Campaign.name)).all(),
        rows=wanted[(page - 1) * PAGE : page * PAGE],
        found=len(wanted),
        page=page,
        pages=pages,
        parents=names if words else {},
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


def named(session: Session, *, actor: Person, node: Node, typed: str) -> Node:
    """The place of a node's organisation that has this code or name, among those it could be moved to.

    Raises `Invalid`, saying what was typed, where there is none or several.
    """
    wanted = typed.strip().casefold()
    if not wanted:
        raise Invalid(f"Where should {node.name} go?", "Write the name or the code of the place above it.")
    offered = [each for each in might_hold(session, node) if wanted in (each.code.casefold(), each.name.casefold())]
    grows = POLICY[Action.GROW_TREE]
    mine = [each for each in offered if not grows.isdisjoint(access.granted_at(session, actor, each))]
    if not mine:
        raise Invalid(
            f"There is no place “{typed.strip()[:60]}” that {node.name} could hang below, or it is not yours.",
            "Choose a region, a nation or a council from the list.",
        )
    if len(mine) > 1:
        raise Conflict(f"{len(mine)} places are called “{typed.strip()}”.", "Write the code of the right one.")
    return mine[0]


def _places(session: Session, node: Node) -> tuple[list[Place], int]:
    """Everything below a node with its counts, and how many campaigns there are in all. Two questions."""
    inside = Node.path.startswith(node.path)
    rows = session.execute(
        select(Node.id, Node.parent_id, Node.tier, Node.area, Node.name, Node.code, Node.path).where(inside)
    ).all()
    standing = select(Campaign.node_id, func.count()).join(Node, Node.id == Campaign.node_id).where(inside)
    campaigns: Counter[int] = Counter()
    places: Counter[int] = Counter()
    at = {row[0]: row[1] for row in session.execute(standing.group_by(Campaign.node_id))}
    for row in rows:
        here = at.get(row.id, 0)
        for above in row.path.split("/")[1:-1]:
            places[int(above)] += 1
            campaigns[int(above)] += here
    found = [
        Place(
            row.id,
            row.parent_id,
            Tier(row.tier),
            row.area or row.tier,
            row.name,
            row.code,
            row.path,
            places[row.id] - 1,
            campaigns[row.id],
        )
        for row in rows
        if row.id != node.id
    ]
    return found, campaigns[node.id]


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
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
