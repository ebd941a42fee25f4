"""What somebody can undo and redo in a leaflet: their own steps, also those of other days and devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal, select, union_all
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Act, canonical_json
from leaflets.domain.words import undo
from leaflets.domain.words.undo import Step, StepEdit
from leaflets.services import leaflets
from leaflets.services.studio import edit_log
from leaflets.services.studio.edit_log import NO_LIMIT, Seek, Words
from leaflets.storage.leaflet import Leaflet, ZoneEdit
from leaflets.storage.people import Person

MOST_EDITS = 1_000
"""Edits that one page reads."""

MOST_STEPS = 50
MOST_CHARACTERS = 400_000
"""What one page holds at most, but never less than one step."""


@dataclass(frozen=True, slots=True)
class ZoneStep:
    """What one step did to a zone."""

    zone: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step with its words. `id` is what an undo or redo of it names."""

    id: str
    act: Act
    at: datetime
    changes: tuple[ZoneStep, ...]


@dataclass(frozen=True, slots=True)
class StepsPage:
    """Steps, the next one to undo or redo first.

    `older` is where the next page of what can be undone begins, if there is one; `overtaken` names by zone who wrote
    over this person's words last: older steps there can only be brought back from the history.
    """

    undo: tuple[StepShown, ...]
    redo: tuple[StepShown, ...]
    older: int | None
    overtaken: Mapping[str, str]


def steps(session: Session, *, actor: Person, leaflet_id: int, before: int | None = None) -> StepsPage:
    """A page of what `actor` can undo, older than the edit `before` when that is given; the first also has the redos.

    Raises `NotFound` or `Refused`.
    """
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    below = before if before is not None else NO_LIMIT
    rows = _own(session, actor, target, below)
    tops = edit_log.newest_words(session, target, [Seek(zone, below) for zone in edit_log.zones_of(target)])
    found = undo.stacks(
        rows,
        {seek.zone: words.version for seek, words in tops.items()},
        undone=_undone_since(session, actor, target, below) if before is not None else {},
        whole=len(rows) < MOST_EDITS,
    )
    shown, rest = _with_words(session, target, found.undo[:MOST_STEPS])
    redo = _with_words(session, target, found.redo[:MOST_STEPS])[0] if before is None else []
    cut = found.undo[len(shown) + rest :][:1]
    older = cut[0].newest_id + 1 if cut else found.unread_from + 1 if found.unread_from is not None else None
    return StepsPage(tuple(shown), tuple(redo), older, _who(session, actor, target, found.overtaken))


def _own(session: Session, actor: Person, target: Leaflet, below: int) -> list[StepEdit]:
    """The newest stored edits of one person. The first words of a leaflet are nobody's to undo."""
    columns = select(
        ZoneEdit.id,
        ZoneEdit.zone,
        ZoneEdit.version,
        ZoneEdit.step,
        ZoneEdit.act,
        ZoneEdit.of_step,
        ZoneEdit.at,
        ZoneEdit.op_id,
    ).where(ZoneEdit.by == actor.id, ZoneEdit.version > 0)
    rows = edit_log.newest_first(session, edit_log.shown_by(target), columns, below=below, most=MOST_EDITS)
    return [
        StepEdit(row.id, row.zone, row.version, row.step or row.op_id, Act(row.act), row.of_step, row.at)
        for row in rows
    ]


def _undone_since(session: Session, actor: Person, target: Leaflet, from_id: int) -> dict[str, int]:
    """How often each step was undone from that edit on, less how often it was redone."""
    undone = func.count(func.distinct(case((ZoneEdit.act == Act.UNDO, ZoneEdit.step))))
    redone = func.count(func.distinct(case((ZoneEdit.act == Act.REDO, ZoneEdit.step))))
    net: dict[str, int] = {}
    for shown in edit_log.shown_by(target):
        moves = (
            select(ZoneEdit.of_step, undone - redone)
            .where(shown, ZoneEdit.by == actor.id, ZoneEdit.id >= from_id, ZoneEdit.version > 0)
            .where(ZoneEdit.act.in_((Act.UNDO, Act.REDO)))
            .group_by(ZoneEdit.of_step)
            .having(undone > redone)
        )
        net.update((step, number) for step, number in session.execute(moves))
    return net


def _with_words(session: Session, target: Leaflet, found: Sequence[Step]) -> tuple[list[StepShown], int]:
    """Steps with the words before and after them, as many as a page holds; and how many were left out as unknown.

    A step whose first words nobody kept (a leaflet from before its history was) cannot be taken back.
    """
    edges = [(zone, span) for step in found for zone, span in step.spans.items()]
    seeks = [Seek(zone, edge) for zone, span in edges for edge in (span.first_id, span.last_id + 1)]
    words = edit_log.newest_words(session, target, seeks)
    shown: list[StepShown] = []
    characters = unknown = 0
    for step in found:
        changes = _changes(step, words)
        if changes is None:
            unknown += 1
            continue
        characters += sum(len(canonical_json([each.before, each.after])) for each in changes)
        if shown and characters > MOST_CHARACTERS:
            break
        shown.append(StepShown(step.id, step.act, step.at, changes))
    return shown, unknown


def _changes(step: Step, words: Mapping[Seek, Words]) -> tuple[ZoneStep, ...] | None:
    changes = []
    for zone, span in step.spans.items():
        before, after = words.get(Seek(zone, span.first_id)), words.get(Seek(zone, span.last_id + 1))
        if before is None or after is None or before.version != span.first_version - 1:
            return None
        changes.append(ZoneStep(zone, before.value, after.value))
    return tuple(changes)


def _who(session: Session, actor: Person, target: Leaflet, overtaken: Mapping[str, int]) -> dict[str, str]:
    """Who wrote over this person's words in each of these zones; `overtaken` is the edit that they wrote over."""
    if not overtaken:
        return {}
    asked = [
        select(
            literal(zone),
            select(Person.name)
            .join(ZoneEdit, ZoneEdit.by == Person.id)
            .where(edit_log.of_zone(target, zone), ZoneEdit.id > edit_id, ZoneEdit.version.is_not(None))
            .where(ZoneEdit.by != actor.id)
            .order_by(ZoneEdit.id)
            .limit(1)
            .scalar_subquery(),
        )
        for zone, edit_id in overtaken.items()
    ]
    return {zone: name or actor.name for zone, name in session.execute(union_all(*asked))}
