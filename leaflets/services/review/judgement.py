"""What keeps a leaflet from printing, whoever prints it: asked before it is sent for approval and before an order."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.leaflet import Content
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Template
from leaflets.domain.words.values import check_values, clean_values
from leaflets.services.picture import placed
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet

IMPRINT_INCOMPLETE = Problem(
    "imprint-incomplete",
    Level.ERROR,
    "The imprint lacks a name or an address: ask the agent to complete the campaign's details.",
)


class NotReady(Conflict):
    """A leaflet that cannot be sent or ordered yet. `problems` says why, each with its zone where it has one."""

    code = "not-ready"

    def __init__(
        self, problems: Iterable[Problem], message: str = "This leaflet is not ready for the press yet."
    ) -> None:
        self.problems = tuple(problem for problem in problems if problem.level is Level.ERROR)
        super().__init__(message, self.problems[0].message)


def judge(session: Session, target: Leaflet, content: Content, template: Template) -> list[Problem]:
    """Everything about its words and pictures that keeps a leaflet from printing, and remarks that do not.

    The printer's part of the imprint is judged by whoever orders. Raises `Conflict` for another template than its own.
    """
    if template.ref != content.template:
        raise Conflict(f"This leaflet is made with {content.template}, not with {template.ref}.", "Reload the page.")
    values = clean_values(template, content.values)
    problems = check_values(template, values)
    undecided = words.undecided_zones(session, target)
    problems += [_undecided(zone.key, zone.label) for zone in template.zones if zone.key in undecided]
    return problems + placed.problems(session, target.campaign_id, template, values)


def _undecided(zone: str, label: str) -> Problem:
    return Problem("two-texts", Level.ERROR, f"Two people changed “{label}”: choose one text first.", zone=zone)
