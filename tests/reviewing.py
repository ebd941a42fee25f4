"""A region that asks to see what its seats say, for tests of approvals: two seats, one candidate, two offices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from clockwork import Clockwork
from scene import TEMPLATE, Scene

from leaflets.domain.leaflet import Edit
from leaflets.domain.template import Kind, Template, Voice, Zone
from leaflets.services import leaflets
from leaflets.services.organisation import settings
from leaflets.services.press import orders
from leaflets.services.review import approved, passing, returning, sending, taking_back
from leaflets.services.review.passing import Passed
from leaflets.services.studio import copies
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Comment, ReviewZone, Submission
from leaflets.storage.session import Sessions

WORDED: Template = replace(
    TEMPLATE,
    name="worded",
    zones=(
        *TEMPLATE.zones,
        Zone("pledge", Kind.RICH, "Pledge", "One.", Voice.MESSAGE, "back", default="<p>We will act.</p>", max_words=60),
        Zone("greeting", Kind.LINE, "Greeting", "Yours.", Voice.PERSONAL, "front", required=False, max_chars=80),
        Zone("street", Kind.LINE, "Street", "Local.", Voice.LOCAL, "back", required=False, max_chars=80),
    ),
)

REGION_FIRST = [{"office": "region"}]


@dataclass
class Desk:
    """Rita answers for the South, Nat for England, Olga for all; `workflow` is set on the region.

    All happens at one moment, or each thing a `tick` after the other.
    """

    url: str
    workflow: list[dict[str, Any]] | None = None
    tick: timedelta = timedelta(0)
    scene: Scene = field(init=False)
    clock: Clockwork = field(init=False)

    def __post_init__(self) -> None:
        self.scene = Scene(self.url, template=WORDED)
        self.clock = Clockwork(self.scene)
        self.ask(self.workflow if self.workflow is not None else REGION_FIRST)

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    @property
    def now(self) -> datetime:
        self.scene.now += self.tick
        return self.scene.now

    @property
    def agent(self) -> Person:
        return self.scene.agent

    @property
    def rita(self) -> Person:
        return self.clock.rita

    @property
    def nat(self) -> Person:
        return self.clock.nat

    @property
    def olga(self) -> Person:
        return self.clock.olga

    def ask(self, workflow: list[dict[str, Any]], node_id: int | None = None) -> None:
        with self.sessions() as session:
            where = node_id if node_id is not None else self.clock.region.id
            settings.set_here(
                session, actor="a test", now=self.now, node_id=where, name="workflow", value=workflow or None
            )

    def leaflet(self, campaign: Campaign | None = None, **values: Any) -> Leaflet:
        made = self.clock.leaflet(campaign)
        self.write(made, **values)
        return made

    def write(self, leaflet: Leaflet, by: Person | None = None, **values: Any) -> None:
        with self.sessions() as session:
            texts = {text.zone: text.version for text in session.get_one(Leaflet, leaflet.id).texts}
        edits: list[Edit] = [self.scene.edit(value, texts.get(zone, 0), zone=zone) for zone, value in values.items()]
        if edits:
            saved = self.scene.save(leaflet.id, *edits, by=by)
            assert not saved.refused
            assert not saved.conflicts

    def places(self, leaflet: Leaflet, *names: str) -> list[Leaflet]:
        with self.sessions() as session:
            return copies.add_places(
                session, actor=self.agent, now=self.now, leaflet_id=leaflet.id, template=WORDED, places=names
            )

    def send(self, leaflet: Leaflet, by: Person | None = None, **more: Any) -> Submission:
        with self.sessions() as session:
            return sending.send(
                session,
                actor=by or self.agent,
                now=self.now,
                leaflet_id=leaflet.id,
                template=WORDED,
                **{"anyway": True, **more},
            )

    def seen(self, sent: Submission) -> dict[str, Any]:
        """What a reviewer says of what they saw."""
        with self.sessions() as session:
            content_hash = session.get_one(Submission, sent.id).revision.content_hash
        return {"now": self.now, "submission_id": sent.id, "content_hash": content_hash}

    def pass_(self, sent: Submission, *zones: str, by: Person | None = None, **more: Any) -> Passed:
        with self.sessions() as session:
            said = {"actor": by or self.rita, **self.seen(sent), **more}
            if zones:
                return passing.pass_zones(session, zones=zones, **said)
            return passing.pass_all(session, **said)

    def everywhere(self, sent: Submission, zone: str, by: Person | None = None, **more: Any) -> Passed:
        with self.sessions() as session:
            return passing.pass_everywhere(session, actor=by or self.rita, zone=zone, **self.seen(sent), **more)

    def ask_change(self, sent: Submission, zone: str, by: Person | None = None, **more: Any) -> Comment:
        with self.sessions() as session:
            return returning.ask_change(
                session,
                actor=by or self.rita,
                zone=zone,
                template=WORDED,
                **{"words": "Shorter, please.", **self.seen(sent), **more},
            )

    def take_back(self, sent: Submission, zone: str, by: Person | None = None) -> Submission:
        with self.sessions() as session:
            return taking_back.take_back_pass(
                session, actor=by or self.rita, now=self.now, submission_id=sent.id, zone=zone, because="It is not so."
            )

    def order(self, leaflet: Leaflet, **more: Any) -> Order:
        return self.clock.order(leaflet, self.now, **{"template": WORDED, "going_ahead_because": "Better late", **more})

    def order_again(self, order: Order) -> Order:
        with self.sessions() as session:
            return orders.press_again(
                session, actor=self.agent, now=self.now, tickets=self.scene.tickets, order_id=order.id
            )

    def standing(self, leaflet: Leaflet) -> approved.Standing:
        with self.sessions() as session:
            return approved.standing(session, target=session.get_one(Leaflet, leaflet.id))

    def sent(self, sent: Submission) -> Submission:
        """The submission as it stands, with its zones."""
        with self.sessions() as session:
            found = session.get_one(Submission, sent.id)
            _ = found.revision, found.asked_of, [zone.passed for zone in found.zones]
            return found

    def states(self, sent: Submission) -> dict[str, str]:
        return {zone.zone: zone.state for zone in self.zones(sent)}

    def zones(self, sent: Submission) -> list[ReviewZone]:
        return list(self.sent(sent).zones)

    def waiting(self, sent: Submission) -> Collection[str]:
        return {zone.zone for zone in self.zones(sent) if zone.state == "waiting"}

    def covering(self, leaflet: Leaflet) -> Approval | None:
        with self.sessions() as session:
            target = session.get_one(Leaflet, leaflet.id)
            return approved.covering(session, target, leaflets.content_of(target).content_hash)
