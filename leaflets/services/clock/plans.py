"""Plans of leaflets: what a leaflet is for and how it travels, what is done, and how everything stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import nation_of
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.route import STEPS, Route, Step, require_route
from leaflets.domain.clock.standing import Plan, Standing
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import Action
from leaflets.services import access, audit, leaflets
from leaflets.services.clock import almanac, elections
from leaflets.services.clock.almanac import Planned
from leaflets.services.organisation import settings, tree
from leaflets.services.press import open_orders
from leaflets.services.review.approved import last_submission
from leaflets.storage.election import ElectionRow
from leaflets.storage.leaflet import Leaflet, StepDone
from leaflets.storage.objection import Objection
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


@dataclass(frozen=True)
class BoardRow:
    """One leaflet on a board. `region` and `seat` are names, empty where the campaign hangs higher."""

    leaflet: Leaflet
    plan: Plan | None
    why_not: str
    region: str
    seat: str
    open_objections: int


@dataclass(frozen=True)
class Board:
    """The leaflets at or below a node, or of a campaign: the least slack first, those that are done or have none last.

    `counts` holds every state, 0 where nobody stands so; `unplanned` is how many have no plan.
    """

    node: Node | None
    rows: tuple[BoardRow, ...]
    counts: Mapping[Standing, int]
    unplanned: int


def plan_of(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, printer_id: int | None = None
) -> Planned:
    """The plan of one leaflet with its remedies; with another printer than its own to see what that would change."""
    leaflet = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    return planned(session, leaflet, now=now, printer_id=printer_id)


def planned(session: Session, leaflet: Leaflet, *, now: datetime, printer_id: int | None = None) -> Planned:
    """`plan_of` for other services, which have asked whether they may."""
    book = almanac.almanac(session, [leaflet.campaign], now=now)
    return book.planned(leaflet, printer_id=printer_id)


def approval_due(session: Session, leaflet: Leaflet, *, now: datetime) -> datetime | None:
    """The latest safe moment of a leaflet's approval, where a plan can be counted. For other services."""
    plan = planned(session, leaflet, now=now).plan
    return plan.approve_by if plan else None


def campaign_board(session: Session, *, actor: Person, now: datetime, campaign_id: int) -> Board:
    """The leaflets of one campaign. Raises `NotFound` or `Refused`."""
    access.require(session, actor, Action.SEE_LEAFLET, campaign_id, what="campaign")
    return _board(session, None, almanac.plans(session, Leaflet.campaign_id == campaign_id, now=now))


def board(session: Session, *, actor: Person, now: datetime, node_id: int) -> Board:
    """Every leaflet at or below a node. Raises `NotFound` or `Refused`."""
    node = tree.node(session, actor=actor, node_id=node_id)
    return _board(session, node, almanac.plans(session, Node.path.startswith(node.path), now=now))


def choose(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    leaflet_id: int,
    landing: Landing,
    on: date | None,
    route: Route,
    election_ids: Sequence[int] = (),
) -> Leaflet:
    """Choose what a leaflet is for, how it travels, and which of its campaign's elections it is for (none: all).

    It prints the polling day of those elections; open orders follow.
    Raises `Invalid` for a day without that purpose or after the poll, a route that an election does not have, and an
    election of another campaign.
    """
    aim = Aim(landing, on)
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        chosen = [row for row in target.campaign.elections if row.id in election_ids]
        if len(chosen) != len(set(election_ids)):
            raise Invalid("This campaign does not stand in that election.", "Choose from its own elections.")
        was = _said_choice(target)
        target.landing, target.landing_on, target.route = aim.landing, aim.on, route
        target.elections = chosen
        served = chosen or target.campaign.elections
        for row in served:
            _check_choice(aim, route, row, target.campaign.node)
        target.polling_day = elections.written_out(served) or target.polling_day
        became = _said_choice(target)
        if became != was:
            audit.of_leaflet(session, actor, now, "plan chosen", target, was=was, became=became)
            open_orders.follow(session, Leaflet.id == target.id, actor=actor, now=now)
    return target


def mark(session: Session, *, actor: Person, now: datetime, leaflet_id: int, step: Step, done: bool = True) -> Leaflet:
    """Say that a step is done, or that it is not after all. Saying it twice changes nothing.

    Raises `Conflict` for what follows by itself (`by_approval`), `Invalid`, `NotFound`, `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        if step not in STEPS[Route(target.route)]:
            raise Invalid(f"“{step.label}” is no step of this leaflet.", "It goes another way.")
        if step in by_approval(session, target):
            raise Conflict(
                f"“{step.label}” is noted when it happens here.", "Send the leaflet for approval: the plan follows."
            )
        before = next((each for each in target.steps_done if each.step == step), None)
        if done and before is None:
            target.steps_done.append(StepDone(step=step, by=actor.id, at=now))
            audit.of_leaflet(session, actor, now, "step done", target, became=step)
        elif not done and before is not None:
            target.steps_done.remove(before)
            session.delete(before)
            audit.of_leaflet(session, actor, now, "step not done", target, was=step)
    return target


def by_approval(session: Session, target: Leaflet) -> tuple[Step, ...]:
    """The steps that nobody notes by hand, because an office is asked on this site.

    What was noted by hand before one was asked, of a leaflet that was never sent, can be taken back by hand.
    """
    if not settings.of(session, target.campaign.node, "workflow"):
        return ()
    noted = {each.step for each in target.steps_done}
    by_hand = noted if noted and last_submission(session, target.id) is None else set()
    return tuple(step for step in (Step.SEND_FOR_APPROVAL, Step.APPROVED) if step not in by_hand)


def _board(session: Session, node: Node | None, found: Sequence[Planned]) -> Board:
    names = _names(session, found)
    waiting = select(Objection.leaflet_id, func.count()).where(Objection.answered_at.is_(None))
    objections = dict(session.execute(waiting.group_by(Objection.leaflet_id)).all())
    rows = [
        BoardRow(each.leaflet, each.plan, each.why_not, *names(each.node), objections.get(each.leaflet.id, 0))
        for each in found
    ]
    counted = Counter(row.plan.state for row in rows if row.plan)
    return Board(
        node,
        tuple(sorted(rows, key=_by_slack)),
        {state: counted.get(state, 0) for state in Standing},
        sum(row.plan is None for row in rows),
    )


def _check_choice(aim: Aim, route: Route, row: ElectionRow, node: Node | None) -> None:
    require_route(route, row.election, nation_of(row.election, node.law if node else None))
    if aim.on and aim.on > row.polling_day:
        raise Invalid(
            f"{aim.on.day} {aim.on:%B %Y} is after polling day ({row.polling_day.day} {row.polling_day:%B %Y}).",
            "Choose a day up to polling day itself.",
        )


def _by_slack(row: BoardRow) -> tuple[int, int, int]:
    plan = row.plan
    if plan is None or plan.state is Standing.SUSPENDED or plan.next_step is None:
        return 1, 0, row.leaflet.id
    return 0, plan.slack_days, row.leaflet.id


def _names(session: Session, found: Sequence[Planned]) -> Callable[[Node | None], tuple[str, str]]:
    """The region's and the seat's name of each node, read at once."""
    wanted = {id_ for each in found if each.node for id_ in each.node.way_down}
    rows = session.execute(select(Node.id, Node.tier, Node.name).where(Node.id.in_(wanted)))
    known = {id_: (tier, name) for id_, tier, name in rows}

    def names(node: Node | None) -> tuple[str, str]:
        said = dict(known[id_] for id_ in (node.way_down if node else ()))
        return said.get(Tier.REGION, ""), said.get(Tier.SEAT, "")

    return names


def _said_choice(target: Leaflet) -> str:
    day = f" {target.landing_on.isoformat()}" if target.landing_on else ""
    served = ", ".join(row.ref for row in target.elections) or "all elections"
    return f"{target.landing}{day} by {target.route} for {served}"
