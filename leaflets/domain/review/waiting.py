"""What happens to something that waits for an office's answer: it is asked for again, it moves on, it counts as passed.

All of it happens in office hours alone, and all times are counted in office time: a request of Friday evening has
waited for nothing by Monday morning. House rules:

- An office has the working days that its organisation gives it (the setting `when-silent`), less where the plan's
  latest safe approval comes sooner, and never less than `LEAST`.
- Nothing moves on or passes by silence unless its office was reminded at least `NOTICE` before. Silence counts as a
  yes only after all of the working days that the organisation gives, and never about words of which a change was asked
  for, or a leaflet that is objected to: those move on.
- What has nobody who will be there in time moves on at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from leaflets.domain.clock.office_hours import DAY, is_open, later, spent
from leaflets.domain.clock.working_days import WorkingDays

LEAST = DAY / 2
NOTICE = timedelta(hours=2)
"""Between a reminder and whatever follows from silence; and between two reminders."""

LATE_REMINDERS = 5
"""How often an office is reminded after its time is over, once a working day; then only its board says so."""


class Silence(StrEnum):
    """What follows from silence: the values of the setting `when-silent` (leaflets.domain.organisation.settings)."""

    NEXT = "next"
    NATION = "nation"
    DEEMED = "deemed"


class Move(StrEnum):
    """What is to happen now."""

    WAIT = "wait"
    REMIND = "remind"
    MOVE = "move"
    DEEM = "deem"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for an office since `since`.

    `reminded` counts the reminders that have come due and been dealt with, the last sent at `reminded_at`. `decide_by`
    is the plan's latest safe approval, where one can be counted. `days` and `silence` are the setting. `attended`:
    somebody who can answer is there before the time is over. `can_move`: there is another office to ask.
    `disputed`: a change was asked for, or somebody objects.
    """

    since: datetime
    decide_by: datetime | None
    reminded: int
    reminded_at: datetime | None
    silence: Silence
    days: int
    attended: bool = True
    can_move: bool = True
    disputed: bool = False

    @property
    def may_pass(self) -> bool:
        """Whether silence may count as a yes."""
        return self.silence is Silence.DEEMED and not self.disputed


@dataclass(frozen=True, slots=True)
class Next:
    """What is to happen now, and when to look again. `reminded` is what the count of reminders becomes."""

    move: Move
    look_at: datetime
    reminded: int


# Row: a reminder before the time is over: when so much of it has passed, less so much.
_BEFORE = (
    (0.5, timedelta()),
    (1.0, DAY),  # a working day before the end, of whatever is longer than two
)


def answer_by(waiting: Waiting, days: WorkingDays) -> datetime:
    """When the office's time is over."""
    usual = later(waiting.since, waiting.days * DAY, days)
    if waiting.decide_by is None or waiting.may_pass:
        return usual
    return min(usual, max(waiting.decide_by, later(waiting.since, LEAST, days)))


def reminders(waiting: Waiting, days: WorkingDays) -> list[datetime]:
    """When the office is reminded, in order, as long as it does not answer: before, at the end, and after."""
    end = answer_by(waiting, days)
    whole = spent(waiting.since, end, days)
    before: list[timedelta] = []
    for share, less in _BEFORE:
        after = whole * share - less
        if not before or after - before[-1] >= NOTICE:
            before.append(after)
    return [
        *(later(waiting.since, each, days) for each in before),
        end,
        *(later(end, number * DAY, days) for number in range(1, LATE_REMINDERS + 1)),
    ]


def next_move(waiting: Waiting, now: datetime, days: WorkingDays) -> Next:
    """What is to happen at this moment. Whatever was missed meanwhile is made up for by one reminder, not by several.

    Raises `Invalid` where the calendar of working days ends.
    """
    if not is_open(now, days):
        return Next(Move.WAIT, later(now, timedelta(seconds=1), days), waiting.reminded)
    due = reminders(waiting, days)
    passed = sum(moment <= now for moment in due)
    look_at = next((moment for moment in due if moment > now), later(now, DAY, days))
    if _is_quiet(waiting, now, days):
        move = Move.MOVE if _is_empty(waiting) else Move.WAIT
        return Next(move, min(look_at, later(now, NOTICE, days)), waiting.reminded)
    move = _from_silence(waiting, now, days)
    if move is Move.WAIT and passed > waiting.reminded:
        return Next(Move.REMIND, later(now, NOTICE, days), passed)
    return Next(move, look_at, waiting.reminded)


def _from_silence(waiting: Waiting, now: datetime, days: WorkingDays) -> Move:
    """What follows from silence alone: an office that nobody sits in, or one whose time is over and that was told."""
    if _is_empty(waiting):
        return Move.MOVE
    if waiting.reminded_at is None or now < answer_by(waiting, days):
        return Move.WAIT
    if waiting.may_pass:
        return Move.DEEM
    return Move.MOVE if waiting.can_move else Move.WAIT


def _is_empty(waiting: Waiting) -> bool:
    return waiting.can_move and not waiting.attended


def _is_quiet(waiting: Waiting, now: datetime, days: WorkingDays) -> bool:
    """Whether the last reminder is so fresh that nothing follows from it yet."""
    return waiting.reminded_at is not None and now < later(waiting.reminded_at, NOTICE, days)
