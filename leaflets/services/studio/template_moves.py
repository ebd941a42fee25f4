"""Moving a leaflet to another version of its template, and the words that find no zone there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from leaflets import richtext
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.leaflet import Act
from leaflets.domain.permissions import Action
from leaflets.domain.template import Kind, Template, Voice, Zone
from leaflets.domain.words.findings import is_empty
from leaflets.domain.words.values import usable
from leaflets.services import audit, leaflets
from leaflets.services.message import message_due
from leaflets.services.studio import copies, words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.session import writing


@dataclass(frozen=True, slots=True)
class Leftover:
    """Words of a zone that the template does not have: `text` is what a person reads, `label` made of its key."""

    zone: str
    label: str
    value: Any
    text: str


def move(session: Session, *, actor: Person, now: datetime, leaflet_id: int, template: Template) -> None:
    """Set a leaflet, and those it shares words with, in another version of its template.

    Zones that both have keep their words, zones that are new begin with the template's, and words of zones that are
    gone are kept and offered (`leftover`). Moving to where it is changes nothing. Raises `Invalid` for another
    template, `Conflict` when it was moved elsewhere meanwhile, `NotFound`, `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        if template.name != target.template_name:
            raise Invalid(f"{template.title} is another template.", "Start a new leaflet for it.", code="template")
        kin = copies.family(session, target)
        was = kin.main.template_version
        if was == template.version:
            return
        if target.template_version != was:
            raise Conflict("This leaflet was just moved.", "Look at it again.")
        new = [zone for zone in template.zones if not zone.kind.is_system and zone.key not in kin.main.values]
        leaflets.begin(session, actor, now, kin.main, {zone.key: zone.default for zone in new})
        if kin.variants:
            local = {zone.key for zone in new if zone.voice is Voice.LOCAL}
            kin.main.local_zones = sorted({*kin.main.local_zones, *local})
        message_due.mark(session, kin.main.id)
        for member in kin.members:
            member.template_version, member.changed_at = template.version, now
            if member is not kin.main:
                copies.begin_local(session, actor, now, member)
            _reshape(session, actor, now, member, template)
            audit.of_leaflet(session, actor, now, "template moved", member, was=was, became=template.version)


def leftover(target: Leaflet, template: Template | None) -> list[Leftover]:
    """Words of zones that this version of the template does not have; all of them where there is no template."""
    known = {zone.key for zone in template.zones} if template else set()
    found = (Leftover(key, _label(key), value, readable(value)) for key, value in target.values.items())
    return [one for one in found if one.zone not in known and one.text]


def readable(value: Any) -> str:
    """The words of a value of any kind, a part on each line: to be read and copied when no field shows them."""
    match value:
        case str():
            return richtext.plain(value) if value.lstrip().startswith("<") else value.strip()
        case {"picture": str()}:
            return str(value.get("alt") or "A picture")
        case dict():
            return "\n".join(filter(None, map(readable, value.values())))
        case list():
            return "\n".join(filter(None, map(readable, value)))
        case int() | float() if not isinstance(value, bool):
            return f"{value:g}"
        case _:
            return ""


def _reshape(session: Session, actor: Person, now: datetime, target: Leaflet, template: Template) -> None:
    """Words that their zone, now of another kind, cannot hold: as plain words where that helps.

    The old ones stay in the history.
    """
    changed = {
        zone.key: _fitted(zone, text.value)
        for zone in template.zones
        if not zone.kind.is_system
        for text in target.zones
        if text.zone == zone.key and target.home_of(zone.key) is target and not _holds(zone, text.value)
    }
    if changed:
        writers = {text.zone: text.writer_id for text in target.zones}
        words.put(session, actor, now, target, changed, act=Act.FILL, step=uuid.uuid4().hex, writers=writers)


def _holds(zone: Zone, value: Any) -> bool:
    if zone.kind is Kind.LINE and isinstance(value, str) and value.lstrip().startswith("<p"):
        return False
    return is_empty(zone, value) or usable(zone, value)


def _fitted(zone: Zone, value: Any) -> Any:
    text = readable(value)
    if zone.kind is Kind.LINE and text:
        return " ".join(text.split())
    if zone.kind is Kind.RICH and text:
        return richtext.from_markup(text)
    return zone.default


def _label(key: str) -> str:
    return key.replace("-", " ").capitalize()
