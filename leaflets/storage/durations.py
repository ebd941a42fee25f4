"""How long things take, where somebody has said so: per office, and per printer. Each with its source and date."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaflets.domain.clock.durations import Confidence, Days, PrinterDays
from leaflets.storage.base import Base


class DurationSetting(Base):
    """One duration of `leaflets.domain.clock.durations.Durations`, as it holds at a node and below."""

    __tablename__ = "duration"
    __table_args__ = (UniqueConstraint("node_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    name: Mapped[str] = mapped_column(String(40))
    count: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    confidence: Mapped[str] = mapped_column(String(1))
    ruled_by: Mapped[str] = mapped_column(String(200), default="")
    set_at: Mapped[datetime]

    @property
    def days(self) -> Days:
        """The same, as the plan takes it."""
        return Days(self.count, self.source, self.as_of, Confidence(self.confidence), self.ruled_by)


class PrinterHours(Base):
    """When a printer works and how long it takes; a printer without a row has the defaults."""

    __tablename__ = "printer_hours"

    printer_id: Mapped[int] = mapped_column(ForeignKey("printer.id"), primary_key=True)
    count: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    confidence: Mapped[str] = mapped_column(String(1))
    ruled_by: Mapped[str] = mapped_column(String(200), default="")
    cut_off: Mapped[time]
    opens: Mapped[time]
    closes: Mapped[time]
    open_weekdays: Mapped[str] = mapped_column(String(7))  # Monday is 0: "01234"
    closed_dates: Mapped[list[Any]] = mapped_column(JSON, default=list)  # of ISO dates
    works_bank_holidays: Mapped[bool] = mapped_column(default=False)
    set_at: Mapped[datetime]

    def days_of(self, name: str) -> PrinterDays:
        """The same, as the plan takes it, for the printer of that name."""
        return PrinterDays(
            name=name,
            days=Days(self.count, self.source, self.as_of, Confidence(self.confidence), self.ruled_by),
            cut_off=self.cut_off,
            opens=self.opens,
            closes=self.closes,
            open_weekdays=frozenset(int(day) for day in self.open_weekdays),
            closed_dates=frozenset(date.fromisoformat(day) for day in self.closed_dates),
            works_bank_holidays=self.works_bank_holidays,
        )
