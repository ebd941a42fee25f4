"""Which office a stage of approval asks, who sits there, and who may answer for it.

An office is a node of the tree with approvers on it. Where nobody sits on the one that should be asked, the next above
is asked, and where nobody sits above either, the nearest below: an empty chair stops no leaflet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import APPROVERS
from leaflets.domain.review.approval import Office, Stage, stages_in, workflow_from_json
from leaflets.services.organisation import settings, tree
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


def staffed(session: Session, office: Node, campaign_node: Node) -> Node:
    """The node whose people are asked in the place of an office: itself, the next above, or else the nearest below.

    Raises `Conflict` where nobody approves anything on the whole way down to the campaign.
    """
    way = campaign_node.way_down
    held = select(Grant.node_id).where(Grant.node_id.in_(way), Grant.role.in_(APPROVERS), Grant.holds(moment(session)))
    seats = set(session.scalars(held))
    above = list(reversed(office.way_down))
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
    """Whether somebody sits in the office that is asked, in that of the stage, or above one of them."""
    return bool(set(seats_of(session, actor)) & set(_way_of(session, submission)))


def require_answer(session: Session, actor: Person, submission: Submission) -> None:
    """Pass in silence when `may_answer`; raise `Conflict` saying whose turn it is, when not.

    The caller has required Action.REVIEW.
    """
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
