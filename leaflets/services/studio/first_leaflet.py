"""A whole leaflet from the answers to the first questions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import OP_ID
from leaflets.domain.permissions import Action
from leaflets.domain.template import Kit, Template
from leaflets.domain.words.first_leaflet import Answers, filled
from leaflets.services import access, leaflets
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import writing


def make(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    campaign_id: int,
    template: Template,
    kit: Kit,
    answers: Answers,
    op_id: str,
) -> Leaflet:
    """Start a leaflet and fill it, in one transaction. The same `op_id` again gives the leaflet that it made.

    The candidate and the area are printed as they were answered. Raises `NotFound`, `Refused`, and `Invalid` for an
    `op_id` that no page of ours would send.
    """
    if not OP_ID.fullmatch(op_id):
        raise Invalid("These answers have no proper number.", "Reload the page; your answers stay on this device.")
    with writing(session):
        access.require(session, actor, Action.START_LEAFLET, campaign_id, what="campaign")
        session.get_one(Campaign, campaign_id, with_for_update=True)  # two sendings of one form take turns
        before = session.scalar(select(Leaflet).filter_by(op_id=op_id, campaign_id=campaign_id, created_by=actor.id))
        if before is not None:
            return before
        made = leaflets.started(session, actor, now, campaign_id, template, kit)
        made.op_id, made.candidate, made.election_area = op_id, answers.candidate, answers.area
        words.fill(session, actor, now, made, filled(template, answers))
    return made
