"""The first page: your leaflets, by campaign."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from leaflets.services import campaigns, leaflets, orders, proofs
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Order
from leaflets.web import current
from leaflets.web.images import Image
from leaflets.web.library import thumbnail
from leaflets.web.proofs import images_of

pages = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Card:
    """A leaflet on the shelf: what it looks like, and its newest order if there is one."""

    leaflet: Leaflet
    picture: Image
    format: str
    order: Order | None


@pages.get("/")
def page() -> ResponseReturnValue:
    """Every campaign of the person, and its leaflets with what they look like and where they stand."""
    session, actor = current.session(), current.actor()
    shelves = [
        {
            "campaign": campaign,
            "cards": [
                _card(leaflet) for leaflet in leaflets.leaflets_of(session, actor=actor, campaign_id=campaign.id)
            ],
        }
        for campaign in campaigns.campaigns_of(session, actor=actor)
    ]
    return render_template("home.html", shelves=shelves)


def _card(leaflet: Leaflet) -> Card:
    session, actor = current.session(), current.actor()
    template = current.house().library.template(leaflet.template_ref)
    proof = proofs.latest(session, actor=actor, leaflet_id=leaflet.id)
    ordered = orders.orders_of(session, actor=actor, leaflet_id=leaflet.id)
    return Card(
        leaflet=leaflet,
        picture=images_of(proof, leaflet.title)[0] if proof and proof.pages else thumbnail(template),
        format=template.format.label,
        order=ordered[0] if ordered else None,
    )
