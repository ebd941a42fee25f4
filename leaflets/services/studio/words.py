"""Saving words so that none is lost, and choosing between two texts.

An edit is kept as it came, for ever: its row says who wrote what, when and on which device, and is the audit of a
change of words. The trail of the leaflet says beside it when a person begins to write in a zone, and again after a
minute's pause: it can be read without every key in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from leaflets.domain.errors import Conflict as Overtaken
from leaflets.domain.leaflet import Act, Conflict, Edit, Saved
from leaflets.domain.permissions import Action
from leaflets.domain.template import Values
from leaflets.services import access, audit, leaflets
from leaflets.services.message import message_due
from leaflets.services.studio import edit_log
from leaflets.services.studio.saving import NOTED_EVERY, Saving, conflict_of, row_of, set_words
from leaflets.storage.audit import AuditRow
from leaflets.storage.leaflet import Leaflet, ZoneEdit, ZoneText
from leaflets.storage.people import Person
from leaflets.storage.session import writing

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
        saving = Saving(session, actor, now, target)
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
    saving = Saving(session, actor, now, target)
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
    return [conflict_of(*row) for row in session.execute(waiting)]


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
            set_words(text, edit.value, edit.by, now, writer)
            session.add(row_of(actor, now, home, chosen, version=text.version, writer=writer))
            target.changed_at = now
            message_due.mark(session, home.id)
        audit.of_leaflet(session, actor, now, "texts chosen", target, was=was, became=f"{text.zone} v{text.version}")
    return text


def _written_on(edit: ZoneEdit) -> Select[int]:
    """The newer words that took the place of these, where nobody has chosen yet."""
    same = select(ZoneEdit.id).filter_by(leaflet_id=edit.leaflet_id, zone=edit.zone, by=edit.by, device=edit.device)
    return same.where(ZoneEdit.id > edit.id, *edit_log.UNDECIDED).limit(1)


def _noted_lately(session: Session, actor: Person, now: datetime, target: Leaflet) -> bool:
    notes = select(AuditRow.at).where(AuditRow.subject == "leaflet", AuditRow.subject_id == target.id)
    last = notes.where(AuditRow.person_id == actor.id, AuditRow.what == SAVED).order_by(AuditRow.id.desc()).limit(1)
    at = session.scalar(last)
    return at is not None and now - NOTED_EVERY < at
