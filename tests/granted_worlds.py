"""Random worlds of organisations, campaigns and grants; and what the policy says of them, told a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from hypothesis import strategies as st
from scene import NOON, Scene
from sqlalchemy.orm import Session

from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import Role
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Organisation, Person
from leaflets.storage.tree import Node

MAKERS = {"candidate", "agent", "helper", "designer"}
OFFICES = {"region", "nation"}
SEE_PEOPLE = MAKERS | OFFICES | {"administrator"}
GIVES = {
    "candidate": {"agent", "helper", "designer"},
    "agent": {"helper", "designer"},
    "region": {"candidate", "agent", "helper", "designer", "region"},
    "nation": {"candidate", "agent", "helper", "designer", "region", "nation", "printer"},
    "administrator": {*MAKERS, *OFFICES, "printer", "administrator"},
}
TIERS = (Tier.ORGANISATION, Tier.NATION, Tier.REGION, Tier.SEAT, Tier.SEAT)
GIVEN = sorted(set(Role) - {Role.PRINTER})
"""A printer's role needs a printing house, and is tested on its page."""

PEOPLE = 3
_numbers = count()


@dataclass(frozen=True)
class Given:
    """One grant of the model. `node` and `campaign` are places in their lists; one of them is None."""

    person: int
    role: str
    node: int | None
    campaign: int | None
    ended: timedelta | None = None
    ends: timedelta | None = None

    @property
    def holds(self) -> bool:
        return self.ended is None and (self.ends is None or self.ends > timedelta())


@dataclass(frozen=True)
class World:
    """`parents` says below which node each hangs (None: a root), `stands` at which node each campaign stands."""

    parents: tuple[int | None, ...]
    stands: tuple[int, ...]
    given: tuple[Given, ...] = ()

    def above(self, node: int) -> set[int]:
        way, at = set[int](), node
        while True:
            way.add(at)
            parent = self.parents[at]
            if parent is None:
                return way
            at = parent

    def depth(self, node: int) -> int:
        return len(self.above(node)) - 1

    def held(self, person: int) -> Iterator[Given]:
        return (each for each in self.given if each.person == person and each.holds)

    def in_campaign(self, person: int, campaign: int) -> set[str]:
        way = self.above(self.stands[campaign])
        return {
            each.role
            for each in self.held(person)
            if each.campaign == campaign or (each.node in way and each.role != "printer")
        }

    def granted_at(self, person: int, node: int) -> set[str]:
        return {each.role for each in self.held(person) if each.node in self.above(node) and each.role != "printer"}

    def at(self, person: int, node: int) -> set[str]:
        here = {
            each.role for each in self.held(person) if each.campaign is not None and self.stands[each.campaign] == node
        }
        return here | self.granted_at(person, node)

    def shown(self, viewer: int, grant: Given) -> bool:
        """Whether somebody sees that grant of somebody else's."""
        if grant.campaign is not None:
            return bool(self.in_campaign(viewer, grant.campaign) & SEE_PEOPLE)
        assert grant.node is not None
        if self.granted_at(viewer, grant.node) & SEE_PEOPLE:
            return True
        mine = [
            self.stands[each.campaign] if each.campaign is not None else each.node
            for each in self.held(viewer)
            if each.role in SEE_PEOPLE
        ]
        return any(place is not None and grant.node in self.above(place) for place in mine)

    def may_change(self, actor: int, role: str, node: int | None, campaign: int | None) -> bool:
        if campaign is not None:
            held = self.in_campaign(actor, campaign)
        else:
            assert node is not None
            held = self.granted_at(actor, node) & {*OFFICES, "administrator"}
        return any(role in GIVES.get(mine, ()) for mine in held)

    def may_give(self, actor: int, to: int, role: str, node: int | None, campaign: int | None) -> bool:
        if node is None:
            fits = role in MAKERS
        else:
            sits = {"region": (2,), "nation": (0, 1)}.get(role)
            fits = role != "printer" and (sits is None or self.depth(node) in sits)
        return actor != to and fits and self.may_change(actor, role, node, campaign)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two organisations, whatever hangs below them, campaigns, and grants of every kind and age."""
    parents: list[int | None] = [None, None]
    depths = [0, 0]
    for _ in range(draw(st.integers(0, 8))):
        parent = draw(st.sampled_from([node for node, depth in enumerate(depths) if depth < len(TIERS) - 1]))
        parents.append(parent)
        depths.append(depths[parent] + 1)
    nodes = st.integers(0, len(parents) - 1)
    stands = tuple(draw(st.lists(nodes, min_size=1, max_size=3)))
    world = World(tuple(parents), stands)
    ages = st.sampled_from([None, None, timedelta(minutes=-1), timedelta(days=-60)])
    ends = st.sampled_from([None, None, timedelta(), timedelta(minutes=-1), timedelta(days=-90), timedelta(minutes=1)])
    at_nodes = st.builds(
        Given, st.integers(0, PEOPLE - 1), st.sampled_from(list(Role)).map(str), nodes, st.none(), ages, ends
    )
    in_campaigns = st.builds(
        Given,
        st.integers(0, PEOPLE - 1),
        st.sampled_from(sorted(MAKERS)),
        st.none(),
        st.integers(0, len(stands) - 1),
        ages,
        ends,
    )
    return World(world.parents, world.stands, tuple(draw(st.lists(at_nodes | in_campaigns, max_size=8))))


@dataclass
class Built:
    """A world in the database, by the places in its lists."""

    nodes: list[Node] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)


def build(session: Session, scene: Scene, world: World) -> Built:
    """The rows of a world, flushed and not committed."""
    built, number = Built(), next(_numbers)
    organisations = [Organisation(name=f"Party {number}.{which}", created_at=NOON) for which in range(2)]
    built.people = [
        Person(name=f"P{which}", email=f"p{number}.{which}@example.org", created_at=NOON) for which in range(PEOPLE)
    ]
    session.add_all([*organisations, *built.people])
    session.flush()
    for place, parent in enumerate(world.parents):
        above = built.nodes[parent] if parent is not None else None
        node = Node(
            organisation_id=above.organisation_id if above else organisations[place].id,
            parent_id=above.id if above else None,
            tier=TIERS[world.depth(place)],
            name=f"Node {place}",
            path="",
            created_at=NOON,
        )
        session.add(node)
        session.flush()
        node.path = f"{above.path if above else '/'}{node.id}/"
        built.nodes.append(node)
    for place, at in enumerate(world.stands):
        node = built.nodes[at]
        text = dict.fromkeys(("election_title", "election_area", "polling_day", "candidate", "promoter"), "x")
        text |= dict.fromkeys(("promoter_address", "on_behalf_of", "kit"), "x")
        built.campaigns.append(
            Campaign(
                organisation_id=node.organisation_id, node_id=node.id, name=f"Campaign {place}", created_at=NOON, **text
            )
        )
    session.add_all(built.campaigns)
    session.flush()
    for each in world.given:
        built.grants.append(
            Grant(
                person_id=built.people[each.person].id,
                role=Role(each.role),
                node_id=None if each.node is None else built.nodes[each.node].id,
                campaign_id=None if each.campaign is None else built.campaigns[each.campaign].id,
                printer_id=scene.printer.id if each.role == "printer" else None,
                giver="a test",
                given_at=NOON - timedelta(days=100),
                ended_at=None if each.ended is None else NOON + each.ended,
                ends_at=None if each.ends is None else NOON + each.ends,
            )
        )
    session.add_all(built.grants)
    session.flush()
    return built
