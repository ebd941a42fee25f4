"""The ways through the site that somebody sees at its head: the pages that their roles have something to do on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from leaflets.domain.permissions import SIGNED_IN, Action, may
from leaflets.services import access
from leaflets.services.organisation import tree
from leaflets.services.review import review_queue
from leaflets.services.roles import grants
from leaflets.services.roles.answering import how_many
from leaflets.storage.people import Person
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class Way:
    """One link. `count` says how many things wait there, 0 where that is not counted."""

    words: str
    path: str
    is_here: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    endpoint: str
    words: str
    action: Action
    count: Callable[[Session, Person], int] | None = None
    forms: tuple[str, ...] = ()


# Row: a page without arguments, its name, what one must be able to do somewhere to be led there, what waits there.
_ENTRIES = (
    _Entry("home.page", "Your leaflets", Action.SEE_LIBRARY),
    _Entry("review_queue.page", "To approve", Action.SEE_QUEUE, review_queue.count),
    _Entry("library.page", "Library", Action.SEE_LIBRARY),
    _Entry("messages.library", "Messages", Action.SEE_MESSAGES),
    _Entry("house_orders.page", "Orders", Action.SEE_HOUSE_ORDERS),
    _Entry("asking.page", "Access", Action.ASK_ACCESS, how_many),
)


# Row: a page of an office, its name, what one must be able to do there to be led to it.
_OFFICE_ENTRIES = (
    _Entry("boards.page", "Board", Action.SEE_BOARD),
    _Entry("waiting.page", "Waiting times", Action.SEE_WAITING),
    _Entry("objections.of_office", "Objections", Action.SEE_BOARD),
    _Entry("places.page", "Places", Action.SEE_PLACES, forms=("places", "place_lists")),
    _Entry("people.of_office", "People", Action.SEE_OFFICE, forms=("people",)),
    _Entry("printing_houses.page", "Printers", Action.SEE_PLACES, forms=("printing_houses",)),
    _Entry("office_settings.page", "Settings", Action.SEE_PLACES, forms=("office_settings",)),
    _Entry("providers.page", "Sign-in", Action.KEEP_SIGN_IN, forms=("providers",)),
    _Entry("record.page", "Record", Action.SEE_AUDIT),
)

# Row: a page of a campaign, its name, what one must be able to do in it to be led there.
_CAMPAIGN_ENTRIES = (
    _Entry("plans.campaign", "Timeline", Action.SEE_LEAFLET),
    _Entry("pictures.page", "Pictures", Action.SEE_PICTURE, forms=("pictures",)),
    _Entry("people.of_campaign", "People", Action.SEE_PEOPLE, forms=("people",)),
    _Entry("office_campaigns.details", "Imprint and details", Action.KEEP_CAMPAIGN, forms=("office_campaigns",)),
)


def campaign_ways(session: Session, person: Person, campaign_id: int) -> list[Way]:
    """The pages of one campaign that somebody may open, for the line below its name."""
    held = access.roles_in(session, person, campaign_id)
    return [
        Way(entry.words, url_for(entry.endpoint, campaign_id=campaign_id), _is_in(entry))
        for entry in _CAMPAIGN_ENTRIES
        if may(entry.action, held)
    ]


def office_ways(session: Session, person: Person, node: Node) -> list[Way]:
    """The pages of one office that somebody may open, for the line below its name. Row of `_OFFICE_ENTRIES` each."""
    held = access.granted_at(session, person, node)
    return [
        Way(entry.words, url_for(entry.endpoint, node_id=node.id), _is_in(entry))
        for entry in _OFFICE_ENTRIES
        if may(entry.action, held)
    ]


def ways(session: Session, person: Person, offices: Iterable[Node]) -> list[Way]:
    """The links for one person, in their order; the boards of their offices last."""
    held = {grant.role for grant in grants.held_by(session, person.id)} | {SIGNED_IN}
    found = [
        Way(
            entry.words,
            url_for(entry.endpoint),
            request.endpoint == entry.endpoint,
            entry.count(session, person) if entry.count else 0,
        )
        for entry in _ENTRIES
        if may(entry.action, held)
    ]
    kept = tree.kept_by(session, actor=person)
    boards = [(office, url_for("boards.page", node_id=office.id)) for office in offices]
    seen = {office.id for office in offices}
    boards += [(each, url_for("places.page", node_id=each.id)) for each in kept if each.id not in seen]
    here = (request.view_args or {}).get("node_id")
    return found + [Way(office.name, path, here == office.id) for office, path in boards]


def _is_in(entry: _Entry) -> bool:
    """Whether this is the page, or one of the forms on it that could not be taken."""
    return request.endpoint == entry.endpoint or request.blueprint in entry.forms
