"""What has become of a leaflet's words since a device last heard of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from leaflets.services.studio import edit_log
from leaflets.storage.leaflet import Leaflet, ZoneEdit, ZoneText
from leaflets.storage.people import Person


@dataclass(frozen=True, slots=True)
class Heard:
    """Words that a zone holds now and that a device does not know: somebody else's."""

    zone: str
    value: Any
    version: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stir:
    """What has happened in a leaflet since an edit: enough to see in one statement that nothing has.

    `newest` is the number of the newest edit; `others` says that another device changed words; `undecided` that two
    texts wait for somebody to choose.
    """

    newest: int
    others: bool
    undecided: bool


def stirred(session: Session, target: Leaflet, *, edit_id: int, device: str) -> Stir:
    """Whether there is anything to tell a device that knows everything up to that edit."""
    asked = _OWN_STIR if target.variant_of_id is None else _stir(or_(*edit_log.shown_by(target)))
    known = {"leaflet": target.id, "known": edit_id, "device": device}
    newest, others, undecided = session.execute(asked, known).one()
    return Stir(newest or 0, others, undecided)


def _stir(shown: ColumnElement[bool]) -> Select[int | None, bool, bool]:
    after = (ZoneEdit.id > bindparam("known"), ZoneEdit.version.is_not(None), ZoneEdit.device != bindparam("device"))
    return select(
        select(func.max(ZoneEdit.id)).where(shown).scalar_subquery(),
        exists().where(shown, *after),
        exists().where(shown, *edit_log.UNDECIDED),
    )


_OWN_STIR = _stir(ZoneEdit.leaflet_id == bindparam("leaflet"))
"""Asked with every save, so put together once."""


def newest_edit(session: Session, target: Leaflet) -> int:
    """The number of the newest edit that this leaflet shows; what comes after it has a higher one."""
    newest = select(func.max(ZoneEdit.id))
    return max(session.scalar(newest.where(shown)) or 0 for shown in edit_log.shown_by(target))


def heard_since(session: Session, target: Leaflet, *, edit_id: int, device: str) -> list[Heard]:
    """The zones that others than `device` changed after that edit, as they stand now."""
    after = (or_(*edit_log.shown_by(target)), ZoneEdit.id > edit_id, ZoneEdit.version.is_not(None))
    changed = select(ZoneEdit.leaflet_id, ZoneEdit.zone).where(*after).distinct()
    if device:
        changed = changed.where(ZoneEdit.device != device)
    found = changed.subquery()
    texts = (
        select(ZoneText, Person.name)
        .join(found, (found.c.leaflet_id == ZoneText.leaflet_id) & (found.c.zone == ZoneText.zone))
        .join(Person, Person.id == ZoneText.by)
        .order_by(ZoneText.zone)
    )
    return [Heard(text.zone, text.value, text.version, name, text.at) for text, name in session.execute(texts)]
