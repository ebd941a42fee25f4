"""Collects what the checks find and says it briefly: one problem for each fault on a page, not one a letter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from leaflets.domain.press.problem import Level, Place, Problem
from leaflets.press.preflight.checks import CHECKS

_MOST_KEYS = 20  # of one code on one page; more are told as one, with their number
_THE_REST = object()
_LONGEST = 80
_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}


@dataclass(slots=True)
class _Found:
    facts: dict[str, object]
    place: Place | None
    worse: float
    times: int = 1


class Findings:
    """The findings so far. Of several with one code, page and `key`, the worst is told and the others counted."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int | None, object], _Found] = {}
        self._keys: Counter[tuple[str, int | None]] = Counter()

    def add(
        self,
        code: str,
        *,
        page: int | None = None,
        place: Place | None = None,
        key: object = "",
        worse: float = 0.0,
        **facts: object,
    ) -> None:
        """Notes a finding; `code` is one of the table's, `facts` fill its sentence."""
        if (code, page, key) not in self._found and self._keys[code, page] >= _MOST_KEYS:
            key = _THE_REST
        known = self._found.get((code, page, key))
        if known is None:
            self._found[code, page, key] = _Found(facts, place, worse)
            self._keys[code, page] += 1
            return
        known.times += 1
        if worse > known.worse:
            known.facts, known.place, known.worse = facts, place, worse

    def has(self, code: str) -> bool:
        """Whether anything was found under this code."""
        return any(found == code for found, _, _ in self._found)

    def problems(self) -> list[Problem]:
        """Every problem: errors first, then by page, then from the top of the page down."""
        problems = [self._problem(code, page, found) for (code, page, _), found in self._found.items()]
        return sorted(
            problems,
            key=lambda problem: (
                _ORDER[problem.level],
                problem.page or 0,
                problem.place.y_mm if problem.place else -1000.0,
                problem.code,
            ),
        )

    def _problem(self, code: str, page: int | None, found: _Found) -> Problem:
        check = CHECKS[code]
        sentence = check.sentence.format(**{key: _quoted(fact) for key, fact in found.facts.items()})
        if found.times > 1:
            sentence = f"{sentence[:-1]} ({found.times} places{' on this page' if page else ''})."
        return Problem(code, check.level, sentence, page, found.place)


def _quoted(fact: object) -> object:
    """A fact fit for a sentence: what a file calls its things may be long, or worse than unprintable."""
    if not isinstance(fact, str):
        return fact
    printable = "".join(letter if letter.isprintable() else "�" for letter in fact)
    return printable if len(printable) <= _LONGEST else printable[: _LONGEST - 1] + "…"
