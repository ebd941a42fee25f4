"""The record of one place of the tree and all below it: who changed what there, the newest first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from leaflets.domain.permissions import Action
from leaflets.domain.press.schedule import WorkKind
from leaflets.services import access
from leaflets.storage.audit import AuditRow
from leaflets.storage.election import ElectionRow
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message
from leaflets.storage.people import Campaign, Person
from leaflets.storage.picture import Picture
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node

PAGE = 50
"""Rows on one page."""

_LONDON = ZoneInfo("Europe/London")

# Row: what the audit calls a thing, how people do, where its own name stands.
_SUBJECTS: dict[str, tuple[str, Any]] = {
    "leaflet": ("leaflet", Leaflet.title),
    "print": ("order", None),
    "proof": ("proof", None),
    "picture": ("picture", Picture.filename),
    "campaign": ("campaign", Campaign.name),
    "message": ("message", Message.title),
    "node": ("place", Node.name),
    "printer": ("printing house", Printer.name),
    "election": ("election", ElectionRow.ref),
    "objection": ("objection", None),
    "person": ("person", Person.name),
}

_PERSON = re.compile(r"^person (\d{1,9})\b")

_CHATTER = WorkKind.PROOF  # what the press did for somebody who typed: shown when asked for

SUBJECTS = {subject: label for subject, (label, _) in _SUBJECTS.items()}
"""What a reader may ask about: as the audit calls it, and as people do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see of the record; proofs only when they are asked for.

    Days are British ones, both included. `number` is that of one thing of the kind `subject`.
    """

    who: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the thing that it is about in words, with its own name where it has one.

    `template` is that of a leaflet, `name@version`: its zones have their labels there.
    """

    row: AuditRow
    kind: str
    name: str
    place: str
    template: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of the record. `older` is the row before which the next page begins, where there is one.

    `people` are the names of those whom its notes mention, by id.
    """

    node: Node
    lines: list[Line]
    older: int | None
    people: Mapping[int, str]


def trail(session: Session, *, actor: Person, node_id: int, asked: Asked) -> Trail:
    """One page of the record of a node and what lies below it. Raises `NotFound`, `Refused`."""
    node = access.require_at(session, actor, Action.SEE_AUDIT, node_id)
    below = dict(session.execute(select(Node.id, Node.name).where(Node.path.startswith(node.path))).all())
    rows = session.scalars(
        select(AuditRow).where(*_wanted(asked, below)).order_by(AuditRow.id.desc()).limit(PAGE + 1)
    ).all()
    shown = rows[:PAGE]
    older = shown[-1].id if len(rows) > PAGE else None
    return Trail(node, _lines(session, shown, below), older, _names(session, "person", _mentioned(shown)))


def _wanted(asked: Asked, node_ids: Collection[int]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [AuditRow.node_id.in_(list(node_ids))]
    if asked.before is not None:
        wanted.append(AuditRow.id < asked.before)
    if asked.who:
        wanted.append(AuditRow.who.icontains(asked.who, autoescape=True))
    wanted.append(AuditRow.subject == asked.subject if asked.subject else AuditRow.subject != _CHATTER)
    if asked.subject and asked.number is not None:
        wanted.append(AuditRow.subject_id == asked.number)
    if asked.since:
        wanted.append(AuditRow.at >= _begins(asked.since))
    if asked.until:
        wanted.append(AuditRow.at < _begins(asked.until + timedelta(days=1)))
    return wanted


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), _LONDON)


def _lines(session: Session, rows: Iterable[AuditRow], places: dict[int, str]) -> list[Line]:
    rows = list(rows)
    names = {
        subject: _names(session, subject, {row.subject_id for row in rows if row.subject == subject})
        for subject in _SUBJECTS
    }
    templates = _templates(session, {row.subject_id for row in rows if row.subject == "leaflet"})
    return [
        Line(
            row=row,
            kind=SUBJECTS.get(row.subject, row.subject.replace("_", " ")),
            name=names.get(row.subject, {}).get(row.subject_id, ""),
            place=places.get(row.node_id or 0, ""),
            template=templates.get(row.subject_id, "") if row.subject == "leaflet" else "",
        )
        for row in rows
    ]


def _templates(session: Session, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = select(Leaflet.id, Leaflet.template_name, Leaflet.template_version).where(Leaflet.id.in_(ids))
    return {leaflet_id: f"{name}@{version}" for leaflet_id, name, version in session.execute(rows)}


def _mentioned(rows: Iterable[AuditRow]) -> set[int]:
    return {int(number) for row in rows for note in (row.was, row.became) for number in _PERSON.findall(note)}


def _names(session: Session, subject: str, ids: set[int]) -> dict[int, str]:
    name = _SUBJECTS[subject][1]
    if name is None or not ids:
        return {}
    return dict(session.execute(select(name.class_.id, name).where(name.class_.id.in_(ids))).all())
