"""How the proof of a leaflet stands, as JSON, and its page images by what is on them.

A page that has not changed keeps its address from one proof to the next, so that a browser does not load it again.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.press.geometry import BLEED_MM
from leaflets.domain.press.proof import Look
from leaflets.services import leaflets
from leaflets.services.press import proofs
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Proof
from leaflets.web import current
from leaflets.web.images import kept_image

pages = Blueprint("studio_proof", __name__, url_prefix="/leaflets")


@pages.get("/<int:leaflet_id>/proof")
def standing(leaflet_id: int) -> ResponseReturnValue:
    """How the proof stands: for whoever waits for it and for nothing else."""
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)
    return jsonify(proof_json(target, look_of(request.args.get("look", Look.SCREEN))))


@pages.get("/<int:leaflet_id>/pages/<image>.webp")
def page_image(leaflet_id: int, image: str) -> ResponseReturnValue:
    """One page, by the hash of its image. It never changes, so a browser keeps it."""
    if not proofs.shows_page(current.session(), actor=current.actor(), leaflet_id=leaflet_id, image=image):
        raise NotFound("That page is not there any more.", "The newest proof has it as it is now.")
    return kept_image(image)


def look_of(name: str) -> Look:
    """The look of that name. Raises `Invalid`."""
    try:
        return Look(name)
    except ValueError:
        raise Invalid(f"“{name[:20]}” is not a way to show a proof.", "Reload the page.") from None


def proof_json(target: Leaflet, look: Look = Look.SCREEN) -> dict[str, Any] | None:
    """How the proof asked for last stands, and the newest that can be looked at; `None` when none was asked for.

    `state` is waiting, running, done, failed or superseded. `place` is the place in the queue, 1 is next; it and
    `finish_at` are empty once it has ended. `behind`: the words have changed since it was taken up.
    """
    news = proofs.news(current.session(), now=current.now(), target=target, look=look)
    if news is None:
        return None
    asked = news.asked
    return {
        "id": asked.proof.id,
        "look": asked.proof.look,
        "state": asked.state.value,
        "asked_at": asked.proof.asked_at.isoformat(),
        "behind": news.behind,
        "place": asked.forecast.place if asked.forecast else None,
        "finish_at": asked.forecast.finish.isoformat() if asked.forecast else None,
        "reason": asked.reason,
        "shown": shown_json(news.shown) if news.shown else None,
    }


def shown_json(proof: Proof) -> dict[str, Any]:
    """A finished proof: its pages, what stands where on them, and what the press remarked."""
    look = Look(proof.look)
    return {
        "id": proof.id,
        "look": look.value,
        "bleed_mm": BLEED_MM if look.has_bleed else 0,
        "pages": [
            {
                "src": url_for("studio_proof.page_image", leaflet_id=proof.leaflet_id, image=page["hash"]),
                **{key: page[key] for key in ("width_px", "height_px", "hash")},
            }
            for page in proof.pages
        ],
        "places": proof.places,
        "rooms": proof.rooms,
        "copyfit": proof.copyfit,
        "problems": proof.problems,
    }
