"""The library of approved messages: finding one, reading it, and what its office does with it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.review.message import MessageKind
from leaflets.domain.review.reach import Choice, needs_adoption
from leaflets.domain.review.topics import TOPICS
from leaflets.domain.words.language import LANGUAGES
from leaflets.services.message import message_aftermath, message_library, message_uses, messages
from leaflets.services.message.message_carriers import Carrier, carriers, how_far, seen_by
from leaflets.services.message.message_library import Wanted
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message
from leaflets.storage.tree import Node
from leaflets.web import current
from leaflets.web.known_template import template_of
from leaflets.web.message.message_view import KINDS, MessageCard, cards, carried

pages = Blueprint("messages", __name__, url_prefix="/messages")

ON_A_PAGE = 40
MOST_LEAFLETS = 300


@pages.get("")
def library() -> ResponseReturnValue:
    """What may be said without asking, by kind, policy area and language, or with some words in it."""
    session, actor, asked = current.session(), current.actor(), request.args
    message_library.require_part(session, actor)
    wanted = Wanted(
        search=asked.get("q", "")[:200],
        kind=_one_of(asked.get("kind", ""), MessageKind),
        topic=_one_of(asked.get("topic", ""), TOPICS),
        language=_one_of(asked.get("language", ""), LANGUAGES),
        ended=bool(asked.get("ended")),
    )
    number = min(max(asked.get("page", 1, type=int), 1), 10_000)
    found, count = message_library.find(
        session, actor=actor, wanted=wanted, most=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE
    )
    counts = message_uses.counts(session, [one.id for one in found])
    return render_template(
        "messages.html",
        cards=cards(found, counts),
        count=count,
        wanted=wanted,
        page=number,
        more=number * ON_A_PAGE < count,
        kinds=KINDS,
        topics=TOPICS,
        languages=LANGUAGES,
        offices=message_library.offices(session, actor=actor),
        not_for=_not_for(found),
    )


@pages.get("/<int:message_id>")
def page(message_id: int) -> ResponseReturnValue:
    """One message: its words in each language, why, from where, where it may be used, and who says it."""
    found = message_library.message(current.session(), actor=current.actor(), message_id=message_id)
    return message_page(found)


def message_page(
    found: Message, *, problem: Invalid | None = None, typed: str = "", status: int = 200
) -> ResponseReturnValue:
    """The page of one message; `problem` is what its form for withdrawing it lacked, `typed` what was in it."""
    session, actor = current.session(), current.actor()
    seen = seen_by(session, actor)
    reached = how_far(session, found, seen)
    shown = carriers(session, found, seen, Leaflet.id.in_(list(reached)[:MOST_LEAFLETS]))
    offices = message_library.offices(session, actor=actor)
    counts = message_uses.counts(session, [found.id])
    body = render_template(
        "message.html",
        message=found,
        card=MessageCard(found, message_library.current(found), counts.get(found.id, 0)),
        carriers=shown,
        number=len(reached),
        left=message_aftermath.left(session, found),
        carried=carried(reached.values()),
        may_write=found.withdrawn_at is None and message_library.may_write(session, actor, found),
        below=[node for node in offices if node.id != found.node_id and found.node_id in node.way_down],
        choices={each.node_id: each for each in message_library.choices_about(session, found.id)},
        adopting=_adopting(found),
        languages=LANGUAGES,
        labels=_zone_labels(shown),
        problem=problem,
        typed=typed,
        choice=Choice,
        not_for=_not_for([found]),
    )
    return make_response(body, status)


def _adopting(found: Message) -> frozenset[str]:
    """The nations that decide about it for themselves: nothing of it is offered there before they adopt it."""
    return frozenset(each.value for each in Nation if needs_adoption(found.topic, found.node.law, each))


def _not_for(found: list[Message]) -> dict[int, list[str]]:
    """The campaigns of this person that may not use a message, by its id: some office decided so, or has to."""
    session = current.session()
    campaigns = message_library.campaigns_of(session, current.actor())
    refused: dict[int, list[str]] = {}
    for campaign in campaigns:
        node: Node | None = campaign.node
        usable = {one.id for one in messages.usable_by(session, node, found)} if node else set()
        for one in found:
            if one.id not in usable:
                refused.setdefault(one.id, []).append(campaign.name)
    return {key: names for key, names in refused.items() if len(names) == len(campaigns)}


def _zone_labels(saying: Iterable[Carrier]) -> dict[tuple[str, str], str]:
    labels: dict[tuple[str, str], str] = {}
    for each in saying:
        if template := template_of(each.leaflet):
            labels |= {(template.ref, zone.key): zone.label for zone in template.zones}
    return labels


def _one_of(value: str, known: Iterable[str]) -> str:
    """What was chosen, or nothing for what is no choice: a library with a wrong address shows all."""
    return value if value in {*known} else ""


def path_of(message_id: int) -> str:
    """Where a message is read."""
    return url_for("messages.page", message_id=message_id)
