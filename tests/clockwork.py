"""A seat in a region of a nation, with its offices and elections, for tests of the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from scene import TEMPLATE, Scene

from leaflets.domain.clock.election import Nation
from leaflets.domain.organisation.tree import Place
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.services import leaflets
from leaflets.services.clock import dispatch, plans
from leaflets.services.clock.almanac import Planned
from leaflets.services.organisation import campaigns, tree
from leaflets.services.press import orders
from leaflets.services.roles import grants, people
from leaflets.storage.election import ElectionRow
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.session import Sessions
from leaflets.storage.tree import Node

ELECTION = "parl.2027-05-06"


def a_thursday(now: datetime, *, days_ahead: int) -> date:
    """A day about so far ahead on which a poll can be held: a Thursday, and not at Christmas."""
    day = now.date() + timedelta(days=days_ahead)
    day += timedelta(days=(3 - day.weekday()) % 7)
    return day + timedelta(days=14) if (day.month, day.day) > (12, 20) or (day.month, day.day) < (1, 3) else day


@dataclass
class Clockwork:
    """A scene whose second campaign stands for Harbour, in the South of England, at a general election.

    Rita sits in the regional office, Nat in the nation's, Olga at the root; `agent` is the campaign's.
    """

    scene: Scene
    election_ids: tuple[str, ...] = (ELECTION,)
    seat_name: str = "Harbour"
    campaign: Campaign = field(init=False)
    seat: Node = field(init=False)
    region: Node = field(init=False)
    nation: Node = field(init=False)
    rita: Person = field(init=False)
    nat: Person = field(init=False)
    olga: Person = field(init=False)

    def __post_init__(self) -> None:
        self.campaign = self.start(self.seat_name)
        with self.sessions() as session:
            self.rita, self.nat, self.olga = (
                people.person_by_email(session, f"{name.lower()}@example.org")
                or people.add_person(session, **self.by, name=name, email=f"{name.lower()}@example.org")
                for name in ("Rita", "Nat", "Olga")
            )
            seat = session.get_one(Node, self.campaign.node_id)
            root, self.nation, self.region, self.seat = tree.way_down(session, seat)
            for person, node, role in (
                (self.rita, self.region, Role.REGION),
                (self.nat, self.nation, Role.NATION),
                (self.olga, root, Role.NATION),
            ):
                grants.give(session, **self.by, node_id=node.id, person_id=person.id, role=role)
            for each in (self.rita, self.nat, self.olga, self.seat, self.region, self.nation):
                session.refresh(each)

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    @property
    def agent(self) -> Person:
        return self.scene.agent

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": "a test", "now": self.scene.now}

    @property
    def election(self) -> ElectionRow:
        """The first of its elections, as it stands."""
        with self.sessions() as session:
            return session.get_one(Campaign, self.campaign.id).elections[0]

    def start(self, seat: str, *, region: str = "South", nation: Nation = Nation.ENGLAND) -> Campaign:
        with self.sessions() as session:
            started = campaigns.start_campaign(
                session,
                **self.by,
                organisation="Plain",
                name=f"Ada for {seat}",
                kit="plain",
                election=ElectionDetails("General election", seat, "", "Ada Quay"),
                imprint=Imprint("", "", "Agnes Pier", "1 Quay Street, Harbour HR1 1AA", "Ada Quay"),
                place=Place(nation, region, seat),
                election_ids=self.election_ids,
            )
            grants.give(session, **self.by, campaign_id=started.id, person_id=self.agent.id, role=Role.AGENT)
            session.refresh(started)
        return started

    def leaflet(self, campaign: Campaign | None = None) -> Leaflet:
        with self.sessions() as session:
            return leaflets.start_leaflet(
                session,
                actor=self.agent,
                now=self.scene.now,
                campaign_id=(campaign or self.campaign).id,
                template=self.scene.template,
                kit=self.scene.kit,
            )

    def plan(self, leaflet: Leaflet, now: datetime) -> Planned:
        with self.sessions() as session:
            return plans.plan_of(session, actor=self.agent, now=now, leaflet_id=leaflet.id)

    def order(self, leaflet: Leaflet, now: datetime, **changed: Any) -> Order:
        with self.sessions() as session:
            return orders.place(
                session,
                **{
                    "actor": self.agent,
                    "now": now,
                    "tickets": self.scene.tickets,
                    "leaflet_id": leaflet.id,
                    "template": TEMPLATE,
                    "printer_id": self.scene.printer.id,
                    "quantity": 1000,
                    **changed,
                },
            )

    def stored(self, order: Order) -> Order:
        with self.sessions() as session:
            return session.get_one(Order, order.id)

    def announce(self, first: date, now: datetime, **changed: Any) -> None:
        with self.sessions() as session:
            dispatch.announce(
                session,
                **{
                    "actor": self.rita,
                    "now": now,
                    "election_id": self.election.id,
                    "node_id": self.seat.id,
                    "council": "Harbour Council",
                    "said_by": "its website",
                    "said_on": now.date(),
                    "first": first,
                    **changed,
                },
            )
