"""The pictures of a campaign."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from leaflets.domain.errors import LeafletsError, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.picture import PictureLimits
from leaflets.services import access, campaigns, pictures
from leaflets.storage.picture import Picture
from leaflets.web import current
from leaflets.web.limits import UPLOAD, limiter
from leaflets.web.picture_view import proxy_src

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


@pages.get("/<picture>.jpg")
def proxy(campaign_id: int, picture: str) -> ResponseReturnValue:
    """The screen-size picture, to members of the campaign."""
    found = pictures.picture(current.session(), actor=current.actor(), original_hash=picture, campaign_id=campaign_id)
    if not found.proxy_hash:
        raise NotFound("That picture is still being prepared.", "Reload the page in a moment.")
    answer = send_file(current.house().blobs.path(found.proxy_hash), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def _page(
    campaign_id: int, *, refused: list[tuple[str, LeafletsError]] | None = None, status: int = 200
) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    shown = render_template(
        "pictures.html",
        campaign=campaigns.campaign(session, actor=actor, campaign_id=campaign_id),
        pictures=pictures.pictures_of(session, actor=actor, campaign_id=campaign_id),
        refused=refused or [],
        may_add=current.may(Action.ADD_PICTURE, campaign_id),
        proxy_src=proxy_src,
        limits=picture_limits(),
    )
    return make_response(shown, status)
