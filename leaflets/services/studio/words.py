"""Saving words so that none is lost, and choosing between two texts.

An edit is kept as it came, for ever: its row says who wrote what, when and on which device, and is the audit of a
change of words. The trail of the leaflet says beside it when a person begins to write in a zone, and again after a
minute's pause: it can be read without every key in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter, Select, String, bindparam, cast, or_, select
from sqlalchemy.orm import Session, aliased

from leaflets.domain.errors import Conflict as Overtaken
from leaflets.domain.leaflet import (
    Act,
    Conflict,
    Edit,
    EditResult,
    Outcome,
    Saved,
    canonical_json,
    meets_newer_words,
    why_not_storable,
)
from leaflets.domain.permissions import Action
from leaflets.domain.template import Values
from leaflets.services import access, audit, leaflets
from leaflets.services.message import message_due
from leaflets.services.studio import edit_log
from leaflets.storage.audit import AuditRow
from leaflets.storage.leaflet import Leaflet, ZoneEdit, ZoneText
from leaflets.storage.people import Person
from leaflets.storage.session import writing

NOTED_EVERY = timedelta(minutes=1)
"""How often at most the trail of a leaflet says of the same person that they saved words."""

SAVED = "words saved"
NOBODY_ELSE: Mapping[str, int] = MappingProxyType({})


def save_edits(session: Session, *, actor: Person, now: datetime, leaflet_id: int, edits: Sequence[Edit]) -> Saved:
    """Store a batch of edits; when this returns they are on the disk.

    Each is answered by itself, in order: one that is refused (too large, not JSON) takes no other with it. Sent
    twice, it is stored once and answered alike. One that meets newer words is kept beside them as a conflict, and an
    earlier one of the same device that nobody has decided yet gives way to it: its words stay in the history.
    """
    return saved_into(session, actor=actor, now=now, leaflet_id=leaflet_id, edits=edits)[1]


def saved_into(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, edits: Sequence[Edit]
) -> tuple[Leaflet, Saved]:
    """`save_edits`, and the leaflet: for whoever goes on with it and need not read it once more."""
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        saving = _Saving(session, actor, now, target)
        saving.look_up(edits)
        results = tuple(saving.take(edit) for edit in edits)
        if saving.notes:
            target.changed_at = now
            message_due.mark(session, *saving.homes)
            if saving.opened_choice or (saving.begins and not _noted_lately(session, actor, now, target)):
                audit.of_leaflet(session, actor, now, SAVED, target, became=", ".join(saving.notes))
    return target, Saved(leaflet_id, now, results)


def fill(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    values: Values,
    *,
    writers: Mapping[str, int] = NOBODY_ELSE,
) -> None:
    """Put the system's own words into a leaflet, for other services inside their transaction. See `put`."""
    notes = put(session, actor, now, target, values, act=Act.FILL, step=f"fill-{target.id}", writers=writers)
    if notes:
        audit.of_leaflet(session, actor, now, "words filled in", target, became=", ".join(notes))


def put(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    values: Values,
    *,
    act: Act,
    step: str,
    writers: Mapping[str, int] = NOBODY_ELSE,
) -> list[str]:
    """Put words into zones of a locked leaflet over whatever they hold, as one step that can be undone.

    For other services inside their transaction. `step` is never used again. `writers` says by zone who wrote words that
    come from elsewhere. Says what was stored, for the audit.
    """
    saving = _Saving(session, actor, now, target)
    edits = [
        Edit(f"{step}-{number}", zone, value, 0, step=step, act=act)
        for number, (zone, value) in enumerate(values.items(), 1)
    ]
    saving.look_up(edits)
    for edit in edits:
        saving.take(replace(edit, base_version=saving.version_of(edit.zone)), writers.get(edit.zone))
    message_due.mark(session, *saving.homes)
    return saving.notes


def conflicts(session: Session, target: Leaflet) -> list[Conflict]:
    """The texts that wait for somebody to choose, oldest first. The caller has seen to it that they may be seen."""
    offered_by, stored_by = aliased(Person), aliased(Person)
    waiting = (
        select(ZoneEdit, ZoneText, offered_by.name, stored_by.name)
        .join(ZoneText, (ZoneText.leaflet_id == ZoneEdit.leaflet_id) & (ZoneText.zone == ZoneEdit.zone))
        .join(offered_by, offered_by.id == ZoneEdit.by)
        .join(stored_by, stored_by.id == ZoneText.by)
        .where(or_(*edit_log.shown_by(target)), *edit_log.UNDECIDED)
        .order_by(ZoneEdit.id)
    )
    return [_conflict(*row) for row in session.execute(waiting)]


def undecided_zones(session: Session, target: Leaflet) -> frozenset[str]:
    """The zones in which two texts wait for somebody to choose."""
    shown = or_(*edit_log.shown_by(target))
    return frozenset(session.scalars(select(ZoneEdit.zone).where(shown, *edit_log.UNDECIDED)))


def settle_conflict(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    leaflet_id: int,
    edit_id: int,
    take_offered: bool,
    seen_version: int | None = None,
) -> ZoneText:
    """Choose between two texts: the one offered later, or the one stored. Both stay in the history.

    Choosing again changes nothing. `seen_version` is the version of the stored words that the person chose over.
    Raises `NotFound` when there is no such conflict, and `Conflict` when either text has changed since.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        edit = session.get(ZoneEdit, edit_id)
        home = leaflets.home_of(target, edit.zone) if edit else target
        if edit is None or edit.leaflet_id != home.id or edit.version is not None:
            raise access.not_found("pair of texts")
        text = session.get_one(ZoneText, (home.id, edit.zone))
        if edit.settled_at is not None:
            if session.scalar(_written_on(edit)):
                raise Overtaken("More was written while you chose.", "Look at both again, then choose.")
            return text
        if take_offered and seen_version not in (None, text.version):
            raise Overtaken("These words were changed while you chose.", "Look at both again, then choose.")
        was = f"{text.zone} v{text.version}"
        edit.settled_at = now
        if take_offered:
            chosen = Edit(f"settled-{edit.id}", edit.zone, edit.value, text.version)
            writer = edit.written_by or edit.by
            _set(text, edit.value, edit.by, now, writer)
            session.add(_row(actor, now, home, chosen, version=text.version, writer=writer))
            target.changed_at = now
            message_due.mark(session, home.id)
        audit.of_leaflet(session, actor, now, "texts chosen", target, was=was, became=f"{text.zone} v{text.version}")
    return text


@dataclass
class _Saving:
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
            _set(text, edit.value, self.actor.id, self.now, writer)
        row = _row(self.actor, self.now, home, edit, version=None if beside else text.version, writer=writer)
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
        conflict = _conflict(kept, text, by[kept.by], by[text.by]) if waits else None
        return EditResult(edit.op_id, edit.zone, Outcome.CONFLICT, kept.base_version, conflict)


_BRINGS_BACK = frozenset({Act.UNDO, Act.REDO, Act.RESTORE})

# Asked with every save, so put together once.
_HOMES: BindParameter[int] = bindparam("homes", expanding=True)
_TEXTS = select(ZoneText).where(ZoneText.leaflet_id.in_(_HOMES), ZoneText.zone.in_(bindparam("zones", expanding=True)))
_KNOWN = select(ZoneEdit).where(
    ZoneEdit.leaflet_id.in_(_HOMES), ZoneEdit.op_id.in_(bindparam("numbers", expanding=True))
)


def _written_on(edit: ZoneEdit) -> Select[int]:
    """The newer words that took the place of these, where nobody has chosen yet."""
    same = select(ZoneEdit.id).filter_by(leaflet_id=edit.leaflet_id, zone=edit.zone, by=edit.by, device=edit.device)
    return same.where(ZoneEdit.id > edit.id, *edit_log.UNDECIDED).limit(1)


def _stored(edit: Edit, version: int) -> EditResult:
    return EditResult(edit.op_id, edit.zone, Outcome.STORED, version)


def _noted_lately(session: Session, actor: Person, now: datetime, target: Leaflet) -> bool:
    notes = select(AuditRow.at).where(AuditRow.subject == "leaflet", AuditRow.subject_id == target.id)
    last = notes.where(AuditRow.person_id == actor.id, AuditRow.what == SAVED).order_by(AuditRow.id.desc()).limit(1)
    at = session.scalar(last)
    return at is not None and now - NOTED_EVERY < at


def _row(
    actor: Person, now: datetime, home: Leaflet, edit: Edit, *, version: int | None, writer: int | None
) -> ZoneEdit:
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


def _set(text: ZoneText, value: Any, by: int, now: datetime, writer: int | None) -> None:
    text.value, text.version, text.by, text.at = value, text.version + 1, by, now
    text.written_by = None if writer == by else writer


def _conflict(edit: ZoneEdit, text: ZoneText, offered_by: str, stored_by: str) -> Conflict:
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
