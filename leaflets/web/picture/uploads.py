"""Photographs in pieces, by tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, termination.

An upload that is complete says which picture it became in the header `Leaflets-Picture`. Refusals are JSON as
everywhere, with the status that tus asks for.
"""

from __future__ import annotations

import base64
import binascii
import re

from flask import Blueprint, Response, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.press.picture import PictureRefused
from leaflets.services import access
from leaflets.services.picture import uploads
from leaflets.storage.picture import Upload
from leaflets.web import current
from leaflets.web.limits import PIECE, UPLOAD, limiter
from leaflets.web.picture.pictures import picture_limits
from leaflets.web.refusals import problem_page

pages = Blueprint("uploads", __name__, url_prefix="/campaigns/<int:campaign_id>/uploads")

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
_COUNT = re.compile(r"\d{1,15}", re.ASCII)


@pages.before_request
def _check_version() -> ResponseReturnValue | None:
    """A stranger is not told what we speak here."""
    campaign_id = (request.view_args or {})["campaign_id"]
    access.require(current.session(), current.actor(), Action.ADD_PICTURE, campaign_id, what="campaign")
    if request.method == "OPTIONS" or request.headers.get("Tus-Resumable") == VERSION:
        return None
    answer = make_response(problem_page(412, "This is not the tus protocol, version 1.0.0.", "Reload the page."))
    answer.headers["Tus-Version"] = VERSION
    return answer


@pages.after_request
def _speak_tus(answer: Response) -> Response:
    answer.headers["Tus-Resumable"] = VERSION
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("", methods=["OPTIONS"], provide_automatic_options=False)
def abilities(campaign_id: int) -> ResponseReturnValue:
    """What this server can do."""
    return (
        "",
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,termination",
            "Tus-Max-Size": str(picture_limits().max_bytes),
        },
    )


@pages.route("", methods=["POST"], provide_automatic_options=False)
@limiter.limit(UPLOAD)
def begin(campaign_id: int) -> ResponseReturnValue:
    """Announce a file: its size and its name. One that is too large is refused before any byte of it is stored."""
    try:
        begun = uploads.begin(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            campaign_id=campaign_id,
            filename=_filename(request.headers.get("Upload-Metadata", "")),
            size_bytes=_count("Upload-Length"),
            limits=picture_limits(),
        )
    except PictureRefused as refusal:
        status = 413 if refusal.code == "picture-too-large-file" else 422
        return problem_page(status, refusal.message, refusal.remedy, refusal.code)
    return "", 201, {"Location": url_for("uploads.standing", campaign_id=campaign_id, upload_id=begun.id)}


@pages.route("/<upload_id>", methods=["HEAD"], provide_automatic_options=False)
@limiter.limit(PIECE)
def standing(campaign_id: int, upload_id: str) -> ResponseReturnValue:
    """How much of it is here."""
    found = uploads.upload(current.session(), actor=current.actor(), campaign_id=campaign_id, upload_id=upload_id)
    return "", 200, {"Upload-Length": str(found.size_bytes), **_progress(found)}


@pages.route("/<upload_id>", methods=["PATCH"], provide_automatic_options=False)
@limiter.limit(PIECE)
def carry_on(campaign_id: int, upload_id: str) -> ResponseReturnValue:
    """Take the next piece."""
    if request.mimetype != PIECE_TYPE:
        return problem_page(415, f"A piece of a file is sent as {PIECE_TYPE}.", "Reload the page, and send it again.")
    if request.content_length is None:
        return problem_page(411, "This piece does not say how long it is.", "Reload the page, and send it again.")
    house = current.house()
    found = uploads.carry_on(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        blobs=house.blobs,
        tickets=house.tickets,
        campaign_id=campaign_id,
        upload_id=upload_id,
        offset=_count("Upload-Offset"),
        piece=_UntilCutOff(),
        announced=request.content_length,
        limits=picture_limits(),
    )
    return "", 204, _progress(found)


@pages.route("/<upload_id>", methods=["DELETE"], provide_automatic_options=False)
def drop(campaign_id: int, upload_id: str) -> ResponseReturnValue:
    """Forget it."""
    uploads.drop(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        blobs=current.house().blobs,
        campaign_id=campaign_id,
        upload_id=upload_id,
    )
    return "", 204


@pages.route("/<upload_id>", methods=["POST"], provide_automatic_options=False)
def instead(campaign_id: int, upload_id: str) -> ResponseReturnValue:
    """Any of these three, for whom a proxy lets only GET and POST through; tus 1.0.0 asks it of every server."""
    asked = {"HEAD": standing, "PATCH": carry_on, "DELETE": drop}.get(request.headers.get("X-HTTP-Method-Override", ""))
    if asked is None:
        abort(405)
    return asked(campaign_id, upload_id)


class _UntilCutOff:
    """The body of this request; a line that breaks is its end, so that what came before counts."""

    def read(self, count: int, /) -> bytes:
        try:
            return request.stream.read(count)
        except (ClientDisconnected, OSError):
            return b""


def _progress(found: Upload) -> dict[str, str]:
    became = {"Leaflets-Picture": found.picture_hash} if found.picture_hash else {}
    return {"Upload-Offset": str(found.received_bytes), **became}


def _count(header: str) -> int:
    """A number of bytes in a header. Raises `Invalid` when it is none."""
    given = request.headers.get(header, "")
    if not _COUNT.fullmatch(given):
        raise Invalid(f"{header} is no number of bytes.", "Reload the page, and choose the file again.")
    return int(given)


def _filename(metadata: str) -> str:
    """The name in `Upload-Metadata`: pairs of a key and a value in Base64. Empty when there is none."""
    pairs = dict(pair.strip().partition(" ")[::2] for pair in metadata.split(","))
    try:
        return base64.b64decode(pairs.get("filename", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Invalid("The name of this file cannot be read.", "Rename the file, and choose it again.") from error
