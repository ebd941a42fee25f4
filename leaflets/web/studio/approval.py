"""How the leaflet stands with its approvers, as JSON, and the doors for sending it and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from flask import Blueprint, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import State, Where, ZoneState, words_hash
from leaflets.domain.template import Template
from leaflets.domain.words.values import clean_values
from leaflets.services import leaflets
from leaflets.services.review import approved, sending
from leaflets.services.review.approved import Standing
from leaflets.services.review.open_words import StageLook, ZoneLook
from leaflets.services.review.prospect import Prospect
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Submission
from leaflets.web import current
from leaflets.web.review.review_words import answer_by, free_words, how_words, office_words, zone_words, zones_words

pages = Blueprint("studio_approval", __name__, url_prefix="/leaflets")


class SentForApproval(BaseModel):
    """Somebody sends the content that they see; `anyway` with steps of the checklist open."""

    model_config = ConfigDict(strict=True, frozen=True)

    content: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    note: str = ""
    anyway: bool = False


@pages.post("/<int:leaflet_id>/approval/send.json")
def send(leaflet_id: int) -> ResponseReturnValue:
    """Send the leaflet for approval; answered with how it stands then."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.SEND_FOR_REVIEW)
    try:
        sent = SentForApproval.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise Invalid("That does not say what is sent.", "Reload the page and try again.") from None
    sending.send(
        session,
        actor=actor,
        now=current.now(),
        leaflet_id=leaflet_id,
        template=current.house().library.template(target.template_ref),
        note=sent.note,
        content_hash=sent.content,
        anyway=sent.anyway,
    )
    return jsonify(approval=approval_json(target))


@pages.post("/<int:leaflet_id>/approval/take-back.json")
def take_back(leaflet_id: int) -> ResponseReturnValue:
    """Take back what waits; answered with how the leaflet stands then."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.SEND_FOR_REVIEW)
    waiting = approved.waiting_of(session, leaflet_id)
    if waiting is not None:
        sending.take_back(session, actor=actor, now=current.now(), submission_id=waiting.id)
    return jsonify(approval=approval_json(target))


def prospect_of(target: Leaflet) -> Prospect:
    """How the leaflet stands, looked up once for all parts of one answer: for answers that change nothing any more."""
    found: Prospect | None = g.get("prospect")
    if found is None or found.target is not target:
        template = current.house().library.template(target.template_ref)
        found = g.prospect = Prospect(current.session(), target, template, current.now())
    return found


def approval_json(target: Leaflet, prospect: Prospect | None = None) -> dict[str, Any]:
    """How it stands: `{where, sentence, brief, asked, because, zones, content, may_send, may_take_back, next, url}`.

    `brief` is what the head of the studio says of it. `asked` are the zones whose change is still asked for, `because`
    why it was sent back as a whole. `next` is the step that leads to print, `{words, url}`: an order where nothing
    stands between, else what is to be changed, or sent; `null` while it waits for an office. `zones` says of each zone
    that an office asks for `{state, words}`; `state` is passed, waits, asked, changed (since then) or will-wait. Empty
    of sentence and zones where nobody asks to see it.
    """
    template = current.house().library.template(target.template_ref)
    prospect = prospect or Prospect(current.session(), target, template, current.now())
    standing = prospect.standing
    may_send = current.may(Action.SEND_FOR_REVIEW, target.campaign_id)
    is_open = standing.where not in (Where.WAITING, Where.APPROVED, Where.UNASKED)
    looks = _looks(prospect.stages) if is_open else []
    waits = [look.asked.zone.label for look in looks if look.how is None]
    zones = _zones(standing, target, template) | _to_come(standing, looks)
    asked = [key for key, zone in zones.items() if zone["state"] == "asked"] if is_open else []
    return {
        "where": standing.where.value,
        "sentence": _sentence(standing, waits, is_asked=bool(asked)),
        "brief": brief(standing, is_asked=bool(asked)),
        "asked": asked,
        "because": _because(standing),
        "zones": zones,
        "content": standing.content_hash,
        "may_send": may_send and is_open,
        "may_take_back": may_send and standing.submission is not None and standing.submission.state == State.WAITING,
        "next": _next(standing, target, asked, is_free=not waits) if may_send else None,
        "url": url_for("leaflet_approval.page", leaflet_id=target.id),
    }


def _because(standing: Standing) -> str:
    """Why it was sent back, where no zone was named; what was asked of a zone stands in its comments."""
    sent = standing.submission
    if standing.where is not Where.RETURNED or sent is None:
        return ""
    return "" if any(zone.state == ZoneState.ASKED for zone in standing.zones.values()) else sent.ended_because


def _next(standing: Standing, target: Leaflet, asked: Sequence[str], *, is_free: bool) -> dict[str, str] | None:
    if asked:
        return {"words": "See what to change", "url": f"#zone-{asked[0]}"}
    match standing.where:
        case Where.WAITING:
            return None
        case Where.RETURNED | Where.CHANGED:
            return {"words": "Send it again", "url": "#approval"}
        case Where.UNSENT if not is_free:
            return {"words": "Send for approval", "url": "#approval"}
        case _:
            return {"words": "Order the PDF", "url": url_for("orders.form", leaflet_id=target.id)}


def _sentence(standing: Standing, waits: list[str], *, is_asked: bool) -> str:
    sent = standing.submission
    match standing.where:
        case Where.UNASKED:
            return ""
        case Where.WAITING if sent is not None:
            return sent_sentence(sent)
        case Where.APPROVED:
            return "Approved: exactly this may be printed."
        case Where.RETURNED:
            return _returned(standing, waits, is_asked=is_asked)
        case Where.CHANGED:
            return f"{_changed(standing)}, so it needs sending again. {_what_waits(waits)}"
        case _:
            return _what_waits(waits)


def brief(standing: Standing, *, is_asked: bool) -> str:
    """How it stands, as short as can be; empty where it was never sent. `is_asked`: a change is still to be made."""
    match standing.where:
        case Where.WAITING | Where.APPROVED:
            return _sentence(standing, [], is_asked=is_asked)
        case Where.RETURNED:
            return "Sent back: a change is asked for." if is_asked else "Sent back; not sent again yet."
        case Where.CHANGED:
            return f"{_changed(standing)}."
        case _:
            return ""


def _changed(standing: Standing) -> str:
    was_approved = standing.submission is not None and standing.submission.state == State.APPROVED
    return "Changed since it was approved" if was_approved else "Changed since it was sent"


def _returned(standing: Standing, waits: list[str], *, is_asked: bool) -> str:
    if not is_asked and any(zone.state == ZoneState.ASKED for zone in standing.zones.values()):
        return f"You have changed what was asked for: send it again. {_what_waits(waits)}"
    because = f" {standing.submission.ended_because}" if standing.submission else ""
    return f"Sent back.{because.rstrip()} Change it, then send it again: what was passed stays passed."


def sent_sentence(sent: Submission) -> str:
    """Who has it, and by when they answer."""
    by = f"; they answer by {answer_by(sent.decide_by, current.now())}" if sent.decide_by else ""
    return f"Sent to {office_words(sent.asked_of)}{by}."


def _what_waits(labels: list[str]) -> str:
    if labels:
        return f"The office looks at {zones_words(labels)}."
    return "Nobody has to look at anything: once it is sent, it is approved."


def _looks(stages: Sequence[StageLook]) -> list[ZoneLook]:
    """Every zone that an office would be asked for if the leaflet were sent now; what somebody has to see goes last."""
    still_open = {look.asked.zone.key: look for stage in stages for look in stage.open}
    free = {look.asked.zone.key: look for stage in stages for look in stage.zones if look.how is not None}
    return [*(look for key, look in free.items() if key not in still_open), *still_open.values()]


def _to_come(standing: Standing, looks: Sequence[ZoneLook]) -> dict[str, dict[str, str]]:
    """How zones would stand if the leaflet were sent now; a change that is asked for is said until the words change."""
    found = {}
    for look in looks:
        known = standing.zones.get(look.asked.zone.key)
        if known is not None and known.state == ZoneState.ASKED and known.words_hash == look.asked.words_hash:
            continue
        if look.how is None:
            found[look.asked.zone.key] = {"state": "will-wait", "words": "The office looks at these words"}
        else:
            said = how_words(look.before, current.now()) if look.before else free_words(look.how)
            found[look.asked.zone.key] = {"state": "passed", "words": said}
    return found


def _zones(standing: Standing, target: Leaflet, template: Template) -> dict[str, dict[str, str]]:
    values = clean_values(template, target.values)
    kinds = {zone.key: zone.kind for zone in template.zones}
    found = {}
    for key, zone in standing.zones.items():
        if key in kinds and words_hash(kinds[key], values.get(key)) != zone.words_hash:
            since = "passed" if zone.state == ZoneState.PASSED else "sent"
            found[key] = {"state": "changed", "words": f"Changed since it was {since}"}
        else:
            state = {ZoneState.WAITING: "waits"}.get(ZoneState(zone.state), zone.state)
            found[key] = {"state": state, "words": zone_words(zone, zone.submission, current.now())}
    return found
