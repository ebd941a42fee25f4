"""The audit row of a change: written in the transaction of the change, never alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.storage.audit import AuditRow
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person


def record(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    what: str,
    subject: str,
    subject_id: int,
    campaign_id: int | None = None,
    was: str = "",
    became: str = "",
) -> None:
    """Note one change. `actor` is a person, or the name of the program that did it. Needs an open transaction."""
    person = actor if isinstance(actor, Person) else None
    session.add(
        AuditRow(
            at=now,
            person_id=person.id if person else None,
            who=person.name if person else str(actor),
            campaign_id=campaign_id,
            what=what,
            subject=subject,
            subject_id=subject_id,
            was=was,
            became=became,
        )
    )


def of_leaflet(
    session: Session, actor: Person, now: datetime, what: str, target: Leaflet, *, was: str = "", became: str = ""
) -> None:
    """Note one change of a leaflet."""
    record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject="leaflet",
        subject_id=target.id,
        campaign_id=target.campaign_id,
        was=was,
        became=became,
    )


def history(session: Session, *, subject: str, subject_id: int) -> list[AuditRow]:
    """Everything that happened to one thing, oldest first."""
    rows = select(AuditRow).where(AuditRow.subject == subject, AuditRow.subject_id == subject_id).order_by(AuditRow.id)
    return list(session.scalars(rows))
