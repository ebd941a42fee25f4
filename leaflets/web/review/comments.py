"""The doors of comments: said, answered, resolved, a suggestion taken; as forms of a page, or as the studio's JSON.

What a form could not be taken for comes back with the words that were typed (leaflets.web.refusals). To the studio,
every door answers with all the comments as they are then.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import MOST_VERSIONS
from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import words_hash
from leaflets.domain.template import Zone
from leaflets.domain.words.values import clean_values
from leaflets.services import leaflets
from leaflets.services.review import comments, suggestions
from leaflets.services.review.comments import Place
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Comment
from leaflets.web import current, rescue
from leaflets.web.review.comment_view import comments_json

pages = Blueprint("comments", __name__)

Body = TypeVar("Body", bound=BaseModel)

_EMPTY_IS_NONE = BeforeValidator(lambda sent: None if sent == "" else sent)

Number = Annotated[str | None, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$"), _EMPTY_IS_NONE]


class Said(BaseModel):
    """A comment as it is sent. A form sends its numbers as text."""

    model_config = ConfigDict(frozen=True)

    words: str
    zone: Annotated[str, StringConstraints(max_length=64)] = ""
    page: Annotated[int | None, _EMPTY_IS_NONE] = None
    x_mm: Annotated[float | None, _EMPTY_IS_NONE] = None
    y_mm: Annotated[float | None, _EMPTY_IS_NONE] = None
    op_id: Number = None


class Answered(BaseModel):
    """An answer as it is sent."""

    model_config = ConfigDict(frozen=True)

    words: str
    op_id: Number = None


class Taken(BaseModel):
    """Somebody takes suggested words, having seen the zone at that version."""

    model_config = ConfigDict(frozen=True)

    op_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,56}$")]
    base_version: Annotated[int | None, Field(ge=0, le=MOST_VERSIONS), _EMPTY_IS_NONE] = None


@pages.post("/leaflets/<int:leaflet_id>/comments")
def make(leaflet_id: int) -> ResponseReturnValue:
    """Say something about a leaflet."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.COMMENT)
    sent = _sent(Said)
    made = comments.make(
        session,
        actor=actor,
        now=current.now(),
        leaflet_id=leaflet_id,
        words=sent.words,
        place=Place(sent.zone, sent.page, sent.x_mm, sent.y_mm),
        op_id=sent.op_id,
        words_hash=hash_now(target, sent.zone),
    )
    return _done(made, "Your comment is there.")


@pages.post("/comments/<int:comment_id>/answer")
def answer(comment_id: int) -> ResponseReturnValue:
    """Answer a comment."""
    comments.comment(current.session(), actor=current.actor(), comment_id=comment_id)
    sent = _sent(Answered)
    given = comments.answer(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        comment_id=comment_id,
        words=sent.words,
        op_id=sent.op_id,
    )
    return _done(given, "Your answer is there.")


@pages.post("/comments/<int:comment_id>/resolve")
def resolve(comment_id: int) -> ResponseReturnValue:
    """Say that a comment needs nothing more."""
    about: dict[str, Any] = {"actor": current.actor(), "now": current.now(), "comment_id": comment_id}
    return _done(comments.resolve(current.session(), **about), "Resolved.")


@pages.post("/comments/<int:comment_id>/reopen")
def reopen(comment_id: int) -> ResponseReturnValue:
    """Say that a comment does need something."""
    about: dict[str, Any] = {"actor": current.actor(), "now": current.now(), "comment_id": comment_id}
    return _done(comments.reopen(current.session(), **about), "Open again.")


@pages.post("/comments/<int:comment_id>/take")
def take(comment_id: int) -> ResponseReturnValue:
    """Put the suggested words into their zone."""
    comments.comment(current.session(), actor=current.actor(), comment_id=comment_id, action=Action.EDIT_LEAFLET)
    sent = _sent(Taken)
    taken = suggestions.take(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        comment_id=comment_id,
        op_id=sent.op_id,
        base_version=sent.base_version,
    )
    return _done(taken, "The suggested words are in the leaflet now. The studio’s Undo takes them out again.")


def hash_now(target: Leaflet, zone: str) -> str:
    """The name of the words that a zone holds now; empty for no zone, or one that the template does not have."""
    known = zone_of(target, zone)
    if known is None:
        return ""
    template = current.house().library.template(target.template_ref)
    return words_hash(known.kind, clean_values(template, target.values).get(zone))


def zone_of(target: Leaflet, key: str) -> Zone | None:
    """The zone of that key in a leaflet's template, if there is one."""
    template = current.house().library.template(target.template_ref)
    return next((zone for zone in template.zones if zone.key == key), None)


def _done(comment: Comment, said: str) -> ResponseReturnValue:
    target = comment.leaflet
    if request.is_json:
        return jsonify(comments=comments_json(target))
    flash(said)
    back = request.form.get("back", "")
    return redirect(rescue.own_path(back) if back else url_for("studio.page", leaflet_id=target.id))


def _sent(shape: type[Body]) -> Body:
    raw = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        remedy = "Reload the page and try again; what you typed is still there."
        raise Invalid(f"That is no comment ({where}: {first['msg']}).", remedy, code="not-as-agreed") from None
