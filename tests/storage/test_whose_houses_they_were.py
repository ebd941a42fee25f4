"""Printing houses of before they belonged to anybody: whose each becomes, and what still names it."""

from __future__ import annotations

import json

import pytest
from alembic import command
from old_database import Filled, config_of
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.storage.durations import PrinterHours
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.migrations import migrate
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer
from leaflets.storage.session import open_engine, open_sessions
from leaflets.storage.tree import NodeSetting

PLAIN, VIVID, CALM = 1, 2, 3  # organisations, and the roots of their trees
ALONE, SHARED, IDLE = 11, 12, 13  # printing houses, by who uses them


def _fill(connection: Connection) -> None:
    old = Filled(connection)
    old.row("person", id=1)
    for number in (PLAIN, VIVID, CALM):
        old.row("organisation", id=number, name=f"organisation {number}")
        old.row("node", id=number, organisation_id=number, tier="organisation", path=f"/{number}/", parent_id=None)
    old.row("node", id=4, organisation_id=VIVID, parent_id=VIVID, tier="nation", path="/2/4/", nation="wales")
    for house, name in ((ALONE, "Alone Ltd"), (SHARED, "Shared Ltd"), (IDLE, "Idle Ltd")):
        old.row("printer", id=house, name=name, address=f"{house} Ink Lane", standard="x-1a", marks=True, min_ppi=150)
    for number, node in ((PLAIN, PLAIN), (VIVID, 4)):
        old.row("campaign", id=number, organisation_id=number, node_id=node)
        old.row("leaflet", id=number, campaign_id=number, printer_id=SHARED if number == VIVID else None)
        old.row("revision", id=number, leaflet_id=number)
    for order, (organisation, house) in enumerate(((PLAIN, SHARED), (VIVID, SHARED), (VIVID, ALONE)), start=21):
        old.row("press_order", id=order, leaflet_id=organisation, revision_id=organisation, printer_id=house)
    old.row("printer_hours", printer_id=SHARED, count=5)
    old.row("role_grant", id=1, role="printer", node_id=4, printer_id=SHARED)
    old.row("node_setting", node_id=4, name="printers", value=[ALONE, SHARED])
    old.row("node_setting", node_id=PLAIN, name="kits", value=["plain"])


def _own(session: Session, organisation: int, name: str) -> int:
    return session.scalars(
        select(Printer.id).where(Printer.organisation_id == organisation, Printer.name == name)
    ).one()


@pytest.fixture
def migrated(database_url: str) -> str:
    command.upgrade(config_of(database_url), "0007")
    engine = open_engine(database_url, pooled=False)
    with engine.begin() as connection:
        _fill(connection)
    migrate(database_url)
    return database_url


def test_a_house_that_one_organisation_used_is_its_own_and_every_other_has_a_row_for_each(migrated: str) -> None:
    with open_sessions(migrated, pooled=False)() as session:
        found = sorted((each.organisation_id, each.node_id, each.name) for each in session.scalars(select(Printer)))
        assert found == [
            *((PLAIN, PLAIN, name) for name in ("Idle Ltd", "Shared Ltd")),
            *((VIVID, VIVID, name) for name in ("Alone Ltd", "Idle Ltd", "Shared Ltd")),
            *((CALM, CALM, name) for name in ("Idle Ltd", "Shared Ltd")),
        ]
        assert session.get_one(Printer, SHARED).organisation_id == PLAIN


def test_orders_grants_settings_and_hours_name_their_own_organisations_row(migrated: str) -> None:
    with open_sessions(migrated, pooled=False)() as session:
        own = _own(session, VIVID, "Shared Ltd")
        assert {order.id: order.printer_id for order in session.scalars(select(Order))} == {
            21: SHARED,
            22: own,
            23: ALONE,
        }
        assert session.get_one(Leaflet, VIVID).printer_id == own
        assert session.get_one(Grant, 1).printer_id == own
        assert session.get_one(NodeSetting, (4, "printers")).value == sorted([ALONE, own])
        assert session.get_one(NodeSetting, (PLAIN, "kits")).value == ["plain"]
        hours = {row.printer_id: row.count for row in session.scalars(select(PrinterHours))}
        assert hours == {SHARED: 5, own: 5, _own(session, CALM, "Shared Ltd"): 5}


def test_what_was_ordered_keeps_the_name_the_address_and_the_pdf_of_its_house(migrated: str) -> None:
    with open_sessions(migrated, pooled=False)() as session:
        order = session.get_one(Order, 22)
        assert (order.printer_name, order.printer_address) == ("Shared Ltd", "12 Ink Lane")
        assert order.press_spec == order.printer.spec
        assert order.press_spec == PressSpec(Standard.X1A, True, "x", 1, 150)
        assert json.loads(json.dumps(order.spec)) == order.spec


def test_houses_of_an_installation_without_organisations_go(database_url: str) -> None:
    command.upgrade(config_of(database_url), "0007")
    engine = open_engine(database_url, pooled=False)
    with engine.begin() as connection:
        Filled(connection).row("printer", id=1)
    migrate(database_url)
    with open_sessions(database_url, pooled=False)() as session:
        assert session.scalars(select(Printer)).all() == []
