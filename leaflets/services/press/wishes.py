"""What somebody wishes of an order: how many, by when, and why all the same. What cannot be is said all at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import say
from leaflets.domain.clock.standing import Plan
from leaflets.domain.clock.standing import Standing as PlanStanding
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.permissions import Action
from leaflets.services import leaflets
from leaflets.services.clock import plans
from leaflets.services.press import open_orders
from leaflets.services.review.objections import in_words
from leaflets.storage.people import Person

LARGEST_RUN = 5_000_000
"""More than every household of the largest combined authority: a slip of the finger, not an order."""


class NeedsReason(Invalid):
    """A leaflet that will land after the postal votes: somebody has to say, under their name, why it goes ahead."""

    code = "needs-reason"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(
            f"This leaflet will land after the first postal votes. {plan.sentence}",
            "Say why it is to go ahead all the same: your name and your reason stay with the order.",
        )


def check_quantity(quantity: int) -> None:
    """Pass in silence, or raise `Invalid` (code `quantity`)."""
    if not 1 <= quantity <= LARGEST_RUN:
        remedy = f"Give a number from 1 to {LARGEST_RUN:,}."
        raise Invalid(f"{quantity:,} copies cannot be ordered.", remedy, code="quantity")


def check_moment(wanted_by: datetime, now: datetime) -> None:
    """Pass in silence, or raise `Invalid` (code `needed-by`)."""
    if wanted_by <= now:
        raise Invalid("The PDF cannot be needed before now.", "Give a date and time still to come.", code="needed-by")


def due(plan: Plan | None, wanted_by: datetime | None, now: datetime) -> datetime:
    """When the PDF has to be there. Raises `Invalid` (code `needed-by`), or `Conflict` while nothing can be due."""
    if wanted_by is not None:
        check_moment(wanted_by, now)
    if plan is None:
        if wanted_by is None:
            raise Invalid("No plan says by when the PDF is needed.", "Give a date and time.", code="needed-by")
        return wanted_by
    if plan.state is PlanStanding.SUSPENDED:
        raise Conflict(plan.sentence, "Order it once the election runs again.")
    if wanted_by is not None and wanted_by > plan.needed_by > now:
        raise Invalid(
            f"The PDF has to be at the printer by {say(plan.needed_by, now)}: the plan leaves no later moment.",
            "Choose an earlier one, or leave it to the plan.",
            code="needed-by",
        )
    return open_orders.due(plan, wanted_by)


def reason(plan: Plan | None, because: str) -> str:
    """The reason for a leaflet that lands too late; nothing for one that does not. Raises `NeedsReason`, `Invalid`."""
    if plan is None or not plan.after_postal_votes:
        return ""
    if not because.strip():
        raise NeedsReason(plan)
    return in_words(because, "A reason")


def needs_reason(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, printer_id: int, because: str
) -> NeedsReason | None:
    """What to say of an order at this printer that lacks its reason, while other faults keep it from being placed."""
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.ORDER_PRINT)
    plan = plans.planned(session, target, now=now, printer_id=printer_id).plan
    return NeedsReason(plan) if plan and plan.after_postal_votes and not because.strip() else None
