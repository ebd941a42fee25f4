"""How long leaflets wait for an answer, said honestly: half within this, the longest that; and nothing of too few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from leaflets.domain.clock.office_hours import DAY

FEW = 5
"""Fewer answers than this have no median that means anything."""

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """One leaflet's: how long in office time; whether it was answered, after its latest safe moment, and by whom.

    `moved`: it went to another office because nobody answered. `deemed`: words of it passed by silence.
    """

    length: timedelta
    answered: bool
    late: bool = False
    moved: bool = False
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """The waiting times of some leaflets together. `half` is the median of those answered, None where they are few."""

    answered: int
    half: timedelta | None
    longest: timedelta | None
    waiting: int
    oldest: timedelta | None
    late: int
    moved: int
    deemed: int

    @property
    def furthest(self) -> timedelta:
        """The longest of those answered, by which a picture is scaled; where none is, of those that wait."""
        return self.longest or self.oldest or timedelta()


def times(waits: Sequence[Wait]) -> Times:
    """What these waits come to."""
    answered = [each.length for each in waits if each.answered]
    open_ones = [each.length for each in waits if not each.answered]
    return Times(
        answered=len(answered),
        half=timedelta(seconds=median(each.total_seconds() for each in answered)) if len(answered) >= FEW else None,
        longest=max(answered, default=None),
        waiting=len(open_ones),
        oldest=max(open_ones, default=None),
        late=sum(each.late for each in waits),
        moved=sum(each.moved for each in waits),
        deemed=sum(each.deemed for each in waits),
    )


def said(length: timedelta) -> str:
    """Office time as people say it: 25 minutes, 3 hours, 1½ days. Rounded to what matters; a day has eight hours."""
    if length < _MINUTE:
        return "a minute"
    if length < _HOUR:
        return _count(round(length / _MINUTE), "minute")
    if length < DAY - _HOUR / 2:
        return _count(round(length / _HOUR), "hour")
    halves = round(length / (DAY / 2))
    if halves >= 20:
        return _count(round(halves / 2), "day")
    whole, half = divmod(halves, 2)
    return f"{whole}½ days" if half else _count(whole, "day")


def scale(furthest: timedelta) -> tuple[int, ...]:
    """The days at which an axis from zero to `furthest` is marked, the last at its end: few, and evenly apart."""
    days = max(1, -(-furthest // DAY))
    step = next((each for each in (1, 2, 5, 10, 20, 50, 100) if days / each <= 5), days)
    return tuple(range(0, -(-days // step) * step + 1, step))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
