"""Zones in the order in which a reader meets them."""

from __future__ import annotations

from itertools import groupby

from leaflets.domain.press.geometry import Panel
from leaflets.domain.template import Template, Zone


def zones_by_panel(template: Template) -> list[tuple[Panel, list[Zone]]]:
    """Each panel that holds a zone, in opening order, with its zones in the template's order."""
    place = {panel.key: number for number, panel in enumerate(template.format.panels)}
    ordered = sorted(template.zones, key=lambda zone: place[zone.panel])
    return [(template.format.panel(key), list(zones)) for key, zones in groupby(ordered, lambda zone: zone.panel)]
