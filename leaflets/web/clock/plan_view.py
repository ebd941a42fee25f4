"""How a plan is shown: where a leaflet stands in words, what would still work as buttons, and the choices it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from leaflets.domain.clock.chain import Question
from leaflets.domain.clock.landing import Landing
from leaflets.domain.clock.remedies import RemedyKind
from leaflets.domain.clock.route import Route, routes_of
from leaflets.domain.clock.standing import Plan, Remedy, Standing
from leaflets.domain.errors import Invalid
from leaflets.services.clock.almanac import Planned
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.printer import Printer
from leaflets.web.typed_day import needed_day

STATE_CLASS = {
    Standing.ON_TIME: "on-time",
    Standing.TIGHT: "tight",
    Standing.LATE: "late",
    Standing.CANNOT: "cannot",
    Standing.SUSPENDED: "suspended",
}
"""The class of the style sheet for each state."""

LANDING_WORDS = {
    Landing.BEFORE_POSTAL_VOTES: "before the postal votes",
    Landing.BEFORE_REGISTRATION: "before the deadline for registering",
    Landing.BEFORE_POSTAL_APPLICATION: "before the deadline for asking for a postal vote",
    Landing.BEFORE_POLLING_DAY: "before polling day",
    Landing.ON_DATE: "by a day of your own",
}


@dataclass(frozen=True)
class WayOut:
    """A remedy with what it takes to choose it: `fields` to send to the plan, or else the order form straight away."""

    sentence: str
    state: Standing
    button: str
    fields: tuple[tuple[str, str], ...]
    printer_id: int | None


def ways_out(plan: Plan, printers: Sequence[Printer]) -> list[WayOut]:
    """The remedies of a plan, each with its button."""
    ids = {printer.name: printer.id for printer in printers}
    return [_way_out(plan.question, remedy, ids) for remedy in plan.remedies]


def _way_out(question: Question, remedy: Remedy, ids: Mapping[str, int]) -> WayOut:
    again = remedy.question
    changed = (again.aim, again.route) != (question.aim, question.route)
    printer_id = ids.get(again.printer.name) if RemedyKind.OTHER_PRINTER in remedy.kinds else None
    fields = (
        ("landing", str(again.aim.landing)),
        ("on", again.aim.on.isoformat() if again.aim.on else ""),
        ("route", str(again.route)),
        ("printer", str(printer_id or "")),
    )
    straight = f"Order from {again.printer.name}" if printer_id else "Go ahead now"
    return WayOut(
        remedy.sentence,
        remedy.plan_state,
        "Choose this" if changed else straight,
        fields if changed else (),
        printer_id,
    )


@dataclass(frozen=True)
class Choices:
    """What a leaflet's plan may be counted from, and what is chosen, as a form shows it."""

    landings: tuple[tuple[str, str], ...]
    routes: tuple[tuple[str, str], ...]
    elections: tuple[tuple[int, str], ...]
    landing: str
    on: str
    route: str
    chosen: frozenset[int]
    was: str


def choices_of(leaflet: Leaflet, planned: Planned, typed: Mapping[str, str] | None = None) -> Choices:
    """The choices of a leaflet; `typed` are those of a form that could not be taken."""
    routes = list(Route)
    if planned.plan:
        for poll in planned.plan.question.polls:
            open_to = routes_of(poll.timetable.election, poll.timetable.nation)
            routes = [route for route in routes if route in open_to]
    said = typed or {}
    day = leaflet.landing_on.isoformat() if leaflet.landing_on else ""
    stored = {"landing": leaflet.landing, "on": day, "route": leaflet.route}
    return Choices(
        landings=tuple((str(landing), words) for landing, words in LANDING_WORDS.items()),
        routes=tuple((str(route), route.label) for route in routes),
        elections=tuple((row.id, row.ref) for row in leaflet.campaign.elections),
        landing=said.get("landing", leaflet.landing),
        on=said.get("on", day),
        route=said.get("route", leaflet.route),
        chosen=frozenset(row.id for row in leaflet.elections),
        was=plan_fingerprint(stored),
    )


def brief(plan: Plan) -> str:
    """Where a leaflet stands in a few words, for a place that is always in view beside the name of its state."""
    match plan.state:
        case Standing.LATE if plan.next_step:
            return f"{plan.next_step.order} now"
        case Standing.CANNOT:
            return "See what would still work"
        case _:
            return plan.sentence


def plan_fingerprint(typed: Mapping[str, str]) -> str:
    """The choices of a form in one text, to see whether somebody touched them."""
    return "|".join(typed.get(name, "") for name in ("landing", "on", "route"))


@dataclass(frozen=True)
class Chosen:
    """What a form says that a leaflet's plan is to be counted from."""

    landing: Landing
    on: date | None
    route: Route


def chosen_of(typed: Mapping[str, str]) -> Chosen:
    """The choice in a form. A day is read only where it is asked for. Raises `Invalid`."""
    try:
        landing, route = Landing(typed.get("landing", "")), Route(typed.get("route", ""))
    except ValueError:
        raise Invalid("That is no purpose or no way of travelling.", "Choose one of each from the lists.") from None
    if landing is not Landing.ON_DATE:
        return Chosen(landing, None, route)
    missing, remedy = "The day on which it is to land is missing.", "Give it, or choose another purpose."
    return Chosen(landing, needed_day(typed.get("on", ""), missing, remedy), route)
