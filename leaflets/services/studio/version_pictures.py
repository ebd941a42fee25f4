"""The pages of an older version: those of a proof that already shows its words, or of one that is asked for now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Content, pictures_in
from leaflets.domain.press.proof import TRIMMED
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.template import Values
from leaflets.queue import Tickets
from leaflets.services import leaflets
from leaflets.services.press import proofs
from leaflets.services.studio import history
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.press import Proof

_LIVELY = (WorkState.DONE, WorkState.RUNNING, WorkState.WAITING)


def shown(session: Session, *, actor: Person, leaflet_id: int, edit_id: int) -> Proof | None:
    """The newest proof of this version, finished or not; `None` when nobody has ever looked at it.

    Raises `NotFound` or `Refused`.
    """
    then = history.moment(session, actor=actor, leaflet_id=leaflet_id, edit_id=edit_id)
    target = session.get_one(Leaflet, leaflet_id)
    return _showing(session, target, then.values) or _asked(session, target, edit_id)


def ask(session: Session, *, actor: Person, now: datetime, tickets: Tickets, leaflet_id: int, edit_id: int) -> Proof:
    """A proof of this version: one that shows the same words already, else one that the press is asked for now.

    Raises `NotFound` or `Refused`.
    """
    then = history.moment(session, actor=actor, leaflet_id=leaflet_id, edit_id=edit_id)
    if showing := _showing(session, session.get_one(Leaflet, leaflet_id), then.values):
        return showing
    return proofs.ask_of_version(
        session, actor=actor, now=now, tickets=tickets, leaflet_id=leaflet_id, edit_id=edit_id, values=then.values
    )


def _showing(session: Session, target: Leaflet, values: Values) -> Proof | None:
    """The newest proof that shows these words or is about to."""
    content: Content = replace(leaflets.content_of(target), values=values, pictures=pictures_in(values))
    same = (
        select(Proof)
        .join(Revision, Revision.id == Proof.revision_id)
        .where(Revision.leaflet_id == target.id, Revision.content_hash == content.content_hash)
        .where(Proof.state.in_(_LIVELY), Proof.look.in_(TRIMMED))
    )
    return session.scalar(same.order_by(Proof.state != WorkState.DONE, Proof.id.desc()).limit(1))


def _asked(session: Session, target: Leaflet, edit_id: int) -> Proof | None:
    asked = select(Proof).where(Proof.leaflet_id == target.id, Proof.of_edit == edit_id)
    return session.scalar(asked.order_by(Proof.id.desc()).limit(1))
