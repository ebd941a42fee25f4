"""The earlier words of one zone, and the texts of a leaflet that nobody chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.words.sittings import LogLine, Sitting, sittings
from leaflets.services import leaflets
from leaflets.services.studio import edit_log
from leaflets.services.studio.edit_log import NO_LIMIT, Seek
from leaflets.storage.leaflet import Leaflet, ZoneEdit
from leaflets.storage.people import Person

PAGE = 20
PAUSE = timedelta(minutes=1)
"""Of one zone people want to see more than of a leaflet: after this, and from each person, a text of its own."""

MOST_READ = 2_000
"""Edits of a zone that one page reads."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words that a zone held at the end of a sitting, or that were kept beside others (`kept`) and not chosen."""

    edit_id: int
    zone: str
    value: Any
    by: tuple[str, ...]
    at: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class TextsPage:
    """Texts, the newest first, and before which edit the next page begins, if there is one."""

    texts: tuple[Text, ...]
    older: int | None


def of_zone(session: Session, *, actor: Person, leaflet_id: int, zone: str, before: int | None = None) -> TextsPage:
    """What a zone held before, a text for each sitting, and what was kept beside it. Raises `NotFound` or `Refused`."""
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    lines = list(islice(edit_log.lines_before(session, target, before or NO_LIMIT, zone=zone), MOST_READ))
    found = list(islice(_texts_of(lines), PAGE + 1))
    texts = _with_words(session, target, zone, found[:PAGE])
    if len(found) > PAGE:
        return TextsPage(texts, found[PAGE].last_id + 1)
    return TextsPage(texts, lines[-1].id if len(lines) == MOST_READ else None)


def not_chosen(session: Session, *, actor: Person, leaflet_id: int, before: int | None = None) -> TextsPage:
    """The texts that met newer ones and were decided against. Raises `NotFound` or `Refused`."""
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    columns = select(ZoneEdit.id, ZoneEdit.zone, ZoneEdit.value, ZoneEdit.at, Person.name, ZoneEdit.leaflet_id)
    settled = columns.join(Person, Person.id == ZoneEdit.by).where(
        ZoneEdit.version.is_(None), ZoneEdit.settled_at.is_not(None)
    )
    shown = edit_log.shown_by(target)
    rows = edit_log.newest_first(session, shown, settled, below=before or NO_LIMIT, most=PAGE + 1)
    chosen_after = select(ZoneEdit.op_id).where(
        ZoneEdit.leaflet_id.in_({row.leaflet_id for row in rows}),
        ZoneEdit.op_id.in_([f"settled-{row.id}" for row in rows]),
    )
    chosen = set(session.scalars(chosen_after))
    texts = [
        Text(row.id, row.zone, row.value, (row.name,), row.at, kept=True)
        for row in rows[:PAGE]
        if f"settled-{row.id}" not in chosen
    ]
    return TextsPage(tuple(texts), rows[PAGE - 1].id if len(rows) > PAGE else None)


def _texts_of(newest_first: list[LogLine]) -> Iterator[Sitting]:
    """The sittings of what a zone held, and each text that was kept beside it by itself."""
    held = sittings((line for line in newest_first if not line.kept), pause=PAUSE, together=timedelta())
    beside = (one for line in newest_first if line.kept for one in sittings([line]))
    return merge(held, beside, key=lambda sitting: -sitting.last_id)


def _with_words(session: Session, target: Leaflet, zone: str, found: list[Sitting]) -> tuple[Text, ...]:
    held = edit_log.newest_words(session, target, [Seek(zone, one.last_id + 1) for one in found if not one.kept])
    kept = select(ZoneEdit.id, ZoneEdit.value).where(ZoneEdit.id.in_([one.last_id for one in found if one.kept]))
    values = {words.edit_id: words.value for words in held.values()}
    values |= {row.id: row.value for row in session.execute(kept)}
    people = select(Person.id, Person.name).where(Person.id.in_({by for one in found for by in one.people}))
    names = {row.id: row.name for row in session.execute(people)}
    return tuple(
        Text(one.last_id, zone, values[one.last_id], tuple(names[by] for by in one.people), one.ended_at, one.kept > 0)
        for one in found
    )
