"""The words that a template comes with, and whether anybody has made a leaflet of their own from them."""

from __future__ import annotations

from leaflets.domain.leaflet import canonical_json
from leaflets.domain.template import Kind, Template, Values, Voice, Zone
from leaflets.domain.words.findings import is_empty

_OWN = (Voice.PERSONAL, Voice.LOCAL)
_NO_WORDS = (Kind.PICTURE, Kind.CHOICE)


def untouched(template: Template, values: Values) -> bool:
    """Whether every place for personal and local words still holds the template's own.

    A template without such places has nothing that had to be changed.
    """
    own = [zone for zone in template.zones if zone.voice in _OWN]
    return bool(own) and all(canonical_json(values.get(zone.key)) == canonical_json(zone.default) for zone in own)


def stand_ins(template: Template, values: Values) -> tuple[Zone, ...]:
    """The places for personal and local words that still hold the template's own: they stand for somebody's."""
    return tuple(
        zone
        for zone in template.zones
        if zone.voice in _OWN
        and zone.kind not in _NO_WORDS
        and not is_empty(zone, zone.default)
        and canonical_json(values.get(zone.key)) == canonical_json(zone.default)
    )
