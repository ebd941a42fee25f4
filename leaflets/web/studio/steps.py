"""What the studio's script asks of the history: steps to undo and redo, and the earlier words of one zone. All JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid
from leaflets.domain.template import Zone
from leaflets.domain.words.comparison import compare_values
from leaflets.domain.words.word_changes import Change
from leaflets.services import leaflets
from leaflets.services.studio import earlier_words, steps
from leaflets.services.studio.earlier_words import Text
from leaflets.services.studio.edit_log import NO_LIMIT
from leaflets.services.studio.steps import StepShown
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current

pages = Blueprint("steps", __name__, url_prefix="/leaflets")


@pages.get("/<int:leaflet_id>/steps")
def own(leaflet_id: int) -> ResponseReturnValue:
    """A page of what whoever asks can undo, the next first; the first page also has what can be redone."""
    found = steps.steps(current.session(), actor=current.actor(), leaflet_id=leaflet_id, before=edit_number("before"))
    return jsonify(
        {
            "undo": [_step_json(step) for step in found.undo],
            "redo": [_step_json(step) for step in found.redo],
            "older": found.older,
            "overtaken": dict(found.overtaken),
        }
    )


@pages.get("/<int:leaflet_id>/zones/<zone>/earlier")
def earlier(leaflet_id: int, zone: str) -> ResponseReturnValue:
    """What a zone held before. `parts` are its words; those that the zone does not hold now are `added`."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    before = edit_number("before")
    found = earlier_words.of_zone(session, actor=actor, leaflet_id=leaflet_id, zone=zone, before=before)
    template = current.house().library.template(target.template_ref)
    known = next((each for each in template.zones if each.key == zone), None)
    return jsonify({"texts": [_text_json(target, known, text) for text in found.texts], "older": found.older})


def edit_number(name: str) -> int | None:
    """The number of an edit in the address, if it is there. Raises `Invalid` when it is none."""
    sent = request.args.get(name)
    if not sent:
        return None
    if not (sent.isascii() and sent.isdecimal() and 0 < int(sent[:12]) <= NO_LIMIT and len(sent) <= 10):
        raise Invalid("There is no such version.", "Go back to the history and use its links.", code="version")
    return int(sent)


def picture_src(target: Leaflet, original_hash: str) -> str | None:
    """Where the screen-size picture is; `None` for no picture."""
    if not original_hash:
        return None
    return url_for("pictures.proxy", campaign_id=target.campaign_id, picture=original_hash)


def _step_json(step: StepShown) -> dict[str, Any]:
    changes = [{"zone": each.zone, "before": each.before, "after": each.after} for each in step.changes]
    return {"id": step.id, "act": step.act.value, "at": step.at.isoformat(), "changes": changes}


def _text_json(target: Leaflet, zone: Zone | None, text: Text) -> dict[str, Any]:
    seen = compare_values(zone, text.zone, target.values.get(text.zone), text.value)
    return {
        "edit_id": text.edit_id,
        "value": text.value,
        "parts": [
            {"text": part.text, "change": part.change.value, "strong": part.strong, "em": part.em}
            for part in seen.parts
            if part.change is not Change.REMOVED
        ],
        "picture": picture_src(target, seen.pictures[1]) if seen.pictures else None,
        "by": text.by,
        "at": text.at.isoformat(),
        "kept": text.kept,
    }
