"""The pages of a revision that was sent for approval: those of a proof that shows it, or of one asked for now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Content
from leaflets.domain.permissions import Action
from leaflets.domain.press.proof import TRIMMED, Look
from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.queue import Tickets
from leaflets.services import access, leaflets
from leaflets.services.press import proofs
from leaflets.services.press.proof_content import inputs_hash
from leaflets.storage.leaflet import Revision
from leaflets.storage.people import Person
from leaflets.storage.press import Proof
from leaflets.storage.session import writing

OF_NO_EDIT = 0
"""The `of_edit` of a proof of a revision that was sent for approval: it shows that revision for ever."""


def shown(session: Session, revision_id: int) -> Proof | None:
    """The newest proof of a revision that is finished, or is going to be; `None` when there is none.

    The caller has seen to it that it may be seen.
    """
    same = select(Proof).where(
        Proof.revision_id == revision_id,
        Proof.look.in_(TRIMMED),
        or_(
            Proof.state.in_((WorkState.DONE, WorkState.RUNNING)),
            and_(Proof.state == WorkState.WAITING, Proof.of_edit.is_not(None)),  # any other follows newer words
        ),
    )
    return session.scalar(same.order_by(Proof.state != WorkState.DONE, Proof.id.desc()).limit(1))


def ask(session: Session, *, actor: Person, now: datetime, tickets: Tickets, revision_id: int, action: Action) -> Proof:
    """A proof of a revision, for somebody who may do `action` to its leaflet: one that there is, else a new one.

    One that the press stopped at is not asked for again. It supersedes nothing and is never the leaflet's newest.
    """
    with writing(session):
        revision = session.get(Revision, revision_id)
        if revision is None:
            raise access.not_found("version of this leaflet")
        target = leaflets.locked(session, actor, revision.leaflet_id, action)
        failed = select(Proof).where(Proof.revision_id == revision_id, Proof.state == WorkState.FAILED)
        before = shown(session, revision_id) or session.scalar(failed.order_by(Proof.id.desc()).limit(1))
        if before is not None:
            return before
        inputs = inputs_hash(session, target, Content.from_json(revision.content), Look.SCREEN)
        proof = proofs.added(
            session, actor, now, revision, inputs, Look.SCREEN, proofs.VERSION_WAITED_FOR, of_edit=OF_NO_EDIT
        )
    tickets.send(WorkKind.PROOF.lane)
    return proof
