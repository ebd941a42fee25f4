"""Orders for print: what must be true before one is placed, and where it stands afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain import permissions
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.leaflet import Content, canonical_json
from leaflets.domain.permissions import Action
from leaflets.domain.press.forecast import Forecast
from leaflets.domain.press.problem import Level, Problem, has_errors
from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.domain.template import Kind, Template
from leaflets.queue import Tickets
from leaflets.services import access, audit, leaflets
from leaflets.services.clock import plans
from leaflets.services.message import message_uses, messages
from leaflets.services.organisation import houses_known, settings
from leaflets.services.press import open_orders, press_queue, wishes
from leaflets.services.review import approving, judgement
from leaflets.services.review.approved import covering_id
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer
from leaflets.storage.remarks import problems_from_json
from leaflets.storage.review import Approval
from leaflets.storage.session import moment, writing

NotReady = judgement.NotReady


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an order stands, for the person who waits.

    `forecast` is empty once it has ended, `late` says that the expected finish is after `needed_by`. `again_at` is
    when an attempt that failed is tried again. `reason` says why it stopped or waits.
    """

    order: Order
    state: WorkState
    stage: str
    fraction: float
    forecast: Forecast | None
    late: bool
    attempts: int
    again_at: datetime | None
    problems: tuple[Problem, ...]
    reason: str


def before_order(
    session: Session, *, actor: Person, leaflet_id: int, template: Template, printer_id: int | None
) -> list[Problem]:
    """Everything that stands between a leaflet and an order, and remarks that do not. Nothing is changed."""
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    printer = houses_known.known_at(session, target.campaign.node, printer_id)
    content = leaflets.content_of(target)
    problems = _judge(session, target, content, template, printer)
    unapproved = approving.problem(session, target, content, template, now=moment(session))
    return [*problems, *([unapproved] if unapproved else [])]


def place(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    tickets: Tickets,
    leaflet_id: int,
    template: Template,
    printer_id: int,
    quantity: int,
    needed_by: datetime | None = None,
    going_ahead_because: str = "",
) -> Order:
    """Order the leaflet as it stands now. Ordering the same again while it is open gives the same order.

    The deadline is the plan's, with that printer; `needed_by` may only ask for an earlier one, and is needed where no
    plan can be counted. A leaflet that will land after the postal votes is ordered only with a reason, which stays
    with the order under the name of whoever placed it.

    Raises `NotReady` with its problems, `wishes.NeedsReason`, `Invalid` for a quantity or a moment that cannot be,
    `Conflict` while the election is suspended, `NotFound`, `Refused`.
    """
    wishes.check_quantity(quantity)
    with writing(session):
        known = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.ORDER_PRINT)
        messages.hold(session, known.campaign.node)
        target = leaflets.locked(session, actor, leaflet_id, Action.ORDER_PRINT)
        printer = houses_known.known_at(session, target.campaign.node, printer_id)
        revision = leaflets.frozen(session, actor, now, target)
        problems = _judge(session, target, Content.from_json(revision.content), template, printer)
        if printer is None or has_errors(problems):
            raise NotReady(problems)
        _check_printer(session, target, printer)
        message_uses.note(session, target, revision, template)
        approval = approving.for_order(session, actor, now, target, revision, template)
        if isinstance(approval, Problem):
            raise NotReady([approval])
        if open_order := _open_order(session, revision, printer, quantity):
            return open_order
        plan = plans.planned(session, target, now=now, printer_id=printer.id).plan
        due = wishes.due(plan, needed_by, now)
        because = wishes.reason(plan, going_ahead_because)
        open_orders.supersede_held(session, actor=actor, now=now, leaflet_id=leaflet_id)
        target.printer_id = printer.id
        order = Order(
            leaflet_id=leaflet_id,
            revision_id=revision.id,
            printer_id=printer.id,
            printer_name=printer.name,
            printer_address=printer.address,
            spec=printer.spec.as_json(),
            quantity=quantity,
            needed_by=due,
            wanted_by=needed_by,
            after_postal_votes=plan is not None and plan.after_postal_votes,
            going_ahead_because=because,
            names_polling_day=_names_polling_day(template, target, revision),
            approval_id=approval.id,
            way=target.campaign.node.path if target.campaign.node else "",
            state=WorkState.WAITING,
            placed_by=actor.id,
            placed_at=now,
        )
        session.add(order)
        session.flush()
        open_orders.queue(session, actor, now, order, "order placed")
        if because:
            audit.of_order(session, actor, now, "going ahead late", order, became=because)
    tickets.send(WorkKind.PRINT.lane)
    return order


def _check_printer(session: Session, target: Leaflet, printer: Printer) -> None:
    if printer.retired_at is not None:
        raise Invalid(f"{printer.name} takes no new orders.", "Choose one of the printers on the page.", code="printer")
    if not settings.allowed(session, target.campaign.node, "printers", [printer.id]):
        raise Invalid(
            f"{printer.name} may not be ordered from here.",
            "Choose one of the printers on the page, or ask your office to allow this one.",
            code="printer",
        )


def press_again(session: Session, *, actor: Person, now: datetime, tickets: Tickets, order_id: int) -> Order:
    """Put an order that stopped back into the queue, once its cause is gone; any other is left alone.

    It follows its plan: it is held where its election is suspended, or its polling day is no more. Raises `NotReady`
    where what it prints is not approved any more, `NotFound`, `Refused`.
    """
    with writing(session):
        order = _order(session, actor, order_id, Action.ORDER_PRINT)
        messages.hold(session, order.leaflet.campaign.node)
        leaflets.locked(session, actor, order.leaflet_id, Action.ORDER_PRINT)  # as whoever withdraws an approval does
        session.refresh(order, with_for_update=True)
        if order.state != WorkState.FAILED:
            return order
        approval = approving.again(session, actor, now, order)
        if isinstance(approval, Problem):
            raise NotReady([approval])
        order.approval_id = approval.id
        order.state, order.reason, order.problems, order.finished_at = WorkState.WAITING, "", [], None
        open_orders.queue(session, actor, now, order, "order put back")
        open_orders.follow(session, Order.id == order.id, actor=actor, now=now)
    tickets.send(WorkKind.PRINT.lane)
    return order


def orders_of(session: Session, *, actor: Person, leaflet_id: int) -> list[Order]:
    """The orders of a leaflet, the newest first."""
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.SEE_ORDER)
    return list(session.scalars(select(Order).where(Order.leaflet_id == leaflet_id).order_by(Order.id.desc())))


def order(session: Session, *, actor: Person, order_id: int, action: Action = Action.SEE_ORDER) -> Order:
    """One order, for somebody who may do `action` with it. Raises `NotFound`, `Refused`."""
    return _order(session, actor, order_id, action)


def may_download(session: Session, *, actor: Person, order: Order) -> bool:
    """Whether the PDF of an order is for this person: for a button that would only be refused."""
    return permissions.may(Action.DOWNLOAD_PRINT, access.roles_with(session, actor, order))


def why_not_hand_out(session: Session, order: Order) -> str:
    """Why a finished PDF must not be handed out after all: what allowed it was withdrawn since. Else nothing.

    Where the same content is approved again, it may be; an order from before anybody asked for approvals needs none.
    """
    approval = session.get(Approval, order.approval_id) if order.approval_id else None
    if approval is None or approval.withdrawn_at is None or order.state != WorkState.DONE:
        return ""
    if covering_id(session, order.leaflet_id, order.revision.content_hash) is not None:
        return ""
    return approval.withdrawn_because or "Its approval was withdrawn."


def to_take_away(session: Session, *, actor: Person, order_id: int) -> Order:
    """An order whose PDF somebody downloads. What is no longer approved, approvers alone take away: for the record.

    Raises `Conflict`, saying why it must not be handed out; `NotFound`, `Refused`.
    """
    found = _order(session, actor, order_id, Action.DOWNLOAD_PRINT)
    why = why_not_hand_out(session, found)
    if why and not may_keep_record(session, actor=actor, order=found):
        raise Conflict(
            f"This PDF is no longer approved. {why}",
            "Put the leaflet right, send it for approval, and order it again.",
            code="no-longer-approved",
        )
    return found


def may_keep_record(session: Session, *, actor: Person, order: Order) -> bool:
    """Whether a PDF that must not be handed out is still for this person: who approves looks into what was made."""
    return permissions.may(Action.REVIEW, access.roles_with(session, actor, order))


def standing(session: Session, *, actor: Person, now: datetime, order_id: int) -> Standing:
    """Where an order stands. Raises `NotFound`."""
    found = _order(session, actor, order_id, Action.SEE_ORDER)
    work = press_queue.latest(session, WorkKind.PRINT, order_id)
    expected = press_queue.forecast_of(session, work, now=now) if work else None
    waits = work is not None and work.state == WorkState.WAITING and work.not_before > now
    return Standing(
        order=found,
        state=WorkState(found.state),
        stage=work.stage if work else "",
        fraction=work.fraction if work else 0.0,
        forecast=expected,
        late=expected is not None and expected.finish > found.needed_by,
        attempts=work.attempts if work else 0,
        again_at=work.not_before if work and waits else None,
        problems=problems_from_json(found.problems),
        reason=found.reason,
    )


def _names_polling_day(template: Template, target: Leaflet, revision: Revision) -> bool:
    """Whether the paper names the day of the poll: in a zone of the system's, or in words that somebody typed."""
    if any(zone.kind is Kind.ELECTION for zone in template.zones):
        return True
    days = {f"{row.polling_day.day} {row.polling_day:%B}" for row in target.elections or target.campaign.elections}
    typed = canonical_json(revision.content["values"])
    return any(day in typed for day in days)


def _open_order(session: Session, revision: Revision, printer: Printer, quantity: int) -> Order | None:
    same = select(Order).where(
        Order.revision_id == revision.id,
        Order.printer_id == printer.id,
        Order.quantity == quantity,
        Order.state.in_((WorkState.WAITING, WorkState.RUNNING)),
    )
    return next((order for order in session.scalars(same) if order.is_as_printer_is), None)


def _order(session: Session, actor: Person, order_id: int, action: Action) -> Order:
    found = session.get(Order, order_id)
    if found is None:
        raise access.not_found("order")
    access.require_order(session, actor, action, found)
    return found


def _judge(
    session: Session, target: Leaflet, content: Content, template: Template, printer: Printer | None
) -> list[Problem]:
    problems = judgement.judge(session, target, content, template)
    if printer is None:
        problems.append(
            Problem("printer-missing", Level.ERROR, "Choose a printer: the law wants its name and address on paper.")
        )
    elif not replace(content.imprint, printer=printer.name, printer_address=printer.address).complete:
        problems.append(judgement.IMPRINT_INCOMPLETE)
    return problems
