"""The history of a leaflet: its versions, what it held at any of them, bringing one back, giving one a name."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import Act, canonical_json
from leaflets.domain.permissions import Action
from leaflets.domain.template import Values, Zone
from leaflets.domain.words.characters import tidy_line
from leaflets.domain.words.comparison import ZoneChange, compare_leaflets
from leaflets.domain.words.sittings import Sitting, sittings
from leaflets.services import access, audit, leaflets
from leaflets.services.studio import edit_log, words
from leaflets.services.studio.edit_log import NO_LIMIT, Seek
from leaflets.storage.leaflet import Leaflet, NamedVersion, ZoneEdit
from leaflets.storage.people import Person
from leaflets.storage.session import writing

PAGE = 20
"""Versions that are shown at once."""

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Version:
    """A version as people see it: what was written in one sitting, by whom, and the name that it was given.

    `previous` is the edit after which the leaflet stood as it did before; empty for the very first version.
    """

    sitting: Sitting
    people: tuple[str, ...]
    name: str
    previous: int | None
    is_newest: bool

    @property
    def edit_id(self) -> int:
        """The edit after which the leaflet stood so."""
        return self.sitting.last_id


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """Versions, the newest first, and before which edit the next page begins, if there is one."""

    versions: tuple[Version, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A leaflet as it stood after one edit. `number` is that edit, `by` who made it."""

    number: int
    at: datetime
    by: str
    name: str
    values: Values


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two moments of a leaflet, the older first, and the zones that differ."""

    before: Moment
    after: Moment
    changes: tuple[ZoneChange, ...]


def versions(session: Session, *, actor: Person, leaflet_id: int, before: int | None = None) -> VersionsPage:
    """A page of versions, those before the edit `before` when it is given. Raises `NotFound` or `Refused`."""
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    names = _names(session, target)
    lines = edit_log.lines_before(session, target, before if before is not None else NO_LIMIT)
    found = list(islice(sittings(lines, ends=names), PAGE + 1))
    people = _people(session, {by for sitting in found for by in sitting.people})
    shown = [
        Version(
            sitting,
            tuple(people[by] for by in sitting.people),
            names.get(sitting.last_id, ""),
            previous=found[number + 1].last_id if number + 1 < len(found) else None,
            is_newest=before is None and number == 0,
        )
        for number, sitting in enumerate(found[:PAGE])
    ]
    return VersionsPage(tuple(shown), found[PAGE - 1].first_id if len(found) > PAGE else None)


def moment(session: Session, *, actor: Person, leaflet_id: int, edit_id: int) -> Moment:
    """A leaflet as it stood after one of its edits. Raises `NotFound` or `Refused`."""
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    edit = _edit(session, target, edit_id)
    return Moment(
        number=edit.id,
        at=edit.at,
        by=session.get_one(Person, edit.by).name,
        name=_names(session, target).get(edit.id, ""),
        values=values_at(session, target, edit.id),
    )


def values_at(session: Session, target: Leaflet, edit_id: int) -> Values:
    """What the zones of a leaflet held after an edit; those that held nothing yet are not in it.

    A zone that was never edited holds what it began with. The caller has seen to it that they may be seen.
    """
    zones = edit_log.zones_of(target)
    then = edit_log.newest_words(session, target, [Seek(zone, edit_id + 1) for zone in zones])
    held = {seek.zone: words.value for seek, words in then.items()}
    silent = [Seek(zone, NO_LIMIT) for zone in zones if zone not in held]
    ever = {seek.zone for seek in edit_log.newest_words(session, target, silent)} if silent else set()
    now = target.values
    return {zone: held.get(zone, now[zone]) for zone in zones if zone in held or zone not in ever}


def compare(
    session: Session, *, actor: Person, leaflet_id: int, edit_ids: tuple[int, int], zones: Sequence[Zone]
) -> Comparison:
    """Two moments side by side, whichever order they are named in. Raises `NotFound` or `Refused`."""
    before, after = (
        moment(session, actor=actor, leaflet_id=leaflet_id, edit_id=edit_id) for edit_id in sorted(edit_ids)
    )
    return Comparison(before, after, compare_leaflets(zones, before.values, after.values))


def newest(session: Session, target: Leaflet) -> int | None:
    """The newest edit that a leaflet shows; `None` when nobody has ever changed it."""
    rows = edit_log.newest_first(session, edit_log.shown_by(target), select(ZoneEdit.id), below=NO_LIMIT, most=1)
    return rows[0].id if rows else None


def restore(session: Session, *, actor: Person, now: datetime, leaflet_id: int, edit_id: int) -> tuple[str, ...]:
    """Bring a version back, as the newest version: nothing that was written since is lost. Says which zones changed.

    Done twice, the second changes nothing. Raises `NotFound` or `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        edit = _edit(session, target, edit_id)
        changed = _put_back(session, actor, now, target, values_at(session, target, edit.id))
        if changed:
            audit.of_leaflet(
                session, actor, now, "version restored", target, became=f"as after edit {edit.id}: {', '.join(changed)}"
            )
    return changed


def take_back(session: Session, *, actor: Person, now: datetime, leaflet_id: int, edit_id: int) -> tuple[str, ...]:
    """Bring one earlier text of one zone back: that of this edit, even if it was never chosen.

    Raises `NotFound` or `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        edit = _edit(session, target, edit_id)
        changed = _put_back(session, actor, now, target, {edit.zone: edit.value})
        if changed:
            audit.of_leaflet(session, actor, now, "text taken back", target, became=f"{edit.zone} of edit {edit.id}")
    return changed


def name(session: Session, *, actor: Person, now: datetime, leaflet_id: int, edit_id: int, name: str) -> None:
    """Give the version after an edit a name; without a name it loses the one it had.

    Raises `Invalid` for too long a one, `NotFound` or `Refused`.
    """
    tidy = tidy_line(name)
    if len(tidy) > LONGEST_NAME:
        raise Invalid("That name is too long.", f"Give it one of up to {LONGEST_NAME} characters.", code="name")
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        edit = _edit(session, target, edit_id)
        named = session.scalar(select(NamedVersion).filter_by(leaflet_id=target.id, edit_id=edit.id))
        was = named.name if named else ""
        if was == tidy:
            return
        if named is None:
            session.add(NamedVersion(leaflet_id=target.id, edit_id=edit.id, name=tidy, by=actor.id, at=now))
        elif tidy:
            named.name, named.by, named.at = tidy, actor.id, now
        else:
            session.delete(named)
        audit.of_leaflet(session, actor, now, "version named", target, was=was, became=tidy or f"edit {edit.id}")


def _put_back(session: Session, actor: Person, now: datetime, target: Leaflet, wanted: Values) -> tuple[str, ...]:
    held = target.values
    differ = {zone: value for zone, value in wanted.items() if canonical_json(value) != canonical_json(held.get(zone))}
    if differ:
        words.put(session, actor, now, target, differ, act=Act.RESTORE, step=f"restore-{uuid.uuid4().hex}")
        target.changed_at = now
    return tuple(differ)


def _edit(session: Session, target: Leaflet, edit_id: int) -> ZoneEdit:
    """One edit that a leaflet shows. Raises `NotFound`."""
    edit = session.get(ZoneEdit, edit_id) if 0 < edit_id <= NO_LIMIT else None
    if edit is None or leaflets.home_of(target, edit.zone).id != edit.leaflet_id:
        raise access.not_found("version of this leaflet")
    return edit


def _names(session: Session, target: Leaflet) -> dict[int, str]:
    named = select(NamedVersion.edit_id, NamedVersion.name).where(NamedVersion.leaflet_id == target.id)
    return {row.edit_id: row.name for row in session.execute(named)}


def _people(session: Session, ids: Collection[int]) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
