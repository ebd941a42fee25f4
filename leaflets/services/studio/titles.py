"""What people call a leaflet: changing it, and a name of its own for each in a campaign."""

from __future__ import annotations

import itertools
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.session import writing

LONGEST = 200
_ROOM_FOR_A_NUMBER = 5


def free_title(session: Session, campaign_id: int, wished: str) -> str:
    """The title, or with the next number behind it where the campaign has one of that name: Introduction 2."""
    first = tidy_line(wished)[: LONGEST - _ROOM_FOR_A_NUMBER].rstrip()
    taken = set(session.scalars(select(Leaflet.title).where(Leaflet.campaign_id == campaign_id)))
    numbered = (f"{first} {number}" for number in itertools.count(2))
    return next(title for title in itertools.chain([first], numbered) if title not in taken)


def rename(session: Session, *, actor: Person, now: datetime, leaflet_id: int, title: str) -> None:
    """Call a leaflet something else. Raises `Invalid` for no name or too long a one, `NotFound`, `Refused`."""
    tidy = tidy_line(title)
    if not 1 <= len(tidy) <= LONGEST:
        raise Invalid("A leaflet needs a name.", f"Give it one of up to {LONGEST} characters.", code="title")
    with writing(session):
        target = session.get(Leaflet, leaflet_id, with_for_update=True)
        if target is None:
            raise access.not_found("leaflet")
        access.require(session, actor, Action.EDIT_LEAFLET, target.campaign_id, what="leaflet")
        if target.title == tidy:
            return
        was, target.title = target.title, tidy
        audit.of_leaflet(session, actor, now, "leaflet renamed", target, was=was, became=tidy)
