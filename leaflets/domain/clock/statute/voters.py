"""What voters ask for: registration, postal and proxy votes, photo identity, lost packs."""

from __future__ import annotations

from datetime import date, time

from leaflets.domain.clock.statute.rule import Counted, Event, Rule
from leaflets.domain.clock.working_days import Skips

_BEFORE = Counted.BEFORE_POLL
_FIVE = time(17)

# From 2014 individual registration gave one day more (Electoral Registration and Administration Act 2013).
_TWELVE_FROM = date(2014, 4, 1)
_TO_THE_END = "an application counts until the end of that day"
_ELEVEN = f"{_TO_THE_END}; check with the registration officer for polls before April 2014"


def registration(law: str) -> tuple[Rule, ...]:
    """Registering: by the nation's own calendar at every election, general elections too (Commons CBP-8728)."""
    last_eleven = date.fromordinal(_TWELVE_FROM.toordinal() - 1)
    return (
        Rule(Event.REGISTER, 12, _BEFORE, Skips.OWN, None, law, _TO_THE_END, first_poll=_TWELVE_FROM),
        Rule(Event.REGISTER, 11, _BEFORE, Skips.OWN, None, law, _ELEVEN, last_poll=last_eleven),
    )


def absent_votes(skips: Skips, law: str, *, lost_note: str = "") -> tuple[Rule, ...]:
    """Great Britain: postal 11, proxy 6, lost packs from 4 days before; emergency proxies until 5 pm on the day."""
    return (
        Rule(Event.POSTAL, 11, _BEFORE, skips, _FIVE, law, "also the last day to change an existing absent vote"),
        Rule(Event.PROXY, 6, _BEFORE, skips, _FIVE, law),
        Rule(Event.LOST_PACK, 4, _BEFORE, skips, None, law, lost_note),
        Rule(Event.EMERGENCY_PROXY, 0, Counted.ON_POLL, skips, _FIVE, law),
    )


def absent_votes_ni(skips: Skips) -> tuple[Rule, ...]:
    """Northern Ireland: one day for postal and proxy alike; later only for unforeseen illness or work."""
    law = "Representation of the People (Northern Ireland) Regulations 2008, Part 4 (closing date for applications)"
    late = "for unforeseen illness, by post or proxy; lost packs are not replaced as in Great Britain"
    return (
        Rule(Event.ABSENT, 14, _BEFORE, skips, _FIVE, law),
        Rule(Event.POSTAL, 14, _BEFORE, skips, _FIVE, law),
        Rule(Event.PROXY, 14, _BEFORE, skips, _FIVE, law),
        Rule(Event.EMERGENCY_PROXY, 6, _BEFORE, skips, _FIVE, law, late),
    )


def voter_certificate(skips: Skips) -> tuple[Rule, ...]:
    """The Voter Authority Certificate, first asked for at the polls of 4 May 2023."""
    law = "Elections Act 2022 s.1 and Sch 1; Voter Identification Regulations 2022 (SI 2022/1382)"
    return (Rule(Event.VOTER_CERTIFICATE, 6, _BEFORE, skips, _FIVE, law, first_poll=date(2023, 5, 4)),)


REGULATIONS_EW = "Representation of the People (England and Wales) Regulations 2001 (SI 2001/341)"
REGULATIONS_S = "Representation of the People (Scotland) Regulations 2001 (SI 2001/497)"
REGISTRATION_EW = registration(f"RPA 1983 s.13B; {REGULATIONS_EW} reg.29")
REGISTRATION_S = registration(f"RPA 1983 s.13B; {REGULATIONS_S} reg.29")
REGISTRATION_NI = registration("RPA 1983 s.13BA; Representation of the People (Northern Ireland) Regulations 2008")
ABSENT_EW = absent_votes(Skips.OWN, f"{REGULATIONS_EW} regs 56 and 78")
ABSENT_S = absent_votes(Skips.OWN, f"{REGULATIONS_S} regs 56 and 78")
ABSENT_EW_GENERAL = absent_votes(Skips.ANY_UK, f"{REGULATIONS_EW} regs 56(6), 56(7) and 78")
ABSENT_S_GENERAL = absent_votes(Skips.ANY_UK, f"{REGULATIONS_S} regs 56(6), 56(7) and 78")
