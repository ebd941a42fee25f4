"""How long things take, as an office or a printer says: whatever hangs on it follows at once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.clock.durations import DURATIONS, Days, Durations, PrinterDays
from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import Action
from leaflets.services import access, audit
from leaflets.services.clock import crossings
from leaflets.services.organisation import printing_houses
from leaflets.services.press import open_orders
from leaflets.storage.durations import DurationSetting, PrinterHours
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def set_duration(
    session: Session, *, actor: Person | str, now: datetime, node_id: int, name: str, days: Days
) -> DurationSetting:
    """Say how long one thing takes at a node and below. `name` is a field of `Durations`.

    Raises `Invalid` for a name that is none and days that cannot be, `NotFound`, `Refused`.
    """
    DURATIONS.with_days(**{name: days})
    with writing(session):
        node = session.get(Node, node_id)
        if isinstance(actor, Person):
            node = access.require_at(session, actor, Action.SET_DURATIONS, node_id)
        if node is None:
            raise NotFound("There is no such place.", "Look at the tree again.")
        row = session.scalar(select(DurationSetting).filter_by(node_id=node_id, name=name))
        was = f"{name}: {row.count}" if row else ""
        if row is None:
            row = DurationSetting(node_id=node_id, name=name)
            session.add(row)
        row.count, row.source, row.as_of = days.count, days.source, days.as_of
        row.confidence, row.ruled_by, row.set_at = days.confidence, days.ruled_by, now
        _follow(session, actor, now, node, was, f"{name}: {days.count}, {days.provenance}")
    return row


@dataclass(frozen=True, slots=True)
class Held:
    """One duration as it holds at a place: the field of `Durations`, the days, and the place that says so, if any."""

    name: str
    days: Days
    said_at: Node | None


def held_at(session: Session, node: Node) -> list[Held]:
    """Every duration as it holds at a place, in the order of `Durations`. Nobody's standing is asked."""
    above = {each.id: each for each in session.scalars(select(Node).where(Node.id.in_(node.way_down)))}
    said: dict[str, DurationSetting] = {}
    rows = session.scalars(select(DurationSetting).where(DurationSetting.node_id.in_(node.way_down)))
    for row in sorted(rows, key=lambda row: node.way_down.index(row.node_id)):
        said[row.name] = row
    return [
        Held(each.name, said[each.name].days, above[said[each.name].node_id])
        if each.name in said
        else Held(each.name, getattr(DURATIONS, each.name), None)
        for each in fields(Durations)
    ]


def forget_duration(session: Session, *, actor: Person, now: datetime, node_id: int, name: str) -> None:
    """Say nothing of one duration at a node any more: what holds above it holds there again.

    Raises `NotFound`, `Refused`.
    """
    with writing(session):
        node = access.require_at(session, actor, Action.SET_DURATIONS, node_id)
        row = session.scalar(select(DurationSetting).filter_by(node_id=node_id, name=name))
        if row is None:
            return
        session.delete(row)
        _follow(session, actor, now, node, f"{name}: {row.count}", f"{name}: as above")


def set_printer_days(
    session: Session, *, actor: Person | str, now: datetime, printer_id: int, hours: PrinterDays
) -> PrinterHours:
    """Say when a printer works and how long it takes; plans and open orders follow. Its name is its own.

    Raises `NotFound`, `Refused`.
    """
    with writing(session):
        printer = printing_houses.one(session, actor=actor, printer_id=printer_id, action=Action.KEEP_PRINTERS)
        row = session.get(PrinterHours, printer_id) or PrinterHours(printer_id=printer_id)
        row.count, row.source, row.as_of = hours.days.count, hours.days.source, hours.days.as_of
        row.confidence, row.ruled_by, row.set_at = hours.days.confidence, hours.days.ruled_by, now
        row.cut_off, row.opens, row.closes = hours.cut_off, hours.opens, hours.closes
        row.open_weekdays = "".join(str(day) for day in sorted(hours.open_weekdays))
        row.closed_dates = [day.isoformat() for day in sorted(hours.closed_dates)]
        row.works_bank_holidays = hours.works_bank_holidays
        session.add(row)
        became = f"{hours.days.count} days, {hours.week}, cut-off {hours.cut_off:%H:%M}"
        audit.of_printer(session, actor, now, "printer days set", printer, became=became)
        session.flush()
        open_orders.follow(session, Order.printer_id == printer_id, actor=actor, now=now)
        crossings.look(session, Leaflet.printer_id == printer_id, now=now)
    return row


def printer_days(session: Session, printer: Printer) -> PrinterDays:
    """When a printer works and how long it takes: as somebody said, else the defaults. Nobody's standing is asked."""
    row = session.get(PrinterHours, printer.id)
    return row.days_of(printer.name) if row else PrinterDays(printer.name)


def _follow(session: Session, actor: Person | str, now: datetime, node: Node, was: str, became: str) -> None:
    """Note a change of what a place says, and count anew what rests on it there and below."""
    audit.record(
        session,
        actor=actor,
        now=now,
        what="duration set",
        subject="node",
        subject_id=node.id,
        was=was,
        became=became,
    )
    session.flush()
    open_orders.follow(session, Node.path.startswith(node.path), actor=actor, now=now)
    crossings.look(session, Node.path.startswith(node.path), now=now)
