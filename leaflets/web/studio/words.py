"""The doors that words go through: edits in, news out, a choice between two texts, another title. All JSON."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, TypeVar

import structlog
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from leaflets.domain.errors import Invalid, LeafletsError
from leaflets.domain.leaflet import MOST_VERSIONS, Act, Edit, EditResult
from leaflets.domain.permissions import Action
from leaflets.domain.press.proof import Look
from leaflets.services import leaflets
from leaflets.services.press import proofs
from leaflets.services.studio import titles, words
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current
from leaflets.web.studio.news import Asker, news_of

pages = Blueprint("words", __name__, url_prefix="/leaflets")

MOST_EDITS = 50
"""In one request; a script that has more sends the rest next."""

EDITS_BYTES = 1 << 24
"""Fifty edits of the longest text that a zone holds weigh less."""

_RELOAD = "Nothing typed is lost: it stays on this device. Reload the page to go on."

_log = structlog.get_logger()

Tab = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
ZoneName = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{0,63})?$")]
Count = Annotated[int, Field(ge=0, le=MOST_VERSIONS)]
Shown = Annotated[Look | None, Field(strict=False), BeforeValidator(lambda sent: sent or None)]


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class SentEdit(_Sent):
    """One edit. Whether it can be stored is judged and answered for each by itself (leaflets.domain.leaflet)."""

    op_id: str
    zone: str
    value: Any
    base_version: int
    step: str = ""
    act: Annotated[Act, Field(strict=False)] = Act.TYPED
    of: str = ""


class SentEdits(_Sent):
    """A batch of edits from one tab, and what the tab wants to know."""

    tab: Tab
    edits: Annotated[list[SentEdit], Field(max_length=MOST_EDITS)]
    at_zone: ZoneName = ""
    cursor: Count = 0
    look: Shown = None
    proof: Annotated[list[Count], Field(min_length=2, max_length=2)] | None = None


class AskedNews(BaseModel):
    """What stands in the address of a question for news; numbers are text there."""

    tab: Tab
    zone: ZoneName = ""
    cursor: Count = 0
    look: Shown = None


class SentChoice(_Sent):
    """A choice between two texts; `seen_version` is that of the stored words which the person saw beside them."""

    take: Literal["offered", "stored"]
    seen_version: int | None = None
    tab: Tab = "another"
    at_zone: ZoneName = ""
    cursor: Count = 0


class SentTitle(_Sent):
    """What somebody calls a leaflet."""

    title: str


Body = TypeVar("Body", bound=BaseModel)


@pages.post("/<int:leaflet_id>/edits")
def edits(leaflet_id: int) -> ResponseReturnValue:
    """Store edits; answered once they are on the disk, each for itself, with the news."""
    session, sent = current.session(), _body(SentEdits, leaflet_id)
    target, saved = words.saved_into(
        session,
        actor=current.actor(),
        now=current.now(),
        leaflet_id=leaflet_id,
        edits=[
            Edit(each.op_id, each.zone, each.value, each.base_version, sent.tab, each.step, each.act, each.of)
            for each in sent.edits
        ],
    )
    standing = proofs.newest_ids(session, target, sent.look or Look.SCREEN)
    if sent.look is not None and not standing.waits:
        _ask_proof(leaflet_id, sent.look)
        standing = proofs.newest_ids(session, target, sent.look)
    knows_proof = sent.proof == [standing.asked, standing.shown]
    asker = Asker(sent.tab, sent.at_zone, sent.cursor, sent.look, knows_proof)
    return jsonify(
        at=saved.at.isoformat(),
        results=[_result_json(each) for each in saved.results],
        news=news_of(target, asker, after_save=True),
    )


@pages.get("/<int:leaflet_id>/news")
def news(leaflet_id: int) -> ResponseReturnValue:
    """What is new for a tab. One that shows a proof has the next one asked for, unless it is the newest already."""
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)
    asked = _judged(AskedNews, request.args.to_dict())
    if asked.look is not None:
        _ask_proof(leaflet_id, asked.look)
    return jsonify(news_of(target, Asker(asked.tab, asked.zone, asked.cursor, asked.look)))


@pages.post("/<int:leaflet_id>/conflicts/<int:edit_id>")
def settle(leaflet_id: int, edit_id: int) -> ResponseReturnValue:
    """Take one of two texts."""
    sent = _body(SentChoice, leaflet_id)
    words.settle_conflict(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        leaflet_id=leaflet_id,
        edit_id=edit_id,
        take_offered=sent.take == "offered",
        seen_version=sent.seen_version,
    )
    target = current.session().get_one(Leaflet, leaflet_id)
    return jsonify(news=news_of(target, Asker(sent.tab, sent.at_zone, sent.cursor)))


@pages.post("/<int:leaflet_id>/title")
def title(leaflet_id: int) -> ResponseReturnValue:
    """Call the leaflet something else."""
    session, actor, sent = current.session(), current.actor(), _body(SentTitle, leaflet_id)
    titles.rename(session, actor=actor, now=current.now(), leaflet_id=leaflet_id, title=sent.title)
    return jsonify(title=session.get_one(Leaflet, leaflet_id).title)


def _body(shape: type[Body], leaflet_id: int) -> Body:
    """What was sent. Whoever may not change the leaflet is told that, and not what is wrong with what they sent."""
    request.max_content_length = EDITS_BYTES
    if (request.content_length or 0) > EDITS_BYTES:  # looking for the token has opened the body already
        raise RequestEntityTooLarge
    try:
        return _judged(shape, _json(request.get_data(cache=False)))
    except Invalid:
        actor, action = current.actor(), Action.EDIT_LEAFLET
        leaflets.leaflet(current.session(), actor=actor, leaflet_id=leaflet_id, action=action)
        raise


def _json(sent: bytes) -> object:
    try:
        # Not pydantic's own reader: it refuses half a surrogate pair, and words are kept as they were typed.
        return json.loads(sent)
    except (ValueError, RecursionError):
        raise Invalid("What arrived here is not what the studio sends.", _RELOAD, code="not-json") from None


def _judged(shape: type[Body], sent: object) -> Body:
    try:
        return shape.model_validate(sent)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        said = f"What arrived here is not what the studio sends ({where}: {first['msg']})."
        raise Invalid(said, _RELOAD, code="not-as-agreed") from None


def _ask_proof(leaflet_id: int, look: Look) -> None:
    """Ask for the newest proof. Words that were saved stay saved when that cannot be done; the news says how it stands.

    Somebody who may only look sees the proof that is there.
    """
    house = current.house()
    try:
        proofs.ask(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            tickets=house.tickets,
            leaflet_id=leaflet_id,
            look=look,
        )
    except LeafletsError as error:
        _log.info("proof.not_asked", leaflet=leaflet_id, look=look, reason=error.message)


def _result_json(result: EditResult) -> dict[str, Any]:
    return {
        "op_id": result.op_id,
        "zone": result.zone,
        "outcome": result.outcome,
        "version": result.version,
        "message": result.message,
        "remedy": result.remedy,
    }
