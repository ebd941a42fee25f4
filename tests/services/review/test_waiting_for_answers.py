"""Silence has a deadline: reminders, the next office, deemed passed; absences, plans that change, many workers."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from reviewing import Desk
from sqlalchemy import event, func, select

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.notices import Notice
from leaflets.domain.organisation.tree import Place
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.review.approval import How, State
from leaflets.services import access, alerts, audit
from leaflets.services.clock import crossings
from leaflets.services.organisation import campaigns, settings
from leaflets.services.review import absences, asked, objections, waiting, waiting_board
from leaflets.services.review.waiting import Ran
from leaflets.services.roles import grants
from leaflets.storage.alert import Alert, Letter
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Submission, ZonePass
from leaflets.storage.tree import Node

MONDAY = datetime(2027, 2, 1, 10, tzinfo=UTC)
HALF_WAY = MONDAY + timedelta(hours=4)
OVER = MONDAY + timedelta(days=1)
REMINDED, MOVED, DEEMED, NOTHING = Ran(reminded=1), Ran(moved=1), Ran(deemed=1), Ran()


@pytest.fixture
def desk(migrated_url: str) -> Desk:
    desk = Desk(migrated_url)
    desk.scene.now = MONDAY
    return desk


def run(desk: Desk, now: datetime) -> Ran:
    desk.scene.now = now
    with desk.sessions() as session:
        return waiting.run(session, now=now)


def silent(desk: Desk, then: str, days: int = 1) -> None:
    with desk.sessions() as session:
        value = {"then": then, "working_days": days}
        where = desk.clock.nation.parent_id
        settings.set_here(session, actor="a test", now=MONDAY, node_id=where or 0, name="when-silent", value=value)


def told(desk: Desk, person: Person, kind: Notice) -> list[str]:
    with desk.sessions() as session:
        return [alert.sentence for alert in alerts.unseen(session, actor=person) if alert.kind == kind]


def away(desk: Desk, person: Person, first: date, last: date, **more: Any) -> Any:
    with desk.sessions() as session:
        return absences.note(session, actor=person, now=desk.now, first_day=first, last_day=last, **more)


def sent(desk: Desk, **values: Any) -> Submission:
    return desk.send(desk.leaflet(**(values or {"headline": "A bus at ten"})))


def test_an_office_is_reminded_and_then_the_next_one_is_asked_and_everybody_is_told(desk: Desk) -> None:
    found = sent(desk)
    assert run(desk, MONDAY) == NOTHING
    assert run(desk, HALF_WAY) == REMINDED
    assert run(desk, HALF_WAY + timedelta(minutes=30)) == NOTHING
    assert run(desk, OVER) == MOVED
    moved = desk.sent(found)
    assert (moved.asked_of_id, moved.moved, moved.reminded) == (desk.clock.nation.id, 1, 0)
    assert moved.asked_since == OVER
    assert len(told(desk, desk.rita, Notice.REMINDER)) == 1
    assert "Mon 1 Feb, 10am" in told(desk, desk.nat, Notice.ASKED)[0]
    for person in (desk.rita, desk.agent):
        assert "Now England is asked" in told(desk, person, Notice.MOVED)[0]
    desk.pass_(found, by=desk.nat)
    assert desk.sent(found).state == State.APPROVED
    with desk.sessions() as session:
        rows = [row.what for row in audit.history(session, subject="leaflet", subject_id=found.leaflet_id)]
    assert "approval moved on" in rows


def test_at_night_and_on_a_sunday_nobody_is_reminded_and_nothing_moves(desk: Desk) -> None:
    sent(desk)
    for at in (MONDAY + timedelta(hours=12), datetime(2027, 2, 7, 11, tzinfo=UTC)):
        assert run(desk, at) == NOTHING


def test_however_many_workers_look_each_thing_happens_once(desk: Desk) -> None:
    for number in range(6):
        sent(desk, headline=f"A bus at {number}")
    desk.scene.now = HALF_WAY

    def one(_: int) -> int:
        with desk.sessions() as session:
            return waiting.run(session, now=HALF_WAY).reminded

    with ThreadPoolExecutor(4) as workers:
        first = sum(workers.map(one, range(4)))
    assert first + sum(one(0) for _ in range(3)) == 6
    with desk.sessions() as session:
        letters = select(func.count()).select_from(Letter).where(Letter.kind == Notice.REMINDER)
        assert session.scalar(letters) == 6


def test_silence_counts_as_passed_where_the_organisation_says_so_and_the_pass_says_how(desk: Desk) -> None:
    silent(desk, "deemed")
    found = sent(desk)
    assert run(desk, HALF_WAY) == REMINDED
    assert run(desk, OVER) == DEEMED
    assert desk.sent(found).state == State.APPROVED
    with desk.sessions() as session:
        made = session.scalars(select(ZonePass).where(ZonePass.how == How.DEEMED)).one()
    assert made.by is None
    assert "South was asked on Mon 1 Feb, 10am, was reminded and did not answer." in made.because
    assert "counts as passed: “Headline”" in told(desk, desk.rita, Notice.MOVED)[0]
    assert run(desk, OVER + timedelta(days=1)) == NOTHING


def test_whoever_deems_locks_places_before_leaflets_as_whoever_ends_a_message_does(postgres_url: str) -> None:
    desk = Desk(postgres_url)
    desk.scene.now = MONDAY
    silent(desk, "deemed")
    sent(desk)
    assert run(desk, HALF_WAY) == REMINDED
    locks: list[str] = []
    with desk.sessions() as session:
        engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", lambda *said: locks.extend(re.findall(r"FOR [A-Z]+", said[2])))
    assert run(desk, OVER) == DEEMED
    assert "FOR SHARE" in locks
    assert locks.index("FOR SHARE") < locks.index("FOR UPDATE")


@pytest.mark.parametrize("how", ["a change is asked for", "somebody objects"])
def test_what_is_disputed_never_passes_by_silence(desk: Desk, how: str) -> None:
    silent(desk, "deemed")
    found = sent(desk, headline="A bus at ten", pledge="<p>A bus for all.</p>")
    if how == "somebody objects":
        with desk.sessions() as session:
            objections.make(session, actor=desk.rita, now=MONDAY, leaflet_id=found.leaflet_id, words="Not true.")
    else:
        desk.ask_change(found, "headline")
    assert run(desk, HALF_WAY) == REMINDED
    assert run(desk, OVER) == MOVED


def test_after_a_night_in_which_nobody_swept_the_office_is_reminded_before_anything_passes(desk: Desk) -> None:
    silent(desk, "deemed")
    sent(desk)
    late = MONDAY + timedelta(days=9)
    assert run(desk, late) == REMINDED
    assert run(desk, late + timedelta(hours=1)) == NOTHING
    assert run(desk, late + timedelta(hours=2)) == DEEMED


def test_an_office_in_which_nobody_will_be_is_not_waited_for(desk: Desk) -> None:
    away(desk, desk.rita, date(2027, 2, 1), date(2027, 2, 12))
    found = sent(desk)
    assert run(desk, MONDAY) == MOVED
    assert desk.sent(found).asked_of_id == desk.clock.nation.id


def test_whoever_answers_meanwhile_is_lent_the_office_for_those_days_and_no_longer(desk: Desk) -> None:
    with desk.sessions() as session:
        assert [person.name for person in absences.delegates(session, actor=desk.rita)] == ["Nat", "Olga"]
    noted = away(desk, desk.rita, date(2027, 2, 3), date(2027, 2, 5), delegate_id=desk.olga.id)
    assert "Rita is away from Wed 3 Feb to Fri 5 Feb" in told(desk, desk.olga, Notice.STANDS_IN)[0]
    for day, names in ((2, ["Rita"]), (3, ["Olga"]), (5, ["Olga"]), (8, ["Rita"])):
        desk.scene.now = datetime(2027, 2, day, 12, tzinfo=UTC)
        with desk.sessions() as session:
            absences.lend(session, now=desk.now)
            assert absences.lend(session, now=desk.now) == 0
            region_id, today = desk.clock.region.id, desk.now.date()
            able = asked.rota(session, {region_id}, today).able(region_id, today)
            lent = [each.person.name for each in absences.standing_in(session, actor=desk.olga, now=desk.now)]
        assert [person.name for person in able] == names, day
        assert lent == (["Rita"] if names == ["Olga"] else [])
    assert noted.delegate_id == desk.olga.id


def test_of_two_who_name_each_other_in_the_same_second_one_is_told_that_the_other_is_away(desk: Desk) -> None:
    day, pair = desk.now.date(), (desk.rita, desk.nat)

    def name_the_other(which: int) -> str:
        try:
            away(desk, pair[which], day, day, delegate_id=pair[1 - which].id)
        except Invalid as refused:
            return refused.remedy
        return "noted"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(name_the_other, range(2))) == ["Choose somebody who is there.", "noted"]


def test_an_office_in_another_organisation_is_never_lent(desk: Desk) -> None:
    with desk.sessions() as session:
        elsewhere = campaigns.start_campaign(
            session,
            actor="a test",
            now=MONDAY,
            organisation="Another",
            name="Bea",
            kit="plain",
            election=ElectionDetails("General election", "Dale", "", "Bea Vale"),
            imprint=Imprint("", "", "Bea Vale", "3 Vale Street, Dale DA1 1AA", "Bea Vale"),
            place=Place(Nation.ENGLAND, "North", "Dale"),
        )
        region = session.get_one(Node, session.get_one(Node, elsewhere.node_id).parent_id)
        by = {"actor": "a test", "now": MONDAY}
        grants.give(session, **by, person_id=desk.rita.id, role=Role.REGION, node_id=region.id)  # type: ignore[arg-type]
    away(desk, desk.rita, date(2027, 2, 1), date(2027, 2, 5), delegate_id=desk.olga.id)
    with desk.sessions() as session:
        held = {grant.node_id for grant in grants.held_by(session, desk.olga.id)}
    assert desk.clock.region.id in held
    assert region.id not in held


def test_whoever_is_back_early_takes_the_office_back(desk: Desk) -> None:
    noted = away(desk, desk.rita, date(2027, 2, 1), date(2027, 2, 5), delegate_id=desk.olga.id)
    with desk.sessions() as session:
        assert Role.REGION in access.granted_at(session, desk.olga, desk.clock.region)
        with pytest.raises(NotFound):
            absences.come_back(session, actor=desk.nat, now=MONDAY, absence_id=noted.id)
        for _ in range(2):
            absences.come_back(session, actor=desk.rita, now=MONDAY, absence_id=noted.id)
        assert Role.REGION not in access.granted_at(session, desk.olga, desk.clock.region)
        assert absences.of(session, actor=desk.rita, now=MONDAY) == []


@pytest.mark.parametrize(
    ("first", "last", "delegate", "why"),
    [
        (date(2027, 2, 5), date(2027, 2, 4), None, "before the first"),
        (date(2027, 1, 4), date(2027, 1, 8), None, "are over"),
        (date(2027, 2, 1), date(2027, 9, 1), None, "longer than 90"),
        (date(2029, 2, 1), date(2029, 2, 2), None, "a year ahead"),
        (date(2027, 2, 5), date(2027, 2, 8), "agent", "cannot answer"),
        (date(2027, 2, 5), date(2027, 2, 8), "rita", "cannot answer"),
        (date(2027, 2, 5), date(2027, 2, 8), "nat", "Nat is away on Fri 5 Feb"),
    ],
)
def test_days_that_cannot_be_and_people_who_cannot_answer_are_refused(
    desk: Desk, first: date, last: date, delegate: str | None, why: str
) -> None:
    away(desk, desk.nat, date(2027, 2, 5), date(2027, 2, 5))
    delegate_id = getattr(desk, delegate).id if delegate else None
    with pytest.raises(Invalid, match=why):
        away(desk, desk.rita, first, last, delegate_id=delegate_id)
    with pytest.raises(Conflict, match="away then already"):
        away(desk, desk.nat, date(2027, 2, 1), date(2027, 2, 28))


def test_by_when_an_answer_is_needed_follows_the_plan(desk: Desk) -> None:
    found = sent(desk)
    run(desk, MONDAY)
    before = desk.sent(found).decide_by
    desk.clock.announce(date(2027, 4, 12), MONDAY)
    after = desk.sent(found)
    assert before
    assert after.decide_by
    assert after.decide_by < before
    assert after.look_at is None
    with desk.sessions() as session:
        crossings.look(session, Leaflet.id == found.leaflet_id, now=MONDAY)
        assert waiting.answer_needed_by(session, [session.get_one(Submission, found.id)], now=MONDAY) == {
            found.id: OVER
        }


def test_an_answer_in_time_ends_it(desk: Desk) -> None:
    found = sent(desk)
    assert run(desk, HALF_WAY) == REMINDED
    desk.pass_(found)
    assert run(desk, OVER) == NOTHING
    with desk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Alert).where(Alert.kind == Notice.MOVED)) == 0


def test_at_the_top_it_is_asked_for_day_by_day_and_then_left_to_the_board(desk: Desk) -> None:
    with desk.sessions() as session:
        for grant in grants.held_by(session, desk.nat.id) + grants.held_by(session, desk.olga.id):
            grants.end(session, actor="a test", now=MONDAY, grant_id=grant.id)
    sent(desk)
    ran = [run(desk, MONDAY + timedelta(hours=hour)) for hour in range(24 * 28)]
    assert sum(each.reminded for each in ran) == 7
    assert sum(each.moved + each.deemed for each in ran) == 0


def test_what_cannot_pass_because_nobody_sits_in_the_next_office_keeps_nothing_else_waiting(desk: Desk) -> None:
    silent(desk, "deemed")
    sent(desk)
    desk.ask([{"office": "region"}, {"office": "nation", "zones": "all"}])
    stuck = sent(desk, headline="A train at ten")
    run(desk, HALF_WAY)
    with desk.sessions() as session:
        for grant in grants.held_by(session, desk.nat.id) + grants.held_by(session, desk.olga.id):
            grants.end(session, actor="a test", now=HALF_WAY, grant_id=grant.id)
        for grant in grants.held_by(session, desk.rita.id):
            grants.end(session, actor="a test", now=HALF_WAY, grant_id=grant.id)
    assert run(desk, OVER) == DEEMED
    assert desk.sent(stuck).state == State.WAITING
    with desk.sessions() as session:
        passed = select(ZonePass.leaflet_id).where(ZonePass.how == How.DEEMED)
        assert stuck.leaflet_id not in session.scalars(passed).all()


def test_the_board_counts_what_was_answered_moved_and_passed_by_silence_where_it_was(desk: Desk) -> None:
    silent(desk, "deemed")
    by_silence = sent(desk)
    run(desk, HALF_WAY)
    assert run(desk, OVER) == DEEMED
    answered, moved = sent(desk, headline="A train at ten"), sent(desk, headline="A tram at ten")
    desk.pass_(answered)
    with desk.sessions() as session:
        objections.make(session, actor=desk.rita, now=OVER, leaflet_id=moved.leaflet_id, words="Not true.")
    run(desk, OVER + timedelta(hours=4))
    assert run(desk, OVER + timedelta(days=1)) == MOVED
    with desk.sessions() as session:
        board = waiting_board.board(session, actor=desk.rita, now=desk.now, node_id=desk.clock.region.id)
        above = waiting_board.board(session, actor=desk.nat, now=desk.now, node_id=desk.clock.nation.id)
    assert (board.whole.answered, board.whole.waiting, board.whole.moved, board.whole.deemed) == (2, 1, 1, 1)
    assert board.whole.longest == timedelta(hours=8)
    assert [(row.name, row.times.answered) for row in board.people] == [("Rita", 1)]
    assert [each.submission.id for each in board.now] == [moved.id]
    assert [row.node.name for row in above.regions if row.node] == ["South"]
    assert above.people == ()
    assert by_silence.id not in {each.submission.id for each in above.now}
