"""How long things take: what an office or a printer said, where they did, and the defaults where they did not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.durations import DURATIONS, Days, Durations, PrinterDays
from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import Action
from leaflets.services import access, audit
from leaflets.storage.durations import DurationSetting, PrinterHours
from leaflets.storage.people import Person
from leaflets.storage.printer import Printer
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def durations_at(session: Session, nodes: Collection[Node]) -> Mapping[int, Durations]:
    """What holds at each of these nodes, by node id: the nearest setting on the way up, else the default."""
    above = {each for node in nodes for each in node.way_down}
    settings: dict[int, dict[str, Days]] = {}
    for row in session.scalars(select(DurationSetting).where(DurationSetting.node_id.in_(above))):
        settings.setdefault(row.node_id, {})[row.name] = row.days
    return {node.id: _on_the_way(node, settings) for node in nodes}


def set_duration(
    session: Session, *, actor: Person | str, now: datetime, node_id: int, name: str, days: Days
) -> DurationSetting:
    """Say how long one thing takes at a node and below. `name` is a field of `Durations`.

    Raises `Invalid` for a name that is none and days that cannot be, `NotFound`, `Refused`.
    """
    DURATIONS.with_days(**{name: days})
    with writing(session):
        if isinstance(actor, Person):
            access.require_at(session, actor, Action.SET_DURATIONS, node_id)
        row = session.scalar(select(DurationSetting).filter_by(node_id=node_id, name=name))
        was = f"{name}: {row.count}" if row else ""
        if row is None:
            row = DurationSetting(node_id=node_id, name=name)
            session.add(row)
        row.count, row.source, row.as_of = days.count, days.source, days.as_of
        row.confidence, row.ruled_by, row.set_at = days.confidence, days.ruled_by, now
        audit.record(
            session,
            actor=actor,
            now=now,
            what="duration set",
            subject="node",
            subject_id=node_id,
            was=was,
            became=f"{name}: {days.count}, {days.provenance}",
        )
    return row


def printer_days(session: Session) -> Mapping[int, PrinterDays]:
    """When every printer works and how long it takes, by its id."""
    rows = {row.printer_id: row for row in session.scalars(select(PrinterHours))}
    printers = session.execute(select(Printer.id, Printer.name).order_by(Printer.name))
    return {id_: rows[id_].days_of(name) if id_ in rows else PrinterDays(name) for id_, name in printers}


def set_printer_days(
    session: Session, *, actor: Person | str, now: datetime, printer_id: int, hours: PrinterDays
) -> PrinterHours:
    """Say when a printer works and how long it takes. Its name is its own. For programs, until printers have a page."""
    with writing(session):
        printer = session.get(Printer, printer_id)
        if printer is None:
            raise NotFound("There is no such printer.", "Add it first.")
        row = session.get(PrinterHours, printer_id) or PrinterHours(printer_id=printer_id)
        row.count, row.source, row.as_of = hours.days.count, hours.days.source, hours.days.as_of
        row.confidence, row.ruled_by, row.set_at = hours.days.confidence, hours.days.ruled_by, now
        row.cut_off, row.opens, row.closes = hours.cut_off, hours.opens, hours.closes
        row.open_weekdays = "".join(str(day) for day in sorted(hours.open_weekdays))
        row.closed_dates = [day.isoformat() for day in sorted(hours.closed_dates)]
        row.works_bank_holidays = hours.works_bank_holidays
        session.add(row)
        audit.record(
            session,
            actor=actor,
            now=now,
            what="printer days set",
            subject="printer",
            subject_id=printer_id,
            became=f"{hours.days.count} days, {hours.week}, cut-off {hours.cut_off:%H:%M}",
        )
    return row


def _on_the_way(node: Node, settings: Mapping[int, Mapping[str, Days]]) -> Durations:
    merged: dict[str, Days] = {}
    for node_id in node.way_down:
        merged |= settings.get(node_id, {})
    return DURATIONS.with_days(**merged) if merged else DURATIONS
