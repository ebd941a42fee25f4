"""Which office a stage of approval asks, who sits there, and who may answer for it.

An office is a node of the tree with approvers on it. Where nobody sits on the one that should be asked, the next above
is asked, and where nobody sits above either, the nearest below: an empty chair stops no leaflet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import in_london
from leaflets.domain.errors import Conflict
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import APPROVERS
from leaflets.domain.review.approval import Office, Stage, stages_in, workflow_from_json
from leaflets.services.organisation import settings, tree
from leaflets.services.review.asked import rota
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Submission
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

_TIERS = {Office.REGION: Tier.REGION, Office.NATION: Tier.NATION, Office.ORGANISATION: Tier.ORGANISATION}
_UPWARDS = (Tier.REGION, Tier.NATION, Tier.ORGANISATION)


@dataclass(frozen=True, slots=True)
class PlacedStage:
    """A stage of the workflow that holds for a leaflet, and the node whose office it is."""

    stage: Stage
    office: Node

    def as_json(self) -> dict[str, Any]:
        """As a submission keeps it."""
        return {**self.stage.as_json(), "office_id": self.office.id}


def stages_of(session: Session, target: Leaflet) -> tuple[PlacedStage, ...]:
    """The stages that a leaflet goes through where its campaign stands; none where nobody asks to see it."""
    node = target.campaign.node
    workflow = workflow_from_json(settings.of(session, node, "workflow"))
    if node is None or not workflow.stages:
        return ()
    way = tree.way_down(session, node)
    return tuple(PlacedStage(stage, office_on(way, stage.office)) for stage in stages_in(workflow, node.law))


def unstaffed(session: Session, node: Node) -> list[Node]:
    """The offices on the way down to a node that what is set there asks, and in which nobody approves.

    At a nation nobody knows which of its regions will be asked: those are not among them.
    """
    way = tree.way_down(session, node)
    tiers = {_TIERS[stage.office] for stage in _asked_at(session, node)}
    asked = [each for each in way if each.tier in tiers]
    held = select(Grant.node_id).where(
        Grant.node_id.in_([each.id for each in asked]), Grant.role.in_(APPROVERS), Grant.holds(moment(session))
    )
    sat_in = set(session.scalars(held))
    return [each for each in asked if each.id not in sat_in]


def _asked_at(session: Session, node: Node) -> tuple[Stage, ...]:
    return stages_in(workflow_from_json(settings.of(session, node, "workflow")), node.law)


def staffed(session: Session, office: Node, campaign_node: Node, *, concerned: Collection[int], sender_id: int) -> Node:
    """The node whose people are asked in the place of an office: itself, the next above, or else the nearest below.

    Whoever is `concerned`, because it is their own, is asked only where nobody else sits in the office or above it; and
    whoever sent it, only where nobody but them does.
    Raises `Conflict` where nobody approves anything on the whole way down to the campaign.
    """
    way = campaign_node.way_down
    held = select(Grant.node_id, Grant.person_id).where(
        Grant.node_id.in_(way), Grant.role.in_(APPROVERS), Grant.holds(moment(session))
    )
    sitting = session.execute(held).all()
    above = list(reversed(office.way_down))
    for barred in (concerned, (sender_id,)):
        others = {node_id for node_id, person_id in sitting if person_id not in barred}
        if asked := next((node_id for node_id in above if node_id in others), None):
            return session.get_one(Node, asked)
    seats = {node_id for node_id, _ in sitting}
    below = way[way.index(office.id) + 1 :] if office.id in way else []
    for node_id in (*above, *below):
        if node_id in seats:
            return session.get_one(Node, node_id)
    raise Conflict(
        f"Nobody approves leaflets in {office.name}, nor anywhere above it.",
        "Ask whoever looks after people in your organisation to give somebody that office; nothing was sent.",
        code="nobody-there",
    )


def may_answer(session: Session, actor: Person, submission: Submission) -> bool:
    """Whether somebody sits in the office that is asked, in that of the stage, or above one of them.

    Nobody passes what they sent themselves while somebody else can.
    """
    sits = not set(seats_of(session, actor)).isdisjoint(_way_of(session, submission))
    return sits and not instead_of(session, actor, submission)


def instead_of(session: Session, actor: Person, submission: Submission) -> list[Person]:
    """Who else can answer today what somebody sent themselves, by name; nobody for what others sent."""
    return others_able(session, actor, submission) if submission.sent_by == actor.id else []


def others_able(session: Session, actor: Person, submission: Submission) -> list[Person]:
    """Who else can answer for a submission today, by name."""
    return others_able_of_each(session, actor, [submission])[submission.id]


def others_able_of_each(session: Session, actor: Person, submissions: Sequence[Submission]) -> dict[int, list[Person]]:
    """`others_able` of several, by their ids; the people are asked for once."""
    ways, today = {each.id: _way_of(session, each) for each in submissions}, in_london(moment(session)).date()
    sitting = rota(session, {node_id for way in ways.values() for node_id in way}, today)
    found = {}
    for id_, way in ways.items():
        able = {person.id: person for node_id in way for person in sitting.able(node_id, today)}
        others = [person for person in able.values() if person.id != actor.id]
        found[id_] = sorted(others, key=lambda person: (person.name, person.id))
    return found


def names_of(people: Sequence[Person]) -> str:
    """`Nat or Olga`: the first few of them."""
    return " or ".join(person.name for person in people[:3])


def require_answer(session: Session, actor: Person, submission: Submission) -> None:
    """Pass in silence when `may_answer`; raise `Conflict` saying whose turn it is, when not.

    The caller has required Action.REVIEW.
    """
    if others := instead_of(session, actor, submission):
        raise Conflict(
            f"You sent this yourself, so somebody else passes it: {names_of(others)}.",
            "You can comment on it, or take it back on the leaflet’s page.",
            code="own-words",
        )
    if may_answer(session, actor, submission):
        return
    asked = submission.asked_of.name if submission.asked_of else "another office"
    raise Conflict(
        f"This waits for {asked}, and you do not answer there.", "You can comment on it.", code="not-your-turn"
    )


def seats_of(session: Session, actor: Person) -> list[int]:
    """The nodes on which somebody is an approver now."""
    held = select(Grant.node_id).where(
        Grant.person_id == actor.id,
        Grant.node_id.is_not(None),
        Grant.role.in_(APPROVERS),
        Grant.holds(moment(session)),
    )
    return sorted({node_id for node_id in session.scalars(held) if node_id is not None})


def sits_in(session: Session, seats: Collection[int], office_id: int) -> bool:
    """Whether somebody who is an approver on these nodes is one of that office, or above it."""
    office = session.get(Node, office_id)
    return office is not None and not set(seats).isdisjoint(office.way_down)


def _way_of(session: Session, submission: Submission) -> list[int]:
    way = list(submission.asked_of.way_down) if submission.asked_of else []
    if submission.stage < len(submission.stages):
        way += session.get_one(Node, submission.stages[submission.stage]["office_id"]).way_down
    return way


def office_on(way: Sequence[Node], office: Office) -> Node:
    """The node of that tier on the way down, or the next above where the campaign has none."""
    by_tier = {node.tier: node for node in way}
    for tier in _UPWARDS[_UPWARDS.index(_TIERS[office]) :]:
        if tier in by_tier:
            return by_tier[tier]
    return way[0]
