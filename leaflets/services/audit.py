"""The audit row of a change: written in the transaction of the change, never alone."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.audit_chain import Entry
from leaflets.domain.press.schedule import WorkKind
from leaflets.storage.audit import AuditRow, note
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer


def record(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    what: str,
    subject: str,
    subject_id: int,
    campaign_id: int | None = None,
    node_id: int | None = None,
    was: str = "",
    became: str = "",
) -> None:
    """Note one change; it is written when the transaction ends, inside it. Raises `RuntimeError` outside `writing`.

    `actor` is a person, or the name of the program that did it. Whoever may read the record of a place sees what
    concerns it: that is the campaign's place, or the node itself; for other subjects `node_id` says it.
    """
    person = actor if isinstance(actor, Person) else None
    if campaign_id is not None:
        node_id = session.get_one(Campaign, campaign_id).node_id
    elif subject == "node":
        node_id = subject_id
    note(
        session,
        Entry(
            at=now,
            person_id=person.id if person else None,
            who=person.name if person else str(actor),
            campaign_id=campaign_id,
            node_id=node_id,
            what=what,
            subject=subject,
            subject_id=subject_id,
            was=was,
            became=became,
        ),
    )


_About = tuple[str, int, int | None, int | None]  # what kind of thing, its id, its campaign, its place


class OfCampaign(Protocol):
    """A row that belongs to one campaign; it is named in the record as its table is."""

    __tablename__: str

    @property
    def id(self) -> int:
        """Its own."""

    @property
    def campaign_id(self) -> int:
        """Its campaign's."""


def of_thing(
    session: Session,
    actor: Person | str,
    now: datetime,
    what: str,
    thing: OfCampaign,
    *,
    was: str = "",
    became: str = "",
) -> None:
    """Note one change of something that belongs to a campaign."""
    _of(session, actor, now, what, (thing.__tablename__, thing.id, thing.campaign_id, None), was, became)


def of_leaflet(
    session: Session, actor: Person | str, now: datetime, what: str, target: Leaflet, *, was: str = "", became: str = ""
) -> None:
    """Note one change of a leaflet."""
    of_thing(session, actor, now, what, target, was=was, became=became)


def of_campaign(
    session: Session,
    actor: Person | str,
    now: datetime,
    what: str,
    campaign_id: int,
    *,
    was: str = "",
    became: str = "",
) -> None:
    """Note one change of a campaign itself."""
    _of(session, actor, now, what, ("campaign", campaign_id, campaign_id, None), was, became)


def of_order(
    session: Session, actor: Person | str, now: datetime, what: str, order: Order, *, was: str = "", became: str = ""
) -> None:
    """Note one change of an order, which is named in the record as the work on it is."""
    _of(session, actor, now, what, (WorkKind.PRINT, order.id, order.leaflet.campaign_id, None), was, became)


def of_printer(
    session: Session, actor: Person | str, now: datetime, what: str, house: Printer, *, was: str = "", became: str = ""
) -> None:
    """Note one change of a printing house, which belongs to a place of the tree."""
    _of(session, actor, now, what, ("printer", house.id, None, house.node_id), was, became)


def _of(session: Session, actor: Person | str, now: datetime, what: str, about: _About, was: str, became: str) -> None:
    subject, subject_id, campaign_id, node_id = about
    record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject=subject,
        subject_id=subject_id,
        campaign_id=campaign_id,
        node_id=node_id,
        was=was,
        became=became,
    )


def history(session: Session, *, subject: str, subject_id: int) -> list[AuditRow]:
    """Everything that happened to one thing, oldest first."""
    rows = select(AuditRow).where(AuditRow.subject == subject, AuditRow.subject_id == subject_id).order_by(AuditRow.id)
    return list(session.scalars(rows))
