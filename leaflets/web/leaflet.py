"""One leaflet: a form of its zones beside the pages that the press makes of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid, LeafletsError
from leaflets.domain.leaflet import Outcome
from leaflets.domain.permissions import Action
from leaflets.domain.template import Kind, Template
from leaflets.domain.values import check_values, clean_values
from leaflets.services import campaigns, leaflets, orders, pictures, plans, proofs, titles
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current, drafts, wording
from leaflets.web.leaflet_form import Place, Posted, edits_of, place_of, posted
from leaflets.web.limits import UPLOAD, limiter
from leaflets.web.panels import zones_by_panel
from leaflets.web.picture_view import view_of
from leaflets.web.pictures import take
from leaflets.web.plan_view import choices_of, chosen_of, plan_fingerprint
from leaflets.web.proofs import proof_view
from leaflets.web.rescue import WORDS

pages = Blueprint("leaflet", __name__, url_prefix="/leaflets")


@pages.get("/<int:leaflet_id>")
def page(leaflet_id: int) -> ResponseReturnValue:
    """The leaflet as it stands."""
    return _desk(leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>")
@limiter.limit(UPLOAD)
def save(leaflet_id: int) -> ResponseReturnValue:
    """Keep what was typed, whatever it is, then do what the pressed button says."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.EDIT_LEAFLET)
    template = current.house().library.template(target.template_ref)
    form = posted(template, request.form)
    if form.then == "drop":
        form.drop_row(*form.about.rpartition(":")[::2])
    refused = _take_uploads(template, form, target.campaign_id)
    edits = edits_of(template, form)
    unplanned = _choose_plan(target)
    unnamed = _rename(target)
    saved = leaflets.save_edits(session, actor=actor, now=current.now(), leaflet_id=leaflet_id, edits=edits)
    if not saved.refused:
        drafts.acknowledge(form.page)
    refused |= {result.zone: f"{result.message} {result.remedy}" for result in saved.refused}
    typed = {result.zone: form.zones[result.zone] for result in saved.refused}
    _settle(template, form, leaflet_id)
    if form.then == "proof":
        proofs.ask(session, actor=actor, now=current.now(), tickets=current.house().tickets, leaflet_id=leaflet_id)
    if refused or unplanned or unnamed:
        return _desk(target, refused=refused, typed=typed, unplanned=unplanned, unnamed=unnamed, status=422)
    if saved.conflicts:
        flash("Somebody else changed the same words. Both are kept: choose which to print.")
    elif any(result.outcome is Outcome.STORED for result in saved.results):
        flash(f"Saved {wording.clock_time(current.now())}.")
    elif form.then == "save":
        flash("Everything was saved already.")
    return redirect(_next_page(form, leaflet_id))


@pages.get("/<int:leaflet_id>/pictures/<zone>")
def placed_picture(leaflet_id: int, zone: str) -> ResponseReturnValue:
    """The picture of one zone, alone: what the page asks for while a worker prepares it."""
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)
    template = current.house().library.template(target.template_ref)
    place = _places(target, template, {}, {}).get(zone)
    if place is None:
        abort(404)
    return make_response(render_template("parts/placed-picture.html", leaflet=target, place=place))


def _choose_plan(target: Leaflet) -> Invalid | None:
    """Choose what the leaflet is for, if the form says something else than it showed; why not, if that cannot be."""
    typed = request.form
    if "landing" not in typed or plan_fingerprint(typed) == typed.get("plan-was"):
        return None
    try:
        chosen = chosen_of(typed)
        plans.choose(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=target.id,
            landing=chosen.landing,
            on=chosen.on,
            route=chosen.route,
            election_ids=[row.id for row in target.elections],
        )
    except Invalid as error:
        return error
    flash("The plan is counted again.")
    return None


def _rename(target: Leaflet) -> Invalid | None:
    """Call the leaflet what the form says, if somebody changed that on it; why not, if that cannot be."""
    title = request.form.get("title")
    if title is None or title == request.form.get("title-was"):
        return None
    try:
        titles.rename(current.session(), actor=current.actor(), now=current.now(), leaflet_id=target.id, title=title)
    except Invalid as error:
        return error
    return None


def _next_page(form: Posted, leaflet_id: int) -> str:
    if form.then == "order":
        return url_for("orders.form", leaflet_id=leaflet_id)
    anchor = f"zone-{form.about.partition(':')[0]}" if form.then in ("drop", "more", "pick", "mine", "theirs") else None
    return url_for("leaflet.page", leaflet_id=leaflet_id, _anchor=anchor)


def _take_uploads(template: Template, form: Posted, campaign_id: int) -> dict[str, str]:
    """Keep the pictures that came with the form and put each into its zone; says why for those that cannot be taken."""
    refused = {}
    for zone in template.zones:
        upload = request.files.get(f"{WORDS}{zone.key}.file")
        if zone.kind is not Kind.PICTURE or not upload or not upload.filename:
            continue
        try:
            kept = take(upload, campaign_id)
        except LeafletsError as error:
            refused[zone.key] = str(error)
        else:
            fields = form.zones.setdefault(zone.key, {})
            fields.update(picture=kept.original_hash, focus_x="50", focus_y="50")
    return refused


def _settle(template: Template, form: Posted, leaflet_id: int) -> None:
    """The choice between two texts, when that was the button; the zone itself then says that it is made."""
    edit_id = form.about.rpartition(":")[2]
    if form.then in ("mine", "theirs") and edit_id.isdecimal():
        chosen = leaflets.settle_conflict(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            edit_id=int(edit_id),
            take_offered=form.then == "mine",
        )
        label = next((zone.label for zone in template.zones if zone.key == chosen.zone), chosen.zone)
        flash(f"Chosen: this text of “{label}” is the one that prints.", f"zone-{chosen.zone}")


def _desk(
    target: Leaflet,
    *,
    refused: Mapping[str, str] | None = None,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    unplanned: Invalid | None = None,
    unnamed: Invalid | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    house, session, actor = current.house(), current.session(), current.actor()
    template, kit = house.library.template(target.template_ref), house.library.kit(target.kit)
    places = _places(target, template, refused or {}, typed or {})
    content = leaflets.content_of(target)
    planned = plans.plan_of(session, actor=actor, now=current.now(), leaflet_id=target.id)
    shown = render_template(
        "leaflet.html",
        leaflet=target,
        template=template,
        kit=kit,
        panels=[(panel, [places[zone.key] for zone in zones]) for panel, zones in zones_by_panel(template)],
        places=places,
        todo=[place for place in places.values() if place.problems or place.refused or place.conflict],
        undecided=[place for place in places.values() if place.conflict],
        album=pictures.pictures_of(session, actor=actor, campaign_id=target.campaign_id),
        election=content.election,
        imprint=content.imprint.sentence,
        proof=proof_view(target),
        planned=planned,
        plan=planned.plan,
        choices=choices_of(target, planned, request.form if unplanned else None),
        unplanned=unplanned,
        unnamed=unnamed,
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
        may_order=current.may(Action.ORDER_PRINT, target.campaign_id),
        orderers=campaigns.orderers(session, actor=actor, campaign_id=target.campaign_id),
        orders=orders.orders_of(session, actor=actor, leaflet_id=target.id),
        page=uuid.uuid4().hex,
        acknowledged=drafts.acknowledged(),
    )
    return make_response(shown, status)


def _places(
    target: Leaflet, template: Template, refused: Mapping[str, str], typed: Mapping[str, Mapping[str, str]]
) -> dict[str, Place]:
    session, actor = current.session(), current.actor()
    waiting = leaflets.conflicts(session, actor=actor, leaflet_id=target.id)
    conflicts = {conflict.zone: conflict for conflict in reversed(waiting)}
    album = {
        picture.original_hash: picture
        for picture in pictures.pictures_of(session, actor=actor, campaign_id=target.campaign_id)
    }
    values = target.values
    problems = check_values(template, clean_values(template, values))
    places = {}
    for zone in template.zones:
        value = values.get(zone.key)
        chosen = album.get(value.get("picture", "")) if zone.kind is Kind.PICTURE and isinstance(value, dict) else None
        places[zone.key] = place_of(
            zone,
            target,
            problems=problems,
            conflicts=conflicts,
            refused=refused,
            typed=typed,
            picture=view_of(zone, chosen, value) if chosen else None,
        )
    return places
