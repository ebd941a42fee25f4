"""What the studio shows of the places of a leaflet, and of words that its template has no zone for, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import url_for

from leaflets.domain.template import Template
from leaflets.services.studio import copies, template_moves
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current
from leaflets.web.known_template import newer_template


def copies_json(target: Leaflet, template: Template) -> dict[str, Any]:
    """The `places` of its family, the zones that are `local` to each, `leftover` words, the `newer` template version.

    A leaflet without variants has no places.
    """
    kin = copies.family(current.session(), target)
    newer = newer_template(target)
    members = kin.members if kin.variants else ()
    return {
        "copies_url": url_for("copies.page", leaflet_id=target.id),
        "places": [
            {
                "id": member.id,
                "place": member.place,
                "title": member.title,
                "url": url_for("studio.page", leaflet_id=member.id),
                "here": member.id == target.id,
            }
            for member in members
        ],
        "local": sorted(kin.local) if members else [],
        "leftover": [asdict(one) for one in template_moves.leftover(target, template)],
        "newer": newer.version if newer else None,
    }
