"""What would still work: every remedy is the plan counted again, and only those that help are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from planned import FASTER, PRINTER, asked_again, days, london, planned, poll

from leaflets.domain.clock.durations import DURATIONS
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.remedies import RemedyKind, alternatives
from leaflets.domain.clock.route import Route, Step, with_those_before
from leaflets.domain.clock.standing import Standing

SCOTTISH = poll("sp.c.2026-05-07", Nation.SCOTLAND)
CALLED_2019 = london("2019-10-31")


def test_a_late_leaflet_may_go_without_its_allowances_or_another_way() -> None:
    found = planned(SCOTTISH, now=london("2026-03-12"), printers=[FASTER])
    assert found.state is Standing.LATE
    told = {remedy.kinds: remedy.sentence for remedy in found.remedies}
    assert told[(RemedyKind.SKIP_REJECTION,)] == (
        "Keep no time for a rejection by Royal Mail. Send it for approval by Fri 13 Mar, noon: in 1 working day."
    )
    assert told[(RemedyKind.OTHER_PRINTER,)].startswith(
        "Print at Northside Press: 3 working days instead of 7. Send it for approval by Mon 16 Mar"
    )
    assert told[(RemedyKind.HAND_DELIVERY,)].startswith("Deliver it by hand, within 5 days. Send it for approval by")


def test_the_best_comes_first_and_what_gives_up_the_aim_comes_last() -> None:
    found = planned(poll("parl.2019-12-12"), now=CALLED_2019, printers=[FASTER])
    ranks = [(RemedyKind.OTHER_AIM in each.kinds, each.plan_state.rank) for each in found.remedies]
    assert ranks == sorted(ranks)
    assert found.remedies[0].kinds == (RemedyKind.OTHER_PRINTER, RemedyKind.HAND_DELIVERY)
    assert found.remedies[0].plan_state is Standing.ON_TIME
    assert found.remedies[-1].kinds == (RemedyKind.OTHER_AIM,)
    assert found.remedies[-1].sentence.startswith(
        "Aim to land before polling day instead, when many postal voters have voted. Send it for approval by"
    )


def test_every_remedy_told_stands_as_promised_when_it_is_asked_again() -> None:
    for now in ("2019-10-31", "2019-11-05", "2019-11-18", "2019-11-28"):
        found = planned(poll("parl.2019-12-12"), now=london(now), printers=[FASTER, replace(FASTER, name="Third")])
        assert found.state is Standing.CANNOT
        for index, remedy in enumerate(found.remedies):
            again = asked_again(found, index)
            assert again.state is remedy.plan_state
            assert again.state.rank < found.state.rank
            assert again.slack_days - found.slack_days == remedy.gains_days
            assert remedy.sentence.endswith(again.sentence)


def test_several_changes_at_once_are_told_only_where_none_of_them_does_alone() -> None:
    found = planned(SCOTTISH, now=london("2026-03-19"), printers=[FASTER])
    assert (RemedyKind.HAND_DELIVERY,) in {each.kinds for each in found.remedies}
    assert not any(RemedyKind.HAND_DELIVERY in each.kinds and len(each.kinds) > 1 for each in found.remedies)


def test_a_slower_printer_and_a_printer_that_is_shut_are_not_told() -> None:
    slower = replace(FASTER, name="Slow Press", days=days(12))
    shut = replace(
        FASTER, name="Shut Press", closed_dates=frozenset(date.fromordinal(n) for n in range(736_000, 740_000))
    )
    found = planned(SCOTTISH, now=london("2026-03-12"), printers=[slower, shut, PRINTER])
    assert found.remedies
    assert not any(RemedyKind.OTHER_PRINTER in each.kinds for each in found.remedies)


def test_collecting_is_no_remedy_since_it_puts_nothing_on_a_doormat() -> None:
    found = planned(poll("parl.2019-12-12"), now=CALLED_2019, printers=[FASTER])
    assert all(each.question.route is not Route.COLLECTED for each in found.remedies)


def test_freepost_is_offered_only_where_all_the_elections_have_it() -> None:
    now, aim = london("2024-04-16"), Aim(Landing.BEFORE_POLLING_DAY)
    chain = DURATIONS.with_days(freepost_delivery=days(1), artwork_check=days(0), rejection=days(0))
    seat, mayor = poll("parl.2024-05-02"), poll("mayor.london.2024-05-02")

    def offered(*polls: object) -> set[Route]:
        found = planned(*polls, now=now, aim=aim, route=Route.DOOR_TO_DOOR, durations=chain)  # type: ignore[arg-type]
        assert found.state is Standing.CANNOT
        return {each.question.route for each in found.remedies}

    assert Route.FREEPOST in offered(seat)
    assert Route.FREEPOST not in offered(seat, mayor)


def test_another_printer_begins_with_the_pdf_again() -> None:
    question = planned(SCOTTISH, now=london("2026-03-24"), done={Step.PDF_AT_PRINTER, Step.BOOK}).question
    other = next(each for each in alternatives(question, [FASTER]) if each.kinds == (RemedyKind.OTHER_PRINTER,))
    assert with_those_before(Route.FREEPOST, other.question.done) == {
        Step.SEND_FOR_APPROVAL,
        Step.APPROVED,
        Step.SEND_ARTWORK,
        Step.ARTWORK_CLEARED,
        Step.BOOK,
    }


def test_what_royal_mail_has_seen_for_one_service_it_sees_again_for_another() -> None:
    done = {Step.ARTWORK_CLEARED}
    found = planned(SCOTTISH, now=london("2026-03-24"), done=done, printers=[FASTER])
    assert found.state is Standing.CANNOT
    by_hand = next(each for each in found.remedies if each.kinds == (RemedyKind.HAND_DELIVERY,))
    assert by_hand.question.done == {Step.SEND_FOR_APPROVAL, Step.APPROVED}
    door_to_door = next(each for each in alternatives(found.question, []) if each.question.route is Route.DOOR_TO_DOOR)
    assert door_to_door.question.done == {Step.SEND_FOR_APPROVAL, Step.APPROVED}


def test_what_is_printed_can_still_be_delivered_by_hand_and_needs_nothing_again_but_royal_mail() -> None:
    found = planned(SCOTTISH, now=london("2026-04-02"), done={Step.PRINTED})
    assert found.state is Standing.CANNOT  # never booked
    by_hand = next(each for each in found.remedies if each.kinds == (RemedyKind.HAND_DELIVERY,))
    assert by_hand.question.done == {Step.SEND_FOR_APPROVAL, Step.APPROVED, Step.PDF_AT_PRINTER, Step.PRINTED}
    assert "Pick it up from the printer by Wed 8 Apr, 5pm: in 3 working days." in by_hand.sentence
    other = next(each for each in alternatives(found.question, []) if each.question.route is Route.DOOR_TO_DOOR)
    assert other.question.done == {Step.SEND_FOR_APPROVAL, Step.APPROVED}


@pytest.mark.parametrize("step", [Step.HANDOVER, Step.DELIVERY_STARTS])
def test_nothing_is_offered_for_what_is_on_its_way(step: Step) -> None:
    found = planned(SCOTTISH, now=london("2026-05-06"), done={step})
    assert found.state is Standing.CANNOT
    assert found.remedies == ()


def test_nothing_is_offered_while_the_plan_fits() -> None:
    assert planned(SCOTTISH, now=london("2026-03-10"), printers=[FASTER]).remedies == ()
