"""How long each step of a leaflet takes: settings, each with its source, its date and how sure it is.

The defaults are what could be found out; most are of 2017 and nobody has confirmed them since. An installation
replaces them, per printer and per region, without a release.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from enum import StrEnum

from leaflets.domain.errors import Invalid

LONGEST = 90
"""No step of a leaflet takes longer: the longest real one is the three weeks' booking of Door to Door."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Confidence(StrEnum):
    """How sure a figure is."""

    PRIMARY = "A"  # the primary text was read
    SECONDARY = "B"  # a party, a printer, the press, or an old copy of an official guide
    UNCONFIRMED = "C"  # our own reckoning


@dataclass(frozen=True)
class Days:
    """A number of days with its provenance. `ruled_by` is whoever can confirm it, needed below confidence A.

    Whether they are working days or calendar days says the field of `Durations` that holds them. Raises Invalid for
    a number below 0 or above `LONGEST`, and for a figure without a source.
    """

    count: int
    source: str
    as_of: date
    confidence: Confidence
    ruled_by: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int):
            raise Invalid(f"“{self.count}” is not a number of days.", f"Give a whole number from 0 to {LONGEST}.")
        if not 0 <= self.count <= LONGEST:
            raise Invalid(f"No step can take {self.count} days.", f"Give a whole number from 0 to {LONGEST}.")
        if not self.source.strip():
            raise Invalid("A duration needs its source.", "Say who gave the figure, and when.")
        if self.confidence is not Confidence.PRIMARY and not self.ruled_by.strip():
            raise Invalid(
                f"A duration of confidence {self.confidence} needs somebody to check it with.",
                "Name whoever decides it: Royal Mail, the printer, your regional office.",
            )

    @property
    def provenance(self) -> str:
        """The source and date as a person reads them, with whom to check it."""
        told = f"{self.source} ({self.as_of.day} {self.as_of:%B %Y})"
        return told if self.confidence is Confidence.PRIMARY else f"{told}; check with {self.ruled_by}"


_2017 = date(2017, 4, 27)
_HERE = date(2026, 11, 21)
_ROYAL_MAIL = "Royal Mail"
_REGION = "your regional office"
_PARTIES = "election address guides of 2017 (electionworkshop.co.uk, ALDC)"
_DOOR_TO_DOOR = "Royal Mail Door to Door handover guide of January 2017, and letterboxconsultancy.com"
_RECKONED = "our own reckoning"
_B, _C = Confidence.SECONDARY, Confidence.UNCONFIRMED


def _guides(count: int, note: str = "") -> Days:
    return Days(count, f"{_PARTIES}{note}", _2017, _B, _ROYAL_MAIL)


def _door_to_door(count: int) -> Days:
    return Days(count, _DOOR_TO_DOOR, date(2017, 1, 1), _B, _ROYAL_MAIL)


def _reckoned(count: int, ruled_by: str, note: str = "") -> Days:
    return Days(count, f"{_RECKONED}{note}", _HERE, _C, ruled_by)


@dataclass(frozen=True)
class Durations:
    """Every duration but the printer's, in working days; those that end in `_calendar` are in calendar days.

    `changes` and `rejection` are allowances for what may go wrong once; the rest is needed even if all goes well.
    Raises Invalid for a delivery that takes no day.
    """

    # The region's
    approval: Days
    changes: Days
    # Royal Mail's
    artwork_check: Days
    rejection: Days
    transport: Days  # from the printer to Royal Mail
    freepost_booking: Days  # notice of a drop-off, before the handover
    freepost_delivery: Days
    door_to_door_booking_calendar: Days  # before the Monday on which it starts
    door_to_door_handover: Days  # before the Monday on which it starts
    door_to_door_delivery_calendar: Days
    direct_mail_delivery: Days
    # The campaign's own
    hand_delivery_calendar: Days
    giving_out_calendar: Days  # of copies collected
    acting_calendar: Days  # from the last doormat to a deadline on which the reader is to act

    def __post_init__(self) -> None:
        for name in _AT_LEAST_A_DAY:
            if getattr(self, name).count < 1:
                raise Invalid(
                    f"This takes a day at least: {name.removesuffix('_calendar').replace('_', ' ')}.", "Give 1 or more."
                )

    def with_days(self, **changed: Days) -> Durations:
        """The same with some durations replaced, by field. Raises Invalid for a name that is no duration."""
        known = {each.name for each in fields(self)}
        for name in changed:
            if name not in known:
                raise Invalid(f"“{name}” is no duration that we know.", f"Choose from: {', '.join(sorted(known))}.")
        return replace(self, **changed)


_AT_LEAST_A_DAY = (
    "freepost_delivery",
    "door_to_door_handover",
    "door_to_door_delivery_calendar",
    "direct_mail_delivery",
    "hand_delivery_calendar",
    "giving_out_calendar",
)

DURATIONS = Durations(
    approval=_reckoned(2, _REGION),
    changes=_reckoned(2, _REGION, ": a day to change it, a day to look again"),
    artwork_check=_guides(2, ": 48 hours"),
    rejection=_guides(3, ": a day to correct it, 48 hours again"),
    transport=_guides(0, ": carriage is within the printer's days"),
    freepost_booking=_guides(2, ": 48 hours' notice of a drop-off"),
    freepost_delivery=_guides(7, ": weekdays only, though post comes on Saturdays too"),
    door_to_door_booking_calendar=_door_to_door(21),
    door_to_door_handover=_door_to_door(6),
    door_to_door_delivery_calendar=_door_to_door(6),  # Monday to Saturday
    direct_mail_delivery=_reckoned(4, _ROYAL_MAIL),
    hand_delivery_calendar=_reckoned(5, "your own deliverers"),  # weekends are when people deliver
    giving_out_calendar=_reckoned(1, "your own team"),
    acting_calendar=_reckoned(1, "your own team", ": a reader needs the evening"),
)
"""What holds where nobody has set anything else."""


def without(days: Days) -> Days:
    """An allowance that somebody chose to go without, its provenance kept."""
    return replace(days, count=0)


PRINT_DAYS = Days(7, f"{_PARTIES}: artwork on 5 May, back on 16 May", date(2017, 5, 16), _B, "the printer")


@dataclass(frozen=True)
class PrinterDays:
    """When a printer works, and how long a leaflet takes there.

    `days` are the printer's own open days, from a PDF that came by `cut_off` to copies that leave the house.
    `open_weekdays` counts Monday as 0. Bank holidays are closed unless `works_bank_holidays`. Hours are London's.
    Raises Invalid for a printer that is never open, hours out of order, and a run that takes no day at all.
    """

    name: str = "The printer"
    days: Days = PRINT_DAYS
    cut_off: time = time(12)
    opens: time = time(9)
    closes: time = time(17)
    open_weekdays: frozenset[int] = frozenset(range(5))
    closed_dates: frozenset[date] = field(default_factory=frozenset)
    works_bank_holidays: bool = False

    def __post_init__(self) -> None:
        if not self.open_weekdays:
            raise Invalid(f"{self.name} has no open day.", "Tick at least one weekday on which it works.")
        if not self.open_weekdays <= frozenset(range(7)):
            raise Invalid(f"{self.name} is open on a day that no week has.", "Weekdays run from 0 (Monday) to 6.")
        if not self.opens < self.closes or not self.opens <= self.cut_off <= self.closes:
            raise Invalid(
                f"{self.name}'s hours do not fit together: open {self.opens:%H:%M} to {self.closes:%H:%M}, "
                f"cut-off {self.cut_off:%H:%M}.",
                "It must open before it closes, and the cut-off must lie between the two.",
            )
        if self.days.count < 1:
            raise Invalid(f"{self.name} cannot print in no time.", "Give 1 working day or more.")

    @property
    def week(self) -> str:
        """The weekdays on which it works, as people read them."""
        return ", ".join(_WEEKDAYS[day] for day in sorted(self.open_weekdays))
