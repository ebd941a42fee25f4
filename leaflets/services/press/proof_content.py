"""What a proof shows: the words as they stand when a worker takes it up, not when somebody asked.

Whoever types on while a proof waits need not ask again, and no version is frozen that nobody ever sees.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Content, hash_of
from leaflets.services import leaflets
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture
from leaflets.storage.press import Proof, Work


def inputs_hash(session: Session, target: Leaflet, content: Content, look: str) -> str:
    """The name of everything that a proof is drawn from. It is another one once a picture has become ready."""
    pictures: list[str] = []
    if content.pictures:
        wanted = select(Picture.original_hash, Picture.state, Picture.proxy_hash).where(
            Picture.campaign_id == target.campaign_id, Picture.original_hash.in_(content.pictures)
        )
        pictures = sorted(f"{original} {state} {proxy}" for original, state, proxy in session.execute(wanted))
    return hash_of([content.content_hash, look, pictures])


def take_newest_words(session: Session, work: Work, proof: Proof, now: datetime) -> None:
    """Let a proof that is taken up show its leaflet as it stands now; one of an older version stays what it is.

    The leaflet is locked after the row of work: whoever saves words and asks for a proof locks the leaflet, and only
    ever passes over rows of work that are locked. So either these words are in, or who saved them sees that it runs.
    """
    if proof.of_edit is not None:
        return
    target = session.get_one(Leaflet, proof.leaflet_id, with_for_update=True)
    revision = leaflets.frozen(session, session.get_one(Person, proof.asked_by), now, target)
    proof.revision = revision
    work.inputs_hash = inputs_hash(session, target, Content.from_json(revision.content), proof.look)
