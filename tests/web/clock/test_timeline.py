"""What a picture of time shows, and where each moment of it stands."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned import FASTER, london, planned, poll

from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.clock.standing import Plan
from leaflets.web.clock.timeline import Entry, Shape, campaign_timeline, leaflet_timeline
from leaflets.web.clock.timeline_layout import (
    CHARACTER_PX,
    LABEL_PX,
    LEAST_WIDTH_PX,
    PLOT_PERCENT,
    across,
    axis_of,
    down,
    flag_levels,
    spread,
)

POLL = poll("parl.2017-06-08")


def plan_on(day: str, **wishes: object) -> Plan:
    return planned(POLL, now=london(day), printers=[FASTER], **wishes)  # type: ignore[arg-type]


def test_the_picture_shows_the_steps_the_law_the_postal_votes_and_what_is_left() -> None:
    shown = leaflet_timeline(plan_on("2017-04-03", done=[Step.SEND_FOR_APPROVAL]), "Introduction")
    shapes = {bar.moment.key: bar.moment.shape for bar in shown.bars}
    assert shapes["step-send-for-approval"] is Shape.DONE
    assert shapes["step-approved"] is Shape.NEXT
    assert shapes["step-landed"] is Shape.STEP
    flags = {flag.label: flag.said for flag in shown.flags}
    assert flags["Nominations close"] == "Thu 11 May, 4pm"
    assert flags["Polling day"] == "Thu 8 Jun"
    assert [window.first for window in shown.windows] == [True, False]
    assert shown.windows[0].moment.said == "Tue 16 May to Fri 26 May"
    assert shown.slack is not None
    assert (shown.slack.words, shown.slack.late) == ("8 working days to spare", False)
    assert {bar.moment.key for bar in shown.bars if bar.allowance_from} == {
        "step-send-for-approval",
        "step-send-artwork",
    }


def test_the_table_holds_every_date_of_the_picture_and_of_the_law_in_order() -> None:
    shown = leaflet_timeline(plan_on("2017-04-03"), "Introduction")
    keys = [moment.key for moment in shown.table]
    assert len(keys) == len(set(keys)) == 10 + 2 + 1 + len(POLL.timetable.dates)
    assert {bar.moment.key for bar in shown.bars} | {flag.key for flag in shown.flags} <= set(keys)
    assert [moment.at for moment in shown.table] == sorted(moment.at for moment in shown.table)
    assert all(moment.why for moment in shown.table)


def test_what_is_late_is_told_by_its_form_and_in_words() -> None:
    shown = leaflet_timeline(plan_on("2017-04-10"), "Introduction")
    first = shown.bars[0].moment
    assert (first.shape, first.to_spare) == (Shape.MISSED, "1 working day late")
    assert shown.slack is not None
    assert shown.slack.late
    assert shown.slack.start < shown.slack.end == shown.now


def test_a_campaign_has_a_row_for_each_leaflet_the_most_urgent_first() -> None:
    later = planned(POLL, now=london("2017-04-03"), aim=Aim(Landing.BEFORE_POLLING_DAY))
    entries = [
        Entry("leaflet-2", "Later", "/leaflets/2", later),
        Entry("leaflet-1", "First", "/leaflets/1", plan_on("2017-04-03")),
    ]
    shown = campaign_timeline("Ada", entries, london("2017-04-03"))
    assert [bar.moment.label for bar in shown.bars] == ["First: on time", "Later: on time"]
    assert [bar.moment.href for bar in shown.bars] == ["/leaflets/1", "/leaflets/2"]
    assert len([flag for flag in shown.flags if flag.shape is Shape.POLL]) == 1


def test_dates_of_the_law_on_one_day_share_a_flag() -> None:
    local = poll("local.stroud.2025-05-01")
    shown = leaflet_timeline(planned(local, now=london("2025-02-20"), route=Route.HAND_DELIVERY), "A")
    assert "Proxy vote, voter certificate" in [flag.label for flag in shown.flags]


@pytest.mark.parametrize("day", ["2016-11-01", "2017-04-03", "2017-05-25", "2017-07-20"])
def test_everything_stands_on_the_paper_whenever_it_is_drawn(day: str) -> None:
    shown = leaflet_timeline(plan_on(day), "Introduction")
    lying, standing = across(shown), down(shown)
    places = [lying.today, *(flag.x for flag in lying.flags)]
    places += [x for row in lying.rows for x in (row.x, row.end)] + [band.x + band.width for band in lying.bands]
    assert all(0 <= x <= PLOT_PERCENT for x in places)
    assert all(row.x <= row.end for row in lying.rows)
    assert all(0 < label.words_y < standing.height for label in standing.labels)
    assert lying.today_is_off == (day in ("2016-11-01", "2017-07-20"))
    truly = [label.y for label in standing.labels]
    assert truly == sorted(truly)
    assert standing.today_words not in [label.words_y for label in standing.labels]


def test_a_day_is_a_day_when_the_clocks_change() -> None:
    election = poll("local.stroud.2025-05-01")
    axis = axis_of(
        leaflet_timeline(
            planned(
                election,
                now=london("2025-03-20"),
                aim=Aim(Landing.ON_DATE, date(2025, 4, 28)),
                route=Route.HAND_DELIVERY,
            ),
            "A",
        )
    )
    noons = [axis.share(london("2025-03-28") + timedelta(days=n)) for n in range(5)]
    steps = {round(after - before, 6) for before, after in pairwise(noons)}
    assert steps == {round(1 / axis.days, 6)}


@given(st.lists(st.tuples(st.floats(0, PLOT_PERCENT), st.integers(5, 40)), max_size=12))
def test_no_line_of_a_flag_runs_through_the_words_of_another(flags: list[tuple[float, int]]) -> None:
    flags.sort()
    levels = flag_levels(flags)
    for (x, characters), level in zip(flags, levels, strict=True):
        end = x + characters * CHARACTER_PX / LEAST_WIDTH_PX * 100
        right = [other for (place, _), other in zip(flags, levels, strict=True) if x < place < end]
        assert all(other < level for other in right)


@given(st.lists(st.floats(30, 2000), max_size=25).map(sorted))
def test_words_down_the_page_never_overlap_and_stay_in_order(wanted: list[float]) -> None:
    places = spread(wanted, LABEL_PX)
    assert len(places) == len(wanted)
    assert all(after - before >= LABEL_PX - 0.2 for before, after in pairwise(places))
    if all(after - before >= LABEL_PX for before, after in pairwise(wanted)):
        assert places == pytest.approx(wanted, abs=0.1)


def test_northern_ireland_has_one_flag_for_every_absent_vote() -> None:
    assembly = poll("nia.2022-05-05", Nation.NORTHERN_IRELAND)
    shown = leaflet_timeline(planned(assembly, now=london("2022-02-20")), "A")
    assert "Apply for a postal vote, proxy vote" in [flag.label for flag in shown.flags]
