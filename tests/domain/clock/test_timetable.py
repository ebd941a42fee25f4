"""The election clock against real elections: every date exact, no tolerance."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Kind, Nation, parse_election
from leaflets.domain.clock.statute import RULES
from leaflets.domain.clock.statute.rule import Event
from leaflets.domain.clock.timetable import Timetable, timetable
from leaflets.domain.clock.working_days import BankHolidays, Holiday
from leaflets.domain.errors import Invalid

HOLIDAYS = bank_holidays()
CASES = json.loads((Path(__file__).parents[2] / "data" / "timetable-cases.json").read_text())
ENGLAND, WALES, SCOTLAND, NI = Nation


def clock(
    election: str,
    nation: Nation,
    *,
    close: str | None = None,
    declared: str | None = None,
    holidays: BankHolidays = HOLIDAYS,
) -> Timetable:
    return timetable(
        parse_election(election),
        nation,
        holidays,
        nominations_close=date.fromisoformat(close) if close else None,
        result_declared=date.fromisoformat(declared) if declared else None,
    )


def day(found: Timetable, event: Event) -> str:
    line = found.of(event)
    assert line is not None, event
    return line.day.isoformat()


def reference() -> list[object]:
    rows: list[object] = []
    for case in CASES:
        wanted = case["dates"] | (
            {"postal_vote_application": p} if (p := case.get("override", {}).get("postal")) else {}
        )
        for nation in case.get("nations", [case["nation"]]):
            rows.append(pytest.param(case["election"], Nation(nation), wanted, id=f"{case['id']}-{nation}"))
    return rows


@pytest.mark.parametrize(("election", "nation", "wanted"), reference())
def test_every_date_of_every_reference_case_is_exact(election: str, nation: Nation, wanted: dict[str, str]) -> None:
    by_election = parse_election(election).kind is Kind.PARLIAMENT_BY
    found = clock(election, nation, close=wanted["close_of_nominations"] if by_election else None)
    assert {key: day(found, Event(key)) for key in wanted} == wanted


@dataclass(frozen=True)
class Real:
    """A real election with the dates that its returning officer or the Electoral Commission published."""

    election: str
    nation: Nation
    dates: dict[str, str]
    source: str
    close: str | None = None
    times: dict[str, str] = field(default_factory=dict)


MORE = [
    Real(
        "local.surrey-heath.bisley-and-west-end.by.2022-04-14",
        ENGLAND,
        {
            "notice_of_election": "2022-03-10",
            "close_of_nominations": "2022-03-18",
            "sopn": "2022-03-21",
            "register_to_vote": "2022-03-29",
            "postal_vote_application": "2022-03-30",
            "proxy_vote_application": "2022-04-06",
            "lost_postal_pack_from": "2022-04-08",
        },
        "surreyheath.gov.uk; the poll was on Maundy Thursday",
    ),
    Real(
        "parish.solihull.dickens-heath.by.2022-04-07",
        ENGLAND,
        {
            "notice_of_election": "2022-03-03",
            "close_of_nominations": "2022-03-11",
            "sopn": "2022-03-14",
            "register_to_vote": "2022-03-22",
            "postal_vote_application": "2022-03-23",
            "proxy_vote_application": "2022-03-30",
            "appoint_polling_agents": "2022-03-31",
            "lost_postal_pack_from": "2022-04-01",
            "emergency_proxy": "2022-04-07",
            "expenses_return": "2022-05-05",
        },
        "solihull.gov.uk",
    ),
    Real(
        "local.arun.felpham.by.2022-09-08",
        ENGLAND,
        {
            "close_of_nominations": "2022-08-11",
            "sopn": "2022-08-12",
            "register_to_vote": "2022-08-22",
            "postal_vote_application": "2022-08-23",
            "proxy_vote_application": "2022-08-31",
        },
        "arun.gov.uk; the summer bank holiday lies inside",
    ),
    Real(
        "local.exeter.newtown-and-st-leonards.by.2017-12-13",
        ENGLAND,
        {
            "close_of_nominations": "2017-11-16",
            "register_to_vote": "2017-11-27",
            "postal_vote_application": "2017-11-28",
            "proxy_vote_application": "2017-12-05",
        },
        "exeter.gov.uk; a poll on a Wednesday",
    ),
    Real(
        "local.shetland.shetland-west.by.2022-11-17",
        SCOTLAND,
        {
            "close_of_nominations": "2022-10-17",
            "register_to_vote": "2022-11-01",
            "postal_vote_application": "2022-11-02",
            "appoint_polling_agents": "2022-11-10",
            "lost_postal_pack_from": "2022-11-11",
            "expenses_return": "2022-12-23",
        },
        "shetland.gov.uk",
    ),
    Real(
        "local.na-h-eileanan-siar.na-hearadh.by.2020-10-08",
        SCOTLAND,
        {
            "close_of_nominations": "2020-09-07",
            "register_to_vote": "2020-09-22",
            "postal_vote_application": "2020-09-23",
            "proxy_vote_application": "2020-09-30",
            "appoint_polling_agents": "2020-10-01",
            "lost_postal_pack_from": "2020-10-02",
            "expenses_return": "2020-11-13",
        },
        "cne-siar.gov.uk",
    ),
    Real(
        "local.east-lothian.haddington-and-lammermuir.by.2019-05-09",
        SCOTLAND,
        {
            "register_to_vote": "2019-04-22",
            "postal_vote_application": "2019-04-23",
            "proxy_vote_application": "2019-04-30",
            "emergency_proxy": "2019-05-09",
        },
        "lothian-vjb.gov.uk; registration ended on Easter Monday",
    ),
    Real(
        "parl.2024-07-04",
        SCOTLAND,
        {"sopn": "2024-06-07", "sopn_if_objections": "2024-06-10", "appoint_election_agent": "2024-06-07"},
        "cne-siar.gov.uk",
        times={"sopn": "17:00", "sopn_if_objections": "16:00", "notice_of_election": "16:00"},
    ),
    Real(
        "local.renfrewshire.2017-05-04",
        SCOTLAND,
        {
            "close_of_nominations": "2017-03-29",
            "withdrawal": "2017-03-29",
            "sopn": "2017-03-29",
            "register_to_vote": "2017-04-17",
            "postal_vote_application": "2017-04-18",
            "proxy_vote_application": "2017-04-25",
            "emergency_proxy": "2017-05-04",
        },
        "renfrewshire.gov.uk; registration ended on Easter Monday",
        times={"emergency_proxy": "17:00"},
    ),
    Real(
        "parl.2015-05-07",
        NI,
        {
            "dissolution": "2015-03-30",
            "notice_of_election": "2015-04-02",
            "close_of_nominations": "2015-04-09",
            "absent_vote_application": "2015-04-16",
            "emergency_proxy": "2015-04-28",
        },
        "EONI's notice of election; Commons Library RP 15/11",
        times={"close_of_nominations": "16:00", "absent_vote_application": "17:00", "emergency_proxy": "17:00"},
    ),
    Real(
        "pcc.2012-11-15",
        ENGLAND,
        {
            "close_of_nominations": "2012-10-19",
            "sopn": "2012-10-23",
            "withdrawal": "2012-10-24",
            "register_to_vote": "2012-10-31",
        },
        "Thames Valley's notice, 8 October 2012",
        times={"close_of_nominations": "12:00", "withdrawal": "12:00"},
    ),
    Real(
        "pcc.north-yorkshire.by.2021-11-25",
        ENGLAND,
        {
            "notice_of_election": "2021-10-21",
            "close_of_nominations": "2021-10-29",
            "appoint_election_agent": "2021-10-29",
            "sopn": "2021-11-01",
            "register_to_vote": "2021-11-09",
            "postal_vote_application": "2021-11-10",
            "proxy_vote_application": "2021-11-17",
            "appoint_polling_agents": "2021-11-18",
            "lost_postal_pack_from": "2021-11-19",
            "emergency_proxy": "2021-11-25",
            "expenses_return": "2022-02-04",
        },
        "northyorkshire-pfcc.gov.uk, Selby's timetable of proceedings",
        times={"sopn": "16:00", "postal_vote_application": "17:00", "emergency_proxy": "17:00"},
    ),
    Real(
        "local.harrogate.2022-05-05",
        ENGLAND,
        {
            "notice_of_election": "2022-03-28",
            "close_of_nominations": "2022-04-05",
            "sopn": "2022-04-06",
            "register_to_vote": "2022-04-14",
            "postal_vote_application": "2022-04-19",
            "proxy_vote_application": "2022-04-26",
            "appoint_polling_agents": "2022-04-27",
            "lost_postal_pack_from": "2022-04-28",
        },
        "harrogate-news.co.uk, 5 April 2022",
    ),
    Real(
        "gla.c.2021-05-06",
        ENGLAND,
        {"notice_of_election": "2021-03-22", "close_of_nominations": "2021-03-30", "withdrawal": "2021-03-30"},
        "Hounslow's timetable; londonelects.org.uk",
        times={"close_of_nominations": "16:00"},
    ),
    Real(
        "mayor.london.2021-05-06",
        ENGLAND,
        {"close_of_nominations": "2021-03-30", "register_to_vote": "2021-04-19"},
        "the GLRO's notice of election",
    ),
    Real(
        "mayor.cambridgeshire-and-peterborough.2021-05-06",
        ENGLAND,
        {"notice_of_election": "2021-03-29", "close_of_nominations": "2021-04-08", "sopn": "2021-04-09"},
        "chooseyourmayor.org",
    ),
    Real(
        "sp.r.2016-05-05",
        SCOTLAND,
        {
            "notice_of_election_earliest": "2016-03-14",
            "notice_of_election": "2016-03-23",
            "close_of_nominations": "2016-04-01",
            "withdrawal": "2016-04-01",
        },
        "the Electoral Commission's timetable",
    ),
    Real(
        "local.dumfries-and-galloway.mid-galloway-and-wigtown-west.by.2022-12-08",
        SCOTLAND,
        {
            "notice_of_election_earliest": "2022-10-19",
            "notice_of_election": "2022-10-28",
            "close_of_nominations": "2022-11-04",
            "register_to_vote": "2022-11-21",
            "postal_vote_application": "2022-11-22",
            "proxy_vote_application": "2022-11-29",
            "appoint_polling_agents": "2022-12-01",
            "lost_postal_pack_from": "2022-12-02",
            "emergency_proxy": "2022-12-08",
            "expenses_return": "2023-01-13",
        },
        "dumgal.gov.uk; St Andrew's Day lies inside",
        times={"emergency_proxy": "17:00"},
    ),
    Real(
        "local.2023-05-18",
        NI,
        {
            "notice_of_election": "2023-04-11",
            "close_of_nominations": "2023-04-24",
            "withdrawal": "2023-04-24",
            "sopn": "2023-04-24",
            "absent_vote_application": "2023-04-26",
            "register_to_vote": "2023-04-28",
        },
        "electoralcommission.org.uk; the Coronation's bank holiday lies inside",
        times={"close_of_nominations": "13:00", "withdrawal": "13:00", "sopn": "18:00"},
    ),
    Real(
        "nia.2017-03-02",
        NI,
        {
            "close_of_nominations": "2017-02-08",
            "absent_vote_application": "2017-02-10",
            "register_to_vote": "2017-02-14",
        },
        "Belfast Telegraph; the Electoral Commission, 7 February 2017",
    ),
    Real(
        "parl.gorton-and-denton.by.2026-02-26", ENGLAND, {"close_of_nominations": "2026-02-03"}, "17 days", "2026-02-03"
    ),
    Real("parl.newark.by.2014-06-05", ENGLAND, {"close_of_nominations": "2014-05-09"}, "18 days", "2014-05-09"),
    Real(
        "senedd.2026-05-07",
        WALES,
        {"notice_of_election": "2026-03-30", "close_of_nominations": "2026-04-09", "sopn": "2026-04-10"},
        "the Electoral Commission's guidance: 25, 19, and 4 pm on the 18th",
        times={"sopn": "16:00"},
    ),
    Real(
        "sp.2026-05-07",
        SCOTLAND,
        {
            "notice_of_election_earliest": "2026-03-16",
            "notice_of_election": "2026-03-25",
            "close_of_nominations": "2026-04-01",
            "register_to_vote": "2026-04-20",
            "postal_vote_application": "2026-04-21",
            "proxy_vote_application": "2026-04-28",
        },
        "counted by hand from SSI 2015/425",
    ),
]


@pytest.mark.parametrize("real", MORE, ids=lambda real: real.election)
def test_more_real_elections_are_exact_with_their_hours(real: Real) -> None:
    found = clock(real.election, real.nation, close=real.close)
    assert {key: day(found, Event(key)) for key in real.dates} == real.dates, real.source
    hours = {key: (line := found.of(Event(key))) and line.at and f"{line.at:%H:%M}" for key in real.times}
    assert hours == real.times


@pytest.mark.parametrize(
    ("election", "nation", "declared", "due"),
    [
        ("local.2026-05-07", ENGLAND, "2026-05-07", "2026-06-11"),
        ("local.2026-05-07", ENGLAND, "2026-05-08", "2026-06-12"),
        ("local.2026-05-07", ENGLAND, "2026-05-09", "2026-06-15"),  # 13 June is a Saturday
        ("local.2026-05-07", ENGLAND, "2026-05-11", "2026-06-15"),
        ("sp.c.2026-05-07", SCOTLAND, "2026-05-09", "2026-06-16"),  # 15 June is the World Cup holiday
        ("parish.stroud.2026-05-07", ENGLAND, None, "2026-06-04"),  # 28 days, from the poll
        ("mayor.london.2024-05-02", ENGLAND, "2024-05-04", "2024-07-15"),  # 70 days, a Saturday
        ("gla.a.2024-05-02", ENGLAND, "2024-05-04", "2024-07-15"),
        ("gla.c.barnet-and-camden.2024-05-02", ENGLAND, "2024-05-04", "2024-06-10"),
        ("senedd.c.alyn-and-deeside.by.2018-02-06", WALES, "2018-02-06", "2018-03-13"),
        ("senedd.c.alyn-and-deeside.by.2018-02-06", WALES, "2018-02-07", "2018-03-14"),
        ("local.2025-03-13", ENGLAND, "2025-03-13", "2025-04-22"),  # Maundy Thursday 17 April, then Easter
    ],
)
def test_expenses_are_due_on_the_first_day_that_part_ii_counts(
    election: str, nation: Nation, declared: str | None, due: str
) -> None:
    assert day(clock(election, nation, declared=declared), Event.EXPENSES) == due


def test_without_a_declaration_the_day_after_the_poll_is_taken_and_said() -> None:
    line = clock("local.2026-05-07", ENGLAND).of(Event.EXPENSES)
    assert line is not None
    assert line.day == date(2026, 6, 12)
    assert "declared on 8 May 2026" in line.rule


def test_easter_monday_counts_for_scottish_registration_but_not_for_scottish_nominations() -> None:
    found = clock("local.2022-05-05", SCOTLAND)
    assert day(found, Event.REGISTER) == "2022-04-18"  # Easter Monday itself
    assert day(found, Event.NOMINATIONS) == "2022-03-30"


def test_the_act_of_2019_moves_registration_in_scotland_and_says_so() -> None:
    line = clock("parl.2019-12-12", SCOTLAND).of(Event.REGISTER)
    assert line is not None
    assert (line.day, "Act 2019" in line.source) == (date(2019, 11, 26), True)


def test_a_holiday_of_any_nation_stops_a_general_elections_clock_but_not_a_by_elections() -> None:
    assert day(clock("parl.2019-12-12", ENGLAND), Event.POSTAL) == "2019-11-26"
    by_election = clock("parl.some-seat.by.2019-12-12", ENGLAND)
    assert day(by_election, Event.POSTAL) == "2019-11-27"


def test_christmas_eve_is_not_counted() -> None:
    found = clock("local.2025-01-09", ENGLAND)
    assert day(found, Event.POSTAL) == "2024-12-19"  # past 1 January and 24 to 26 December


def _with_late_holiday(proclaimed: date) -> BankHolidays:
    extra = Holiday(date(2024, 6, 21), "A day of thanksgiving", proclaimed)
    return replace(HOLIDAYS, of={nation: (*HOLIDAYS.of[nation], extra) for nation in Nation})


def test_a_holiday_fixed_after_the_dissolution_is_not_skipped_at_a_general_election() -> None:
    known = clock("parl.2024-07-04", ENGLAND, holidays=_with_late_holiday(date(2024, 5, 29)))
    late = clock("parl.2024-07-04", ENGLAND, holidays=_with_late_holiday(date(2024, 6, 10)))
    assert day(known, Event.NOMINATIONS) == "2024-06-06"
    assert day(late, Event.NOMINATIONS) == "2024-06-07"
    assert day(late, Event.DISSOLUTION) == "2024-05-30"


def test_at_other_elections_a_holiday_is_skipped_but_moves_no_deadline_to_before_it_was_fixed() -> None:
    late = clock("local.2024-07-04", ENGLAND, holidays=_with_late_holiday(date(2024, 6, 10)))
    assert day(late, Event.NOMINATIONS) == "2024-06-07"  # already past when the day was fixed: it stands
    assert day(late, Event.REGISTER) == "2024-06-17"
    assert day(late, Event.PROXY) == "2024-06-26"


def test_the_funeral_of_2022_moved_what_was_still_to_come() -> None:
    found = clock("local.some-council.some-ward.by.2022-09-29", ENGLAND)
    assert day(found, Event.NOMINATIONS) == "2022-09-02"
    assert day(found, Event.POSTAL) == "2022-09-13"


@pytest.mark.parametrize(
    ("election", "nation", "asks"),
    [
        ("local.2023-05-04", ENGLAND, True),
        ("local.2022-05-05", ENGLAND, False),
        ("local.2024-05-02", WALES, False),
        ("local.2024-05-02", SCOTLAND, False),
        ("local.2024-05-02", NI, False),
        ("pcc.2024-05-02", WALES, True),
        ("parl.2024-07-04", SCOTLAND, True),
        ("parl.2024-07-04", NI, False),
        ("parl.2019-12-12", ENGLAND, False),
        ("parl.rutherglen.by.2023-10-05", SCOTLAND, True),
        ("mayor.bristol.2024-05-02", ENGLAND, True),
        ("mayor.london.2024-05-02", ENGLAND, True),
        ("parish.stroud.2027-05-06", ENGLAND, True),
        ("parish.gwynedd.2027-05-06", WALES, False),
        ("senedd.2026-05-07", WALES, False),
        ("sp.2026-05-07", SCOTLAND, False),
        ("nia.2027-05-06", NI, False),
    ],
)
def test_a_voter_authority_certificate_is_named_only_where_the_election_asks_for_one(
    election: str, nation: Nation, asks: bool
) -> None:
    assert (clock(election, nation).of(Event.VOTER_CERTIFICATE) is not None) is asks


def test_a_by_election_without_a_nominations_date_gives_the_window_and_what_is_counted_from_the_poll() -> None:
    found = clock("parl.runcorn-and-helsby.by.2025-05-01", ENGLAND)
    assert day(found, Event.NOMINATIONS_EARLIEST) == "2025-04-02"
    assert day(found, Event.NOMINATIONS_LATEST) == "2025-04-04"
    assert day(found, Event.REGISTER) == "2025-04-11"
    assert found.of(Event.NOMINATIONS) is None
    assert found.of(Event.SOPN) is None


def test_a_by_election_with_its_date_says_when_the_notice_had_to_be_out() -> None:
    found = clock("parl.runcorn-and-helsby.by.2025-05-01", ENGLAND, close="2025-04-02")
    assert day(found, Event.NOTICE) == "2025-03-28"  # the day it was published
    assert found.of(Event.NOMINATIONS_EARLIEST) is None


@pytest.mark.parametrize("close", ["2025-04-01", "2025-04-05", "2025-04-07", "2025-05-02"])
def test_an_impossible_nominations_date_is_refused_with_the_window(close: str) -> None:
    with pytest.raises(Invalid) as refused:
        clock("parl.runcorn-and-helsby.by.2025-05-01", ENGLAND, close=close)
    assert "Wednesday 2 April 2025 to Friday 4 April 2025" in refused.value.remedy


def test_a_nominations_date_inside_the_window_on_a_weekend_is_refused() -> None:
    with pytest.raises(Invalid, match="no working day in England"):
        clock("parl.some-seat.by.2025-05-06", ENGLAND, close="2025-04-05")


def test_a_nominations_date_where_the_law_fixes_it_must_agree() -> None:
    assert clock("local.2025-05-01", ENGLAND, close="2025-04-02") == clock("local.2025-05-01", ENGLAND)
    with pytest.raises(Invalid, match="close on Wednesday 2 April 2025, not on Thursday 3 April 2025"):
        clock("local.2025-05-01", ENGLAND, close="2025-04-03")


@pytest.mark.parametrize(
    ("election", "nation", "why"),
    [
        ("local.2025-05-03", ENGLAND, "a Saturday"),
        ("local.2025-04-18", ENGLAND, "Good Friday"),
        ("local.2024-12-24", ENGLAND, "Christmas Eve"),
        ("local.2025-05-05", ENGLAND, "Early May bank holiday"),
        ("parl.2019-12-02", ENGLAND, r"Scotland \(St Andrew"),
        ("local.2010-05-06", ENGLAND, "bank holidays of 2010"),
        ("local.2031-05-01", ENGLAND, "bank holidays of 2031"),
        ("sp.2012-01-12", SCOTLAND, "leaves the years"),
        ("local.2020-05-07", ENGLAND, "postponed to Thursday 6 May 2021"),
        ("pcc.2024-05-02", SCOTLAND, "no Police and Crime Commissioner election in Scotland"),
        ("sp.2026-05-07", WALES, "no Scottish Parliament election in Wales"),
        ("nia.2022-05-05", ENGLAND, "no Northern Ireland Assembly election in England"),
        ("parish.x.2025-05-01", SCOTLAND, "no parish"),
        ("mayor.bristol.2025-05-01", WALES, "no local authority mayoral election in Wales"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_a_remedy(election: str, nation: Nation, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        clock(election, nation)
    assert refused.value.remedy


def test_a_result_declared_before_the_poll_is_refused() -> None:
    with pytest.raises(Invalid, match="before polling day"):
        clock("local.2025-05-01", ENGLAND, declared="2025-04-30")


def test_the_same_day_is_a_polling_day_where_it_is_no_holiday() -> None:
    assert day(clock("local.2022-08-25", SCOTLAND), Event.NOMINATIONS)
    assert day(clock("local.2025-08-04", ENGLAND), Event.NOMINATIONS)
    with pytest.raises(Invalid, match="Summer bank holiday"):
        clock("local.2025-08-04", SCOTLAND)


def test_a_moment_is_aware_and_follows_the_clocks_of_london() -> None:
    found = clock("local.2025-05-01", ENGLAND)  # the clocks went forward on 30 March 2025
    notice, nominations = found.of(Event.NOTICE), found.of(Event.NOMINATIONS)
    assert notice is not None
    assert nominations is not None
    assert notice.moment.utcoffset() == timedelta(0)
    assert nominations.moment.utcoffset() == timedelta(hours=1)
    assert nominations.moment.time() == time(16)
    assert isinstance(nominations.moment, datetime)


def test_every_row_of_every_table_cites_a_law_and_every_kind_has_the_events_of_its_voters() -> None:
    for (kind, nation), rows in RULES.items():
        assert all(len(row.source) > 10 for row in rows), kind
        needed = {Event.NOTICE, Event.NOMINATIONS, Event.WITHDRAWAL, Event.SOPN, Event.REGISTER, Event.POSTAL}
        needed |= {Event.PROXY, Event.EMERGENCY_PROXY, Event.POLLING_AGENTS, Event.EXPENSES}
        needed |= {Event.ABSENT} if nation is NI else {Event.LOST_PACK}
        needed |= set() if kind is Kind.PARISH else {Event.ELECTION_AGENT}
        assert needed <= {row.event for row in rows}, (kind, nation)


def test_no_two_rows_speak_of_one_event_on_one_polling_day() -> None:
    for rows in RULES.values():
        for polling_day in (date(2013, 5, 2), date(2014, 4, 5), date(2014, 4, 6), date(2016, 5, 5), date(2026, 5, 7)):
            events = [row.event for row in rows if row.applies(polling_day)]
            assert len(events) == len(set(events))
