from datetime import timedelta

import pytest
from reviewing import Desk
from sqlalchemy import event

from leaflets.domain.errors import NotFound
from leaflets.services.review import review_queue, sending
from leaflets.services.review.review_queue import Queue, Whose
from leaflets.storage.people import Person
from leaflets.storage.review import Submission
from leaflets.storage.session import writing


def queue(desk: Desk, by: Person | None = None, **more: object) -> Queue:
    with desk.sessions() as session:
        return review_queue.queue(session, actor=by or desk.rita, now=desk.now, **more)  # type: ignore[arg-type]


def ids(found: Queue) -> list[int]:
    return [row.submission_id for row in found.rows]


def due(desk: Desk, sent: Submission, in_days: int | None) -> None:
    with desk.sessions() as session, writing(session):
        when = desk.now + timedelta(days=in_days) if in_days is not None else None
        session.get_one(Submission, sent.id).decide_by = when


def test_the_least_slack_comes_first_and_what_has_no_deadline_last(desk: Desk) -> None:
    sent = [desk.send(desk.leaflet(headline=f"Promise {number}")) for number in range(3)]
    for each, days in zip(sent, (None, 5, -1), strict=True):
        due(desk, each, days)
    found = queue(desk)
    assert ids(found) == [sent[2].id, sent[1].id, sent[0].id]
    assert ids(queue(desk, late=True)) == [sent[2].id]
    with desk.sessions() as session:
        said = {"actor": desk.rita, "submission_id": sent[1].id}
        assert review_queue.next_after(session, **said) == sent[0].id
        assert review_queue.next_after(session, **(said | {"submission_id": sent[0].id})) == sent[2].id


def test_what_needs_nobody_is_never_there(desk: Desk) -> None:
    desk.send(desk.leaflet())
    waits = desk.send(desk.leaflet(headline="A bus at ten"))
    assert ids(queue(desk)) == [waits.id]
    desk.pass_(waits)
    assert queue(desk).total == 0


def test_a_row_says_what_waits_and_where_it_is_said_too(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten", pledge="<p>Save the NHS.</p>"), note="Please be quick")
    desk.send(desk.leaflet(desk.clock.start("Fort"), headline="A bus at ten"))
    row = next(row for row in queue(desk).rows if row.submission_id == sent.id)
    assert [(each.label, each.topics, each.alike) for each in row.words] == [
        ("Headline", ("buses",), 1),
        ("Pledge", ("health",), 0),
    ]
    assert (row.region, row.seat, row.sender, row.note, row.asked_of) == (
        "South",
        "Harbour",
        "Agnes",
        "Please be quick",
        "South",
    )


def test_an_office_above_sees_what_waits_below_when_it_wants_to(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    assert queue(desk, desk.nat).total == 0
    below = queue(desk, desk.nat, whose=Whose.BELOW)
    assert ids(below) == [sent.id]
    assert [(office.name, office.count) for office in below.offices] == [("South", 1)]
    assert queue(desk, desk.agent, whose=Whose.BELOW).total == 0


def test_the_office_of_others_is_not_there(desk: Desk) -> None:
    with pytest.raises(NotFound):
        queue(desk, office_id=desk.clock.nation.id)
    assert queue(desk, desk.nat, office_id=desk.clock.region.id, whose=Whose.BELOW).total == 0


def test_it_is_found_by_its_seat_or_title_and_a_page_after_the_last_is_the_last(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(desk.clock.start("Fort 100%"), headline="A bus at ten"))
    desk.send(desk.leaflet(headline="A tram at ten"))
    assert ids(queue(desk, find="fort 100%")) == [sent.id]
    assert queue(desk, find="100_").total == 0
    assert queue(desk, page=99).page == 1


def test_the_count_at_the_head_of_the_site_is_that_of_the_queue(desk: Desk) -> None:
    desk.send(desk.leaflet(headline="A bus at ten"))
    with desk.sessions() as session:
        assert review_queue.count(session, desk.rita) == queue(desk).total == 1
        assert review_queue.count(session, desk.nat) == review_queue.count(session, desk.agent) == 0


def test_however_much_waits_a_page_is_the_same_number_of_statements(desk: Desk) -> None:
    def statements() -> int:
        asked: list[str] = []
        with desk.sessions() as session:
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
            review_queue.queue(session, actor=desk.rita, now=desk.now)
            session.rollback()
        return len(asked)

    desk.send(desk.leaflet(headline="A bus at ten"))
    few = statements()
    seats = [desk.clock.start(f"Seat {number}") for number in range(3)]
    for seat in seats:
        desk.send(desk.leaflet(seat, headline="A bus at ten", pledge=f"<p>For {seat.name}.</p>"))
    assert statements() == few
    assert few <= 7


def test_what_is_taken_back_leaves_it(desk: Desk) -> None:
    sent = desk.send(desk.leaflet(headline="A bus at ten"))
    with desk.sessions() as session:
        sending.take_back(session, actor=desk.agent, now=desk.now, submission_id=sent.id)
    assert queue(desk).total == 0
