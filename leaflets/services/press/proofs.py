"""Proofs: asking for one, and seeing the newest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Content, pictures_in
from leaflets.domain.permissions import Action
from leaflets.domain.press.forecast import Forecast
from leaflets.domain.press.problem import Problem
from leaflets.domain.press.proof import TRIMMED, Look
from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.domain.template import Values
from leaflets.queue import Tickets
from leaflets.services import access, audit, leaflets
from leaflets.services.press import press_queue
from leaflets.services.press.proof_content import inputs_hash
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.press import Proof, Work
from leaflets.storage.remarks import problems_from_json
from leaflets.storage.session import writing

WAITED_FOR = {Look.SCREEN: timedelta(seconds=2), Look.SHEET: timedelta(seconds=2), Look.SHARP: timedelta(seconds=4)}
"""Somebody is looking at the page; for a sharper picture of the same they wait a little longer."""

VERSION_WAITED_FOR = timedelta(seconds=5)
"""The same for a picture of an older version: who types goes first."""


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


@dataclass(frozen=True, slots=True)
class ProofNews:
    """How the proofs of one look stand: the one asked for last, and the newest that can be looked at.

    `behind` says that the one asked for last will not show, or does not show, the words as they are now.
    """

    asked: ProofStanding
    shown: Proof | None
    behind: bool


def ask(
    session: Session, *, actor: Person, now: datetime, tickets: Tickets, leaflet_id: int, look: Look = Look.SCREEN
) -> Proof:
    """Ask for a proof of the leaflet as it stands now.

    When the newest of that look shows exactly this, or waits and will show it, it is the answer. A sharper one that
    still waits is dropped when somebody types on: it is asked for again in the next pause.
    """
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.ASK_PROOF)
    if found := _good_enough(session, target, look):  # most often it is, and nobody waits for anybody else to write
        return found
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.ASK_PROOF)
        if found := _good_enough(session, target, look):
            return found
        if look is not Look.SHARP:
            _drop(session, actor, now, leaflet_id, Look.SHARP)
        revision = leaflets.frozen(session, actor, now, target)
        inputs = inputs_hash(session, target, Content.from_json(revision.content), look)
        proof = added(session, actor, now, revision, inputs, look, WAITED_FOR[look])
    tickets.send(WorkKind.PROOF.lane)
    return proof


def ask_of_version(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    tickets: Tickets,
    leaflet_id: int,
    edit_id: int,
    values: Values,
    look: Look = Look.SCREEN,
) -> Proof:
    """Ask for a proof of the leaflet as it stood after an edit, with these `values`.

    It supersedes nothing and is never the leaflet's newest. Asked for again, the same proof is the answer.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.ASK_PROOF)
        content = replace(leaflets.content_of(target), values=values, pictures=pictures_in(values))
        inputs = inputs_hash(session, target, content, look)
        same = select(Proof).where(Proof.leaflet_id == leaflet_id, Proof.of_edit == edit_id, Proof.look == look)
        before = session.scalar(same.order_by(Proof.id.desc()).limit(1))
        if before is not None and _shows(session, before, inputs):
            return before
        revision = leaflets.frozen(session, actor, now, target, content)
        proof = added(session, actor, now, revision, inputs, look, VERSION_WAITED_FOR, of_edit=edit_id)
    tickets.send(WorkKind.PROOF.lane)
    return proof


def news(session: Session, *, now: datetime, target: Leaflet, look: Look) -> ProofNews | None:
    """How the proofs stand that somebody sees who looks at the leaflet so; `None` when none was ever asked for.

    A sharper picture of the pages stands in for the quick one. The caller has seen to it that they may be seen.
    """
    looks = TRIMMED if look in TRIMMED else [look]
    asked = session.scalar(_newest(target.id, looks))
    if asked is None:
        return None
    done = _newest(target.id, looks).where(Proof.state == WorkState.DONE)
    shown = asked if asked.state == WorkState.DONE else session.scalar(done)
    work = press_queue.latest(session, WorkKind.PROOF, asked.id)
    behind = asked.state != WorkState.WAITING and (
        work is None or work.inputs_hash != inputs_hash(session, target, leaflets.content_of(target), asked.look)
    )
    return ProofNews(_standing(session, now, asked, work), shown, behind)


@dataclass(frozen=True, slots=True)
class ProofIds:
    """The numbers of the proof asked for last and of the newest that can be looked at, as in `news`; 0 for none.

    `waits`: the newest of this very look is not taken up yet, and will show the words as they stand then.
    """

    asked: int
    shown: int
    waits: bool


def newest_ids(session: Session, target: Leaflet, look: Look) -> ProofIds:
    """Which proofs there are, without what is in them."""
    looks = list(TRIMMED) if look in TRIMMED else [look]
    known = {"leaflet": target.id, "looks": looks, "look": look, "done": WorkState.DONE}
    asked, shown, state = session.execute(_IDS, known).one()
    return ProofIds(asked or 0, shown or 0, state == WorkState.WAITING)


def _newest_ids() -> Select[int | None, int | None, str | None]:
    """Asked with every save, so put together once."""
    asked = select(Proof.id).where(Proof.leaflet_id == bindparam("leaflet"), Proof.of_edit.is_(None))
    asked = asked.order_by(Proof.id.desc()).limit(1)
    seen = asked.where(Proof.look.in_(bindparam("looks", expanding=True)))
    shown = seen.where(Proof.state == bindparam("done"))
    same = asked.where(Proof.look == bindparam("look")).with_only_columns(Proof.state)
    return select(seen.scalar_subquery(), shown.scalar_subquery(), same.scalar_subquery())


_IDS = _newest_ids()


def standing(session: Session, *, actor: Person, now: datetime, proof_id: int) -> ProofStanding:
    """How far one proof has come. Raises `NotFound`."""
    proof = session.get(Proof, proof_id)
    if proof is None:
        raise access.not_found("proof")
    access.require(session, actor, Action.SEE_LEAFLET, proof.leaflet.campaign_id, what="proof")
    return _standing(session, now, proof, press_queue.latest(session, WorkKind.PROOF, proof_id))


def latest(session: Session, *, actor: Person, leaflet_id: int) -> Proof | None:
    """The newest proof, cut at the trim, that can be looked at, if there is one."""
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    return session.scalar(_newest(leaflet_id, TRIMMED).where(Proof.state == WorkState.DONE))


def shows_page(session: Session, *, actor: Person, leaflet_id: int, image: str) -> bool:
    """Whether the page image of that hash belongs to a proof of this leaflet, which the actor may see."""
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    done = select(Proof.pages).where(Proof.leaflet_id == leaflet_id, Proof.state == WorkState.DONE)
    newest_first = session.scalars(done.order_by(Proof.id.desc()).execution_options(yield_per=20))
    return any(page["hash"] == image for pages in newest_first for page in pages)


def _newest(leaflet_id: int, looks: Collection[Look]) -> Select[Proof]:
    """The last one of these looks; a proof of an older version is never it."""
    asked = select(Proof).where(Proof.leaflet_id == leaflet_id, Proof.look.in_(looks), Proof.of_edit.is_(None))
    return asked.order_by(Proof.id.desc()).limit(1)


def _good_enough(session: Session, target: Leaflet, look: Look) -> Proof | None:
    """The newest proof, if it is seen by who looks so, and waits and will show these words, or shows them already.

    A sharp one is no answer once a quick one came after it: the newest is what people see. What a sharp one shows
    needs no quick one.
    """
    newest = session.scalar(_newest(target.id, TRIMMED if look in TRIMMED else [look]))
    if newest is None or newest.look == Look.SCREEN != look:
        return None
    if newest.state == WorkState.WAITING:
        return newest if newest.look == look else None
    inputs = inputs_hash(session, target, leaflets.content_of(target), newest.look)
    return newest if _shows(session, newest, inputs) else None


def added(
    session: Session,
    actor: Person,
    now: datetime,
    revision: Revision,
    inputs: str,
    look: Look,
    waited_for: timedelta,
    *,
    of_edit: int | None = None,
) -> Proof:
    """Put a new proof into the queue, for other services inside their transaction and with the leaflet locked."""
    proof = Proof(
        leaflet_id=revision.leaflet_id,
        revision_id=revision.id,
        state=WorkState.WAITING,
        look=look,
        of_edit=of_edit,
        asked_by=actor.id,
        asked_at=now,
    )
    session.add(proof)
    session.flush()
    press_queue.add(
        session,
        now=now,
        kind=WorkKind.PROOF,
        subject_id=proof.id,
        needed_by=now + waited_for,
        key=f"{Content.from_json(revision.content).template}:{look}",
        inputs_hash=inputs,
    )
    audit.record(
        session,
        actor=actor,
        now=now,
        what="proof asked",
        subject=WorkKind.PROOF,
        subject_id=proof.id,
        campaign_id=revision.leaflet.campaign_id,
        became=revision.content_hash,
    )
    return proof


def _drop(session: Session, actor: Person, now: datetime, leaflet_id: int, look: Look) -> None:
    waiting = select(Proof.id).where(
        Proof.leaflet_id == leaflet_id,
        Proof.look == look,
        Proof.state == WorkState.WAITING,
        Proof.of_edit.is_(None),
    )
    if dropped := list(session.scalars(waiting)):
        press_queue.supersede(session, actor=actor, now=now, kind=WorkKind.PROOF, subject_ids=dropped)


def _standing(session: Session, now: datetime, proof: Proof, work: Work | None) -> ProofStanding:
    return ProofStanding(
        proof=proof,
        state=WorkState(proof.state),
        stage=work.stage if work else "",
        fraction=work.fraction if work else 0.0,
        forecast=press_queue.forecast_of(session, work, now=now) if work else None,
        problems=problems_from_json(proof.problems),
        reason=proof.reason,
    )


def _shows(session: Session, proof: Proof, inputs: str) -> bool:
    work = press_queue.latest(session, WorkKind.PROOF, proof.id)
    return (
        work is not None and work.inputs_hash == inputs and work.state not in (WorkState.FAILED, WorkState.SUPERSEDED)
    )
