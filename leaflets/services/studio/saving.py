"""One batch of words on its way to the disk: what it meets, what is stored, what stands beside newer words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, String, bindparam, cast, select
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import (
    Act,
    Conflict,
    Edit,
    EditResult,
    Outcome,
    canonical_json,
    meets_newer_words,
    why_not_storable,
)
from leaflets.services import leaflets
from leaflets.services.studio import edit_log
from leaflets.storage.leaflet import Leaflet, ZoneEdit, ZoneText
from leaflets.storage.people import Person

NOTED_EVERY = timedelta(minutes=1)
"""How often at most the trail of a leaflet says of the same person that they saved words."""


@dataclass
class Saving:
    """One batch on its way to the disk. `notes` say what was kept, `opened_choice` that a person has to choose.

    `homes` are the leaflets that keep it. `begins` says that somebody did not just go on with what they wrote a moment
    ago.
    """

    session: Session
    actor: Person
    now: datetime
    target: Leaflet
    notes: list[str] = field(default_factory=list)
    opened_choice: bool = False
    begins: bool = False
    homes: set[int] = field(default_factory=set)
    _texts: dict[tuple[int, str], ZoneText] = field(default_factory=dict)
    _known: dict[tuple[int, str], ZoneEdit] = field(default_factory=dict)

    def look_up(self, edits: Sequence[Edit]) -> None:
        """Read what the batch meets, in two statements: the zones as they stand, and edits that came before."""
        wanted = [edit for edit in edits if why_not_storable(edit) is None]
        homes = list({leaflets.home_of(self.target, edit.zone).id for edit in wanted})
        zones, numbers = list({each.zone for each in wanted}), [each.op_id for each in wanted]
        texts = self.session.scalars(_TEXTS, {"homes": homes, "zones": zones})
        known = self.session.scalars(_KNOWN, {"homes": homes, "numbers": numbers})
        self._texts = {(text.leaflet_id, text.zone): text for text in texts}
        self._known = {(edit.leaflet_id, edit.op_id): edit for edit in known}

    def version_of(self, zone: str) -> int:
        """The version that a zone has now."""
        return self._text(leaflets.home_of(self.target, zone), zone).version

    def take(self, edit: Edit, writer: int | None = None) -> EditResult:
        """Store one, or keep it beside newer words, or say why not. `writer` wrote it, where somebody else did."""
        if wrong := why_not_storable(edit):
            return EditResult(edit.op_id, edit.zone, Outcome.REFUSED, 0, None, *wrong)
        home = leaflets.home_of(self.target, edit.zone)
        text = self._text(home, edit.zone)
        before = self._known.get((home.id, edit.op_id))
        if before is not None:
            return self._same_again(edit, before, text)
        beside = meets_newer_words(edit.base_version, text.version, edit.value, text.value)
        writer = writer or self._writer(home, edit)
        self.begins |= text.by != self.actor.id or text.version == 0 or self.now - text.at > NOTED_EVERY
        if not beside:
            set_words(text, edit.value, self.actor.id, self.now, writer)
        row = row_of(self.actor, self.now, home, edit, version=None if beside else text.version, writer=writer)
        self._known[home.id, edit.op_id] = row
        self.notes.append(f"{text.zone} {'kept beside ' if beside else ''}v{text.version}")
        home.changed_at = self.now
        self.homes.add(home.id)
        if beside:
            self.opened_choice |= not self._settle_earlier(home, edit)
        self.session.add(row)
        return self._beside(edit, row, text) if beside else _stored(edit, text.version)

    def _text(self, home: Leaflet, zone: str) -> ZoneText:
        text = self._texts.get((home.id, zone))
        if text is None:
            text = ZoneText(leaflet_id=home.id, zone=zone, value=None, version=0, by=self.actor.id, at=self.now)
            self.session.add(text)
            self._texts[home.id, zone] = text
        return text

    def _writer(self, home: Leaflet, edit: Edit) -> int | None:
        """Whoever wrote words that are brought back, where they stood in the zone before."""
        if edit.act not in _BRINGS_BACK:
            return None
        same = cast(ZoneEdit.value, String) == json.dumps(edit.value)
        wrote = select(edit_log.WRITER).where(ZoneEdit.leaflet_id == home.id, ZoneEdit.zone == edit.zone, same)
        return self.session.scalar(wrote.order_by(ZoneEdit.id.desc()).limit(1))

    def _same_again(self, edit: Edit, before: ZoneEdit, text: ZoneText) -> EditResult:
        """The answer that an edit got the first time."""
        if before.zone != edit.zone or canonical_json(before.value) != canonical_json(edit.value):
            wrong = (
                "Another change was sent with this number before.",
                "Type it again; what you typed stays on this device.",
            )
            return EditResult(edit.op_id, edit.zone, Outcome.REFUSED, 0, None, *wrong)
        return self._beside(edit, before, text) if before.version is None else _stored(edit, before.version)

    def _settle_earlier(self, home: Leaflet, edit: Edit) -> bool:
        """Whether this person, in this very tab, had words waiting in the zone already: the newer ones replace them."""
        if not edit.device:
            return False
        mine = select(ZoneEdit).where(ZoneEdit.leaflet_id == home.id, ZoneEdit.zone == edit.zone, *edit_log.UNDECIDED)
        earlier = self.session.scalars(mine.where(ZoneEdit.device == edit.device, ZoneEdit.by == self.actor.id)).all()
        for row in earlier:
            row.settled_at = self.now
        return bool(earlier)

    def _beside(self, edit: Edit, kept: ZoneEdit, text: ZoneText) -> EditResult:
        self.session.flush()  # gives a new row its number
        by = {id_: self.session.get_one(Person, id_).name for id_ in (kept.by, text.by)}
        waits = kept.settled_at is None
        conflict = conflict_of(kept, text, by[kept.by], by[text.by]) if waits else None
        return EditResult(edit.op_id, edit.zone, Outcome.CONFLICT, kept.base_version, conflict)


_BRINGS_BACK = frozenset({Act.UNDO, Act.REDO, Act.RESTORE})

# Asked with every save, so put together once.
_HOMES: BindParameter[int] = bindparam("homes", expanding=True)
_TEXTS = select(ZoneText).where(ZoneText.leaflet_id.in_(_HOMES), ZoneText.zone.in_(bindparam("zones", expanding=True)))
_KNOWN = select(ZoneEdit).where(
    ZoneEdit.leaflet_id.in_(_HOMES), ZoneEdit.op_id.in_(bindparam("numbers", expanding=True))
)


def _stored(edit: Edit, version: int) -> EditResult:
    return EditResult(edit.op_id, edit.zone, Outcome.STORED, version)


def row_of(
    actor: Person, now: datetime, home: Leaflet, edit: Edit, *, version: int | None, writer: int | None
) -> ZoneEdit:
    """The row of an edit: with the version that it became, or none where it stands beside newer words."""
    return ZoneEdit(
        leaflet_id=home.id,
        op_id=edit.op_id,
        zone=edit.zone,
        value=edit.value,
        base_version=edit.base_version,
        version=version,
        by=actor.id,
        at=now,
        device=edit.device,
        step=edit.step,
        act=edit.act,
        of_step=edit.of,
        written_by=None if writer == actor.id else writer,
    )


def set_words(text: ZoneText, value: Any, by: int, now: datetime, writer: int | None) -> None:
    """Put words into a zone, as its next version."""
    text.value, text.version, text.by, text.at = value, text.version + 1, by, now
    text.written_by = None if writer == by else writer


def conflict_of(edit: ZoneEdit, text: ZoneText, offered_by: str, stored_by: str) -> Conflict:
    """Two texts for one zone, with the names of those who wrote them."""
    return Conflict(
        edit_id=edit.id,
        zone=edit.zone,
        offered=edit.value,
        offered_by=offered_by,
        offered_at=edit.at,
        stored=text.value,
        stored_by=stored_by,
        stored_at=text.at,
        version=text.version,
    )
