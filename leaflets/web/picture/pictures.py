"""The pictures of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from leaflets.domain.errors import Conflict, Invalid, LeafletsError, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.press.picture import PictureLimits
from leaflets.domain.press.picture_rights import PEOPLE_HINT, RIGHTS
from leaflets.services import access
from leaflets.services.organisation import campaigns
from leaflets.services.picture import pictures, placed, shelf
from leaflets.storage.picture import Picture
from leaflets.web import current, navigation
from leaflets.web.limits import UPLOAD, limiter
from leaflets.web.picture.picture_view import proxy_src, shelf_json, shelf_page_state, taken_off_by

pages = Blueprint("pictures", __name__, url_prefix="/campaigns/<int:campaign_id>/pictures")


def picture_limits() -> PictureLimits:
    """The largest picture that this installation takes."""
    config = current.house().config
    return PictureLimits.allowing(megabytes=config.upload_mb, megapixels=config.upload_megapixels)


def take(upload: FileStorage, campaign_id: int) -> Picture:
    """Keep one photograph that came with a form. Raises `Invalid` or `Unavailable`, with what to do."""
    house = current.house()
    return pictures.receive(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        blobs=house.blobs,
        tickets=house.tickets,
        campaign_id=campaign_id,
        upload=upload.stream,  # type: ignore[arg-type]  # werkzeug's stream reads bytes, as a BinaryIO does
        filename=upload.filename or "",
        limits=picture_limits(),
    )


@pages.get("")
def page(campaign_id: int) -> ResponseReturnValue:
    """All of them, the newest first."""
    return _page(campaign_id)


@pages.post("")
@limiter.limit(UPLOAD)
def upload(campaign_id: int) -> ResponseReturnValue:
    """Add one or several. Each is judged by itself: one that cannot be taken keeps no other out."""
    access.require(current.session(), current.actor(), Action.ADD_PICTURE, campaign_id, what="campaign")
    taken, refused = 0, []
    for file in request.files.getlist("pictures"):
        if not file.filename:
            continue
        try:
            take(file, campaign_id)
            taken += 1
        except LeafletsError as error:
            refused.append((file.filename, error))
    if refused:
        return _page(campaign_id, refused=refused, status=422)
    flash(f"{taken} added." if taken else "Choose one or more pictures first.")
    return redirect(url_for("pictures.page", campaign_id=campaign_id))


@pages.get("/shelf")
def shelf_of(campaign_id: int) -> ResponseReturnValue:
    """The same for the studio, as `picture_view.shelf_json` says."""
    return jsonify(shelf_json(campaign_id))


@pages.get("/<picture>")
def one(campaign_id: int, picture: str) -> ResponseReturnValue:
    """One of them: what is known of it, where it stands, and what can be done with it."""
    return _one(campaign_id, picture)


@pages.post("/<picture>")
def describe(campaign_id: int, picture: str) -> ResponseReturnValue:
    """Say what it is called, why it may be printed, whom to name and what it shows."""
    access.require(current.session(), current.actor(), Action.KEEP_SHELF, campaign_id, what="campaign")
    told: dict[str, Any] = {field: request.form.get(field, "") for field in ("name", "rights", "credit", "alt")}
    try:
        shelf.describe(**_asked(campaign_id, picture), **told)
    except Invalid as error:
        return _one(campaign_id, picture, told=told, problem=error, status=422)
    flash("Kept.")
    return redirect(url_for("pictures.one", campaign_id=campaign_id, picture=picture))


@pages.post("/<picture>/off")
def take_off(campaign_id: int, picture: str) -> ResponseReturnValue:
    """Take it off the shelf."""
    found = shelf.take_off(**_asked(campaign_id, picture))
    flash(f"{found.filename} is off the shelf. You can put it back at any time.")
    return redirect(url_for("pictures.one", campaign_id=campaign_id, picture=picture))


@pages.post("/<picture>/back")
def put_back(campaign_id: int, picture: str) -> ResponseReturnValue:
    """Put it back."""
    found = shelf.put_back(**_asked(campaign_id, picture))
    flash(f"{found.filename} is back on the shelf.")
    return redirect(url_for("pictures.one", campaign_id=campaign_id, picture=picture))


@pages.post("/<picture>/replace")
def replace(campaign_id: int, picture: str) -> ResponseReturnValue:
    """Put another picture where this one stands, in every leaflet of the campaign."""
    access.require(current.session(), current.actor(), Action.KEEP_SHELF, campaign_id, what="campaign")
    chosen = request.form.get("by", "")
    if not chosen:
        return _one(
            campaign_id,
            picture,
            problem=Invalid("No picture is chosen yet.", "Choose the one to put here."),
            status=422,
        )
    try:
        done = shelf.replace_everywhere(**_asked(campaign_id, picture), by_hash=chosen)
    except Conflict as error:
        return _one(campaign_id, picture, problem=error, status=409)
    flash(_said(done))
    return redirect(url_for("pictures.one", campaign_id=campaign_id, picture=chosen if done.places else picture))


@pages.get("/<picture>.jpg")
def proxy(campaign_id: int, picture: str) -> ResponseReturnValue:
    """The screen-size picture, to members of the campaign."""
    found = pictures.picture(current.session(), actor=current.actor(), original_hash=picture, campaign_id=campaign_id)
    if not found.proxy_hash:
        raise NotFound("That picture is still being prepared.", "Reload the page in a moment.")
    answer = send_file(current.house().blobs.path(found.proxy_hash), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _asked(campaign_id: int, picture: str) -> dict[str, Any]:
    """Who asks what of which picture, and when."""
    return {
        "session": current.session(),
        "actor": current.actor(),
        "now": current.now(),
        "campaign_id": campaign_id,
        "original_hash": picture,
    }


def _said(done: shelf.Replaced) -> str:
    places = f"{done.places} {'place' if done.places == 1 else 'places'}"
    leaflets = f"{done.leaflets} {'leaflet' if done.leaflets == 1 else 'leaflets'}"
    said = f"Replaced in {places} of {leaflets}. Look at the crop in each." if done.places else "Nothing was replaced."
    if done.left_alone:
        said += f" {done.left_alone} left alone: two versions wait there for somebody to choose."
    return said


def _one(
    campaign_id: int,
    picture: str,
    *,
    told: Mapping[str, str] | None = None,
    problem: LeafletsError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    found = pictures.picture(session, actor=actor, original_hash=picture, campaign_id=campaign_id)
    others = pictures.pictures_of(session, actor=actor, campaign_id=campaign_id)
    shown = render_template(
        "picture.html",
        campaign=campaigns.campaign(session, actor=actor, campaign_id=campaign_id),
        picture=found,
        told=told or {"name": found.filename, "rights": found.rights, "credit": found.credit, "alt": found.alt},
        problem=problem,
        uses=placed.uses(session, campaign_id).get(picture, []),
        others=[each for each in others if each.id != found.id and each.can_be_placed],
        taken_off_by=taken_off_by(found),
        rights=RIGHTS,
        people_hint=PEOPLE_HINT,
        may_change=current.may(Action.KEEP_SHELF, campaign_id),
        proxy_src=proxy_src,
    )
    return make_response(shown, status)


def _page(
    campaign_id: int, *, refused: list[tuple[str, LeafletsError]] | None = None, status: int = 200
) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    found = pictures.pictures_of(session, actor=actor, campaign_id=campaign_id)
    campaign = campaigns.campaign(session, actor=actor, campaign_id=campaign_id)
    shown = render_template(
        "pictures.html",
        campaign=campaign,
        tabs=navigation.campaign_ways(session, actor, campaign_id),
        state=shelf_page_state(campaign),
        pictures=[picture for picture in found if picture.removed_at is None],
        taken_off=[picture for picture in found if picture.removed_at is not None],
        uses=placed.uses(session, campaign_id),
        rights=RIGHTS,
        refused=refused or [],
        may_add=current.may(Action.ADD_PICTURE, campaign_id),
        proxy_src=proxy_src,
        limits=picture_limits(),
    )
    return make_response(shown, status)
