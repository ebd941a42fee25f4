"""A PDF that was made, and whose approval fell: nobody takes it away for print, and the record keeps it."""

import pytest
from reviewing import Desk

from leaflets.domain.errors import Conflict
from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import Lane
from leaflets.services.press import orders, outcomes, press_queue
from leaflets.services.roles import grants
from leaflets.storage.people import Person
from leaflets.storage.press import Order
from leaflets.storage.review import Submission


@pytest.fixture
def desk(database_url: str) -> Desk:
    return Desk(database_url)


def printed(desk: Desk) -> tuple[Submission, Order]:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    desk.pass_(sent)
    order = desk.order(leaflet)
    with desk.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=desk.now)
        assert claim is not None
        press_queue.finish(session, claim=claim, now=desk.now, outcome=outcomes.PrintDone("a" * 64, 2, ()))
    return sent, order


def taken(desk: Desk, order: Order, by: Person) -> Order:
    with desk.sessions() as session:
        return orders.to_take_away(session, actor=by, order_id=order.id)


def test_its_pdf_is_refused_with_the_reason_and_kept_for_the_record(desk: Desk) -> None:
    sent, order = printed(desk)
    house = desk.scene.stranger
    with desk.sessions() as session:
        grants.give(
            session,
            actor="a test",
            now=desk.now,
            person_id=house.id,
            role=Role.PRINTER,
            node_id=desk.clock.nation.id,
            printer_id=desk.scene.printer.id,
        )
    assert taken(desk, order, desk.agent).id == order.id
    desk.take_back(sent, "headline")
    for person in (desk.agent, house):
        with pytest.raises(Conflict) as refusal:
            taken(desk, order, person)
        assert "It is not so." in refusal.value.message
        assert "order it again" in refusal.value.remedy
    assert taken(desk, order, desk.rita).id == order.id


def test_once_the_same_content_is_approved_again_it_may_be_handed_out(desk: Desk) -> None:
    sent, order = printed(desk)
    desk.take_back(sent, "headline")
    with desk.sessions() as session:
        target = session.get_one(Order, order.id).leaflet
    desk.pass_(desk.send(target))
    assert taken(desk, order, desk.agent).id == order.id
