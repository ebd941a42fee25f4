"""Starting a campaign in a seat, and correcting its details: nobody needs the command line for either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.ballot import BALLOTS, ballots_in, election_id
from leaflets.domain.clock.election import parse_election
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.organisation import gazetteer
from leaflets.domain.organisation.gazetteer import Unsettled
from leaflets.domain.organisation.tree import Area, Tier
from leaflets.domain.permissions import Action
from leaflets.services import access
from leaflets.services.organisation import candidacies, places_below, settings
from leaflets.services.organisation.candidacies import Details
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node
from leaflets.web import current, navigation, place_picker
from leaflets.web.typed_day import needed_day

pages = Blueprint("office_campaigns", __name__)


@pages.get("/offices/<int:node_id>/campaigns/new")
def new(node_id: int) -> ResponseReturnValue:
    """The questions; on the page of an office, first which seat."""
    node = _node(node_id)
    return _new(node, {}) if node.tier == Tier.SEAT else _which_seat(node)


@pages.get("/offices/<int:node_id>/campaigns/seats")
def seats(node_id: int) -> ResponseReturnValue:
    """The seats below an office that fit a few letters, for the field's script."""
    entries = places_below.seats_below(current.session(), _node(node_id))
    return place_picker.answer(gazetteer.look_up(entries, request.args.get("q", "")))


@pages.post("/offices/<int:node_id>/campaigns/new")
def start(node_id: int) -> ResponseReturnValue:
    """Start it, and lead to its people."""
    node = _node(node_id)
    try:
        started = candidacies.start(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            node_id=node_id,
            details=_with_title(_details(request.form)),
            kits=_kits(),
            election_ids=_elections(node),
        )
    except (Invalid, Conflict) as error:
        return _new(node, request.form, error)
    flash(f"{started.name} is started. Bring in the candidate and the agent now: they do the rest.")
    return redirect(url_for("people.of_campaign", campaign_id=started.id))


@pages.get("/campaigns/<int:campaign_id>/details")
def details(campaign_id: int) -> ResponseReturnValue:
    """What the campaign's leaflets say of it, to correct."""
    campaign = _campaign(campaign_id)
    return _details_page(campaign, asdict(candidacies.details_of(campaign)))


@pages.post("/campaigns/<int:campaign_id>/details")
def change(campaign_id: int) -> ResponseReturnValue:
    """Correct it."""
    campaign = _campaign(campaign_id)
    try:
        candidacies.change(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            campaign_id=campaign_id,
            details=_details(request.form),
            kits=_kits(),
        )
    except (Invalid, Conflict) as error:
        return _details_page(campaign, request.form, error)
    flash("Changed. The imprint of every leaflet follows with its next proof.")
    return redirect(url_for("office_campaigns.details", campaign_id=campaign_id))


def _node(node_id: int) -> Node:
    return access.require_at(current.session(), current.actor(), Action.START_CAMPAIGN, node_id)


def _campaign(campaign_id: int) -> Campaign:
    return candidacies.for_details(current.session(), actor=current.actor(), campaign_id=campaign_id)


def _kits() -> list[str]:
    return [kit.key for kit in current.house().library.kits]


def _details(typed: Mapping[str, str]) -> Details:
    return Details(**{each.name: typed.get(each.name, "") for each in fields(Details)})


def _with_title(said: Details) -> Details:
    """With what the election is usually called, where nobody wrote anything else."""
    chosen = BALLOTS.get(request.form.get("ballot", ""))
    known = [parse_election(ref).kind.value for ref in request.form.getlist("election")[:1] if "." in ref]
    usual = chosen.words if chosen else next(iter(known), "")
    given = {each.name: getattr(said, each.name) for each in fields(Details)}
    return Details(**given | {"election_title": said.election_title or usual})


def _elections(node: Node) -> list[str]:
    """The ids of the elections that were ticked, chosen by kind and day, or written. Raises `Invalid`."""
    typed = request.form
    chosen = typed.getlist("election")
    if not (chosen or any(typed.get(name, "").strip() for name in ("ref", "ballot", "election_title"))):
        raise Invalid("It does not say yet which election this is.", "Choose it, and its polling day.", code="ballot")
    if ref := typed.get("ref", "").strip():
        chosen.append(parse_election(ref).id)
    if typed.get("ballot"):
        council = typed.get("council", "") or (node.name if node.area == Area.COUNCIL else "")
        missing, remedy = "The polling day is missing.", "Give it as year, month and day: 2027-05-06."
        day = needed_day(typed.get("day", ""), missing, remedy, code="day")
        chosen.append(election_id(typed["ballot"], seat=node.name, council=council, day=day))
    return [parse_election(each).id for each in chosen]


def _which_seat(node: Node) -> ResponseReturnValue:
    """Leads to the seat that is chosen, or asks for it."""
    entries, wrong = places_below.seats_below(current.session(), node), None
    written, key = request.args.get("where", ""), request.args.get("place", "")
    if (written or key) and "find" not in request.args:
        try:
            seat = gazetteer.settle(entries, typed=written, key=key)
            return redirect(url_for("office_campaigns.new", node_id=int(seat.key)))
        except Unsettled as error:
            wrong = error
    source = url_for("office_campaigns.seats", node_id=node.id)
    picker = place_picker.picker(entries, request.args, source)
    shown = render_template("campaign-seat.html", node=node, picker=picker, wrong=wrong, looking="find" in request.args)
    return make_response(shown, 422 if wrong else 200)


def _new(node: Node, typed: Mapping[str, str], wrong: Invalid | Conflict | None = None) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    above = session.get(Node, node.parent_id) if node.parent_id else None
    shown = render_template(
        "campaign-new.html",
        node=node,
        tabs=navigation.office_ways(session, actor, node),
        typed=typed,
        ticked=request.form.getlist("election"),
        wrong=wrong,
        ahead=candidacies.elections_ahead(session, node, now=current.now()),
        ballots=ballots_in(node.area, node.law),
        council=above.name if above and above.area == Area.COUNCIL else "",
        kits=_allowed(node),
    )
    return make_response(shown, 422 if wrong else 200)


def _details_page(
    campaign: Campaign, typed: Mapping[str, str], wrong: Invalid | Conflict | None = None
) -> ResponseReturnValue:
    shown = render_template(
        "campaign-details.html",
        campaign=campaign,
        tabs=navigation.campaign_ways(current.session(), current.actor(), campaign.id),
        typed=typed,
        wrong=wrong,
        kits=_allowed(campaign.node, stays=campaign.kit),
    )
    return make_response(shown, 422 if wrong else 200)


def _allowed(node: Node | None, stays: str = "") -> list[object]:
    allowed = settings.allowed(current.session(), node, "kits", _kits())
    return [kit for kit in current.house().library.kits if kit.key in (*allowed, stays)]
