"""What is to be put right before a leaflet can print, as far as its words and its campaign say; the press adds more."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Kind, Template
from leaflets.domain.words.values import check_values, clean_values
from leaflets.services import leaflets
from leaflets.services.picture import placed
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current


def problems_json(target: Leaflet) -> list[dict[str, Any]]:
    """Every remark on the values and on the imprint, as a reader meets the zones.

    Each is `{code, level, message, page, place, zone}`. Words of zones that the template no longer has are offered
    elsewhere.
    """
    template = current.house().library.template(target.template_ref)
    values = clean_values(template, target.values)
    found = check_values(template, values) + placed.problems(current.session(), target.campaign_id, template, values)
    kept = [problem for problem in found if problem.code != "unknown-zone"]
    return [asdict(problem) for problem in (*kept, *_of_imprint(target, template))]


def _of_imprint(target: Leaflet, template: Template) -> list[Problem]:
    """What the law wants in the imprint and the campaign has not given; the printer is chosen with the order."""
    imprint = leaflets.content_of(target).imprint
    wanted = (
        ("the promoter’s name", imprint.promoter),
        ("the promoter’s address", imprint.promoter_address),
        ("whom it is promoted for", imprint.on_behalf_of),
    )
    missing = [words for words, given in wanted if not given]
    zone = next((zone.key for zone in template.zones if zone.kind is Kind.IMPRINT), None)
    if not missing:
        return []
    message = f"The imprint lacks {', '.join(missing)}: ask the agent to complete the campaign’s details."
    return [Problem("imprint-incomplete", Level.ERROR, message, zone=zone)]
