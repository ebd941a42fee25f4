"""The plan of a leaflet on real elections: counted back from the doormat, said in one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from planned import BEFORE_POSTAL_VOTES, PRINTER, dates, days, london, planned, poll, when, working

from leaflets.domain.clock.durations import DURATIONS
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.landing import Aim, Landing, Poll
from leaflets.domain.clock.moments import in_london
from leaflets.domain.clock.plan import plan
from leaflets.domain.clock.postal_votes import Batch, Dispatch, PostalVotes
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.clock.standing import Standing
from leaflets.domain.errors import Invalid

GENERAL_2017 = "parl.2017-06-08"
GENERAL_2019 = "parl.2019-12-12"
MINUTE = timedelta(minutes=1)


def on(day: date) -> Aim:
    return Aim(Landing.ON_DATE, day)


def test_the_published_chain_of_2017_is_replayed_day_for_day() -> None:
    # electionworkshop.co.uk and ALDC: Royal Mail 27 April to 2 May, artwork at the printer 5 May, back 16 May,
    # final drop-off 19 May, delivered 22 to 31 May. Between "back" and drop-off they kept three working days.
    chain = DURATIONS.with_days(transport=days(3))
    found = planned(poll(GENERAL_2017), now=london("2017-04-19"), aim=on(date(2017, 5, 31)), durations=chain)
    first_answer = working().after(when(found, Step.SEND_ARTWORK).date(), chain.artwork_check.count)
    assert {each.step: each.latest.date().isoformat() for each in found.steps} == {
        Step.SEND_FOR_APPROVAL: "2017-04-21",
        Step.APPROVED: "2017-04-27",
        Step.SEND_ARTWORK: "2017-04-27",
        Step.ARTWORK_CLEARED: "2017-05-05",
        Step.PDF_AT_PRINTER: "2017-05-05",
        Step.PRINTED: "2017-05-16",
        Step.BOOK: "2017-05-17",
        Step.HANDOVER: "2017-05-19",
        Step.DELIVERY_STARTS: "2017-05-22",
        Step.LANDED: "2017-05-31",
    }
    assert first_answer == date(2017, 5, 2)  # the approval as published; the rest is for one rejection
    assert found.needed_by == london("2017-05-05", time(12))


def test_before_a_usual_dispatch_the_artwork_goes_to_royal_mail_29_working_days_before_the_poll() -> None:
    usual = working().before(date(2017, 6, 8), 12)
    bare = DURATIONS.with_days(rejection=days(0))
    found = planned(poll(GENERAL_2017, announced=usual), now=london("2017-04-19"), durations=bare)
    before = {each.step: working().between(each.latest.date(), date(2017, 6, 8)) for each in found.steps}
    assert before[Step.SEND_ARTWORK] == 29
    assert (before[Step.PDF_AT_PRINTER], before[Step.HANDOVER], before[Step.LANDED]) == (27, 20, 13)
    assert {remark.code for remark in found.remarks} == {
        "security-for-postage",
        "before-nominations",
        "before-dissolution",
    }


def test_in_2019_the_plan_says_at_once_that_freepost_comes_after_the_postal_votes() -> None:
    called = london("2019-10-31")
    found = planned(poll(GENERAL_2019, announced=date(2019, 11, 22)), now=called)
    assert found.state is Standing.CANNOT
    assert found.lands_on == date(2019, 11, 26)
    assert found.days_too_late == 3
    assert found.after_postal_votes
    assert found.sentence == (
        "It cannot land before the postal votes: it is 3 working days too late. "
        "If all goes well from now on, it lands by Tue 26 Nov."
    )


def test_in_2019_a_week_before_the_poll_nothing_reaches_a_doormat_in_time() -> None:
    found = planned(poll(GENERAL_2019), now=london("2019-12-05"), aim=Aim(Landing.BEFORE_POLLING_DAY))
    assert found.state is Standing.CANNOT
    assert found.sentence == "It cannot land before polling day, nor before the polls close on Thu 12 Dec."
    assert found.remedies == ()


def test_in_may_2026_scottish_freepost_is_handed_over_before_the_statement_of_persons_nominated() -> None:
    found = planned(poll("sp.c.2026-05-07", Nation.SCOTLAND), now=london("2026-03-02"))
    assert found.target.by == date(2026, 4, 13)
    assert when(found, Step.DELIVERY_STARTS).date() == date(2026, 4, 2)  # around Good Friday; Easter Monday is worked
    assert found.remarks[0].code == "security-for-postage"
    assert "s.91(3)" in found.remarks[0].source
    assert found.sentence == "Send it for approval by Tue 10 Mar, noon: in 6 working days."


def test_it_counts_from_the_earliest_plausible_dispatch_and_shows_the_range() -> None:
    found = planned(poll("local.2026-05-07"), now=london("2026-03-02"), route=Route.DIRECT_MAIL)
    assert found.target.by == date(2026, 4, 13)
    assert found.target.counted_from == (
        "The first postal votes go out between Tue 14 Apr and Fri 24 Apr, most likely on Mon 20 Apr: "
        "counted from Tue 14 Apr, to be safe."
    )
    announced = poll("local.2026-05-07", announced=date(2026, 4, 22))
    later = planned(announced, now=london("2026-03-02"), route=Route.DIRECT_MAIL)
    assert later.target.counted_from == (
        "The first postal votes go out on Wed 22 Apr, as announced: it must land before."
    )
    assert later.latest_safe > found.latest_safe
    assert later.sentence == "Send it for approval by Fri 27 Mar, noon: in 19 working days."


@pytest.mark.parametrize(
    ("landing", "nation", "election", "by"),
    [
        (Landing.BEFORE_REGISTRATION, Nation.ENGLAND, GENERAL_2017, date(2017, 5, 21)),
        (Landing.BEFORE_POSTAL_APPLICATION, Nation.ENGLAND, GENERAL_2017, date(2017, 5, 22)),
        (Landing.BEFORE_POSTAL_APPLICATION, Nation.NORTHERN_IRELAND, "nia.2022-05-05", date(2022, 4, 11)),
        (Landing.BEFORE_POLLING_DAY, Nation.ENGLAND, GENERAL_2017, date(2017, 6, 7)),
    ],
)
def test_every_purpose_is_counted_from_its_own_date(landing: Landing, nation: Nation, election: str, by: date) -> None:
    now = in_london(datetime.combine(by - timedelta(days=60), time(9), UTC))
    assert planned(poll(election, nation), now=now, aim=Aim(landing)).target.by == by


def test_door_to_door_is_booked_three_weeks_before_its_monday_and_handed_over_six_working_days_before() -> None:
    found = planned(poll("local.2026-05-07"), now=london("2026-02-02"), route=Route.DOOR_TO_DOOR)
    assert when(found, Step.LANDED).date() == date(2026, 4, 11)
    assert when(found, Step.DELIVERY_STARTS).date() == date(2026, 4, 6)
    assert when(found, Step.BOOK).date() == date(2026, 3, 16)
    assert when(found, Step.HANDOVER).date() == date(2026, 3, 26)  # Good Friday is no working day


def test_delivery_by_hand_uses_the_weekend_and_begins_the_day_after_the_printers_pick_up() -> None:
    found = planned(poll("local.2026-05-07"), now=london("2026-03-02"), route=Route.HAND_DELIVERY)
    starts = when(found, Step.DELIVERY_STARTS).date()
    assert (starts, when(found, Step.LANDED).date()) == (date(2026, 4, 9), date(2026, 4, 13))
    assert when(found, Step.PICK_UP) == london("2026-04-08", PRINTER.closes)
    assert Step.BOOK not in {each.step for each in found.steps}


def test_a_printer_that_works_on_saturdays_and_shuts_for_a_week_is_counted_by_its_own_days() -> None:
    shut = frozenset(date(2026, 3, 9) + timedelta(days=n) for n in range(7))
    own = replace(PRINTER, open_weekdays=frozenset(range(6)), closed_dates=shut, cut_off=time(10, 30))
    found = planned(poll("local.2026-05-07"), now=london("2026-02-02"), route=Route.DOOR_TO_DOOR, printer=own)
    assert when(found, Step.PRINTED) == london("2026-03-26", time(9))
    assert found.needed_by == london("2026-03-18", time(10, 30))  # 19, 20, 21, 23, 24, 25, 26 March
    a_day_more = replace(own, days=days(10))
    again = planned(poll("local.2026-05-07"), now=london("2026-02-02"), route=Route.DOOR_TO_DOOR, printer=a_day_more)
    assert again.needed_by == london("2026-03-07", time(10, 30))  # 16, 17, 18 March, then before the week shut


def test_what_an_office_does_for_a_saturday_cut_off_is_done_on_the_working_day_before() -> None:
    weekend = replace(PRINTER, open_weekdays=frozenset({5, 6}), days=days(1), cut_off=time(11))
    found = planned(poll("local.2026-05-07"), now=london("2026-02-02"), route=Route.DIRECT_MAIL, printer=weekend)
    assert found.needed_by == london("2026-04-04", time(11))
    assert when(found, Step.APPROVED) == london("2026-04-02", time(17))  # Maundy Thursday, before Good Friday


def test_the_states_turn_at_the_minute() -> None:
    ask = poll("sp.c.2026-05-07", Nation.SCOTLAND)
    safe = planned(ask, now=london("2026-03-02")).latest_safe
    assert safe == london("2026-03-10", time(12))

    def at(moment: datetime) -> tuple[Standing, int]:
        found = planned(ask, now=moment)
        return found.state, found.slack_days

    assert at(london("2026-03-05", time(12))) == (Standing.ON_TIME, 3)
    assert at(london("2026-03-05", time(12)) + MINUTE) == (Standing.TIGHT, 2)
    assert at(safe) == (Standing.TIGHT, 0)
    assert at(safe + MINUTE) == (Standing.LATE, -1)
    without = london("2026-03-17", time(12))  # two days for changes and three for a rejection later
    assert at(without) == (Standing.LATE, -5)
    assert at(without + MINUTE) == (Standing.CANNOT, -6)


def test_the_sentence_says_what_to_do_by_when_in_every_state() -> None:
    ask = poll("sp.c.2026-05-07", Nation.SCOTLAND)
    said = {moment: planned(ask, now=london(moment)).sentence for moment in ("2026-03-05", "2026-03-10", "2026-03-12")}
    assert said == {
        "2026-03-05": "Send it for approval by Tue 10 Mar, noon: in 3 working days.",
        "2026-03-10": "Send it for approval by Tue 10 Mar, noon: today.",
        "2026-03-12": (
            "Send it for approval now: the safe moment was Tue 10 Mar, noon. It still lands before the postal votes "
            "if the region asks for no changes and Royal Mail sends nothing back."
        ),
    }
    last_year = planned(poll("local.2026-05-07"), now=london("2025-12-01"), route=Route.DIRECT_MAIL)
    assert "Thu 19 Mar 2026, noon" in last_year.sentence


def test_a_step_that_is_done_takes_those_before_it_with_it_and_the_next_one_is_asked_for() -> None:
    ask = poll("sp.c.2026-05-07", Nation.SCOTLAND)
    cleared = planned(ask, now=london("2026-03-18"), done={Step.ARTWORK_CLEARED})
    assert cleared.next_step is Step.PDF_AT_PRINTER
    assert cleared.latest_safe == cleared.needed_by
    assert cleared.sentence == "Get the PDF to the printer by Mon 23 Mar, noon: in 3 working days."
    printed = planned(ask, now=london("2026-03-26"), done={Step.PRINTED})
    assert printed.next_step is Step.BOOK  # printing says nothing of booking
    landed = planned(ask, now=london("2026-05-01"), done={Step.LANDED})
    assert (landed.next_step, landed.state, landed.sentence) == (None, Standing.ON_TIME, "All of it is done.")


def test_no_allowance_is_left_once_the_artwork_is_cleared() -> None:
    ask = poll("sp.c.2026-05-07", Nation.SCOTLAND)
    a_minute_late = london("2026-03-23", time(12)) + MINUTE
    assert planned(ask, now=a_minute_late, done={Step.ARTWORK_CLEARED}).state is Standing.CANNOT


def test_for_several_elections_the_earliest_deadline_counts() -> None:
    mayor, council = poll("mayor.london.2024-05-02"), poll("local.2024-05-02", announced=date(2024, 4, 5))
    now = london("2024-02-05")
    both = planned(mayor, council, now=now, route=Route.HAND_DELIVERY)
    alone = [planned(each, now=now, route=Route.HAND_DELIVERY) for each in (mayor, council)]
    assert both.latest_safe == min(each.latest_safe for each in alone)
    assert both.target.poll is council
    assert both.steps == min(alone, key=lambda each: each.latest_safe).steps


def test_two_elections_on_one_day_are_refused_a_freepost_that_one_of_them_has_not() -> None:
    with pytest.raises(Invalid, match="no freepost") as refused:
        planned(poll("parl.2024-05-02"), poll("mayor.london.2024-05-02"), now=london("2024-02-05"))
    assert "booklet" in refused.value.remedy


@pytest.mark.parametrize(
    ("election", "nation", "instead"),
    [
        ("local.2026-05-07", Nation.ENGLAND, "Door to Door"),
        ("pcc.2024-05-02", Nation.WALES, "300 words"),
        ("mayor.greater-manchester-ca.2024-05-02", Nation.ENGLAND, "booklet"),
        ("local.2022-05-05", Nation.SCOTLAND, "Door to Door"),
    ],
)
def test_a_route_that_the_election_does_not_have_is_refused_with_what_it_has(
    election: str, nation: Nation, instead: str
) -> None:
    with pytest.raises(Invalid) as refused:
        planned(poll(election, nation), now=london("2022-01-05"))
    assert refused.value.code == "no-freepost"
    assert instead in refused.value.remedy


def test_councils_in_northern_ireland_have_freepost() -> None:
    found = planned(poll("local.2023-05-18", Nation.NORTHERN_IRELAND), now=london("2023-03-01"))
    assert found.state is Standing.ON_TIME


def test_a_freepost_for_two_elections_is_told_that_it_may_speak_of_one() -> None:
    both = poll("parl.2024-05-02"), poll("parl.some-seat.by.2024-05-02")
    found = planned(*both, now=london("2024-02-05"))
    assert "freepost-for-one-election" in {remark.code for remark in found.remarks}
    alone = planned(both[0], now=london("2024-02-05"))
    assert "freepost-for-one-election" not in {remark.code for remark in alone.remarks}


def test_an_election_withdrawn_suspends_the_plan() -> None:
    ask = poll("local.2026-05-07", suspended="a candidate has died.")
    found = planned(ask, now=london("2026-04-20"), route=Route.DIRECT_MAIL)
    assert found.state is Standing.SUSPENDED
    assert found.sentence == (
        "The election is suspended: a candidate has died. Nothing is due until a new polling day is set."
    )
    assert found.remedies == ()


def test_of_two_elections_the_one_suspended_no_longer_counts() -> None:
    soon = poll("local.2024-05-02", announced=date(2024, 4, 5), suspended="a candidate has died")
    other = poll("mayor.london.2024-05-02")
    now = london("2024-02-05")
    found = planned(soon, other, now=now, route=Route.HAND_DELIVERY)
    assert found.latest_safe == planned(other, now=now, route=Route.HAND_DELIVERY).latest_safe
    assert found.state is Standing.ON_TIME
    assert "suspended" in {remark.code for remark in found.remarks}


def test_a_polling_day_brought_forward_brings_every_step_forward() -> None:
    now, aim = london("2026-02-02"), Aim(Landing.BEFORE_POLLING_DAY)
    before = planned(poll("local.2026-05-07"), now=now, aim=aim, route=Route.DIRECT_MAIL)
    after = planned(poll("local.2026-04-30"), now=now, aim=aim, route=Route.DIRECT_MAIL)
    assert all(new.latest < old.latest for new, old in zip(after.steps, before.steps, strict=True))


@pytest.mark.parametrize(("poll_day", "change"), [("2027-04-15", "2027-03-28"), ("2026-11-12", "2026-10-25")])
def test_hours_stay_londons_across_a_change_of_the_clocks(poll_day: str, change: str) -> None:
    found = planned(
        poll(f"local.{poll_day}"),
        now=london("2026-01-12"),
        aim=Aim(Landing.BEFORE_POLLING_DAY),
        route=Route.DIRECT_MAIL,
    )
    offsets = {each.latest.utcoffset() for each in found.steps}
    days_of_steps = [each.latest.date() for each in found.steps]
    assert min(days_of_steps) < date.fromisoformat(change) < max(days_of_steps)
    assert offsets == {timedelta(0), timedelta(hours=1)}
    assert found.needed_by.time() == time(12)


def test_a_cut_off_in_the_hour_that_spring_leaves_out_is_a_moment_that_exists() -> None:
    night = replace(
        PRINTER, open_weekdays=frozenset({6}), opens=time(0), cut_off=time(1, 30), closes=time(3), days=days(1)
    )
    found = planned(
        poll("local.2027-04-15"),
        now=london("2027-01-11"),
        aim=on(date(2027, 4, 6)),
        route=Route.HAND_DELIVERY,
        printer=night,
        durations=DURATIONS.with_days(hand_delivery_calendar=days(1)),
    )
    assert found.needed_by.date() == date(2027, 3, 28)
    assert found.needed_by.astimezone(UTC).astimezone(found.needed_by.tzinfo) == found.needed_by
    assert found.needed_by.hour == 2  # 1.30 does not exist on that Sunday


def test_a_now_in_another_zone_is_the_same_now() -> None:
    ask = poll("sp.c.2026-05-07", Nation.SCOTLAND)
    here = planned(ask, now=london("2026-03-05"))
    there = planned(ask, now=datetime.fromisoformat("2026-03-05T21:00:00+11:00"))
    assert (here.sentence, here.steps) == (there.sentence, there.steps)


def test_a_now_without_a_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="no time zone"):
        planned(poll(GENERAL_2017), now=datetime(2017, 4, 19, 10))  # noqa: DTZ001


def test_a_now_before_the_first_year_is_refused() -> None:
    with pytest.raises(Invalid, match="no moment"):
        planned(poll(GENERAL_2017), now=datetime.fromisoformat("0001-01-01T00:00:00+14:00"))


@pytest.mark.parametrize(
    ("earliest", "latest"), [(date(2017, 6, 1), date(2017, 6, 9)), (date(2017, 5, 30), date(2017, 5, 20))]
)
def test_a_dispatch_after_polling_day_or_out_of_order_is_refused(earliest: date, latest: date) -> None:
    odd = Dispatch(Batch.FIRST, earliest, earliest, latest, announced=False, source="a slip")
    with pytest.raises(Invalid) as refused:
        Poll(dates(GENERAL_2017), PostalVotes(odd, odd))
    assert "council" in refused.value.remedy


def test_a_day_after_polling_day_cannot_be_aimed_at() -> None:
    with pytest.raises(Invalid, match="after polling day"):
        planned(poll(GENERAL_2017), now=london("2017-04-19"), aim=on(date(2017, 6, 9)))


def test_a_leaflet_that_lands_on_the_day_of_the_first_dispatch_comes_after_the_postal_votes() -> None:
    ask, now = poll("local.2026-05-07"), london("2026-02-02")
    lands = {
        day: planned(ask, now=now, aim=on(date(2026, 4, day)), route=Route.HAND_DELIVERY).after_postal_votes
        for day in (13, 14)
    }
    assert lands == {13: False, 14: True}


def test_a_count_that_leaves_the_known_years_is_refused() -> None:
    long = DURATIONS.with_days(approval=days(90), changes=days(90), artwork_check=days(90))
    with pytest.raises(Invalid, match="bank holidays are known"):
        planned(poll("local.2012-05-03"), now=london("2012-01-05"), route=Route.DOOR_TO_DOOR, durations=long)


def test_an_aim_and_its_date_go_together() -> None:
    with pytest.raises(Invalid):
        Aim(Landing.ON_DATE)
    with pytest.raises(Invalid):
        Aim(Landing.BEFORE_POLLING_DAY, date(2017, 6, 1))


def test_a_leaflet_without_an_election_or_a_dispatch_has_nothing_to_count_from() -> None:
    with pytest.raises(Invalid, match="needs an election"):
        planned(now=london("2017-04-19"))
    with pytest.raises(Invalid, match="dispatch of postal votes"):
        planned(Poll(dates(GENERAL_2017)), now=london("2017-04-19"))


def test_after_the_poll_a_leaflet_not_landed_is_told_so_without_remedies() -> None:
    found = planned(poll(GENERAL_2017), now=london("2017-07-03"))
    assert found.state is Standing.CANNOT
    assert found.sentence == "Polling day was Thu 8 Jun: nothing can be planned for it any more."
    assert found.remedies == ()


def test_one_election_may_be_asked_for_without_making_a_poll_of_it() -> None:
    made = poll(GENERAL_2017)
    found = plan(
        BEFORE_POSTAL_VOTES,
        Route.FREEPOST,
        timetable=made.timetable,
        dispatch=made.postal_votes,
        durations=DURATIONS,
        printer_days=PRINTER,
        calendar=working(),
        now=london("2017-04-19"),
    )
    assert found == planned(made, now=london("2017-04-19"))


def test_every_step_names_its_source() -> None:
    for route in Route:
        found = planned(poll(GENERAL_2017), now=london("2017-03-01"), route=route)
        assert all(each.source.strip() for each in found.steps)
        assert found.target.source
    freepost = planned(poll(GENERAL_2017), now=london("2017-03-01"))
    checked = freepost.step(Step.DELIVERY_STARTS)
    assert checked is not None
    assert "check with Royal Mail" in checked.source
