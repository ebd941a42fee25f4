"""Problems as JSON, the way rows of proofs and orders keep them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from leaflets.domain.press.problem import Level, Place, Problem


def problems_as_json(problems: Iterable[Problem]) -> list[Any]:
    """For a JSON column."""
    return [asdict(problem) for problem in problems]


def problems_from_json(stored: Iterable[Any]) -> tuple[Problem, ...]:
    """What `problems_as_json` gave."""
    return tuple(_problem(**row) for row in stored)


def _problem(*, level: str, place: dict[str, float] | None, **rest: Any) -> Problem:
    return Problem(level=Level(level), place=Place(**place) if place else None, **rest)
