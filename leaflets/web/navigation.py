"""The ways through the site that somebody sees at its head: the pages that their roles have something to do on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from leaflets.domain.permissions import POLICY, SIGNED_IN, Action
from leaflets.services import grants
from leaflets.services.answering import how_many
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


# Row: a page without arguments, its name, what one must be able to do somewhere to be led there, what waits there.
_ENTRIES = (
    _Entry("home.page", "Your leaflets", Action.SEE_LIBRARY),
    _Entry("library.page", "Library", Action.SEE_LIBRARY),
    _Entry("house_orders.page", "Orders", Action.SEE_HOUSE_ORDERS),
    _Entry("asking.page", "Access", Action.ASK_ACCESS, how_many),
)


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
        if not POLICY[entry.action].isdisjoint(held)
    ]
    for office in offices:
        path = url_for("boards.page", node_id=office.id)
        found.append(Way(office.name, path, request.path == path))
    return found
