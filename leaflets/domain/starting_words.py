"""The words that a template comes with, and whether anybody has made a leaflet of their own from them."""

from __future__ import annotations

from leaflets.domain.leaflet import canonical_json
from leaflets.domain.template import Template, Values, Voice

_OWN = (Voice.PERSONAL, Voice.LOCAL)


def untouched(template: Template, values: Values) -> bool:
    """Whether every place for personal and local words still holds the template's own.

    A template without such places has nothing that had to be changed.
    """
    own = [zone for zone in template.zones if zone.voice in _OWN]
    return bool(own) and all(canonical_json(values.get(zone.key)) == canonical_json(zone.default) for zone in own)
