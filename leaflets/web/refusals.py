"""Pages for when something cannot be done: what happened, and what to do about it. Never a traceback."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from leaflets.domain.errors import Conflict, Invalid, LeafletsError, NotFound, Refused, Unavailable
from leaflets.web import current, rescue

log = structlog.get_logger("leaflets.web")

STATUS: dict[type[LeafletsError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

MOST_DRAINED_BYTES = 1 << 29

# What happened, and what to do; {limit} is the most that an upload may hold.
WORDS: dict[int, tuple[str, str]] = {
    400: ("That request could not be understood.", "Go back, reload the page, and try again."),
    401: ("You are not signed in any more.", "Sign in again: whatever was saved is still there."),
    403: ("You may not see this page.", "Ask the agent or the candidate of the campaign for access."),
    404: ("There is no such page.", "It may have moved, or the address may have a letter missing."),
    405: ("That page does not work that way.", "Go back and use the buttons on the page."),
    413: (
        "That was more than we can take at once: {limit} MB is the most.",
        "Press Back, choose fewer pictures or smaller ones, and send again. A photo straight from a telephone is well "
        "within the limit.",
    ),
    429: ("That was a lot of tries in a short time.", "Wait a minute, then try again. Nothing was lost."),
    500: (
        "Something broke on our side.",
        "Try again in a minute. If it happens twice, tell whoever runs this site, and give them the number below.",
    ),
    503: ("A part of the site does not answer.", "Nothing was lost. Try again in a minute."),
}


def wants_json() -> bool:
    """Whether a script of ours asked, and not a person who would read a page."""
    return request.accept_mimetypes.best == "application/json"


def problem_page(status: int, message: str, remedy: str, code: str = "") -> ResponseReturnValue:
    """A page of one problem, with the words that were typed; to a script that asked for a part, only the problem."""
    if wants_json():
        return make_response({"message": message, "remedy": remedy, "code": code or str(status)}, status)
    if request.headers.get("HX-Request"):
        return make_response(render_template("parts/problem.html", message=message, remedy=remedy), status)
    fields = rescue.typed_words() if status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE else []
    page = render_template("problem.html", status=status, message=message, remedy=remedy, fields=fields)
    return make_response(page, status)


def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Take in the rest before answering: a browser that is cut off while it sends shows its own error, not ours."""
    left = min(request.content_length or 0, MOST_DRAINED_BYTES)
    if left > (request.max_content_length or 0):
        while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 1 << 20))):
            left -= len(chunk)
    if wants_json():
        return problem_page(
            413, "This is far more than a leaflet can hold.", "Keep a copy, and paste only the part you need."
        )
    return _http(RequestEntityTooLarge())


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    message, remedy = WORDS.get(status, WORDS[400 if status < 500 else 500])
    return problem_page(status, message.format(limit=current.house().config.upload_mb), remedy)


def status_of(error: LeafletsError) -> HTTPStatus:
    """The status of a page that says what could not be done."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.BAD_REQUEST)


def _ours(error: LeafletsError) -> ResponseReturnValue:
    if error.__cause__ is not None:
        current.start_afresh()  # the database may be what failed, and the page asks it who is here
    return problem_page(status_of(error), error.message, error.remedy, error.code)


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    fields = [] if wants_json() else rescue.typed()
    if fields:
        why = "This form was opened before you signed in, or too long ago, so it was not taken."
        return rescue.send_again(fields, request.path, why=why, status=400)
    return problem_page(
        400, "That form was too old, or came from another site.", "Reload the page and try again.", "csrf"
    )


def _unforeseen(error: Exception) -> ResponseReturnValue:
    if current_app.testing:
        raise error
    log.exception("request.broke", path=request.path, method=request.method)
    current.start_afresh()
    return problem_page(500, *WORDS[500])


def answer_errors(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(LeafletsError, _ours)
    app.register_error_handler(Exception, _unforeseen)
