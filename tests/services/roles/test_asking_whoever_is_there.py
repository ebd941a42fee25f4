"""Whoever is away is not asked for access: the next who may give it is, and where nobody is there, all are."""

import pytest
from clockwork import Clockwork
from scene import Scene

from leaflets.domain.permissions import Role
from leaflets.services.review import absences
from leaflets.services.roles import access_requests, answering
from leaflets.storage.grant import AccessRequest
from leaflets.storage.people import Person


@pytest.fixture
def clock(scene: Scene) -> Clockwork:
    return Clockwork(scene)


def away(clock: Clockwork, *people: Person) -> None:
    today = clock.scene.now.date()
    with clock.sessions() as session:
        for person in people:
            absences.note(session, actor=person, now=clock.scene.now, first_day=today, last_day=today)


def asked(clock: Clockwork) -> tuple[str, list[str]]:
    """Who is asked by somebody who wants to help in the campaign: the office or the campaign, and the people."""
    with clock.sessions() as session:
        made: AccessRequest = access_requests.ask(
            session,
            actor=clock.scene.stranger,
            now=clock.scene.now,
            role=Role.HELPER,
            words="I live there.",
            campaign_id=clock.campaign.id,
            organisation_id=clock.campaign.organisation_id,
        )
        return answering.name_of_asked(made), [person.name for person in answering.answerers(session, made)]


def test_while_the_agent_is_away_the_office_above_is_asked(clock: Clockwork) -> None:
    away(clock, clock.agent)
    assert asked(clock) == (clock.region.name, ["Rita"])


def test_whoever_goes_away_later_is_passed_over_with_the_next_office(clock: Clockwork) -> None:
    assert asked(clock)[1] == ["Agnes"]
    away(clock, clock.agent, clock.rita)
    with clock.sessions() as session:
        (waiting,) = access_requests.of_asker(session, actor=clock.scene.stranger)
        assert access_requests.move_on(session, now=waiting.answer_by) == 1
        (moved,) = access_requests.of_asker(session, actor=clock.scene.stranger)
        assert answering.name_of_asked(moved) == clock.nation.name


def test_where_nobody_is_there_the_first_are_asked_all_the_same(clock: Clockwork) -> None:
    assert asked(clock)[1] == ["Agnes"]
    away(clock, clock.agent)
    assert asked(clock)[1] == ["Agnes"]  # the same request, which waits for her
