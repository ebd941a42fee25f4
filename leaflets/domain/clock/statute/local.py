"""England and Wales below Westminster: councils, parishes, mayors, police and crime commissioners, London."""

from __future__ import annotations

from datetime import date, time

from leaflets.domain.clock.statute import voters
from leaflets.domain.clock.statute.rule import Counted, Event, Rule
from leaflets.domain.clock.working_days import Skips

_BEFORE, _WITH, _OWN = Counted.BEFORE_POLL, Counted.WITH_NOMINATIONS, Skips.OWN
_NOON, _FOUR = time(12), time(16)

# The amending rules of 2014 (SI 2014/494 for councils and their like) moved noon to 4 pm and let withdrawals end with
# nominations. Polls from 6 April 2014 on are taken to be under them.
_FOUR_FROM = date(2014, 4, 6)
_NOON_UNTIL = date(2014, 4, 5)
_OLD = "as the rules stood before 2014; check with the returning officer"


def _nominations(law: str, *, agents: str | None) -> tuple[Rule, ...]:
    """The timetable that councils, mayors and commissioners share: notice 25, nominations 19, statement 18."""
    new = (
        Rule(Event.NOTICE, 25, _BEFORE, _OWN, None, law),
        Rule(Event.NOMINATIONS, 19, _BEFORE, _OWN, _FOUR, law, first_poll=_FOUR_FROM),
        Rule(Event.WITHDRAWAL, 0, _WITH, _OWN, _FOUR, law, first_poll=_FOUR_FROM),
        Rule(Event.SOPN, 18, _BEFORE, _OWN, _FOUR, law, first_poll=_FOUR_FROM),
        Rule(Event.NOMINATIONS, 19, _BEFORE, _OWN, _NOON, law, _OLD, last_poll=_NOON_UNTIL),
        Rule(Event.SOPN, 17, _BEFORE, _OWN, _NOON, law, _OLD, last_poll=_NOON_UNTIL),
        Rule(Event.WITHDRAWAL, 16, _BEFORE, _OWN, _NOON, law, _OLD, last_poll=_NOON_UNTIL),
        Rule(Event.POLLING_AGENTS, 5, _BEFORE, _OWN, None, law),
    )
    if agents is None:
        return new
    return (
        *new,
        Rule(Event.ELECTION_AGENT, 0, _WITH, _OWN, _FOUR, agents, first_poll=_FOUR_FROM),
        Rule(Event.ELECTION_AGENT, 16, _BEFORE, _OWN, _NOON, agents, _OLD, last_poll=_NOON_UNTIL),
    )


def _expenses(days: int, law: str, note: str = "") -> Rule:
    return Rule(Event.EXPENSES, days, Counted.AFTER_RESULT, Skips.OWN_AND_MAUNDY_THURSDAY, None, law, note)


_VOTERS_EW = (*voters.REGISTRATION_EW, *voters.ABSENT_EW)
_ID = voters.voter_certificate(_OWN)
_S67 = "RPA 1983 s.67(1)"
_S81 = "RPA 1983 ss.81 and 119"
_ENGLAND = "Local Elections (Principal Areas) (England and Wales) Rules 2006 (SI 2006/3304, as amended by SI 2014/494)"
_WALES = "Local Elections (Principal Areas) (Wales) Rules 2021 (WSI 2021/1459), before 2022 SI 2006/3304"
_PARISH_E = "Local Elections (Parishes and Communities) (England and Wales) Rules 2006 (SI 2006/3305)"
_PARISH_W = "Local Elections (Communities) (Wales) Rules 2021 (WSI 2021/1460), before 2022 SI 2006/3305"

ENGLAND = (*_nominations(_ENGLAND, agents=_S67), _expenses(35, _S81), *_VOTERS_EW, *_ID)
WALES = (*_nominations(_WALES, agents=_S67), _expenses(35, _S81), *_VOTERS_EW)

# Parish and community elections know no election agents (RPA 1983 s.90 and Sch 4); their clock starts at the poll.
_PARISH_RETURN = Rule(
    Event.EXPENSES,
    28,
    Counted.AFTER_POLL,
    Skips.OWN_AND_MAUNDY_THURSDAY,
    None,
    "RPA 1983 Sch 4 para 3 and s.119",
)
PARISH = (*_nominations(_PARISH_E, agents=None), _PARISH_RETURN, *_VOTERS_EW, *_ID)
COMMUNITY = (*_nominations(_PARISH_W, agents=None), _PARISH_RETURN, *_VOTERS_EW)

_LOCAL_MAYOR = "Local Authorities (Mayoral Elections) (England and Wales) Regulations 2007 (SI 2007/1024) Sch 1"
_COMBINED_MAYOR = "Combined Authorities (Mayoral Elections) Order 2017 (SI 2017/67) Sch 1"
LOCAL_MAYOR = (*_nominations(_LOCAL_MAYOR, agents=_S67), _expenses(35, _S81), *_VOTERS_EW, *_ID)
COMBINED_MAYOR = (
    *_nominations(_COMBINED_MAYOR, agents=f"{_COMBINED_MAYOR}; {_S67}"),
    _expenses(35, f"Combined Authorities (Mayoral Elections) Order 2017 Sch 2; {_S81}", "check with the Commission"),
    *_VOTERS_EW,
    *_ID,
)

_PCC = "Police and Crime Commissioner Elections Order 2012 (SI 2012/1917) Sch 3, as amended by SI 2014/921"
COMMISSIONER = (
    *_nominations(_PCC, agents=_PCC),
    _expenses(
        70,
        "Police and Crime Commissioner Elections Order 2012; North Yorkshire's timetable of 2021 (poll 25 November, "
        "returns 4 February)",
        "70 days rather than the usual 35: check with the Electoral Commission",
    ),
    *_VOTERS_EW,
    *_ID,
)

_GLA = "Greater London Authority Elections Rules 2007 (SI 2007/3541), as amended by SI 2016/24"
_GLA_FROM, _GLA_OLD_UNTIL = date(2016, 1, 1), date(2015, 12, 31)
_LONDON = (
    Rule(Event.NOTICE, 30, _BEFORE, _OWN, None, _GLA),
    Rule(Event.NOMINATIONS, 24, _BEFORE, _OWN, _FOUR, _GLA, first_poll=_GLA_FROM),
    Rule(Event.NOMINATIONS, 24, _BEFORE, _OWN, _NOON, _GLA, _OLD, last_poll=_GLA_OLD_UNTIL),
    Rule(Event.WITHDRAWAL, 0, _WITH, _OWN, _FOUR, _GLA, first_poll=_GLA_FROM),
    Rule(Event.WITHDRAWAL, 0, _WITH, _OWN, _NOON, _GLA, _OLD, last_poll=_GLA_OLD_UNTIL),
    Rule(Event.ELECTION_AGENT, 0, _WITH, _OWN, _FOUR, _S67, first_poll=_GLA_FROM),
    Rule(Event.ELECTION_AGENT, 0, _WITH, _OWN, _NOON, _S67, _OLD, last_poll=_GLA_OLD_UNTIL),
    Rule(Event.SOPN, 22, _BEFORE, _OWN, _FOUR, _GLA, first_poll=_GLA_FROM),
    Rule(Event.SOPN, 22, _BEFORE, _OWN, _NOON, _GLA, _OLD, last_poll=_GLA_OLD_UNTIL),
    Rule(Event.POLLING_AGENTS, 5, _BEFORE, _OWN, None, _GLA),
    *_VOTERS_EW,
    *_ID,
)
_S81_LONDON = "RPA 1983 s.81(1) as applied to the Mayor and London members, and s.119; the GLRO's guidance"
LONDON_MAYOR = LONDON_WIDE = (*_LONDON, _expenses(70, _S81_LONDON))
LONDON_CONSTITUENCY = (*_LONDON, _expenses(35, _S81, "London-wide members have 70 days"))
