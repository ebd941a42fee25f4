"""A leaflet again: a copy, variants for places, and another version of its template. Plain forms on one page.

The words of a leaflet whose template has left the library are shown here to read and to copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid, Unavailable
from leaflets.domain.organisation import gazetteer
from leaflets.domain.organisation.gazetteer import OFFERED, Unsettled
from leaflets.domain.permissions import Action
from leaflets.services import leaflets
from leaflets.services.organisation import campaigns
from leaflets.services.studio import copies, template_moves
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign
from leaflets.web import current
from leaflets.web.campaign_choice import entries
from leaflets.web.known_template import newer_template, template_of
from leaflets.web.library import startable
from leaflets.web.place_picker import Picker, picker
from leaflets.web.typed_id import id_of

pages = Blueprint("copies", __name__, url_prefix="/leaflets")


def words_without_template(target: Leaflet) -> ResponseReturnValue:
    """A page with every word of a leaflet that no template sets any more."""
    words = template_moves.leftover(target, None)
    return render_template(
        "template-gone.html",
        leaflet=target,
        words=words,
        newer=newer_template(target),
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
    )


@pages.get("/<int:leaflet_id>/copies")
def page(leaflet_id: int) -> ResponseReturnValue:
    """What can be made of this leaflet, and for which places it is."""
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)
    return _page(target) if template_of(target) else words_without_template(target)


@pages.post("/<int:leaflet_id>/copies/duplicate")
def duplicate(leaflet_id: int) -> ResponseReturnValue:
    """A copy of its own; leads to it."""
    target, typed = _seen(leaflet_id), request.form
    if "find" in typed:
        return _page(target, copying=typed)
    try:
        campaign_id = _campaign_of_copy(target, typed)
        campaign = campaigns.campaign(current.session(), actor=current.actor(), campaign_id=campaign_id)
        made = copies.duplicate(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            campaign_id=campaign_id,
            template=current.house().library.template(target.template_ref),
            kit=current.house().library.kit(target.kit if campaign_id == target.campaign_id else campaign.kit),
            title=typed.get("title", ""),
        )
    except (Invalid, Unavailable) as wrong:
        return _page(target, wrong, copying=typed)
    flash("This is the copy. The leaflet that it was made of stays as it is.", "message")
    return redirect(url_for("studio.page", leaflet_id=made.id))


@pages.post("/<int:leaflet_id>/copies/places")
def add_places(leaflet_id: int) -> ResponseReturnValue:
    """A variant for each line."""
    target = _seen(leaflet_id)
    typed = request.form.get("places", "")
    try:
        made = copies.add_places(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            template=current.house().library.template(target.template_ref),
            places=typed.replace(";", "\n").splitlines(),
        )
    except Invalid as wrong:
        return _page(target, wrong, places=typed)
    flash(_added(len(made)), "message")
    return redirect(url_for("copies.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/copies/place")
def name_place(leaflet_id: int) -> ResponseReturnValue:
    """Say for which place a leaflet is."""
    target = _seen(leaflet_id)
    try:
        copies.name_place(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            place=request.form.get("place", ""),
        )
    except Invalid as wrong:
        return _page(target, wrong)
    return redirect(url_for("copies.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/copies/zones")
def choose_local(leaflet_id: int) -> ResponseReturnValue:
    """Say which zones are each place's own."""
    target = _seen(leaflet_id)
    try:
        copies.choose_local(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            template=current.house().library.template(target.template_ref),
            zones=request.form.getlist("local"),
        )
    except Invalid as wrong:
        return _page(target, wrong)
    flash("The zones are as you chose. No place has lost a word.", "message")
    return redirect(url_for("copies.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/copies/version")
def move(leaflet_id: int) -> ResponseReturnValue:
    """Set the leaflet in the version that was offered; leads to the studio."""
    target = _seen(leaflet_id)
    version = request.form.get("version", "")
    try:
        template_moves.move(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            template=current.house().library.template(f"{target.template_name}@{version}"),
        )
    except (Invalid, Conflict) as wrong:
        return _page(target, wrong) if template_of(target) else words_without_template(target)
    flash(f"The leaflet is set in version {version} now. Every word is kept.", "message")
    return redirect(url_for("studio.page", leaflet_id=leaflet_id))


def _seen(leaflet_id: int) -> Leaflet:
    return leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)


def _campaign_of_copy(target: Leaflet, typed: Mapping[str, str]) -> int:
    """The campaign that was chosen in a list, or found by a few letters; else the leaflet's own. Raises `Unsettled`."""
    if "where" in typed:
        return int(gazetteer.settle(entries(startable()), typed=typed["where"], key=typed.get("place", "")).key)
    return id_of(typed["campaign"]) or 0 if "campaign" in typed else target.campaign_id


def _added(number: int) -> str:
    if not number:
        return "Each of these places has a leaflet already."
    return (
        f"{'One leaflet is' if number == 1 else f'{number} leaflets are'} added. Shared words are edited once for all."
    )


def _page(
    target: Leaflet,
    wrong: Invalid | Unavailable | Conflict | None = None,
    *,
    places: str = "",
    copying: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    kin = copies.family(current.session(), target)
    template = current.house().library.template(target.template_ref)
    mine, own = startable(), {"title": f"{target.title}, copy", "campaign": str(target.campaign_id)}
    shown = render_template(
        "copies.html",
        leaflet=target,
        family=kin,
        zones=[zone for zone in template.zones if not zone.kind.is_system],
        campaigns=mine,
        picker=_picker(mine, copying or {"place": own["campaign"]}) if len(mine) > OFFERED else None,
        looking="find" in (copying or {}) or isinstance(wrong, Unsettled),
        copy=own | dict(copying or {}),
        newer=newer_template(target),
        leftover=template_moves.leftover(target, template),
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
        may_start=current.may(Action.START_LEAFLET, target.campaign_id),
        wrong=wrong,
        places=places,
    )
    return make_response(shown, 422 if wrong else 200)


def _picker(mine: Sequence[Campaign], typed: Mapping[str, str]) -> Picker:
    return picker(entries(mine), typed, url_for("library.campaigns_found"))
