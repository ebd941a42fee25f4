"""Where uk-election-timetables answers otherwise than our clock: every difference, with the reason.

The library is a cross-check, not the oracle: its own tests allow days of tolerance. A new difference, or one that
goes away with a new release, fails here and is looked at.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from uk_election_timetables.calendars import Country
from uk_election_timetables.election_ids import from_election_id

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Kind, Nation, parse_election
from leaflets.domain.clock.statute.rule import Event
from leaflets.domain.clock.timetable import Timetable, timetable

COUNTRIES = {
    Nation.ENGLAND: Country.ENGLAND,
    Nation.WALES: Country.WALES,
    Nation.SCOTLAND: Country.SCOTLAND,
    Nation.NORTHERN_IRELAND: Country.NORTHERN_IRELAND,
}
ATTRIBUTES = {
    "notice_of_election": "notice_of_election_deadline",
    "close_of_nominations": "close_of_nominations",
    "sopn": "sopn_publish_deadline",
    "register_to_vote": "registration_deadline",
    "postal_vote_application": "postal_vote_application_deadline",
    "voter_authority_certificate": "vac_application_deadline",
}
# Beside the reference cases: elections whose difference the cases do not show.
MORE = [
    ("parl.2015-05-07", "scotland", None),
    ("parl.2019-12-12", "northern-ireland", None),
    ("parl.gorton-and-denton.by.2026-02-26", "england", "2026-02-03"),
    ("local.2022-05-05", "wales", None),
    ("mayor.london.2021-05-06", "england", None),
]

NO_CARD = "no Voter Authority Certificate was asked for at this election: it began in May 2023, for some elections"
HOLIDAY = "a general election skips the holidays of every part of the UK (RPA 1983 Sch 1 r.2(2)), not one nation's"
OBJECTIONS = "the library gives the day after; without objections the statement is out the same day (Sch 1 r.1)"
ACT_2019 = "the Early Parliamentary General Election Act 2019 kept registration open until 26 November"
PCC = "the library counts 18 days; the Order and every returning officer's timetable have 19"
GLA = "the library counts 22 days; nominations close on the 24th (SI 2016/24)"
BY_ELECTION = "the library takes 19 days at every by-election; the returning officer fixes 17 to 19"

REASONS: dict[tuple[str, str, str], str] = {
    **{("parl.2017-06-08", nation, "sopn"): OBJECTIONS for nation in ("england", "wales", "scotland")},
    **{("parl.2019-12-12", nation, "sopn"): OBJECTIONS for nation in COUNTRIES},
    **{("parl.2024-07-04", nation, "sopn"): OBJECTIONS for nation in COUNTRIES},
    ("parl.2015-05-07", "scotland", "sopn"): OBJECTIONS,
    ("parl.runcorn-and-helsby.by.2025-05-01", "england", "sopn"): OBJECTIONS,
    ("parl.gorton-and-denton.by.2026-02-26", "england", "sopn"): BY_ELECTION,
    ("parl.gorton-and-denton.by.2026-02-26", "england", "close_of_nominations"): BY_ELECTION,
    ("parl.gorton-and-denton.by.2026-02-26", "england", "notice_of_election"): BY_ELECTION,
    **{
        ("parl.2019-12-12", nation, event): HOLIDAY
        for nation in ("england", "wales", "northern-ireland")
        for event in ("notice_of_election", "close_of_nominations", "postal_vote_application")
    },
    ("parl.2019-12-12", "scotland", "register_to_vote"): ACT_2019,
    ("parl.2015-05-07", "scotland", "notice_of_election"): HOLIDAY,
    ("pcc.2021-05-06", "england", "close_of_nominations"): PCC,
    ("pcc.2021-05-06", "england", "sopn"): PCC,
    ("gla.a.2024-05-02", "england", "close_of_nominations"): GLA,
    ("gla.a.2024-05-02", "england", "sopn"): GLA,
    ("mayor.london.2021-05-06", "england", "close_of_nominations"): GLA,
    ("mayor.london.2021-05-06", "england", "sopn"): GLA,
    ("sp.c.2021-05-06", "scotland", "sopn"): OBJECTIONS,
    ("sp.c.hamilton-larkhall-and-stonehouse.by.2025-06-05", "scotland", "sopn"): OBJECTIONS,
    ("local.2022-05-05", "scotland", "sopn"): OBJECTIONS,
    ("local.edinburgh.leith-walk.by.2019-04-11", "scotland", "sopn"): OBJECTIONS,
    ("nia.2022-05-05", "northern-ireland", "sopn"): OBJECTIONS,
}


def _asked() -> list[tuple[str, str, str | None]]:
    cases = json.loads((Path(__file__).parent / "data" / "timetable-cases.json").read_text())
    return MORE + [
        (case["election"], nation, case["dates"].get("close_of_nominations"))
        for case in cases
        for nation in case.get("nations", [case["nation"]])
    ]


def _ours(election_id: str, nation: str, close: str | None) -> Timetable:
    election = parse_election(election_id)
    by_election = election.kind is Kind.PARLIAMENT_BY and close is not None
    given = date.fromisoformat(close) if by_election and close else None
    return timetable(election, Nation(nation), bank_holidays(), nominations_close=given)


def test_every_difference_from_the_library_is_known_and_has_a_reason() -> None:
    found = set()
    for election_id, nation, close in _asked():
        ours, theirs = _ours(election_id, nation, close), from_election_id(election_id, COUNTRIES[Nation(nation)])
        for event, attribute in ATTRIBUTES.items():
            line = ours.of(Event(event))
            if (line and line.day) != getattr(theirs, attribute):
                if event == "voter_authority_certificate" and line is None:
                    continue  # NO_CARD, tested below
                found.add((election_id, nation, event))
    assert found == set(REASONS)


def test_the_library_names_a_certificate_where_none_is_asked_for() -> None:
    for election_id, nation in (("sp.2026-05-07", "scotland"), ("nia.2022-05-05", "northern-ireland")):
        theirs = from_election_id(election_id, COUNTRIES[Nation(nation)])
        assert theirs.vac_application_deadline is not None
        assert _ours(election_id, nation, None).of(Event.VOTER_CERTIFICATE) is None, NO_CARD


def test_the_library_takes_scottish_holidays_when_no_country_is_given() -> None:
    assert from_election_id("parl.2019-12-12").registration_deadline == date(2019, 11, 25)
    line = _ours("parl.2019-12-12", "england", None).of(Event.REGISTER)
    assert line is not None
    assert line.day == date(2019, 11, 26)
