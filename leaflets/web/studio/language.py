"""The door through which a leaflet is said to be in English, Welsh or Gaelic."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.services import leaflets
from leaflets.services.studio import language
from leaflets.web import current

pages = Blueprint("studio_language", __name__, url_prefix="/leaflets")


class SentLanguage(BaseModel):
    """A BCP 47 tag."""

    model_config = ConfigDict(strict=True, frozen=True)

    language: str


@pages.post("/<int:leaflet_id>/language")
def choose(leaflet_id: int) -> ResponseReturnValue:
    """Say in which language the words are."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.EDIT_LEAFLET)
    try:
        sent = SentLanguage.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise Invalid("No language was named.", "Choose one from the list.", code="language") from None
    template = current.house().library.template(target.template_ref)
    language.choose(
        session, actor=actor, now=current.now(), leaflet_id=leaflet_id, template=template, language=sent.language
    )
    return jsonify(language=target.language or template.language)
