"""The form of a leaflet: what each zone shows, and what a posted form says about each zone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leaflets import richtext
from leaflets.domain.leaflet import Conflict, Edit, hash_of
from leaflets.domain.problem import Problem, has_errors
from leaflets.domain.template import Template, Zone
from leaflets.domain.values import clean_values
from leaflets.storage.leaflet import Leaflet
from leaflets.web.picture_view import PictureView
from leaflets.web.rescue import WORDS
from leaflets.web.zone_fields import fields_of, rows_of, value_of

SPARE_ROWS = 1


@dataclass(frozen=True, slots=True)
class Place:
    """One zone on the form.

    `base` is the zone's version as shown and `was` a fingerprint of its words as shown: a zone that comes back with
    the same fingerprint was not touched, whatever somebody else did to it meanwhile.
    """

    zone: Zone
    fields: Mapping[str, str]
    base: int
    was: str
    problems: tuple[Problem, ...] = ()
    refused: str = ""
    conflict: Conflict | None = None
    conflict_fields: Mapping[str, str] = field(default_factory=dict)
    picture: PictureView | None = None

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"{WORDS}{self.zone.key}"

    @property
    def words(self) -> int:
        """How many words its rich text has."""
        return len(richtext.plain(richtext.from_markup(self.fields.get("", ""))).split())

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of a list or a chart, with empty ones up to the least number and one spare where there is room."""
        filled = rows_of(self.fields)
        wanted = max(
            self.zone.min_items, min(len(filled) + SPARE_ROWS, self.zone.max_items or len(filled) + SPARE_ROWS)
        )
        return filled + [{} for _ in range(wanted - len(filled))]

    @property
    def has_errors(self) -> bool:
        """Whether something here keeps the leaflet from printing."""
        return bool(self.refused or self.conflict) or has_errors(self.problems)


def fingerprint(zone: Zone, value: Any) -> str:
    """What an untouched form gives back for this value."""
    return hash_of(value_of(zone, fields_of(zone, value)))[:16]


def place_of(
    zone: Zone,
    leaflet: Leaflet,
    *,
    problems: Iterable[Problem],
    conflicts: Mapping[str, Conflict],
    refused: Mapping[str, str],
    typed: Mapping[str, Mapping[str, str]],
    picture: PictureView | None,
) -> Place:
    """The zone as it stands in this leaflet; with the words in `typed` where they could not be kept."""
    text = next((text for text in leaflet.zones if text.zone == zone.key), None)
    value = text.value if text else None
    conflict = conflicts.get(zone.key)
    return Place(
        zone=zone,
        fields=typed.get(zone.key, fields_of(zone, value)),
        base=text.version if text else 0,
        was=fingerprint(zone, value),
        problems=tuple(problem for problem in problems if problem.zone == zone.key),
        refused=refused.get(zone.key, ""),
        conflict=conflict,
        conflict_fields=fields_of(zone, conflict.offered) if conflict else {},
        picture=picture,
    )


@dataclass(slots=True)
class Posted:
    """A form as it came: its zones' fields, and the button that sent it (`then`, and what it is about)."""

    page: str
    then: str
    about: str
    zones: dict[str, dict[str, str]]
    bases: dict[str, int]
    were: dict[str, str]

    def drop_row(self, zone: str, row: str) -> None:
        """Take one row out of a list, if there is such a one."""
        for name in [name for name in self.zones.get(zone, {}) if name.startswith(f"{row}.")]:
            del self.zones[zone][name]


def posted(template: Template, form: Mapping[str, str]) -> Posted:
    """Read a form. Zones that it does not speak of are left out; anything that is no field of ours is ignored."""
    then, _, about = form.get("then", "save").partition(":")
    zones: dict[str, dict[str, str]] = {}
    for zone in template.zones:
        name = f"{WORDS}{zone.key}"
        fields = {key[len(name) + 1 :]: text for key, text in form.items() if key.startswith(f"{name}.")}
        if name in form:
            fields[""] = form[name]
        if not zone.kind.is_system and (fields or f"was.{zone.key}" in form):
            zones[zone.key] = fields
    bases = {key: form.get(f"base.{key}", "") for key in zones}
    return Posted(
        page=form.get("page", ""),
        then=then,
        about=about,
        zones=zones,
        bases={key: int(base) for key, base in bases.items() if base.isdecimal() and len(base) < 9},
        were={key: form.get(f"was.{key}", "") for key in zones},
    )


def edits_of(template: Template, form: Posted) -> list[Edit]:
    """An edit for each zone that was touched.

    The same page with the same words gives the same `op_id`: resending, or pressing twice, is safe, and going back
    to change the words again is a new edit.
    """
    edits = []
    for key, fields in form.zones.items():
        zone = template.zone(key)
        value = value_of(zone, fields)
        if hash_of(value)[:16] == form.were[key]:
            continue
        tidy = clean_values(template, {key: value})[key]
        op_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{form.page}/{key}/{hash_of(tidy)}").hex
        edits.append(Edit(op_id, key, tidy, form.bases.get(key, 0)))
    return edits
