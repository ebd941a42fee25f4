"""The demo's past: words that a helper tried first and an agent changed, and one leaflet that serves two places."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from leaflets.domain.leaflet import Edit
from leaflets.domain.template import Template, Values

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from leaflets.storage.leaflet import Leaflet
    from leaflets.storage.people import Person

STARTED = timedelta(days=3)
FIRST_TRY = timedelta(days=2, hours=3)
SINCE = timedelta(hours=20)
"""How long ago a leaflet was started, a helper tried, and the agent wrote what it says now."""

# Row: a template, and what the helper wrote at first.
FIRST_TRIES: dict[str, dict[str, str]] = {
    "introduction": {
        "headline": "Save our buses!",
        "about": "<p>I am a nurse and I have lived here for nineteen years. I care about our community.</p>",
    },
    "six-panel": {"headline": "A better deal for the harbour", "case-heading": "They let us down."},
    "election-address": {"headline": "Vote for better health care", "letter-heading": "I am asking for your vote."},
}

# Row: a template, the place that the leaflet is for, another place, the zones that differ there, and the words there.
PLACES: dict[str, tuple[str, str, tuple[str, ...], dict[str, str]]] = {
    "introduction": (
        "Ferry Hill",
        "Saltmarsh",
        ("headline", "contact", "answer"),
        {"headline": "I’ll see the Saltmarsh wall mended by autumn."},
    ),
}


def seed_words(
    session: Session,
    now: datetime,
    leaflet: Leaflet,
    template: Template,
    *,
    helper: Person,
    agent: Person,
    values: Values,
) -> None:
    """The helper's first try, then what the leaflet says now; the version between has a name."""
    from leaflets.services.studio import history, words

    tried = FIRST_TRIES.get(template.name, {})
    first = [Edit(f"demo-{leaflet.id}-try-{zone}", zone, value, 0, step="demo-try") for zone, value in tried.items()]
    words.save_edits(session, actor=helper, now=now - FIRST_TRY, leaflet_id=leaflet.id, edits=first)
    newest = history.newest(session, leaflet)
    if first and newest is not None:
        name = "Before the agent’s changes"
        history.name(session, actor=agent, now=now - SINCE, leaflet_id=leaflet.id, edit_id=newest, name=name)
    edits = [
        Edit(f"demo-{leaflet.id}-{zone}", zone, value, 1 if zone in tried else 0, step=f"demo-{zone}")
        for zone, value in values.items()
    ]
    words.save_edits(session, actor=agent, now=now - SINCE, leaflet_id=leaflet.id, edits=edits)


def seed_places(session: Session, now: datetime, leaflet: Leaflet, template: Template, agent: Person) -> list[Leaflet]:
    """The variant of a leaflet for a second place, with that place's own words."""
    from leaflets.services.studio import copies, words

    if template.name not in PLACES:
        return []
    here, there, zones, own = PLACES[template.name]
    by: dict[str, Any] = {"actor": agent, "now": now - SINCE, "leaflet_id": leaflet.id}
    copies.name_place(session, **by, place=here)
    variants = copies.add_places(session, **by, template=template, places=[there])
    copies.choose_local(session, **by, template=template, zones=zones)
    for variant in variants:
        versions = {text.zone: text.version for text in variant.texts}
        edits = [Edit(f"demo-{variant.id}-{zone}", zone, value, versions[zone]) for zone, value in own.items()]
        words.save_edits(session, actor=agent, now=now - SINCE, leaflet_id=variant.id, edits=edits)
    return variants
