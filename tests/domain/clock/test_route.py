"""Routes: which elections have which, and what each asks to be done in which order."""

from __future__ import annotations

import pytest

from leaflets.domain.clock.election import NATIONS, Election, Kind, Nation, parse_election
from leaflets.domain.clock.route import STEPS, Route, Step, routes_of, with_those_before

FREE = {
    (Kind.PARLIAMENT_GENERAL, None),
    (Kind.PARLIAMENT_BY, None),
    (Kind.SCOTTISH_PARLIAMENT, None),
    (Kind.SENEDD, None),
    (Kind.NI_ASSEMBLY, None),
    (Kind.LOCAL, Nation.NORTHERN_IRELAND),
}


@pytest.mark.parametrize(("kind", "nation"), [(kind, nation) for kind in Kind for nation in sorted(NATIONS[kind])])
def test_freepost_exists_for_these_elections_and_no_other(kind: Kind, nation: Nation) -> None:
    election = Election("made", kind, parse_election("local.2026-05-07").polling_day)
    routes = routes_of(election, nation)
    assert (Route.FREEPOST in routes) is ((kind, None) in FREE or (kind, nation) in FREE)
    assert set(routes) >= set(Route) - {Route.FREEPOST}


@pytest.mark.parametrize("route", Route)
def test_every_route_begins_with_approval_and_ends_on_a_doormat(route: Route) -> None:
    steps = STEPS[route]
    assert steps[:2] == (Step.SEND_FOR_APPROVAL, Step.APPROVED)
    assert steps[-1] is Step.LANDED
    assert steps.index(Step.PDF_AT_PRINTER) + 1 == steps.index(Step.PRINTED)
    assert (Step.HANDOVER in steps) is not (Step.PICK_UP in steps)
    assert all(step.label and step.order for step in steps)
    assert route.label


def test_steps_of_another_route_are_left_out_of_what_is_done() -> None:
    assert with_those_before(Route.HAND_DELIVERY, frozenset({Step.BOOK, Step.APPROVED})) == {
        Step.SEND_FOR_APPROVAL,
        Step.APPROVED,
    }


def test_booking_says_nothing_of_the_artwork_and_handing_over_says_all() -> None:
    assert with_those_before(Route.FREEPOST, frozenset({Step.BOOK})) == {Step.BOOK}
    handed_over = with_those_before(Route.FREEPOST, frozenset({Step.HANDOVER}))
    assert handed_over == set(STEPS[Route.FREEPOST]) - {Step.DELIVERY_STARTS, Step.LANDED}
