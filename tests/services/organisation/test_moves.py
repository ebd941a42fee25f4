"""What follows from a move is read before it, and nothing is changed by reading it."""

from __future__ import annotations

from typing import Any

import pytest
from reviewing import WORDED, Desk
from sqlalchemy import select

from leaflets.domain.organisation import moving
from leaflets.domain.organisation.tree import Area, Tier
from leaflets.domain.permissions import Action, Role
from leaflets.services import access
from leaflets.services.message import message_making
from leaflets.services.message.message_making import Draft
from leaflets.services.organisation import moves, places, printing_houses
from leaflets.services.press import house_orders
from leaflets.services.roles import grants, people
from leaflets.storage.audit import AuditRow
from leaflets.storage.people import Person
from leaflets.storage.press import Order
from leaflets.storage.tree import Node


@pytest.fixture
def desk(migrated_url: str) -> Desk:
    return Desk(migrated_url)


def north_of(desk: Desk) -> Node:
    """Another region, which asks to see words too; Nora sits there."""
    with desk.sessions() as session:
        north = places.add(session, **desk.clock.by, parent_id=desk.clock.nation.id, tier=Tier.REGION, name="North")
        nora = people.add_person(session, **desk.clock.by, name="Nora", email="nora@example.org")
        grants.give(session, **desk.clock.by, person_id=nora.id, role=Role.REGION, node_id=north.id)
        session.refresh(north)
    desk.ask([{"office": "region"}], north.id)
    return north


def printing_in_the_south(desk: Desk) -> tuple[Person, int]:
    """A house of the region, and Pia who works there."""
    with desk.sessions() as session:
        pia = people.add_person(session, **desk.clock.by, name="Pia", email="pia@example.org")
        known = {"name": "Quay Print", "address": "2 Quay Street, Harbour HR1 1AA"}
        house = printing_houses.add(session, **desk.clock.by, node_id=desk.clock.region.id, **known)
        held = {"person_id": pia.id, "role": Role.PRINTER, "printer_id": house.id, "node_id": desk.clock.region.id}
        grants.give(session, **desk.clock.by, **held)
        return pia, house.id


def test_a_move_says_beforehand_who_loses_and_gains_what_and_the_record_keeps_it(desk: Desk) -> None:
    pia, house_id = printing_in_the_south(desk)
    north = north_of(desk)
    with desk.sessions() as session:
        draft = Draft("headline", "We will bring the bus back", why="People wait for it.")
        message_making.make(session, actor="a test", now=desk.now, node_id=desk.clock.region.id, draft=draft)
    ordered = desk.leaflet(headline="We will bring the bus back")
    order = desk.order(ordered, printer_id=house_id)
    sent = desk.send(desk.leaflet(headline="A tram at ten"))
    asked: dict[str, Any] = {"actor": desk.nat, "now": desk.now, "node_id": desk.clock.seat.id, "parent_id": north.id}
    with desk.sessions() as session:
        told = moves.prospect(session, **asked, templates=lambda _ref: WORDED)
        assert session.get_one(Node, desk.clock.seat.id).parent_id == desk.clock.region.id
    sentences = [each.sentence for each in told]
    for expected in (
        "Pia (printer in South) sees no new orders of Harbour. Orders that Quay Print has been given stay visible to "
        "them.",
        "Rita (regional approver in South) no longer sees or passes the leaflets of Harbour.",
        "Nora (regional approver in North) sees and passes the leaflets of Harbour.",
        "Quay Print is no longer offered. The open order with it goes on.",
    ):
        assert expected in sentences
    assert any("waits for North instead of South." in words for words in sentences)
    assert any("is no longer offered; words that say it" in words for words in sentences)
    assert desk.sent(sent).asked_of_id == desk.clock.region.id, "nothing has moved yet"

    with desk.sessions() as session, pytest.raises(moves.OtherChanges):
        moves.move(session, **asked, templates=lambda _ref: WORDED, read="something else")
    with desk.sessions() as session:
        moves.move(session, **asked, templates=lambda _ref: WORDED, read=moving.named(told))
    assert desk.sent(sent).asked_of_id == north.id
    with desk.sessions() as session:
        [kept] = session.scalars(select(AuditRow.became).where(AuditRow.what == "what a move changed"))
        assert kept == " ".join(sentences)
        # What the house was given, its people still see.
        assert [each.id for each in house_orders.house_orders(session, actor=pia, now=desk.now)] == [order.id]
        access.require_order(session, pia, Action.DOWNLOAD_PRINT, session.get_one(Order, order.id))
        assert house_orders.are_read(session, session.get_one(Order, order.id))


def test_where_a_place_goes_where_all_is_the_same_nothing_is_said(desk: Desk) -> None:
    with desk.sessions() as session:
        by = desk.clock.by
        empty = places.add(session, **by, parent_id=desk.clock.nation.id, tier=Tier.REGION, name="East")
        other = places.add(session, **by, parent_id=desk.clock.nation.id, tier=Tier.REGION, name="West")
        ward = places.add(session, **by, parent_id=empty.id, tier=Tier.SEAT, name="Castle", area=Area.WARD)
        asked = {"node_id": ward.id, "parent_id": other.id, "templates": lambda _ref: WORDED}
        assert moves.prospect(session, **by, **asked) == ()
        assert moves.move(session, **by, **asked, read=moving.named(())).parent_id == other.id
