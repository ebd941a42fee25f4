"""What waits for approval when its seat is hung elsewhere in the tree: the office now above it is asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.review.approval import Office, State
from leaflets.services.organisation import tree
from leaflets.services.review import offices, settling
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign
from leaflets.storage.review import Submission
from leaflets.storage.tree import Node


def follow(session: Session, node: Node, *, now: datetime) -> int:
    """Ask the offices above a node that has moved for what waits below it, inside the transaction of the move.

    What was passed stays passed, and the stages stay those with which it was sent. Returns how many are asked
    elsewhere. Raises `Conflict` where nobody approves anything on the new way.
    """
    waiting = (
        select(Submission, Node)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(Node.path.startswith(node.path), Submission.state == State.WAITING)
    )
    moved = 0
    for submission, seat in session.execute(waiting).all():
        way = tree.way_down(session, seat)
        on_the_way = {each.id for each in way}
        submission.stages = [
            stage
            if stage["office_id"] in on_the_way
            else {**stage, "office_id": offices.office_on(way, Office(stage["office"])).id}
            for stage in submission.stages
        ]
        if submission.asked_of_id is not None and submission.asked_of_id not in on_the_way:
            settling.ask(session, now, submission, submission.stage)
            moved += 1
    return moved
