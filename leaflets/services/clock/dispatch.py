"""When postal votes go out: what a council announced, who said so and when. It overrides what councils usually do."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from leaflets.domain.clock.postal_votes import Announcement
from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit
from leaflets.services.clock import almanac, crossings, elections
from leaflets.services.press import open_orders
from leaflets.storage.election import DispatchRow, ElectionRow
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def announce(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    election_id: int,
    node_id: int,
    council: str,
    said_by: str,
    said_on: date,
    first: date | None,
    second: date | None = None,
) -> DispatchRow:
    """Record what a council said of its postal votes, for every campaign at or below a node.

    `said_by` is who or what said so: a notice, a web page, a person on the telephone. Open orders follow at once.
    Raises `Invalid` for a day after polling day, before the ballot papers are known, out of order or said in the
    future, for no day at all and for no source; `NotFound`, `Refused`.
    """
    said = Announcement(tidy_line(council)[:200], tidy_line(said_by)[:200], said_on, first, second)
    if first is None and second is None:
        raise Invalid("An announcement needs a day.", "Give the day of the first dispatch, the second, or both.")
    if said_on > now.date():
        raise Invalid("An announcement cannot be of a day to come.", "Give the day on which it was said.")
    with writing(session):
        row = session.get(ElectionRow, election_id)
        node = session.get(Node, node_id)
        if isinstance(actor, Person):
            row = elections.election(session, actor=actor, election_id=election_id)
            node = access.require_at(session, actor, Action.ANNOUNCE_DISPATCH, node_id)
        if row is None or node is None or row.organisation_id != node.organisation_id:
            raise access.not_found("election")
        kept = DispatchRow(
            election=row,
            node=node,
            for_polling_day=row.polling_day,
            council=said.council,
            said_by=said.said_by,
            said_on=said_on,
            first=first,
            second=second,
            recorded_by=actor.id if isinstance(actor, Person) else None,
            recorded_at=now,
        )
        session.add(kept)
        session.flush()
        almanac.poll(
            row.ref, node.law, row.nominations_close, "", almanac.said_at(almanac.heard(row), node)
        )  # raises Invalid where the days cannot be
        audit.record(
            session,
            actor=actor,
            now=now,
            what="dispatch announced",
            subject="election",
            subject_id=row.id,
            node_id=node.id,
            became=f"{node.name}, {said.council}: first {first}, second {second}; {said.said_by}, {said_on}",
        )
        concerned = (elections.concerned(row), Node.path.startswith(node.path))
        open_orders.follow(session, *concerned, actor=actor, now=now)
        crossings.look(session, *concerned, now=now)
    return kept
