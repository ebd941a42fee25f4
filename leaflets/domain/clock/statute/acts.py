"""Acts that override one year: a date moved for one poll, a poll moved altogether."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from leaflets.domain.clock.election import Kind, Nation
from leaflets.domain.clock.statute.rule import Event


@dataclass(frozen=True)
class Override:
    """One event of one poll, counted otherwise: with another number of days, or with a holiday counting as a day."""

    kind: Kind
    polling_day: date
    nation: Nation
    event: Event
    source: str
    note: str
    days: int | None = None
    counts: date | None = None


OVERRIDES = (
    Override(
        Kind.PARLIAMENT_GENERAL,
        date(2019, 12, 12),
        Nation.SCOTLAND,
        Event.REGISTER,
        "Early Parliamentary General Election Act 2019 (special provision for 2 December 2019; Commons CBP-8728)",
        "the St Andrew's Day bank holiday of 2 December 2019 counts as a working day",
        counts=date(2019, 12, 2),
    ),
    Override(
        Kind.SCOTTISH_PARLIAMENT,
        date(2021, 5, 6),
        Nation.SCOTLAND,
        Event.POSTAL,
        "Scottish General Election (Coronavirus) Act 2021 (asp 5)",
        "21 days instead of 11 for new applications; an existing postal vote could be cancelled until 20 April 2021",
        days=21,
    ),
)


@dataclass(frozen=True)
class Postponed:
    """Polls of these kinds on this day were not held; the law moved them to another."""

    kinds: frozenset[Kind]
    nations: frozenset[Nation]
    polling_day: date
    moved_to: date
    source: str


_COVID_KINDS = frozenset(
    {
        Kind.LOCAL,
        Kind.PARISH,
        Kind.LOCAL_MAYOR,
        Kind.COMBINED_MAYOR,
        Kind.LONDON_MAYOR,
        Kind.LONDON_ASSEMBLY,
        Kind.POLICE_COMMISSIONER,
    }
)
POSTPONED = (
    Postponed(
        _COVID_KINDS,
        frozenset({Nation.ENGLAND, Nation.WALES}),
        date(2020, 5, 7),
        date(2021, 5, 6),
        "Coronavirus Act 2020 s.60",
    ),
    Postponed(
        frozenset({Kind.LOCAL}),
        frozenset({Nation.NORTHERN_IRELAND}),
        date(2023, 5, 4),
        date(2023, 5, 18),
        "by order, to keep the count clear of the Coronation; check with the Electoral Office for Northern Ireland",
    ),
)
