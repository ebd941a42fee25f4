"""The first page: your leaflets, by campaign."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.standing import Plan
from leaflets.domain.permissions import Action, Role
from leaflets.domain.review.approval import ZoneState
from leaflets.services import leaflets
from leaflets.services.clock import plans
from leaflets.services.organisation import campaigns, tree
from leaflets.services.press import orders, proofs
from leaflets.services.review import approved, review_queue
from leaflets.services.review.approved import Standing
from leaflets.services.roles import access_requests, grants
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign
from leaflets.storage.press import Order
from leaflets.web import current, navigation
from leaflets.web.images import Image
from leaflets.web.known_template import template_of
from leaflets.web.library import thumbnail
from leaflets.web.press.orders import images_of as order_images
from leaflets.web.press.proofs import images_of
from leaflets.web.shelves import shelves_of
from leaflets.web.studio.approval import brief

pages = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Card:
    """A leaflet on the shelf: what it looks like, what is next; its newest order with the PDF's own picture.

    `stands` says how it stands with its approvers, where it was ever sent.
    """

    leaflet: Leaflet
    picture: Image | None
    format: str
    plan: Plan | None
    order: Order | None
    ordered: Image | None
    stands: str


@pages.get("/")
def page() -> ResponseReturnValue:
    """The campaigns of the person, and their leaflets with what they look like and where they stand.

    Whoever is in hundreds sees a page of them (leaflets.web.shelves). Whoever only prints is led to what is ordered
    from them.
    """
    session, actor = current.session(), current.actor()
    held = grants.held_by(session, actor.id)
    if held and all(grant.role is Role.PRINTER for grant in held):
        return redirect(url_for("house_orders.page"))
    shown = shelves_of(campaigns.campaigns_of(session, actor=actor), request.args)
    shelves = [
        {
            "campaign": campaign,
            "ways": navigation.campaign_ways(session, actor, campaign.id),
            "may_start": current.may(Action.START_LEAFLET, campaign.id),
            "cards": _cards(campaign),
        }
        for campaign in shown.campaigns
    ]
    kept = tree.kept_by(session, actor=actor)
    empty = [node for node in kept if not tree.has_campaigns(session, node)]
    return render_template(
        "home.html",
        shown=shown,
        shelves=shelves,
        kept=kept,
        to_set_up=empty,
        waiting=review_queue.count(session, actor) if not (shelves or shown.many) else 0,
        asked=access_requests.of_asker(session, actor=actor, states=("open",)),
    )


def _cards(campaign: Campaign) -> list[Card]:
    session, actor = current.session(), current.actor()
    targets = leaflets.leaflets_of(session, actor=actor, campaign_id=campaign.id)
    board = plans.campaign_board(session, actor=actor, now=current.now(), campaign_id=campaign.id)
    planned = {row.leaflet.id: row.plan for row in board.rows}
    stands = approved.standings(session, targets=targets)
    return [_card(target, planned.get(target.id), _stands(stands.get(target.id))) for target in targets]


def _stands(standing: Standing | None) -> str:
    if standing is None:
        return ""
    return brief(standing, is_asked=any(zone.state == ZoneState.ASKED for zone in standing.zones.values()))


def _card(leaflet: Leaflet, plan: Plan | None, stands: str) -> Card:
    session, actor = current.session(), current.actor()
    template = template_of(leaflet)
    proof = proofs.latest(session, actor=actor, leaflet_id=leaflet.id)
    if not proof and leaflet.variant_of_id:  # a place nobody has opened: far more like its main leaflet than the sample
        proof = proofs.latest(session, actor=actor, leaflet_id=leaflet.variant_of_id)
    ordered = orders.orders_of(session, actor=actor, leaflet_id=leaflet.id)
    picture = thumbnail(template) if template else None
    if proof and proof.pages:
        picture = images_of(proof, leaflet.title)[0]
    return Card(
        leaflet=leaflet,
        picture=picture,
        format=template.format.label if template else f"{leaflet.template_ref} is no longer in the library",
        plan=plan,
        order=ordered[0] if ordered else None,
        ordered=next(iter(order_images(ordered[0])), None) if ordered else None,
        stands=stands,
    )
