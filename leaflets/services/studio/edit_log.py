"""Reading the log of edits that one leaflet shows, a bounded stretch at a time.

A variant shows zones that are kept on its main leaflet beside its own, so its log is put together from both by the
number of the edit. Whoever calls has seen to it that the leaflet may be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, column, func, select, values
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Act
from leaflets.domain.words.sittings import LogLine
from leaflets.services import leaflets
from leaflets.storage.leaflet import Leaflet, ZoneEdit

NO_LIMIT = 2**31 - 1
"""Higher than the number of any edit."""

UNDECIDED = (ZoneEdit.version.is_(None), ZoneEdit.settled_at.is_(None))
"""Which edits wait beside other words for somebody to choose."""

WRITER = func.coalesce(ZoneEdit.written_by, ZoneEdit.by)
"""Who wrote the words of an edit."""

_CHUNK = 1_000
_SEEKS = 200  # in one statement
_SOUGHT = values(
    column("number", Integer), column("home", Integer), column("zone", String), column("below", Integer), name="sought"
)


@dataclass(frozen=True, slots=True)
class Seek:
    """Look for the newest stored edit of a zone before the edit `below`."""

    zone: str
    below: int


@dataclass(frozen=True, slots=True)
class Words:
    """What a zone held after one edit of it."""

    edit_id: int
    zone: str
    version: int
    value: Any
    by: int


def shown_by(target: Leaflet) -> list[ColumnElement[bool]]:
    """The edits that a leaflet shows, as one condition for each leaflet on which they are kept."""
    if target.variant_of_id is None:  # asked with every save: without reading its words
        return [ZoneEdit.leaflet_id == target.id]
    homes: dict[int, list[str]] = {}
    for zone in zones_of(target):
        homes.setdefault(leaflets.home_of(target, zone).id, []).append(zone)
    if set(homes) <= {target.id}:
        return [ZoneEdit.leaflet_id == target.id]
    return [(ZoneEdit.leaflet_id == home) & ZoneEdit.zone.in_(zones) for home, zones in homes.items()]


def zones_of(target: Leaflet) -> list[str]:
    """The zones whose words a leaflet shows."""
    return list(target.values)


def newest_first(
    session: Session, shown: Sequence[ColumnElement[bool]], columns: Select[*tuple[Any, ...]], *, below: int, most: int
) -> list[Any]:
    """Up to `most` rows of the log before the edit `below`. `columns` selects them, the number of the edit first."""
    parts = [
        session.execute(columns.where(each, ZoneEdit.id < below).order_by(ZoneEdit.id.desc()).limit(most)).all()
        for each in shown
    ]
    return list(islice(merge(*parts, key=lambda row: -row[0]), most))


def lines_before(session: Session, target: Leaflet, below: int, *, zone: str = "") -> Iterator[LogLine]:
    """The log before an edit, newest first, of one zone or of all; read as far as somebody asks for it."""
    columns = select(
        ZoneEdit.id, ZoneEdit.zone, ZoneEdit.by, ZoneEdit.at, ZoneEdit.act, ZoneEdit.step, ZoneEdit.version
    )
    shown = shown_by(target)
    if zone:
        columns, shown = columns.where(ZoneEdit.zone == zone), [of_zone(target, zone)]
    while True:
        rows = newest_first(session, shown, columns, below=below, most=_CHUNK)
        for row in rows:
            yield LogLine(row.id, row.zone, row.by, row.at, Act(row.act), row.step, kept=row.version is None)
        if len(rows) < _CHUNK:
            return
        below = rows[-1].id


def of_zone(target: Leaflet, zone: str) -> ColumnElement[bool]:
    """The edits of one zone that a leaflet shows."""
    return (ZoneEdit.leaflet_id == leaflets.home_of(target, zone).id) & (ZoneEdit.zone == zone)


def newest_words(session: Session, target: Leaflet, seeks: Iterable[Seek]) -> dict[Seek, Words]:
    """What zones held before certain edits. A zone that held nothing yet is not among the answers."""
    wanted = list(dict.fromkeys(seeks))
    found: dict[Seek, int] = {}
    for start in range(0, len(wanted), _SEEKS):
        part = wanted[start : start + _SEEKS]
        homes = [leaflets.home_of(target, seek.zone).id for seek in part]
        sought = _SOUGHT.data([(n, homes[n], seek.zone, seek.below) for n, seek in enumerate(part)]).cte("sought")
        stored = select(func.max(ZoneEdit.id)).where(
            ZoneEdit.leaflet_id == sought.c.home,
            ZoneEdit.zone == sought.c.zone,
            ZoneEdit.version.is_not(None),
            ZoneEdit.id < sought.c.below,
        )
        newest = session.execute(select(sought.c.number, stored.scalar_subquery()))
        found |= {part[number]: id_ for number, id_ in newest if id_ is not None}
    columns = select(ZoneEdit.id, ZoneEdit.zone, ZoneEdit.version, ZoneEdit.value, ZoneEdit.by)
    ids = sorted(set(found.values()))
    parts = [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
    rows = chain.from_iterable(session.execute(columns.where(ZoneEdit.id.in_(part))) for part in parts)
    words = {row.id: Words(row.id, row.zone, row.version, row.value, row.by) for row in rows}
    return {seek: words[id_] for seek, id_ in found.items()}
