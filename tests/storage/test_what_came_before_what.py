"""What was known by clocks alone before: who wrote what waits, which ends are dealt with, where orders were given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic import command
from old_database import THEN, Filled, config_of
from sqlalchemy import Connection, select

from leaflets.storage.leaflet import ZoneEdit, ZoneText
from leaflets.storage.message import MessageDue, MessageText, MessageUse
from leaflets.storage.migrations import migrate
from leaflets.storage.press import Order
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.session import open_engine, open_sessions

RITA, AGNES = 1, 2
MAIN, PLACE = 1, 2
LATER = THEN + timedelta(hours=1)


def _fill(connection: Connection) -> None:
    old = Filled(connection)
    for person in (RITA, AGNES):
        old.row("person", id=person, email=f"{person}@example.org")
    old.row("organisation", id=1)
    old.row("node", id=1, organisation_id=1, tier="organisation", path="/1/", parent_id=None)
    old.row("printer", id=1, organisation_id=1, node_id=1)
    old.row("campaign", id=1, organisation_id=1, node_id=1)
    old.row("leaflet", id=MAIN, campaign_id=1, local_zones=["street"])
    old.row("leaflet", id=PLACE, campaign_id=1, variant_of_id=MAIN)
    edits = ((MAIN, "street", 1, RITA, THEN), (PLACE, "street", 0, AGNES, THEN), (MAIN, "headline", 1, AGNES, THEN))
    for number, (leaflet, zone, version, by, at) in enumerate((*edits, (MAIN, "headline", 2, RITA, LATER)), start=1):
        old.row("zone_edit", id=number, leaflet_id=leaflet, op_id=str(number), zone=zone, version=version, by=by, at=at)
    for leaflet, zone, version, by in ((MAIN, "street", 1, RITA), (PLACE, "street", 0, AGNES)):
        old.row("zone_text", leaflet_id=leaflet, zone=zone, version=version, by=by)
    old.row("revision", id=1, leaflet_id=PLACE)
    old.row("submission", id=1, leaflet_id=PLACE, revision_id=1, state="waiting", sent_by=AGNES)
    for number, zone in enumerate(("street", "headline"), start=1):
        old.row("review_zone", id=number, submission_id=1, zone=zone, state="waiting")
    old.row("press_order", id=1, leaflet_id=PLACE, revision_id=1, printer_id=1, placed_by=AGNES)
    old.row("message", id=1, organisation_id=1, node_id=1, withdrawn_at=LATER)
    old.row("message_text", id=1, message_id=1, ended_at=THEN)
    for leaflet, at in ((MAIN, LATER), (PLACE, LATER + timedelta(seconds=1))):
        old.row("message_use", id=leaflet, leaflet_id=leaflet, text_id=1, at=at)


@pytest.fixture
def migrated(database_url: str) -> str:
    command.upgrade(config_of(database_url), "0008")
    with open_engine(database_url, pooled=False).begin() as connection:
        _fill(connection)
    migrate(database_url)
    return database_url


def test_what_clocks_had_said_is_kept_as_an_order(migrated: str) -> None:
    with open_sessions(migrated, pooled=False)() as session:
        sent = session.get_one(Submission, 1)
        assert sent.writers == {"street": RITA, "headline": AGNES}
        assert {zone.zone: zone.written_by for zone in session.scalars(select(ReviewZone))} == sent.writers
        assert session.get_one(ZoneText, (PLACE, "street")).writer_id == RITA
        assert [edit.written_by for edit in session.scalars(select(ZoneEdit).order_by(ZoneEdit.id))] == [
            None,
            RITA,
            None,
            None,
        ]
        text = session.get_one(MessageText, 1)
        assert (text.ends, text.last_edit_id, text.last_pass_id, text.last_approval_id) == (2, 4, 0, 0)
        assert [use.ends for use in session.scalars(select(MessageUse).order_by(MessageUse.leaflet_id))] == [1, 2]
        assert {due.leaflet_id for due in session.scalars(select(MessageDue))} == {MAIN, PLACE}
        assert session.get_one(Order, 1).way_then == [1]
