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
from leaflets.domain.review.approval import Asks, Office, Stage, workflow_from_json

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
    return [stage.as_json() for stage in workflow_from_json(value).stages]


def _added(above: list[dict[str, Any]], here: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every stage of above stays and those of here come in; an office that is asked for all is asked once."""
    stages = workflow_from_json([*above, *here]).stages
    found: list[Stage] = []
    for office in Office:
        asked = [stage for stage in stages if stage.office is office]
        if any(stage.asks is Asks.ALL for stage in asked):
            template_words = any(stage.template_words for stage in asked)
            found.append(Stage(office, Asks.ALL, template_words=template_words))
        else:
            found += [_together([each for each in asked if each.asks is asks]) for asks in _kinds(asked)]
    return [stage.as_json() for stage in found]


def _kinds(stages: Iterable[Stage]) -> list[Asks]:
    return list(dict.fromkeys(stage.asks for stage in stages))


def _together(stages: list[Stage]) -> Stage:
    """Stages of one office that ask for the same kind of zones, as one. No topics named means any of them."""
    any_topic = any(not stage.topics for stage in stages)
    topics = () if any_topic else tuple(dict.fromkeys(topic for stage in stages for topic in stage.topics))
    template_words = any(stage.template_words for stage in stages)
    return Stage(stages[0].office, stages[0].asks, topics, template_words)


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


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid("This is neither yes nor no.", "Choose one of the two.")
    return value


def _either(above: bool, here: bool) -> bool:
    return above or here


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
        Setting(
            "second-step",
            "Whether approvers and administrators show a second step before they decide",
            False,
            _yes_or_no,
            _either,
            "A place below may ask for it too. It cannot do without where this asks for it.",
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
