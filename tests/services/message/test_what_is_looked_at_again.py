"""A leaflet that was changed while two sweepers look at it is looked at again."""

from __future__ import annotations

from reviewing import Desk

from leaflets.services.message import message_due
from leaflets.storage.session import writing


def test_a_mark_that_was_made_meanwhile_outlives_both_who_looked_before(migrated_url: str) -> None:
    desk = Desk(migrated_url)
    leaflet = desk.leaflet()
    with desk.sessions() as session:
        seen = message_due.marks(session, [leaflet.id])
        assert seen
        with writing(session):  # the quicker of two who saw these
            message_due.done(session, [leaflet.id], seen)
        with writing(session):
            message_due.mark(session, leaflet.id)
        with writing(session):  # the slower
            message_due.done(session, [leaflet.id], seen)
        assert message_due.marks(session, [leaflet.id])
