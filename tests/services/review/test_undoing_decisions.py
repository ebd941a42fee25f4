"""A decision that was a slip is undone a moment later: what it decided waits for the office again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from reviewing import Desk

from leaflets.domain.errors import Conflict, NotFound
from leaflets.domain.review.approval import How, State, Where
from leaflets.services import alerts
from leaflets.services.review import returning, review_queue, undoing
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Submission


@pytest.fixture
def desk(migrated_url: str) -> Desk:
    """An office in which no two things happen at one moment."""
    return Desk(migrated_url, tick=timedelta(seconds=1))


def undo(desk: Desk, sent: Submission, at: datetime, by: Person | None = None) -> Submission:
    with desk.sessions() as session:
        return undoing.undo(session, actor=by or desk.rita, now=desk.now, submission_id=sent.id, decided_at=at)


def queue(desk: Desk, by: Person | None = None) -> int:
    with desk.sessions() as session:
        return review_queue.count(session, by or desk.rita)


def two_places(desk: Desk) -> Leaflet:
    return desk.leaflet(headline="Warmer homes", pledge="<p>We will mend the bridge.</p>")


def test_an_approval_is_undone_its_order_is_held_and_goes_on_once_it_is_passed_again(desk: Desk) -> None:
    leaflet = two_places(desk)
    sent = desk.send(leaflet)
    desk.pass_(sent)
    at = desk.scene.now
    order = desk.order(leaflet)
    undo(desk, sent, at)
    assert desk.waiting(sent) == {"headline", "pledge"}
    assert (desk.sent(sent).state, desk.standing(leaflet).where, queue(desk)) == (State.WAITING, Where.WAITING, 1)
    assert desk.covering(leaflet) is None
    with desk.sessions() as session:
        assert session.merge(order, load=True).id == order.id
        session.refresh(held := session.get_one(type(order), order.id))
        assert held.state == "held"
    desk.pass_(sent)
    assert desk.standing(leaflet).where is Where.APPROVED


def test_of_two_decisions_only_the_one_that_was_a_slip_is_undone(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    desk.pass_(sent, "headline")
    desk.pass_(sent, "pledge")
    undo(desk, sent, desk.scene.now)
    assert desk.states(sent)["headline"] == "passed"
    assert desk.waiting(sent) == {"pledge"}


def test_words_that_were_passed_in_every_leaflet_wait_in_every_one_again(desk: Desk) -> None:
    first, second = desk.send(two_places(desk)), desk.send(two_places(desk))
    desk.everywhere(first, "headline")
    assert desk.states(second)["headline"] == "passed"
    undo(desk, first, desk.scene.now)
    assert desk.states(first)["headline"] == desk.states(second)["headline"] == "waiting"


def test_a_change_that_was_asked_for_is_asked_no_more_and_what_had_gone_home_waits(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    desk.pass_(sent, "pledge")
    asked = desk.ask_change(sent, "headline", suggestion="Warm homes")
    assert desk.sent(sent).state == State.RETURNED
    undo(desk, sent, asked.at)
    assert desk.states(sent) | {"pledge": "passed"} == desk.states(sent)
    assert (desk.waiting(sent), desk.sent(sent).state) == ({"headline"}, State.WAITING)
    with desk.sessions() as session:
        [told] = alerts.unseen(session, actor=desk.agent)  # and no longer that it was sent back
        assert "Rita undid what they had just decided" in told.sentence
        session.add(asked)
        session.refresh(asked)
        assert asked.resolved_by == desk.rita.id
    desk.pass_(sent)
    assert desk.sent(sent).state == State.APPROVED


def test_sending_back_is_undone(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    with desk.sessions() as session:
        returning.send_back(session, actor=desk.rita, because="Wrong one.", **desk.seen(sent))
    undo(desk, sent, desk.scene.now)
    now = desk.sent(sent)
    assert (now.state, now.ended_at, now.ended_because, queue(desk)) == (State.WAITING, None, "", 1)


def test_a_leaflet_that_went_on_to_the_next_office_comes_back_to_the_first(migrated_url: str) -> None:
    desk = Desk(migrated_url, [{"office": "region"}, {"office": "nation"}], tick=timedelta(seconds=1))
    sent = desk.send(two_places(desk))
    desk.pass_(sent)
    at = desk.scene.now
    assert (queue(desk), queue(desk, desk.nat)) == (0, 1)
    undo(desk, sent, at)
    assert (queue(desk), queue(desk, desk.nat)) == (1, 0)


def test_nobody_undoes_twice_or_what_another_decided_or_what_is_long_past(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    desk.pass_(sent)
    at = desk.scene.now
    with pytest.raises(Conflict, match="nothing left to undo"):
        undo(desk, sent, at, by=desk.nat)
    with pytest.raises(NotFound):
        undo(desk, sent, at, by=desk.scene.stranger)
    undo(desk, sent, at)
    with pytest.raises(Conflict, match="nothing left to undo"):
        undo(desk, sent, at)
    desk.pass_(sent)
    at = desk.scene.now
    desk.scene.now += undoing.UNDO_FOR
    with pytest.raises(Conflict, match="too long ago"):
        undo(desk, sent, at)
    assert desk.sent(sent).state == State.APPROVED


def test_what_the_campaign_has_sent_anew_since_is_left_alone(desk: Desk) -> None:
    leaflet = two_places(desk)
    sent = desk.send(leaflet)
    desk.pass_(sent)
    at = desk.scene.now
    desk.write(leaflet, headline="Warmer homes, sooner")
    desk.send(leaflet)
    with pytest.raises(Conflict, match="has gone on"):
        undo(desk, sent, at)
    assert all(zone.passed and zone.passed.how == How.PERSON for zone in desk.zones(sent) if zone.state == "passed")


def test_a_change_is_asked_no_more_though_another_passed_the_rest_and_it_went_home_with_that(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    asked = desk.ask_change(sent, "headline")
    desk.pass_(sent, "pledge", by=desk.nat)
    assert desk.sent(sent).state == State.RETURNED
    undo(desk, sent, asked.at)
    now = desk.sent(sent)
    assert (now.state, desk.waiting(sent), queue(desk)) == (State.WAITING, {"headline"}, 1)


def test_what_another_asks_for_too_stays_asked_for(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    asked = desk.ask_change(sent, "headline")
    desk.ask_change(sent, "headline", by=desk.nat)
    undo(desk, sent, asked.at)
    assert desk.states(sent)["headline"] == "asked"
    assert desk.waiting(sent) == {"pledge"}


def test_what_another_sent_back_as_a_whole_stays_with_the_campaign(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    asked = desk.ask_change(sent, "headline")
    with desk.sessions() as session:
        returning.send_back(session, actor=desk.nat, because="Wrong one.", **desk.seen(sent))
    undo(desk, sent, asked.at)
    assert desk.sent(sent).state == State.RETURNED


def test_what_was_passed_waits_again_though_another_asked_for_a_change_and_it_went_home_with_that(desk: Desk) -> None:
    sent = desk.send(two_places(desk))
    desk.pass_(sent, "pledge")
    at = desk.scene.now
    desk.ask_change(sent, "headline", by=desk.nat)
    undo(desk, sent, at)
    assert desk.sent(sent).state == State.WAITING
    assert (desk.waiting(sent), desk.states(sent)["headline"]) == ({"pledge"}, "asked")
