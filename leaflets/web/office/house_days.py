"""When a printing house works and how long it takes: as a form shows it, and as it is read again."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from leaflets.domain.clock.durations import Confidence, Days, PrinterDays
from leaflets.domain.errors import Invalid
from leaflets.domain.words.characters import tidy_line
from leaflets.web.typed_day import day_of, hour_of, needed_day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MOST_CLOSED = 100
"""Days on which a house is closed beside its usual ones: years of holidays."""


def typed_days(days: PrinterDays, today: date) -> MultiDict[str, str]:
    """The form as it begins: what holds now, to be said anew by somebody today."""
    fields = {
        "count": str(days.days.count),
        "cut_off": f"{days.cut_off:%H:%M}",
        "opens": f"{days.opens:%H:%M}",
        "closes": f"{days.closes:%H:%M}",
        "closed": "\n".join(day.isoformat() for day in sorted(days.closed_dates)),
        "source": "",
        "as_of": today.isoformat(),
        "ruled_by": "",
    }
    weekdays = [("weekday", str(day)) for day in sorted(days.open_weekdays)]
    bank_holidays = [("bank_holidays", "yes")] if days.works_bank_holidays else []
    return MultiDict([*fields.items(), *weekdays, *bank_holidays])


def days_typed(name: str, typed: MultiDict[str, str]) -> PrinterDays:
    """What a form says of the house of that name. Raises `Invalid`."""
    check_with = tidy_line(typed.get("ruled_by", ""))[:200]
    said = Days(
        _count(typed.get("count", "")),
        tidy_line(typed.get("source", ""))[:400],
        needed_day(
            typed.get("as_of", ""),
            "The day on which it was said is missing.",
            "Write it as year, month and day: 2027-05-06.",
        ),
        Confidence.SECONDARY if check_with else Confidence.PRIMARY,
        check_with,
    )
    closed = [line.strip(" ,;") for line in typed.get("closed", "").splitlines()]
    return PrinterDays(
        name=name,
        days=said,
        cut_off=hour_of(typed.get("cut_off", "")),
        opens=hour_of(typed.get("opens", "")),
        closes=hour_of(typed.get("closes", "")),
        open_weekdays=frozenset(int(day) for day in typed.getlist("weekday") if day in list("0123456")),
        closed_dates=_closed([line for line in closed if line]),
        works_bank_holidays="bank_holidays" in typed,
    )


def _closed(lines: list[str]) -> frozenset[date]:
    if len(lines) > MOST_CLOSED:
        raise Invalid(f"{len(lines)} closed days are too many.", f"Leave out those that are over; {MOST_CLOSED} fit.")
    return frozenset(day for day in map(day_of, lines) if day)


def _count(typed: str) -> int:
    said = typed.strip()
    if not (said.isascii() and said.isdecimal() and len(said) < 4):
        raise Invalid("How many working days it takes is not a whole number.", "Write it in figures, such as 7.")
    return int(said)
