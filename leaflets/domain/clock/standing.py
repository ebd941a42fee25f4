"""How a leaflet stands: the answer that a plan is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from leaflets.domain.clock.chain import Question
from leaflets.domain.clock.landing import Target
from leaflets.domain.clock.remarks import Remark
from leaflets.domain.clock.remedies import RemedyKind
from leaflets.domain.clock.route import Step


class Standing(StrEnum):
    """How a leaflet stands, best first. The value is stable and reads as it is."""

    ON_TIME = "on time"
    TIGHT = "tight"
    LATE = "late"  # past the latest safe moment; only allowances for what may go wrong are eaten
    CANNOT = "cannot make it"  # does not fit even if nothing goes wrong
    SUSPENDED = "suspended"  # no poll to count from: a candidate has died, a court has stopped it

    @property
    def rank(self) -> int:
        """0 is best."""
        return list(Standing).index(self)


@dataclass(frozen=True)
class PlanStep:
    """One step: `latest` is its latest safe moment in London, `days` lead from it to the next step.

    `allowance` of the `days` are for what may go wrong once. `slack_days` is counted from now; below zero, how late.
    """

    step: Step
    label: str
    latest: datetime
    days: float
    allowance: float
    slack_days: int
    source: str
    done: bool


@dataclass(frozen=True)
class Remedy:
    """What would still work: the plan was counted again with it, and stands as `plan_state` says.

    `kinds` is one change mostly, several where none does alone. `question` asked again gives that plan.
    """

    kinds: tuple[RemedyKind, ...]
    sentence: str
    gains_days: int
    plan_state: Standing
    question: Question


@dataclass(frozen=True)
class Plan:
    """How one leaflet stands.

    `latest_safe` is when the next thing must have happened, `needed_by` when the PDF must be at the printer,
    `slack_days` the working days to spare before `latest_safe`. `lands_on` is the last doormat: of the plan while it
    fits, of a start at once when it does not; None when nothing helps. `days_too_late` are the working days by which
    that misses the aim. `after_postal_votes` says that it lands when the first may be on doormats already.
    """

    question: Question
    target: Target
    steps: tuple[PlanStep, ...]
    next_step: Step | None
    latest_safe: datetime
    needed_by: datetime
    slack_days: int
    state: Standing
    lands_on: date | None
    days_too_late: int
    after_postal_votes: bool
    sentence: str
    remarks: tuple[Remark, ...]
    remedies: tuple[Remedy, ...] = ()

    @property
    def approve_by(self) -> datetime | None:
        """The latest safe moment of its approval."""
        step = self.step(Step.APPROVED)
        return step.latest if step else None

    def step(self, step: Step) -> PlanStep | None:
        """That step, or None where the route does not have it."""
        return next((each for each in self.steps if each.step is step), None)
