"""What can be set on a node of the tree, and how a node below narrows it.

A setting holds on the node where it is said and on everything below. A lower node may ask for more care, never for
less: it adds a stage of approval, it takes kits and printers away, it waits less long before somebody else is asked.
What it says is kept as it was said, and what holds is counted anew on every look, so that a change above takes effect
below at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leaflets.domain.errors import Invalid

_OFFICES = ("region", "nation")  # in the order in which they are asked

NEXT, TO_NATION, DEEMED = "next", "nation", "deemed"
SILENCES = {
    NEXT: "somebody else who may answer here is asked",
    TO_NATION: "the nation’s office is asked",
    DEEMED: "it counts as passed",
}
"""What can happen when nobody answers in time, and how people read it."""

LONGEST_SILENCE = 10
"""Working days. No leaflet waits longer for one office."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. Values are JSON.

    `check` returns a value as it is kept, or raises `Invalid`. `narrow` takes what holds above and what is said here,
    and gives what holds here. `default` holds where nobody on the way down has said anything.
    """

    name: str
    decides: str
    default: Any
    check: Callable[[Any], Any]
    narrow: Callable[[Any, Any], Any]
    narrowing: str


def _workflow(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(stage, dict) for stage in value):
        raise Invalid("A workflow is a list of stages.", "Say which office is asked, one after the other.")
    for stage in value:
        if stage.get("office") not in _OFFICES:
            raise Invalid(
                f"“{stage.get('office')}” is no office that approves.", f"Choose from: {', '.join(_OFFICES)}."
            )
    return [dict(stage) for stage in value]


def _added(above: list[dict[str, Any]], here: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every stage of above stays; those of here that are not among them come in, the region's before the nation's."""
    more = [stage for stage in here if stage not in above]
    return sorted([*above, *more], key=lambda stage: _OFFICES.index(stage["office"]))


def _when_silent(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or value.get("then") not in SILENCES:
        raise Invalid("This does not say what happens when nobody answers.", f"Choose from: {', '.join(SILENCES)}.")
    days = value.get("working_days")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= LONGEST_SILENCE:
        raise Invalid(
            f"“{days}” is not a number of working days to wait.", f"Give a whole number from 1 to {LONGEST_SILENCE}."
        )
    return {"then": value["then"], "working_days": days}


def _sooner(above: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """Others are asked no later than above says; what counts as passed does so only if above says so, and no sooner."""
    then = above["then"] if here["then"] == DEEMED != above["then"] else here["then"]
    nearer = max if then == DEEMED else min
    return {"then": then, "working_days": nearer(above["working_days"], here["working_days"])}


def _set_of(kind: type, what: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, list) or not all(type(each) is kind for each in value):
            raise Invalid(f"This is no list of {what}.", f"Choose from the {what} of this site.")
        if not value:
            raise Invalid(f"Nobody could make a leaflet without {what}.", "Choose at least one, or leave all of them.")
        return sorted(set(value))

    return check


def _both(above: list[Any], here: list[Any]) -> list[Any]:
    return [each for each in here if each in above]


SETTINGS: dict[str, Setting] = {
    row.name: row
    for row in (
        Setting(
            "workflow",
            "Who approves a leaflet before it may be printed",
            [],
            _workflow,
            _added,
            "A place below may ask for more stages. It cannot drop one of these.",
        ),
        Setting(
            "when-silent",
            "What happens when nobody answers",
            {"then": NEXT, "working_days": 1},
            _when_silent,
            _sooner,
            "A place below may move things on sooner. It cannot let silence count as a yes unless this says so.",
        ),
        Setting(
            "kits",
            "Which brand kits leaflets use",
            None,
            _set_of(str, "brand kits"),
            _both,
            "A place below may choose fewer.",
        ),
        Setting(
            "printers",
            "Which printers may be ordered from",
            None,
            _set_of(int, "printers"),
            _both,
            "A place below may choose fewer.",
        ),
    )
}
"""Every setting by its name. `kits` (keys of kits) and `printers` (their ids) are None where all are allowed."""


def setting(name: str) -> Setting:
    """The row of that name. Raises `Invalid` for a name that is none."""
    if name not in SETTINGS:
        raise Invalid(f"“{name}” is nothing that can be set.", f"Choose from: {', '.join(SETTINGS)}.")
    return SETTINGS[name]


def effective(name: str, said: Iterable[Any]) -> Any:
    """What holds where these values were said on the way down, the highest first."""
    row = setting(name)
    holds, anything = row.default, False
    for value in said:
        holds = row.narrow(holds, value) if anything else value
        anything = True
    return holds
