"""The demo's elections, offices and announcements: dates are chosen so that leaflets differ on the day of seeding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from leaflets.domain.clock.durations import DURATIONS, PrinterDays
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.moments import in_london
from leaflets.domain.clock.plan import plan
from leaflets.domain.clock.route import Route
from leaflets.domain.clock.standing import Plan, Standing
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from leaflets.storage.leaflet import Leaflet
    from leaflets.storage.people import Person

SEEDER = "leaflets demo"
REGION = "Kelver Coast"
COUNCIL = "Kelverton Borough Council"
THURSDAY = 3
_FAR = timedelta(days=200)
_NEAR = timedelta(days=14)


def election_standing(now: datetime, standing: Standing, area: str) -> tuple[str, ...]:
    """The id of an election for which a leaflet that nobody has begun stands so today: none where no day is known.

    On time is a general election on the first Thursday of May. The others are by-elections on the nearest day that
    fits, a Thursday if there is one: to the council or, around holidays when none of those fits, to Parliament.
    """
    for ref, route in _elections(in_london(now).date(), standing, area):
        found = _planned(ref, route, now)
        if found is not None and found.state is standing and found.slack_days != 0:  # 0 is over by the evening
            return (ref,)
    return ()


def _elections(today: date, standing: Standing, area: str) -> Iterator[tuple[str, Route]]:
    """Ids to try, each with the route that a new leaflet for it has."""
    if standing is Standing.ON_TIME:
        yield from ((f"parl.{_first_thursday_of_may(today.year + years)}", Route.FREEPOST) for years in range(3))
        return
    slug = re.sub(r"[^a-z0-9]+", "-", area.lower()).strip("-")
    yield from ((f"local.kelverton.{slug}.by.{day}", Route.HAND_DELIVERY) for day in _soon(today))
    yield from ((f"parl.{slug}.by.{day}", Route.FREEPOST) for day in _soon(today))


def _planned(ref: str, route: Route, now: datetime) -> Plan | None:
    from leaflets.services.clock import almanac

    try:
        poll = almanac.poll(ref, Nation.ENGLAND, None, "", ())
        return plan(
            Aim(Landing.BEFORE_POSTAL_VOTES),
            route,
            timetable=poll.timetable,
            dispatch=poll.postal_votes,
            durations=DURATIONS,
            printer_days=PrinterDays(),
            calendar=almanac.calendar_of(Nation.ENGLAND),
            now=now,
        )
    except Invalid:  # a holiday, or a year whose holidays nobody knows yet
        return None


def seed_offices(session: Session, now: datetime, late: Leaflet, person: Callable[[str], Person]) -> None:
    """Somebody in the office of a late leaflet's region and in its nation's, an objection, an announced dispatch.

    What is to be heard has been told when this returns. `person` gives somebody of a name.
    """
    from leaflets.services.clock import crossings, dispatch, plans
    from leaflets.services.organisation import tree
    from leaflets.services.review import objections
    from leaflets.services.roles import grants
    from leaflets.storage.people import Campaign

    campaign = session.get_one(Campaign, late.campaign_id)
    if campaign.node is None:
        raise RuntimeError("Every campaign of the demo has its place in the tree.")
    nodes = {node.tier: node.id for node in tree.way_down(session, campaign.node)}
    officer, answers = person("Ruth Fell"), person("Noel Hart")
    for who, role in ((officer, Role.REGION), (answers, Role.NATION)):
        grants.give(session, actor=SEEDER, now=now, node_id=nodes[Tier(role)], person_id=who.id, role=role)
    objections.make(
        session,
        actor=officer,
        now=now,
        leaflet_id=late.id,
        words="One thing goes wrong and it lands after the postal votes. Better fewer doors in time than all late.",
    )
    board = plans.board(session, actor=officer, now=now, node_id=nodes[Tier.REGION])
    safest = next((row for row in reversed(board.rows) if row.plan), None)
    if safest is not None and safest.plan is not None and safest.leaflet.campaign.node_id is not None:
        first = safest.plan.question.polls[0].postal_votes
        dispatch.announce(
            session,
            actor=officer,
            now=now,
            election_id=safest.leaflet.campaign.elections[0].id,
            node_id=safest.leaflet.campaign.node_id,
            council=COUNCIL,
            said_by="its electoral services, on the telephone",
            said_on=in_london(now).date(),
            first=first.first.day if first else None,
        )
    crossings.watch(session, now=now)


def _first_thursday_of_may(year: int) -> date:
    first = date(year, 5, 1)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7)


def _soon(today: date) -> Iterator[date]:
    """The days of the next months, Thursdays before all others."""
    days = [today + timedelta(days=ahead) for ahead in range(_NEAR.days, _FAR.days)]
    yield from sorted(days, key=lambda day: (day.weekday() != THURSDAY, day))
