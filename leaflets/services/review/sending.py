"""Sending a leaflet for approval, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.clock.route import Step
from leaflets.domain.errors import Conflict
from leaflets.domain.leaflet import Content
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import Action
from leaflets.domain.press.problem import has_errors
from leaflets.domain.review.approval import State
from leaflets.domain.template import Template
from leaflets.domain.words.checklist import Step as CheckStep
from leaflets.domain.words.checklist import StepState
from leaflets.domain.words.free_text import free_text
from leaflets.services import access, alerts, audit, leaflets
from leaflets.services.clock import plans
from leaflets.services.message import message_uses, messages
from leaflets.services.review import approving, judgement, open_words, own_words, records, settling
from leaflets.services.review.approved import covering, waiting_of
from leaflets.services.studio import readiness
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.review import Submission
from leaflets.storage.session import writing

LONGEST_NOTE = 1_000
"""Characters that somebody says to the reviewer."""

_UNTIL_SENT = (Notice.PLAN, Notice.ANSWERED, Notice.CHANGE)
"""What a campaign was told of a leaflet that is over once it is sent: when to send it, and what came of it before."""


class StepsOpen(Conflict):
    """The checklist is not done. `steps` are those that are open; whoever sends anyway says so."""

    code = "steps-open"

    def __init__(self, steps: Iterable[CheckStep]) -> None:
        self.steps = tuple(steps)
        first = self.steps[0]
        super().__init__(
            f"Not everything is done yet: {first.label}.", first.sentence or "Do that first, or send it anyway."
        )


def send(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    leaflet_id: int,
    template: Template,
    note: str = "",
    content_hash: str | None = None,
    anyway: bool = False,
) -> Submission:
    """Send a leaflet as it stands for approval. What was passed before stays passed; what needs nobody passes at once.

    A submission that waits is replaced; the same content is sent once, however often somebody presses the button.
    `content_hash` is that of the content which the sender saw. With `anyway` open steps of the checklist are no reason
    to wait. Where nobody has to look at anything, it is approved when this returns.

    Raises `judgement.NotReady` with what keeps it from printing, `StepsOpen`, `Conflict` where the words have changed
    since or nobody sits in any office, `Invalid` for a note that is too long, `NotFound`, `Refused`.
    """
    said = free_text(note, "A note", longest=LONGEST_NOTE)
    with writing(session):
        known = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.SEND_FOR_REVIEW)
        messages.hold(session, known.campaign.node)
        target = leaflets.locked(session, actor, leaflet_id, Action.SEND_FOR_REVIEW)
        content = leaflets.content_of(target)
        if content_hash not in (None, content.content_hash):
            raise Conflict("The words have changed since you looked.", "Look at the pages again, then send it.")
        if already := _sent_already(session, actor, now, target, content):
            return already
        _check(session, actor, target, content, template, anyway=anyway)
        revision = leaflets.frozen(session, actor, now, target, content)
        message_uses.note(session, target, revision, template)
        return _sent(session, actor, now, target, revision, template, said)


def take_back(session: Session, *, actor: Person, now: datetime, submission_id: int) -> Submission:
    """Take back what was sent, before it is decided; taking it back twice changes nothing.

    What was passed of it stays passed. Raises `Conflict` when it has ended otherwise, `NotFound`, `Refused`.
    """
    with writing(session):
        found = session.get(Submission, submission_id)
        if found is None:
            raise access.not_found("submission")
        target = leaflets.locked(session, actor, found.leaflet_id, Action.SEND_FOR_REVIEW)
        session.refresh(found)
        if found.state == State.TAKEN_BACK:
            return found
        if found.state != State.WAITING:
            raise Conflict("This does not wait for approval any more.", "Look at the leaflet again.")
        records.end(session, found, actor, now, State.TAKEN_BACK, f"{actor.name} took it back.")
        approving.unmark(session, target, (Step.SEND_FOR_APPROVAL,))
        audit.of_leaflet(session, actor, now, "taken back", target, was=f"submission {found.id}")
    return found


def open_steps(session: Session, *, actor: Person, target: Leaflet, template: Template) -> list[CheckStep]:
    """The steps of the checklist that are not done, but for sending itself."""
    steps, _ = readiness.steps(session, actor=actor, target=target, template=template)
    return [step for step in steps if step.state is not StepState.DONE and step.key != "ready"]


def _sent_already(
    session: Session, actor: Person, now: datetime, target: Leaflet, content: Content
) -> Submission | None:
    waiting = waiting_of(session, target.id)
    if waiting is not None and waiting.revision.content_hash == content.content_hash:
        return waiting
    approval = covering(session, target, content.content_hash)
    if approval is None or approval.submission_id is None:
        return None
    sent = session.get_one(Submission, approval.submission_id)
    if sent.stages:
        approving.mark_done(session, target, (Step.SEND_FOR_APPROVAL, Step.APPROVED), actor.id, now)
    return sent


def _check(
    session: Session, actor: Person, target: Leaflet, content: Content, template: Template, *, anyway: bool
) -> None:
    problems = judgement.judge(session, target, content, template)
    problems += readiness.proof_problems(session, target, content.content_hash)
    if not replace(content.imprint, printer="–", printer_address="–").complete:  # the order names the printer
        problems.append(judgement.IMPRINT_INCOMPLETE)
    if has_errors(problems):
        raise judgement.NotReady(problems, "This leaflet is not ready to be sent for approval yet.")
    if not anyway and (steps := open_steps(session, actor=actor, target=target, template=template)):
        raise StepsOpen(steps)


def _sent(
    session: Session, actor: Person, now: datetime, target: Leaflet, revision: Revision, template: Template, note: str
) -> Submission:
    looks = open_words.look(session, target, Content.from_json(revision.content), template, now=now)
    before = waiting_of(session, target.id)
    if before is not None:
        records.end(session, before, actor, now, State.REPLACED, f"{actor.name} sent newer words.")
        session.flush()
    submission = Submission(
        leaflet_id=target.id,
        leaflet=target,
        revision_id=revision.id,
        revision=revision,
        state=State.WAITING,
        stages=[each.placed.as_json() for each in looks],
        stage=0,
        asked_since=now,
        decide_by=plans.approval_due(session, target, now=now),
        note=note,
        sent_by=actor.id,
        sent_at=now,
        writers=own_words.writers(target),
    )
    session.add(submission)
    session.flush()
    alerts.outdated(session, now=now, kinds=_UNTIL_SENT, leaflet_ids=(target.id,))
    records.add_zones(session, now, submission, looks)
    became = f"submission {submission.id}: {revision.content_hash}"
    audit.of_leaflet(
        session, actor, now, "sent for approval", target, was=f"submission {before.id}" if before else "", became=became
    )
    if looks:
        approving.unmark(session, target, (Step.APPROVED,))  # other words were
        approving.mark_done(session, target, (Step.SEND_FOR_APPROVAL,), actor.id, now)
    settling.settle(session, actor, now, submission)
    return submission
