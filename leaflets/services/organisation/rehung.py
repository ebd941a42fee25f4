"""What waits for approval when its seat is hung elsewhere in the tree: the way of the new place holds for it at once.

Its stages are those of the workflow that holds there now. What was passed stays passed (`open_words.standing_for`), and
a change that was asked for stays asked for: where nobody has to see it any more, it goes home with that. Both offices
and the campaign are told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import in_london
from leaflets.domain.errors import NotFound
from leaflets.domain.leaflet import Content
from leaflets.domain.notices import Notice
from leaflets.domain.review.approval import Office, State, ZoneState, goes_to
from leaflets.domain.template import Template
from leaflets.services import alerts, audit
from leaflets.services.message import message_due, messages
from leaflets.services.organisation import tree
from leaflets.services.review import offices, open_words, records, settling
from leaflets.services.review.asked import rota
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.review import Submission
from leaflets.storage.tree import Node


def follow(
    session: Session, node: Node, *, actor: Person | str, now: datetime, templates: Callable[[str], Template]
) -> int:
    """Judge anew what waits below a node that has moved, inside the transaction of the move: how many go another way.

    Where the template of a leaflet is gone, its zones stay as they are, and the offices of the new way are asked for
    them. Raises `Conflict` where nobody approves anything on the new way.
    """
    messages.hold(session, node)
    message_due.mark_below(session, node)
    waiting = (
        select(Submission)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(Node.path.startswith(node.path), Submission.state == State.WAITING)
        .order_by(Leaflet.id)
        .with_for_update(of=(Leaflet, Submission))  # whoever decides about one of them does it before or after
        .execution_options(populate_existing=True)
    )
    return sum(_follow(session, each, node, actor, now, templates) for each in session.scalars(waiting).all())


def _follow(
    session: Session,
    submission: Submission,
    moved: Node,
    actor: Person | str,
    now: datetime,
    templates: Callable[[str], Template],
) -> bool:
    before, asked = list(submission.stages), submission.asked_of
    changes = [each.label for each in submission.zones if each.state == ZoneState.ASKED]
    at = before[submission.stage]["office_id"]
    content = Content.from_json(submission.revision.content)
    try:
        looks = open_words.look(session, submission.leaflet, content, templates(content.template), now=now)
    except NotFound:
        submission.stages = _same_stages(session, submission)
    else:
        submission.stages = [each.placed.as_json() for each in looks]
        if submission.stages != before:
            _judge_anew(session, now, submission, looks)
    seat = submission.leaflet.campaign.node
    is_there = seat is not None and submission.asked_of_id in seat.way_down
    if submission.stages == before and is_there:
        return False
    state, stage = goes_to(records.states(submission))
    if state is State.APPROVED and changes:
        settling.send_home(session, actor, now, submission, _ASKED_BEFORE.format(", ".join(changes)))
    elif state is not State.WAITING:
        settling.settle(session, actor, now, submission)
    elif submission.stages[stage]["office_id"] == at and is_there:
        submission.stage = stage  # the same office as before: it was asked already
    else:
        settling.ask(session, now, submission, stage)
    _tell(session, submission, moved, asked, actor, now)
    return True


def _judge_anew(
    session: Session, now: datetime, submission: Submission, looks: tuple[open_words.StageLook, ...]
) -> None:
    """The zones of the new stages in the place of the old; words of which a change was asked wait for their answer."""
    asked = {(each.zone, each.words_hash) for each in submission.zones if each.state == ZoneState.ASKED}
    for each in list(submission.zones):
        session.delete(each)
    session.flush()
    records.add_zones(session, now, submission, looks)
    for each in submission.zones:
        if (each.zone, each.words_hash) in asked and each.state == ZoneState.WAITING:
            records.move(each, ZoneState.ASKED)


def _same_stages(session: Session, submission: Submission) -> list[dict[str, object]]:
    """The stages as they are, each with its office on the way that leads to the leaflet now."""
    seat = submission.leaflet.campaign.node
    way = tree.way_down(session, seat) if seat else []
    there = {each.id for each in way}
    return [
        each if each["office_id"] in there else {**each, "office_id": offices.office_on(way, Office(each["office"])).id}
        for each in submission.stages
    ]


def _tell(
    session: Session, submission: Submission, moved: Node, asked: Node | None, actor: Person | str, now: datetime
) -> None:
    """Note it, and tell the office that is asked no more, and the campaign; whoever is asked now knows already."""
    target, to, state = submission.leaflet, submission.asked_of, State(submission.state)
    who = to.name if state is State.WAITING and to is not None else ""
    was = f"submission {submission.id}: {asked.name if asked else ''}"
    audit.of_leaflet(session, actor, now, "approval moved with its place", target, was=was, became=who or state)
    if asked is None or (who and to == asked):
        return
    above = session.get_one(Node, moved.parent_id)
    rest = f"{who} is asked instead of {asked.name}" if who else _ENDS.get(state, "it waits no more")
    sentence = f"{moved.name} lies in {above.name} now, and {rest}."
    left = rota(session, {asked.id}, in_london(now).date()).holders.get(asked.id, [])
    team = alerts.team(session, target.campaign_id) if who else []  # of the rest they have been told
    for people, path in ((left, "/approvals"), (team, "")):
        subject = f"Moved on: {target.title}"
        alerts.tell(
            session, people, now=now, kind=Notice.MOVED, subject=subject, sentence=sentence, leaflet=target, path=path
        )


_ASKED_BEFORE = (
    "Before its place was moved, a change was asked for in: {}. Nobody there has to pass it: change it, or order it as "
    "it is."
)
_ENDS = {
    State.APPROVED: "nobody there has to see any more of it: it is approved",
    State.RETURNED: "it is back with its campaign, which is asked for a change",
}
