"""What the studio's script begins with, as JSON. Lengths are millimetres and moments ISO 8601 in UTC."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_wtf.csrf import generate_csrf

from leaflets.domain.leaflet import Conflict
from leaflets.domain.permissions import Action
from leaflets.domain.press.geometry import BLEED_MM, SAFE_FROM_FOLD_MM, SAFE_FROM_TRIM_MM, Format
from leaflets.domain.template import Kind, Template, Zone
from leaflets.domain.words.language import named
from leaflets.services import leaflets
from leaflets.services.studio import hearing, words
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current
from leaflets.web.panels import zones_by_panel
from leaflets.web.review.comment_view import comments_json
from leaflets.web.studio.approval import approval_json, prospect_of
from leaflets.web.studio.checklist import checklist_json
from leaflets.web.studio.copies import copies_json
from leaflets.web.studio.messages import messages_json
from leaflets.web.studio.plan import plan_json
from leaflets.web.studio.problems import problems_json
from leaflets.web.studio.proof import proof_json


def state_of(target: Leaflet) -> dict[str, Any]:
    """Everything about a leaflet that the studio shows, for whoever is signed in."""
    session, actor = current.session(), current.actor()
    house = current.house()
    template, kit = house.library.template(target.template_ref), house.library.kit(target.kit)
    zones = [zone for _, zones in zones_by_panel(template) for zone in zones]
    return {
        "leaflet": {
            "id": target.id,
            "title": target.title,
            "campaign": {"id": target.campaign_id, "name": target.campaign.name},
            "template": template.ref,
            "party": kit.party,
            "language": target.language or template.language,
            "languages": [{"tag": tag, "name": name} for tag, name in named(template.language).items()],
            "format": format_json(template.format),
        },
        "person": {"id": actor.id, "name": actor.name, "email": actor.email},
        "may": {
            "edit": current.may(Action.EDIT_LEAFLET, target.campaign_id),
            "order": current.may(Action.ORDER_PRINT, target.campaign_id),
            "comment": current.may(Action.COMMENT, target.campaign_id),
        },
        "csrf": generate_csrf(),
        "upload_mb": house.config.upload_mb,
        "zones": [zone_json(template, zone) for zone in zones],
        "filled": _filled(target, template),
        "cursor": hearing.newest_edit(session, target),  # before the words: none that came later is missed
        "words": words_json(target),
        "proof": proof_json(target),
        "plan": plan_json(target),
        "checklist": checklist_json(target, prospect_of(target)),
        "problems": problems_json(target),
        "approval": approval_json(target, prospect_of(target)),
        "messages": messages_json(target, is_asked=prospect_of(target).standing.is_asked),
        "comments": comments_json(target),
        "conflicts": [conflict_json(one) for one in words.conflicts(session, target)],
        **copies_json(target, template),
    }


def format_json(format_: Format) -> dict[str, Any]:
    """A finished sheet: its trim, folds, and panels in opening order."""
    return {
        **asdict(format_),
        "sides": format_.sides,
        "bleed_mm": BLEED_MM,
        "safe_from_trim_mm": SAFE_FROM_TRIM_MM,
        "safe_from_fold_mm": SAFE_FROM_FOLD_MM,
    }


def zone_json(template: Template, zone: Zone) -> dict[str, Any]:
    """One zone, with the example of the template's own sample."""
    return {**asdict(zone), "is_system": zone.kind.is_system, "example": template.sample.values.get(zone.key)}


def words_json(target: Leaflet) -> dict[str, dict[str, Any]]:
    """What each zone holds now."""
    return {
        text.zone: {"value": text.value, "version": text.version, "at": text.at.isoformat()} for text in target.texts
    }


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """Two texts for one zone, as the dataclass has them."""
    return {
        **asdict(conflict),
        "offered_at": conflict.offered_at.isoformat(),
        "stored_at": conflict.stored_at.isoformat(),
    }


def _filled(target: Leaflet, template: Template) -> dict[str, str]:
    """What the system prints into its own zones, in words."""
    content = leaflets.content_of(target)
    election = content.election
    words = {
        Kind.IMPRINT: content.imprint.sentence,
        Kind.ELECTION: f"{election.candidate}, {election.title}, {election.area}, {election.polling_day}",
    }
    return {zone.key: words[zone.kind] for zone in template.zones if zone.kind in words}
