"""What is left to do, as JSON, and the door for whoever has read every word."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.services import leaflets
from leaflets.services.review.prospect import Prospect
from leaflets.services.studio import readiness
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current

pages = Blueprint("studio_checklist", __name__, url_prefix="/leaflets")


class SentReading(BaseModel):
    """The content that somebody has read, by its hash."""

    model_config = ConfigDict(strict=True, frozen=True)

    content: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@pages.post("/<int:leaflet_id>/read")
def read(leaflet_id: int) -> ResponseReturnValue:
    """Note that every word was read; answered with the checklist as it is then."""
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id, action=Action.ASK_PROOF)
    try:
        sent = SentReading.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise Invalid("That does not say which words were read.", "Reload the page and try again.") from None
    readiness.read(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        leaflet_id=leaflet_id,
        content_hash=sent.content,
    )
    return jsonify(checklist=checklist_json(target))


def checklist_json(target: Leaflet, prospect: Prospect | None = None) -> list[dict[str, Any]]:
    """Every step in order, `{key, label, state, sentence, zone, does, items, …}`.

    `state` is done, open or waits, and the next step is the first that is not done. The step "read" names the
    `content` to be read, the step "ready" the `url` for whoever may order.
    """
    template = current.house().library.template(target.template_ref)
    found, content = readiness.steps(
        current.session(), actor=current.actor(), target=target, template=template, prospect=prospect
    )
    more = {"read": {"content": content}, "ready": {"url": url_for("orders.form", leaflet_id=target.id)}}
    return [
        {
            "key": step.key,
            "label": step.label,
            "state": step.state.value,
            "sentence": step.sentence,
            "zone": step.zone,
            "does": step.does,
            "items": [{"words": item.words, "zone": item.zone, "must": item.must} for item in step.items],
            **more.get(step.key, {}),
        }
        for step in found
    ]
