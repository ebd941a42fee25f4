"""When postal votes leave: the observed spread, a council's own word, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.postal_votes import Announcement, postal_votes
from leaflets.domain.clock.working_days import Skips, working_days
from leaflets.domain.errors import Invalid

ENGLAND = working_days(bank_holidays(), Nation.ENGLAND, Skips.OWN)
NORTHERN_IRELAND = working_days(bank_holidays(), Nation.NORTHERN_IRELAND, Skips.OWN)
POLL = date(2026, 5, 7)


def hart(first: date | None = None, second: date | None = None, said_on: date = date(2026, 3, 20)) -> Announcement:
    return Announcement("Hart", "hart.gov.uk", said_on, first, second)


def test_without_word_from_the_council_the_observed_spread_is_taken() -> None:
    votes = postal_votes(POLL, ENGLAND)
    assert (votes.first.earliest, votes.first.day, votes.first.latest) == (
        date(2026, 4, 14),
        date(2026, 4, 20),
        date(2026, 4, 24),
    )
    assert (votes.second.earliest, votes.second.day, votes.second.latest) == (
        date(2026, 4, 21),
        date(2026, 4, 27),
        date(2026, 4, 29),
    )
    assert votes.earliest_plausible == date(2026, 4, 14)
    assert not votes.first.announced
    assert "check with the council" in votes.first.source


def test_what_a_council_announces_wins_and_says_who_said_so_and_when() -> None:
    votes = postal_votes(POLL, ENGLAND, announcements=[hart(date(2026, 4, 15), date(2026, 4, 23))])
    assert votes.earliest_plausible == votes.first.day == votes.first.latest == date(2026, 4, 15)
    assert votes.second.day == date(2026, 4, 23)
    assert votes.first.source == "Hart: hart.gov.uk, 20 March 2026"


def test_the_newest_word_wins_for_each_batch_alone() -> None:
    old = hart(date(2026, 4, 15), date(2026, 4, 23))
    new = hart(date(2026, 4, 17), said_on=date(2026, 4, 1))
    votes = postal_votes(POLL, ENGLAND, announcements=[new, old])
    assert (votes.first.day, votes.second.day) == (date(2026, 4, 17), date(2026, 4, 23))


def test_packs_may_leave_on_a_saturday() -> None:
    stroud = Announcement("Stroud", "the timetable", date(2024, 6, 1), first=date(2024, 6, 15))
    assert postal_votes(date(2024, 7, 4), ENGLAND, announcements=[stroud]).first.day == date(2024, 6, 15)


def test_a_first_dispatch_announced_late_pushes_the_assumed_second() -> None:
    votes = postal_votes(POLL, ENGLAND, announcements=[hart(date(2026, 4, 28))])
    assert votes.second.day == date(2026, 4, 28)
    assert votes.second.latest == date(2026, 4, 29)


def test_no_pack_leaves_before_nominations_have_closed() -> None:
    votes = postal_votes(date(2027, 5, 6), NORTHERN_IRELAND, nominations_close=date(2027, 4, 13))
    assert NORTHERN_IRELAND.before(date(2027, 5, 6), 16) == date(2027, 4, 13)
    assert votes.earliest_plausible == date(2027, 4, 14)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (hart(date(2026, 5, 8)), "after polling day"),
        (hart(second=date(2026, 6, 1)), "after polling day"),
        (hart(date(2026, 4, 9)), "nominations close on Thursday 9 April 2026"),
        (hart(date(2026, 4, 23), date(2026, 4, 15)), "cannot come before the first"),
        (hart(date(2026, 4, 20), said_on=date(2026, 5, 9)), "after polling day"),
        (Announcement(" ", "a clerk", date(2026, 4, 1), date(2026, 4, 20)), "needs the council"),
        (Announcement("Hart", "", date(2026, 4, 1), date(2026, 4, 20)), "who said so"),
    ],
)
def test_an_impossible_dispatch_is_refused(said: Announcement, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        postal_votes(POLL, ENGLAND, nominations_close=date(2026, 4, 9), announcements=[said])
    assert refused.value.remedy


def test_a_dispatch_on_polling_day_itself_is_taken() -> None:
    assert postal_votes(POLL, ENGLAND, announcements=[hart(second=POLL)]).second.day == POLL


@given(st.sampled_from([day for day in ENGLAND.days if date(2013, 1, 1) <= day <= date(2028, 1, 1)]))
def test_each_range_holds_its_usual_day_and_ends_before_the_poll(polling_day: date) -> None:
    votes = postal_votes(polling_day, ENGLAND)
    for dispatch in (votes.first, votes.second):
        assert dispatch.earliest <= dispatch.day <= dispatch.latest < polling_day
    assert votes.first.day <= votes.second.day
