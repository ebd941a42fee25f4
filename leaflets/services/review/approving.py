"""Making an approval, taking it back, and what an order needs of it.

Only content that an approval covers prints. It is made on the spot where no office has to look at anything: by whoever
sends the leaflet, or orders it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.clock.route import STEPS, Route, Step
from leaflets.domain.leaflet import Content
from leaflets.domain.notices import Notice
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.review.approval import MOVES, State
from leaflets.domain.template import Template
from leaflets.services import alerts, audit
from leaflets.services.message import message_uses
from leaflets.services.press import open_orders
from leaflets.services.review import certificates, offices, open_words, own_words, records
from leaflets.services.review.approved import covering, waiting_of
from leaflets.services.review.open_words import StageLook
from leaflets.storage.leaflet import Leaflet, Revision, StepDone
from leaflets.storage.people import Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, ReviewZone, Submission, ZonePass

NOT_APPROVED = "not-approved"


def granted(
    session: Session,
    actor: Person | str,
    now: datetime,
    target: Leaflet,
    revision: Revision,
    submission: Submission | None,
) -> Approval:
    """An approval of a revision, inside the transaction of whoever decided, with the leaflet locked.

    The plan's step is done by it, and orders that were held for want of it go back into the queue.
    """
    approval = Approval(
        leaflet_id=target.id,
        revision_id=revision.id,
        submission_id=submission.id if submission else None,
        content_hash=revision.content_hash,
        at=now,
    )
    session.add(approval)
    session.flush()
    approval.certificate = certificates.facts(session, approval)
    audit.of_leaflet(session, actor, now, "approved", target, became=certificates.noted(approval))
    if submission is not None and submission.stages:
        by = actor.id if isinstance(actor, Person) else submission.sent_by
        mark_done(session, target, (Step.SEND_FOR_APPROVAL, Step.APPROVED), by, now)
    open_orders.follow(session, Leaflet.id == target.id, actor=actor, now=now)
    return approval


def withdraw(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    target: Leaflet,
    approvals: Iterable[Approval],
    because: str,
    telling: bool = True,
) -> int:
    """Withdraw approvals of a leaflet, inside the transaction of whoever knows why: how many were still good.

    Orders that are not printed yet are held, each with the reason, and go on when the same content is approved again.
    The submission that led there is sent back, and the campaign is told, unless the caller does that (`telling`).
    """
    good = [each for each in approvals if each.withdrawn_at is None]
    for approval in good:
        approval.withdrawn_at, approval.withdrawn_because = now, because
    if good:
        fell(session, actor=actor, now=now, target=target, approvals=good, because=because)
        open_orders.follow(session, Leaflet.id == target.id, actor=actor, now=now)
    if good and telling:
        alerts.tell(
            session,
            alerts.team(session, target.campaign_id),
            now=now,
            kind=Notice.ANSWERED,
            subject=f"No longer approved: {target.title}",
            sentence=f"This leaflet is no longer approved. {because}",
            leaflet=target,
        )
    return len(good)


def fell(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    target: Leaflet,
    approvals: Iterable[Approval],
    because: str,
) -> None:
    """What approvals that were withdrawn mean for their leaflet, but for its orders: those follow by `open_orders`."""
    for approval in approvals:
        was = f"approval {approval.id}: {approval.content_hash}"
        audit.of_leaflet(session, actor, now, "approval withdrawn", target, was=was, became=because)
        submission = session.get(Submission, approval.submission_id) if approval.submission_id else None
        if submission is not None and State.RETURNED in MOVES[State(submission.state)]:
            records.end(session, submission, actor, now, State.RETURNED, because)
    session.flush()
    if not good_ones(session, target.id):
        sent = waiting_of(session, target.id) is not None
        unmark(session, target, (Step.APPROVED,) if sent else (Step.SEND_FOR_APPROVAL, Step.APPROVED))


def good_ones(session: Session, leaflet_id: int) -> list[Approval]:
    """The approvals of a leaflet that are not withdrawn."""
    good = select(Approval).where(Approval.leaflet_id == leaflet_id, Approval.withdrawn_at.is_(None))
    return list(session.scalars(good.order_by(Approval.id)))


def problem(
    session: Session, target: Leaflet, content: Content, template: Template, *, now: datetime
) -> Problem | None:
    """What stands between a content and the press for want of an approval, where something does. Changes nothing."""
    if covering(session, target, content.content_hash) is not None:
        return None
    waits = open_words.waits_for(open_words.look(session, target, content, template, now=now))
    return _not_approved(waits) if waits else None


def for_order(
    session: Session, actor: Person, now: datetime, target: Leaflet, revision: Revision, template: Template
) -> Approval | Problem:
    """The approval under which a revision prints, made on the spot where nobody has to look; else what is missing.

    Inside the transaction of whoever orders, with the leaflet locked, once it is noted which messages it says: one
    that ended since it was approved may not be dealt with yet.
    """
    found = covering(session, target, revision.content_hash)
    if found is not None and not message_uses.ended_since(session, found):
        return found
    looks = open_words.look(session, target, Content.from_json(revision.content), template, now=now)
    if waits := open_words.waits_for(looks):
        return _not_approved(waits)
    submission = at_once(session, actor, now, target, revision, looks) if looks else None
    return granted(session, actor, now, target, revision, submission)


def again(session: Session, actor: Person, now: datetime, order: Order) -> Approval | Problem:
    """The approval under which an order is pressed again: the one that covers it now.

    An order from before anybody asked for approvals goes on where still nobody does.
    """
    if found := covering(session, order.leaflet, order.revision.content_hash):
        return found
    if order.approval_id is None and not offices.stages_of(session, order.leaflet):
        return granted(session, actor, now, order.leaflet, order.revision, None)
    return _not_approved("What this order prints is not approved, or is no longer.")


def at_once(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    revision: Revision,
    looks: Iterable[StageLook],
) -> Submission:
    """The record of content in which nobody had to look at anything: a submission that ended as it began."""
    kept = list(looks)
    submission = Submission(
        leaflet_id=target.id,
        revision_id=revision.id,
        state=State.APPROVED,
        stages=[each.placed.as_json() for each in kept],
        stage=len(kept),
        asked_since=now,
        sent_by=actor.id,
        sent_at=now,
        writers=own_words.writers(target),
        ended_at=now,
        ended_because="Nobody had to look at it.",
    )
    session.add(submission)
    session.flush()
    records.add_zones(session, now, submission, kept)
    return submission


def rests_on(session: Session, approval: Approval, passes: Iterable[ZonePass]) -> bool:
    """Whether an approval was given on one of these passes."""
    ids = {each.id for each in passes}
    zones = select(ReviewZone.pass_id).where(ReviewZone.submission_id == approval.submission_id)
    return approval.submission_id is not None and bool(ids & set(session.scalars(zones)))


def mark_done(session: Session, target: Leaflet, steps: Iterable[Step], by: int, now: datetime) -> None:
    """Say of steps of the plan that they are done, where the leaflet's way has them."""
    done = {each.step for each in target.steps_done}
    for step in steps:
        if step in STEPS[Route(target.route)] and step not in done:
            target.steps_done.append(StepDone(step=step, by=by, at=now))
    session.flush()


def unmark(session: Session, target: Leaflet, steps: Iterable[Step]) -> None:
    """Say of steps of the plan that they are to be done again."""
    gone = set(steps)
    for each in [each for each in target.steps_done if each.step in gone]:
        target.steps_done.remove(each)
        session.delete(each)
    session.flush()


def _not_approved(why: str) -> Problem:
    return Problem(NOT_APPROVED, Level.ERROR, f"{why} It can be ordered as soon as it is sent for approval and passed.")
