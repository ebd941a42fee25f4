"""The template of a leaflet, as far as the library still has it: one that has left takes no page with it."""

from __future__ import annotations

from leaflets.domain.errors import NotFound
from leaflets.domain.template import Template
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current


def template_at(ref: str) -> Template | None:
    """The template of that `name@version`, or the newest of that name; `None` when the library has none."""
    try:
        return current.house().library.template(ref)
    except NotFound:
        return None


def template_of(target: Leaflet) -> Template | None:
    """The template that a leaflet is set in."""
    return template_at(target.template_ref)


def newer_template(target: Leaflet) -> Template | None:
    """The library's newest version of a leaflet's template, where it is set in another one."""
    newest = template_at(target.template_name)
    return newest if newest and newest.version != target.template_version else None
