"""The United Kingdom Parliament: general elections and by-elections."""

from __future__ import annotations

from datetime import date, time

from leaflets.domain.clock.statute import voters
from leaflets.domain.clock.statute.rule import Counted, Event, Rule
from leaflets.domain.clock.working_days import Skips

_BEFORE, _WITH = Counted.BEFORE_POLL, Counted.WITH_NOMINATIONS
_FIXED, _OWN = Skips.ANY_UK_BEFORE_DISSOLUTION, Skips.OWN
_FOUR, _FIVE = time(16), time(17)
_R1 = "RPA 1983 Sch 1 r.1"
_R2 = f"{_R1} and r.2"
_DISSOLVED = f"{_R1}; Fixed-term Parliaments Act 2011 s.3(1), from 2022 Dissolution and Calling of Parliament Act 2022"
_WRIT = f"{_R1}; received the day after dissolution, as the Electoral Commission's timetables have it"
_OBJECTIONS = "not before they are disposed of, and within 24 hours of the last time for delivery"
_NO_OBJECTIONS = "when the hour for objections ends, if there are none"
_S67 = "RPA 1983 s.67(1)"
_S81 = "RPA 1983 ss.81 and 119"
_R30 = "RPA 1983 Sch 1 r.30"

GENERAL = (
    Rule(Event.DISSOLUTION, 25, _BEFORE, _FIXED, None, _DISSOLVED),
    Rule(Event.WRIT, 24, _BEFORE, _FIXED, None, _WRIT),
    Rule(Event.NOTICE, 22, _BEFORE, _FIXED, _FOUR, _R2),
    Rule(Event.NOMINATIONS, 19, _BEFORE, _FIXED, _FOUR, _R2),
    Rule(Event.WITHDRAWAL, 0, _WITH, _FIXED, _FOUR, _R1),
    Rule(Event.ELECTION_AGENT, 0, _WITH, _FIXED, _FOUR, _S67),
    Rule(Event.SOPN, 0, _WITH, _FIXED, _FIVE, _R1, _NO_OBJECTIONS),
    Rule(Event.SOPN_OBJECTIONS, 1, Counted.AFTER_NOMINATIONS, _FIXED, _FOUR, _R1, _OBJECTIONS),
    Rule(Event.POLLING_AGENTS, 5, _BEFORE, _FIXED, None, _R30),
    Rule(Event.EXPENSES, 35, Counted.AFTER_RESULT, Skips.OWN_AND_MAUNDY_THURSDAY, None, _S81),
)

# Until the Electoral Registration and Administration Act 2013 s.14 was in force, the poll followed 9 to 11 days after.
_LONG_FROM = date(2014, 4, 1)
_SHORT_UNTIL = date(2014, 3, 31)
_WINDOW = f"{_R1}; Erskine May 2.7"
_WINDOW_NOTE = "the returning officer fixes the day: the poll is on the 17th to 19th working day after it"
_SHORT_NOTE = "the poll was on the 9th to 11th working day after it; check with the returning officer"
_NOTICE_NOTE = "nominations close on the 3rd working day after the notice at the earliest"


def _window(event: Event, long: int, short: int) -> tuple[Rule, ...]:
    return (
        Rule(event, long, _BEFORE, _OWN, _FOUR, _WINDOW, _WINDOW_NOTE, first_poll=_LONG_FROM),
        Rule(event, short, _BEFORE, _OWN, _FOUR, _WINDOW, _SHORT_NOTE, last_poll=_SHORT_UNTIL),
    )


BY_ELECTION = (
    *_window(Event.NOMINATIONS_EARLIEST, 19, 11),
    *_window(Event.NOMINATIONS_LATEST, 17, 9),
    Rule(Event.NOMINATIONS, 0, Counted.GIVEN, _OWN, _FOUR, _WINDOW, "checked against the window that the law leaves"),
    Rule(Event.NOTICE, 3, Counted.BEFORE_NOMINATIONS, _OWN, _FOUR, _R2, _NOTICE_NOTE),
    Rule(Event.WITHDRAWAL, 0, _WITH, _OWN, _FOUR, _R1),
    Rule(Event.ELECTION_AGENT, 0, _WITH, _OWN, _FOUR, _S67),
    Rule(Event.SOPN, 0, _WITH, _OWN, _FIVE, _R1, _NO_OBJECTIONS),
    Rule(Event.SOPN_OBJECTIONS, 1, Counted.AFTER_NOMINATIONS, _OWN, _FOUR, _R1, _OBJECTIONS),
    Rule(Event.POLLING_AGENTS, 5, _BEFORE, _OWN, None, _R30),
    Rule(Event.EXPENSES, 35, Counted.AFTER_RESULT, Skips.OWN_AND_MAUNDY_THURSDAY, None, _S81),
)

GENERAL_EW = (
    *GENERAL,
    *voters.REGISTRATION_EW,
    *voters.ABSENT_EW_GENERAL,
    *voters.voter_certificate(Skips.ANY_UK),
)
GENERAL_S = (*GENERAL, *voters.REGISTRATION_S, *voters.ABSENT_S_GENERAL, *voters.voter_certificate(Skips.ANY_UK))
GENERAL_NI = (*GENERAL, *voters.REGISTRATION_NI, *voters.absent_votes_ni(Skips.ANY_UK))
BY_EW = (*BY_ELECTION, *voters.REGISTRATION_EW, *voters.ABSENT_EW, *voters.voter_certificate(_OWN))
BY_S = (*BY_ELECTION, *voters.REGISTRATION_S, *voters.ABSENT_S, *voters.voter_certificate(_OWN))
BY_NI = (*BY_ELECTION, *voters.REGISTRATION_NI, *voters.absent_votes_ni(_OWN))
