"""A picture of the shelf, as the pages and the studio's script know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import url_for
from flask_wtf.csrf import generate_csrf

from leaflets.domain.permissions import Action
from leaflets.services.picture import pictures, placed, shelf
from leaflets.services.picture.placed import Use
from leaflets.services.roles import people
from leaflets.storage.people import Campaign
from leaflets.storage.picture import Picture
from leaflets.web import current


def proxy_src(picture: Picture) -> str:
    """Where the screen-size picture is."""
    return url_for("pictures.proxy", campaign_id=picture.campaign_id, picture=picture.original_hash)


def shelf_json(campaign_id: int) -> dict[str, Any]:
    """Every picture of a campaign, the newest first, a text that changes when any of this does, and who asks.

    A picture is `{picture, name, state, reason, src, width_px, height_px, size_bytes, rights, credit, alt, taken_off:
    null | {by, at}, used: [{leaflet_id, title, zones}]}`; `picture` is what zone values hold.
    """
    session = current.session()
    found = pictures.pictures_of(session, actor=current.actor(), campaign_id=campaign_id)
    used = placed.uses(session, campaign_id)
    return {
        "fingerprint": shelf.fingerprint(session, campaign_id),
        "person": {"id": current.actor().id, "csrf": generate_csrf()},
        "pictures": [_picture_json(picture, used) for picture in found],
    }


def shelf_page_state(campaign: Campaign) -> dict[str, Any]:
    """What the script of the page of pictures begins with: the parts of the studio's state that sending files needs."""
    actor = current.actor()
    return {
        "leaflet": {"id": None, "campaign": {"id": campaign.id, "name": campaign.name}},
        "person": {"id": actor.id, "name": actor.name},
        "may": {"edit": current.may(Action.ADD_PICTURE, campaign.id)},
        "csrf": generate_csrf(),
        "upload_mb": current.house().config.upload_mb,
        "zones": [],
        "words": {},
    }


def taken_off_by(picture: Picture) -> str:
    """Who took it off the shelf; nobody's name while it lies there."""
    person = people.person(current.session(), picture.removed_by) if picture.removed_by else None
    return person.name if person else ""


def _picture_json(picture: Picture, used: Mapping[str, Sequence[Use]]) -> dict[str, Any]:
    return {
        "picture": picture.original_hash,
        "name": picture.filename,
        "state": picture.state,
        "reason": picture.reason,
        "src": proxy_src(picture) if picture.proxy_hash else "",
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "size_bytes": picture.size_bytes,
        "rights": picture.rights,
        "credit": picture.credit,
        "alt": picture.alt,
        "taken_off": {"by": taken_off_by(picture), "at": picture.removed_at.isoformat()}
        if picture.removed_at
        else None,
        "used": [asdict(use) for use in used.get(picture.original_hash, ())],
    }
