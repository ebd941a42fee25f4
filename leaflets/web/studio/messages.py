"""The approved messages that a zone of the leaflet may say, and how each zone stands that says one, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.moments import in_london, say_day
from leaflets.domain.errors import NotFound
from leaflets.domain.review.message import MessageKind
from leaflets.domain.review.topics import TOPICS
from leaflets.domain.template import Template
from leaflets.services import leaflets
from leaflets.services.message import messages
from leaflets.services.message.messages import Offer, Says
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageText
from leaflets.web import current

pages = Blueprint("studio_messages", __name__, url_prefix="/leaflets")

MOST = 200
"""Offers for one zone: more is for the library's own page, with its search."""


@pages.get("/<int:leaflet_id>/zones/<zone>/messages.json")
def offers(leaflet_id: int, zone: str) -> ResponseReturnValue:
    """The messages for one zone, each as the campaign would say it."""
    session = current.session()
    target = leaflets.leaflet(session, actor=current.actor(), leaflet_id=leaflet_id)
    place = {each.key: each for each in _template(target).zones}.get(zone)
    if place is None:
        raise NotFound("There is no such place in this leaflet.", "Reload the page.")
    found = messages.offers(session, **_asked(target), zone=place, most=MOST)
    return jsonify(offers=[_offer_json(each) for each in found])


def messages_json(target: Leaflet, *, is_asked: bool) -> dict[str, Any]:
    """Which zones say messages, and which could: `{offering, asked, zones}`.

    `offering` are the zones that there are messages for; `asked`, as the caller knows, that an office looks at other
    words. A zone that says one is `{state, units, title, why, instead, at, alone, url}`, as `messages.Says` has them;
    `state` is approved, part, or ended.
    """
    session, template = current.session(), _template(target)
    asked = _asked(target)
    found = messages.standing(session, **asked, template=template, values=target.values)
    return {
        "offering": messages.zones_with_offers(session, **asked, template=template),
        "asked": is_asked,
        "zones": {key: _says_json(each) for key, each in found.items()},
    }


def _template(target: Leaflet) -> Template:
    return current.house().library.template(target.template_ref)


def _asked(target: Leaflet) -> dict[str, Any]:
    language = target.language or _template(target).language
    return {"campaign": target.campaign, "language": language, "day": in_london(current.now()).date()}


def _says_json(says: Says) -> dict[str, Any]:
    text = says.ended or says.text
    assert text is not None  # a zone is here because it says one
    return {
        "state": "ended" if says.ended else "approved" if all(says.units) else "part",
        "units": says.units,
        "title": text.message.title,
        "why": _why_ended(says.ended) if says.ended else text.message.why,
        "instead": _offer_json(says.instead) if says.instead else None,
        "at": says.at,
        "alone": says.alone,
        "url": url_for("messages.page", message_id=text.message_id),
    }


def _why_ended(text: MessageText) -> str:
    message = text.message
    if message.withdrawn_at is not None:
        return f"The office withdrew these words: {message.withdrawn_because}"
    if text.ended_at is not None:
        return f"The office corrected these words: {text.ended_because}"
    if message.last_day and message.last_day < in_london(current.now()).date():
        return f"These words could be used until {say_day(message.last_day)}."
    return "These words are not for this place, or not for today."


def _offer_json(offer: Offer) -> dict[str, Any]:
    message = offer.message
    return {
        "id": message.id,
        "kind": MessageKind(message.kind).value,
        "title": message.title,
        "value": offer.value,
        "why": message.why,
        "source": message.source,
        "topic": TOPICS[message.topic].label if message.topic in TOPICS else "",
        "from": message.node.name,
        "until": say_day(message.last_day) if message.last_day else "",
        "gaps": _free_gaps(message),
        "url": url_for("messages.page", message_id=message.id),
    }


def _free_gaps(message: Message) -> bool:
    """Whether another place's name may be written into it."""
    return bool({"town", "place"} & set(message.gaps))
