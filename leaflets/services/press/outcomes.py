"""What the end of a piece of work means for the order, the proof or the picture that asked for it.

Called inside the transaction that ends the work, so that both are true or neither. One table says how each kind of
work reaches its subject.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from leaflets.domain.notices import Notice
from leaflets.domain.permissions import POLICY, Action, Role
from leaflets.domain.press.problem import Problem
from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.services import alerts, audit
from leaflets.services.press.proof_content import take_newest_words
from leaflets.services.roles import grants
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture, PictureState
from leaflets.storage.press import Order, Proof, Work
from leaflets.storage.remarks import problems_as_json

WORKER_DIED = "The machine stopped while it was working on this."


@dataclass(frozen=True, slots=True)
class PrintDone:
    """A finished PDF, already kept under its hash, and images of its sides as in `ProofDone`."""

    pdf_hash: str
    pages: int
    problems: tuple[Problem, ...]
    images: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class ProofDone:
    """Page images, already kept, and what the press says of them.

    A page is `{"hash", "width_px", "height_px", "pixels"}`; `pixels` is the hash of what is on it, however it was
    written down.
    """

    pages: Sequence[Mapping[str, Any]]
    copyfit: Sequence[Mapping[str, Any]]
    problems: tuple[Problem, ...]
    places: Sequence[Mapping[str, Any]] = ()
    rooms: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PictureDone:
    """A picture is fit to use; its master and its screen proxy are kept."""

    master_hash: str
    proxy_hash: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """It cannot be done, and trying again would not help. `reason` is for the person who asked."""

    reason: str
    problems: tuple[Problem, ...] = ()


Outcome = PrintDone | ProofDone | PictureDone | Stopped

_MAY_ORDER = frozenset(Role) & POLICY[Action.ORDER_PRINT]

_Subject = Order | Proof | Picture
_SUBJECTS: dict[WorkKind, type[_Subject]] = {
    WorkKind.PRINT: Order,
    WorkKind.PROOF: Proof,
    WorkKind.PICTURE: Picture,
}


def started(session: Session, work: Work, worker: str, now: datetime) -> None:
    """Somebody works on it."""
    subject = _subject(session, work)
    if isinstance(subject, Proof):
        take_newest_words(session, work, subject, now)
    _move(session, work, worker, now, WorkState.RUNNING)


def waits_again(session: Session, work: Work, worker: str, now: datetime, reason: str) -> None:
    """An attempt failed; it waits for the next."""
    _move(session, work, worker, now, WorkState.WAITING, reason)


def superseded(session: Session, work: Work, actor: Person, now: datetime) -> None:
    """A newer one was asked for before anybody began."""
    _move(session, work, actor, now, WorkState.SUPERSEDED)


def ended(session: Session, work: Work, worker: str, now: datetime, outcome: Outcome) -> None:
    """It is done, or it has stopped for good."""
    subject = _subject(session, work)
    if isinstance(outcome, Stopped):
        work.reason = outcome.reason
        _move(session, work, worker, now, WorkState.FAILED, outcome.reason)
        if not isinstance(subject, Picture):
            subject.problems = problems_as_json(outcome.problems)
        if isinstance(subject, Order):
            _tell_of_a_stop(session, subject, now)
    elif isinstance(outcome, PrintDone) and isinstance(subject, Order):
        work.output_hash, work.reason = outcome.pdf_hash, ""
        subject.pdf_hash, subject.pages = outcome.pdf_hash, outcome.pages
        subject.images = [dict(image) for image in outcome.images]
        subject.problems = problems_as_json(outcome.problems)
        _move(session, work, worker, now, WorkState.DONE)
    elif isinstance(outcome, ProofDone) and isinstance(subject, Proof):
        work.reason = ""
        for column in ("pages", "copyfit", "places", "rooms"):
            setattr(subject, column, [dict(row) for row in getattr(outcome, column)])
        subject.problems = problems_as_json(outcome.problems)
        _move(session, work, worker, now, WorkState.DONE)
    elif isinstance(outcome, PictureDone) and isinstance(subject, Picture):
        work.output_hash, work.reason = outcome.proxy_hash, ""
        subject.master_hash, subject.proxy_hash = outcome.master_hash, outcome.proxy_hash
        subject.width_px, subject.height_px = outcome.width_px, outcome.height_px
        _move(session, work, worker, now, WorkState.DONE)
    else:
        raise TypeError(f"{type(outcome).__name__} does not end work of kind {work.kind}.")


_PICTURE_STATES = {
    WorkState.WAITING: PictureState.RECEIVED,
    WorkState.RUNNING: PictureState.RECEIVED,
    WorkState.DONE: PictureState.READY,
    WorkState.FAILED: PictureState.REFUSED,
}


def _move(session: Session, work: Work, actor: Person | str, now: datetime, state: WorkState, reason: str = "") -> None:
    subject = _subject(session, work)
    was = subject.state
    subject.state = _PICTURE_STATES[state] if isinstance(subject, Picture) else state
    subject.reason = reason
    if not isinstance(subject, Picture) and state not in (WorkState.WAITING, WorkState.RUNNING):
        subject.finished_at = now
    audit.record(
        session,
        actor=actor,
        now=now,
        what=f"{work.kind} {state}",
        subject=work.kind,
        subject_id=work.subject_id,
        campaign_id=subject.campaign_id if isinstance(subject, Picture) else subject.leaflet.campaign_id,
        was=was,
        became=f"{subject.state}: {reason}" if reason else subject.state,
    )


def _tell_of_a_stop(session: Session, order: Order, now: datetime) -> None:
    """Those who may order in the campaign hear that paper will not come: nothing else would say so at night."""
    alerts.tell(
        session,
        grants.holders(session, campaign_id=order.leaflet.campaign_id, roles=_MAY_ORDER),
        now=now,
        kind=Notice.ORDER_STOPPED,
        subject=f"Order stopped: {order.leaflet.title}, {order.leaflet.election_area}",
        sentence=f"Order {order.id} was stopped. {order.reason}",
        leaflet=order.leaflet,
        path=f"/orders/{order.id}",
    )


def _subject(session: Session, work: Work) -> _Subject:
    return cast(_Subject, session.get_one(_SUBJECTS[WorkKind(work.kind)], work.subject_id))
