from datetime import UTC, date, datetime, timedelta

import pytest
from clockwork import Clockwork
from mail_server import Letterbox
from sqlalchemy import select

from leaflets.domain.clock.standing import Standing
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from leaflets.domain.notices import Notice, Pace
from leaflets.domain.press.schedule import Lane
from leaflets.mail import MailServer
from leaflets.services import alerts, audit, outbox
from leaflets.services.clock import crossings, elections, plans
from leaflets.services.press import outcomes, press_queue
from leaflets.services.review import objections
from leaflets.storage.alert import Letter
from leaflets.storage.people import Person

SITE = "https://leaflets.example.org"
EARLY = datetime(2027, 2, 1, 10, tzinfo=UTC)


def _at(clock: Clockwork, leaflet_id: int, days: int) -> datetime:
    """So many days before (or, below zero, after) the leaflet has to be sent for approval."""
    with clock.sessions() as session:
        plan = plans.plan_of(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet_id).plan
    assert plan is not None
    return plan.latest_safe - timedelta(days=days)


def _watch(clock: Clockwork, now: datetime) -> int:
    with clock.sessions() as session:
        return crossings.watch(session, now=now)


def _told(clock: Clockwork, person: Person) -> list[str]:
    with clock.sessions() as session:
        return [alert.state for alert in alerts.unseen(session, actor=person)]


def _send(clock: Clockwork, box: Letterbox | None, now: datetime) -> int:
    server = MailServer(box.url if box else "smtp://127.0.0.1:1", "leaflets@example.org")
    with clock.sessions() as session:
        return outbox.send(session, server=server, base_url=SITE, now=now)


def test_each_crossing_is_told_once_to_the_team_the_agent_and_the_region(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    assert _watch(clock, _at(clock, leaflet.id, 30)) == 0
    for days, crossed, state in (
        (1, 1, Standing.TIGHT),
        (0, 0, Standing.TIGHT),
        (-1, 1, Standing.LATE),
        (-2, 0, Standing.LATE),
        (-30, 1, Standing.CANNOT),
        (-31, 0, Standing.CANNOT),
    ):
        assert _watch(clock, _at(clock, leaflet.id, days)) == crossed, days
        assert _told(clock, clock.agent) == _told(clock, clock.rita) == [state]  # what was told before is over
    assert _told(clock, clock.nat) == _told(clock, clock.scene.stranger) == []
    assert _watch(clock, datetime(2027, 6, 1, tzinfo=UTC)) == 0


def test_the_same_state_is_told_again_only_after_a_recovery(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    tight = _at(clock, leaflet.id, 1)
    assert _watch(clock, tight) == 1
    clock.announce(date(2027, 4, 21), tight)
    assert clock.plan(leaflet, tight).plan.state is Standing.ON_TIME  # type: ignore[union-attr]
    again = _at(clock, leaflet.id, 1)
    assert again > tight
    assert _watch(clock, again) == 1
    assert _told(clock, clock.agent) == [Standing.TIGHT]  # the first went with the recovery


def test_a_leaflet_that_was_just_looked_at_is_left_alone_and_a_changed_one_is_told_at_once(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    tight = _at(clock, leaflet.id, 1)
    _watch(clock, tight - timedelta(days=20))
    with clock.sessions() as session:
        why = "A candidate has died."
        elections.suspend(session, actor=clock.nat, now=tight, election_id=clock.election.id, why=why)
    assert _told(clock, clock.rita) == [Standing.SUSPENDED]
    with clock.sessions() as session:
        elections.resume(session, actor=clock.nat, now=tight, election_id=clock.election.id)
    assert _watch(clock, tight) == 0
    assert _told(clock, clock.rita) == []


def test_what_somebody_has_seen_is_theirs_alone(clock: Clockwork) -> None:
    _watch(clock, _at(clock, clock.leaflet().id, 1))
    with clock.sessions() as session:
        mine = [alert.id for alert in alerts.unseen(session, actor=clock.agent)]
        alerts.seen(session, actor=clock.rita, now=EARLY, alert_ids=mine)
    assert _told(clock, clock.agent) == [Standing.TIGHT]
    with clock.sessions() as session:
        alerts.seen(session, actor=clock.agent, now=EARLY, alert_ids=mine)
    assert _told(clock, clock.agent) == []
    assert _told(clock, clock.rita) == [Standing.TIGHT]


def test_letters_reach_a_real_mail_server_once_with_what_would_still_work(clock: Clockwork, letters: Letterbox) -> None:
    leaflet = clock.leaflet()
    late = _at(clock, leaflet.id, -2)
    _watch(clock, late)
    assert _send(clock, letters, late) == 2
    assert _send(clock, letters, late + timedelta(days=1)) == 0
    assert {letter["To"] for letter in letters.letters} == {"agnes@example.org", "rita@example.org"}
    letter = letters.letters[0]
    assert letter["Subject"].startswith("Late: Tiny, Harbour")
    assert letter["From"] == "leaflets@example.org"
    words = letter.get_content()
    assert f"{SITE}/leaflets/{leaflet.id}" in words
    assert "still lands before the postal votes" in words
    assert "What would still work" in words


def test_what_happens_at_one_moment_comes_in_one_letter(clock: Clockwork, letters: Letterbox) -> None:
    first = clock.leaflet()
    clock.leaflet()
    now = _at(clock, first.id, 1)
    _watch(clock, now)
    assert _send(clock, letters, now) == 4
    assert len(letters.letters) == 2
    assert letters.letters[0]["Subject"].endswith(", and 1 more")


def test_nothing_is_lost_while_the_mail_server_is_down(clock: Clockwork, letters: Letterbox) -> None:
    now = _at(clock, clock.leaflet().id, 1)
    _watch(clock, now)
    with pytest.raises(Unavailable, match="mail server"):
        _send(clock, None, now)
    assert _send(clock, letters, now) == 0
    assert _send(clock, letters, now + timedelta(minutes=2)) == 2
    assert len(letters.letters) == 2


def test_a_sender_that_dies_leaves_its_letters_to_the_next(clock: Clockwork, letters: Letterbox) -> None:
    now = _at(clock, clock.leaflet().id, 1)
    _watch(clock, now)
    with clock.sessions() as session:
        outbox._claimed(session, now, secrets_alone=False)
    assert _send(clock, letters, now) == 0
    assert _send(clock, letters, now + outbox.CLAIMED_FOR) == 2


def test_a_refused_address_ends_its_letter_and_stops_nobody_elses(clock: Clockwork, letters: Letterbox) -> None:
    now = _at(clock, clock.leaflet().id, 1)
    _watch(clock, now)
    with clock.sessions() as session:
        for person, address in ((clock.agent, "agnes@gone.example"), (clock.rita, "rita@full.example")):
            letter = session.scalars(select(Letter).where(Letter.person_id == person.id)).one()
            letter.address = address
        session.commit()
    assert _send(clock, letters, now) == 0
    with clock.sessions() as session:
        kept = {row.address: (row.ended_at, row.sent_at, row.reason) for row in session.scalars(select(Letter))}
    assert kept["agnes@gone.example"] == (now, None, "550 Nobody of that name")
    assert kept["rita@full.example"] == (None, None, "452 The box is full")


def test_an_address_that_mail_cannot_write_holds_up_nobody(clock: Clockwork, letters: Letterbox) -> None:
    now = _at(clock, clock.leaflet().id, 1)
    _watch(clock, now)
    with clock.sessions() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id)).first()
        assert letter is not None
        letter.address = "agnes@example.org\nBcc: all@example.org"
        session.commit()
    assert _send(clock, letters, now) == 1
    assert letters.letters[0]["To"] == "rita@example.org"


def test_a_warning_of_last_week_is_not_mailed_any_more(clock: Clockwork, letters: Letterbox) -> None:
    now = _at(clock, clock.leaflet().id, 1)
    _watch(clock, now)
    assert _send(clock, letters, now + timedelta(days=7)) == 0
    assert letters.letters == []


def test_an_objection_waits_for_the_nation_until_somebody_there_answers(clock: Clockwork) -> None:
    leaflet = clock.leaflet()
    with clock.sessions() as session:
        made = objections.make(
            session, actor=clock.rita, now=EARLY, leaflet_id=leaflet.id, words="It lands a week too late.\n"
        )
        assert made.words == "It lands a week too late."
        assert [each.id for each in objections.waiting_for(session, actor=clock.nat)] == [made.id]
        assert objections.waiting_for(session, actor=clock.rita) == []
        for person, error in ((clock.rita, Refused), (clock.agent, Refused), (clock.scene.stranger, NotFound)):
            with pytest.raises(error):
                objections.answer(session, actor=person, now=EARLY, objection_id=made.id, words="No.")
        objections.answer(
            session, actor=clock.nat, now=EARLY, objection_id=made.id, words="We move it to Door to Door."
        )
        with pytest.raises(Conflict, match="Nat has answered"):
            objections.answer(session, actor=clock.olga, now=EARLY, objection_id=made.id, words="Never mind.")
        assert objections.waiting_for(session, actor=clock.nat) == []
        told = {
            person.name: [alert.sentence for alert in alerts.unseen(session, actor=person)]
            for person in (clock.nat, clock.rita, clock.agent)
        }
        rows = [row.what for row in audit.history(session, subject="objection", subject_id=made.id)]
    assert told["Nat"] == ["Rita objects: It lands a week too late."]
    assert told["Rita"] == ["Nat answers Rita’s objection: We move it to Door to Door."]
    assert len(told["Agnes"]) == 2
    assert rows == ["objection made", "objection answered"]


@pytest.mark.parametrize(("words", "said"), [(" \n", "needs words"), ("x" * 4001, "too long")])
def test_an_objection_is_something_that_can_be_read(clock: Clockwork, words: str, said: str) -> None:
    leaflet = clock.leaflet()
    with clock.sessions() as session, pytest.raises(Invalid, match=said):
        objections.make(session, actor=clock.rita, now=EARLY, leaflet_id=leaflet.id, words=words)


def test_only_the_region_objects_and_only_to_its_own(clock: Clockwork) -> None:
    leaflet, elsewhere = clock.leaflet(), clock.leaflet(clock.start("Dale", region="North"))
    with clock.sessions() as session:
        with pytest.raises(Refused):
            objections.make(session, actor=clock.agent, now=EARLY, leaflet_id=leaflet.id, words="No.")
        with pytest.raises(NotFound):
            objections.make(session, actor=clock.rita, now=EARLY, leaflet_id=elsewhere.id, words="No.")


def test_a_stopped_order_is_told_at_once_to_those_who_may_order_whatever_they_chose(clock: Clockwork) -> None:
    scene = clock.scene
    with clock.sessions() as session:
        alerts.choose(session, actor=clock.agent, choices={Notice.ORDER_STOPPED: Pace.NEVER})
    order = scene.order(scene.leaflet().id)
    with clock.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=scene.now)
        assert claim is not None
        press_queue.finish(session, claim=claim, now=scene.now, outcome=outcomes.Stopped("A font is missing."))
    with clock.sessions() as session:
        told = alerts.unseen(session, actor=clock.agent)
        assert [(alert.kind, alert.path) for alert in told] == [(Notice.ORDER_STOPPED, f"/orders/{order.id}")]
        assert told[0].sentence == f"Order {order.id} was stopped. A font is missing."
        assert alerts.unseen(session, actor=scene.helper) == []
        assert session.scalars(select(Letter)).all() == []
