"""In which language the words of a leaflet are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.template import Template
from leaflets.domain.words.language import named
from leaflets.services import audit, leaflets
from leaflets.services.message import message_due
from leaflets.storage.people import Person
from leaflets.storage.session import writing


def choose(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, template: Template, language: str
) -> None:
    """Say that the words are in `language`. Choosing what is chosen changes nothing.

    The template's own is stored as "", so that a leaflet that follows its template keeps its content hash. Raises
    `Invalid` for a language that is not in the table, `NotFound`, `Refused`.
    """
    if language not in named(template.language):
        raise Invalid(
            "The studio does not know this language.",
            f"Choose one of {', '.join(named(template.language).values())}.",
            code="language",
        )
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        was = target.language or template.language
        if was == language:
            return
        target.language = "" if language == template.language else language
        target.changed_at = now
        message_due.mark(session, target.id)
        audit.of_leaflet(session, actor, now, "language chosen", target, was=was, became=language)
