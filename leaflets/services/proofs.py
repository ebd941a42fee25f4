"""Proofs: asking for one, and seeing the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.forecast import Forecast
from leaflets.domain.leaflet import hash_of
from leaflets.domain.permissions import Action
from leaflets.domain.problem import Problem
from leaflets.domain.schedule import WorkKind, WorkState
from leaflets.queue import Tickets
from leaflets.services import access, audit, leaflets, press_queue
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture
from leaflets.storage.press import Proof
from leaflets.storage.remarks import problems_from_json
from leaflets.storage.session import writing

WAITED_FOR = timedelta(seconds=2)
"""Somebody is looking at the page."""


@dataclass(frozen=True, slots=True)
class ProofStanding:
    """How far a proof has come. `forecast` is empty once it has ended; `fraction` is in 0..1."""

    proof: Proof
    state: WorkState
    stage: str
    fraction: float
    forecast: Forecast | None
    problems: tuple[Problem, ...]
    reason: str


def ask(session: Session, *, actor: Person, now: datetime, tickets: Tickets, leaflet_id: int) -> Proof:
    """Ask for a proof of the leaflet as it stands now; whatever still waits for an older one is dropped.

    When the newest proof already shows exactly this, it is the answer and nothing is rendered.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.ASK_PROOF)
        revision = leaflets.frozen(session, actor, now, target)
        inputs_hash = hash_of([revision.content_hash, _pictures(session, target, revision)])
        newest = _newest(session, leaflet_id)
        if newest is not None and _shows(session, newest, inputs_hash):
            return newest
        older = select(Proof.id).where(Proof.leaflet_id == leaflet_id, Proof.state == WorkState.WAITING)
        press_queue.supersede(
            session, actor=actor, now=now, kind=WorkKind.PROOF, subject_ids=list(session.scalars(older))
        )
        proof = Proof(
            leaflet_id=leaflet_id, revision_id=revision.id, state=WorkState.WAITING, asked_by=actor.id, asked_at=now
        )
        session.add(proof)
        session.flush()
        press_queue.add(
            session,
            now=now,
            kind=WorkKind.PROOF,
            subject_id=proof.id,
            needed_by=now + WAITED_FOR,
            key=target.template_ref,
            inputs_hash=inputs_hash,
        )
        audit.record(
            session,
            actor=actor,
            now=now,
            what="proof asked",
            subject=WorkKind.PROOF,
            subject_id=proof.id,
            campaign_id=target.campaign_id,
            became=revision.content_hash,
        )
    tickets.send(WorkKind.PROOF.lane)
    return proof


def standing(session: Session, *, actor: Person, now: datetime, proof_id: int) -> ProofStanding:
    """How far one proof has come. Raises `NotFound`."""
    proof = session.get(Proof, proof_id)
    if proof is None:
        raise access.not_found("proof")
    access.require(session, actor, Action.SEE_LEAFLET, proof.leaflet.campaign_id, what="proof")
    work = press_queue.latest(session, WorkKind.PROOF, proof_id)
    return ProofStanding(
        proof=proof,
        state=WorkState(proof.state),
        stage=work.stage if work else "",
        fraction=work.fraction if work else 0.0,
        forecast=press_queue.forecast_of(session, work, now=now) if work else None,
        problems=problems_from_json(proof.problems),
        reason=proof.reason,
    )


def latest(session: Session, *, actor: Person, leaflet_id: int) -> Proof | None:
    """The newest proof that can be looked at, if there is one."""
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    done = select(Proof).where(Proof.leaflet_id == leaflet_id, Proof.state == WorkState.DONE)
    return session.scalar(done.order_by(Proof.id.desc()).limit(1))


def asked_last(session: Session, *, actor: Person, leaflet_id: int) -> Proof | None:
    """The proof that was asked for last, whatever became of it, if there is one."""
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    return _newest(session, leaflet_id)


def _newest(session: Session, leaflet_id: int) -> Proof | None:
    asked = select(Proof).where(Proof.leaflet_id == leaflet_id)
    return session.scalar(asked.order_by(Proof.id.desc()).limit(1))


def _shows(session: Session, proof: Proof, inputs_hash: str) -> bool:
    work = press_queue.latest(session, WorkKind.PROOF, proof.id)
    return work is not None and work.inputs_hash == inputs_hash and work.state != WorkState.FAILED


def _pictures(session: Session, target: Leaflet, revision: Revision) -> list[str]:
    """What its pictures look like now: a proof is another one once a picture has become ready."""
    wanted = select(Picture.original_hash, Picture.state, Picture.proxy_hash).where(
        Picture.campaign_id == target.campaign_id, Picture.original_hash.in_(revision.content["pictures"])
    )
    return sorted(f"{original} {state} {proxy}" for original, state, proxy in session.execute(wanted))
