"""Scotland, Wales and Northern Ireland: their parliaments, and the councils of Scotland and Northern Ireland."""

from __future__ import annotations

from datetime import time

from leaflets.domain.clock.statute import voters
from leaflets.domain.clock.statute.rule import Counted, Event, Rule
from leaflets.domain.clock.working_days import Skips

_BEFORE, _WITH, _OWN = Counted.BEFORE_POLL, Counted.WITH_NOMINATIONS, Skips.OWN
_EASTER = Skips.OWN_AND_EASTER_MONDAY
_ONE, _FOUR, _FIVE, _SIX = time(13), time(16), time(17), time(18)
_S67 = "RPA 1983 s.67(1)"
_S81 = "RPA 1983 ss.81 and 119"


def _expenses(law: str) -> Rule:
    return Rule(Event.EXPENSES, 35, Counted.AFTER_RESULT, Skips.OWN_AND_MAUNDY_THURSDAY, None, law)


def _scottish(law: str, agents: str) -> tuple[Rule, ...]:
    """Notice within 35 to 28 days, nominations 23, counted without Easter Monday though it is no bank holiday there."""
    return (
        Rule(Event.NOTICE_EARLIEST, 35, _BEFORE, _EASTER, None, law),
        Rule(Event.NOTICE, 28, _BEFORE, _EASTER, None, law),
        Rule(Event.NOMINATIONS, 23, _BEFORE, _EASTER, _FOUR, law),
        Rule(Event.WITHDRAWAL, 0, _WITH, _EASTER, _FOUR, law),
        Rule(Event.ELECTION_AGENT, 0, _WITH, _EASTER, _FOUR, agents),
        Rule(Event.POLLING_AGENTS, 5, _BEFORE, _EASTER, None, law),
    )


_SP = "Scottish Parliament (Elections etc.) Order 2015 (SSI 2015/425)"
_SP_RULES = f"{_SP} Sch 2 rr.1 and 2"
_SP_LOST = "check with the returning officer"
SCOTTISH_PARLIAMENT = (
    *_scottish(_SP_RULES, _SP),
    Rule(Event.SOPN, 0, _WITH, _EASTER, _FIVE, _SP_RULES, "when the hour for objections ends, if there are none"),
    Rule(
        Event.SOPN_OBJECTIONS,
        1,
        Counted.AFTER_NOMINATIONS,
        _EASTER,
        _FOUR,
        _SP_RULES,
        "not before they are disposed of, and within 24 hours of the last time for delivery",
    ),
    _expenses(_SP),
    *voters.REGISTRATION_S,
    *voters.absent_votes(_OWN, f"{_SP} Sch 3 and Sch 4", lost_note=_SP_LOST),
)

_SCOTS_LOCAL = "Scottish Local Government Elections Order 2011 (SSI 2011/399) Sch 1 rr.1 and 2"
_SCOTS_ABSENT = (
    "Representation of the People (Absent Voting at Local Government Elections) (Scotland) Regulations 2007 "
    f"(SSI 2007/170); {voters.REGULATIONS_S} reg.56"
)
SCOTTISH_LOCAL = (
    *_scottish(_SCOTS_LOCAL, _S67),
    Rule(
        Event.SOPN, 0, _WITH, _EASTER, None, _SCOTS_LOCAL, "as soon as practicable after that, with the notice of poll"
    ),
    _expenses(_S81),
    *voters.REGISTRATION_S,
    *voters.absent_votes(_OWN, _SCOTS_ABSENT),
)

_SENEDD = (
    "Senedd Cymru (Representation of the People) Order 2025 (WSI 2025/864), before April 2026 National Assembly for "
    "Wales (Representation of the People) Order 2007 (SI 2007/236)"
)
_SENEDD_RULES = f"{_SENEDD}, Sch 5 rr.1 and 2"
SENEDD = (
    Rule(Event.NOTICE, 25, _BEFORE, _OWN, None, _SENEDD_RULES),
    Rule(Event.NOMINATIONS, 19, _BEFORE, _OWN, _FOUR, _SENEDD_RULES),
    Rule(Event.WITHDRAWAL, 0, _WITH, _OWN, _FOUR, _SENEDD_RULES),
    Rule(Event.ELECTION_AGENT, 0, _WITH, _OWN, _FOUR, _SENEDD),
    Rule(Event.SOPN, 18, _BEFORE, _OWN, _FOUR, _SENEDD_RULES),
    Rule(Event.POLLING_AGENTS, 5, _BEFORE, _OWN, None, _SENEDD_RULES),
    _expenses(_SENEDD),
    *voters.REGISTRATION_EW,
    *voters.absent_votes(_OWN, _SENEDD, lost_note="check with the returning officer"),
)


def _northern_ireland(law: str, agents: str, expenses: str) -> tuple[Rule, ...]:
    """Notice 25 days before; nominations until 1 pm on the 16th."""
    eoni = "check with the Electoral Office for Northern Ireland"
    return (
        Rule(Event.NOTICE, 25, _BEFORE, _OWN, None, law),
        Rule(Event.NOMINATIONS, 16, _BEFORE, _OWN, _ONE, law),
        Rule(Event.WITHDRAWAL, 0, _WITH, _OWN, _ONE, law),
        Rule(Event.ELECTION_AGENT, 0, _WITH, _OWN, _ONE, agents),
        Rule(Event.SOPN, 0, _WITH, _OWN, _SIX, law, "if there are no objections"),
        Rule(Event.POLLING_AGENTS, 5, _BEFORE, _OWN, None, law, eoni),
        _expenses(expenses),
        *voters.REGISTRATION_NI,
        *voters.absent_votes_ni(_OWN),
    )


_NIA = "Northern Ireland Assembly (Elections) Order 2001 (SI 2001/2599), as amended by SI 2009/256"
_NI_LOCAL = "Electoral Law Act (Northern Ireland) 1962 Sch 5, as amended by SI 2010/2977"
NI_ASSEMBLY = _northern_ireland(_NIA, f"{_NIA}; {_S67}", f"{_NIA}; {_S81}")
NI_LOCAL = _northern_ireland(_NI_LOCAL, _NI_LOCAL, _NI_LOCAL)
