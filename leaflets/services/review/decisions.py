"""What every decision of a reviewer begins with: the submission they saw, locked, if it still waits, and their turn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import say
from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import State, ZoneState
from leaflets.domain.template import Values
from leaflets.domain.words.free_text import free_text
from leaflets.services import access
from leaflets.services.message import messages
from leaflets.services.review import approved, offices, open_words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import Comment, ReviewZone, Submission
from leaflets.storage.session import moment

LONGEST_REASON = 2_000


class Overtaken(Conflict):
    """What somebody decided on is no longer what waits.

    `newer_id` is the submission that took its place, where one did, with what it holds `after`; `before` is what the
    reviewer saw.
    """

    code = "overtaken"

    def __init__(self, message: str, remedy: str, *, newer_id: int | None, before: Values, after: Values) -> None:
        super().__init__(message, remedy)
        self.newer_id = newer_id
        self.before = before
        self.after = after


@dataclass(frozen=True, slots=True)
class Decision:
    """A submission that nobody else decides on until the transaction ends, its leaflet and all that share its words.

    `locked` are the ids of all leaflets that are.
    """

    submission: Submission
    leaflet: Leaflet
    family: tuple[Leaflet, ...]
    locked: frozenset[int]

    def zone(self, key: str) -> ReviewZone:
        """The zone of that key at its stage. Raises `NotFound` where nobody is asked for it."""
        for each in at_stage(self.submission):
            if each.zone == key:
                return each
        raise NotFound("Nobody is asked to pass that place here.", "Reload the page and choose one that waits.")


def at_stage(submission: Submission) -> list[ReviewZone]:
    """The zones of the stage at which a submission is."""
    return [each for each in submission.zones if each.stage == submission.stage]


def open_zones(submission: Submission) -> list[ReviewZone]:
    """The zones of its stage that somebody has to decide on, while it waits."""
    waits = submission.state == State.WAITING
    return [each for each in at_stage(submission) if waits and each.state != ZoneState.PASSED]


def seen(session: Session, actor: Person, submission_id: int, action: Action) -> Submission:
    """A submission, for somebody who may do `action` to its leaflet. Raises `NotFound` or `Refused`."""
    found = session.get(Submission, submission_id)
    if found is None:
        raise access.not_found("submission")
    access.require(session, actor, action, found.leaflet.campaign_id, what="submission")
    return found


def locked(session: Session, actor: Person, submission_id: int, also: Collection[int] = ()) -> Decision:
    """A submission with its leaflet, all that share words with it, and `also`, locked in the order of their ids."""
    found = seen(session, actor, submission_id, Action.REVIEW)
    family = set(open_words.family_ids(session, found.leaflet))
    messages.hold_for(session, family | set(also))
    wanted = select(Leaflet).where(Leaflet.id.in_(family | set(also))).order_by(Leaflet.id)
    rows = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).all()
    session.refresh(found)
    zones = select(ReviewZone).where(ReviewZone.submission_id == found.id)
    session.scalars(zones.execution_options(populate_existing=True)).all()  # whatever was read before the lock is old
    session.refresh(found, ["zones"])
    members = tuple(row for row in rows if row.id in family)
    return Decision(found, found.leaflet, members, frozenset(row.id for row in rows))


def opened(
    session: Session,
    actor: Person,
    submission_id: int,
    content_hash: str,
    *,
    stage: int | None = None,
    also: Collection[int] = (),
) -> Decision:
    """`locked`, where it still waits with the content that the reviewer saw, and it is their turn.

    `stage` is the one whose zones they were shown: who sits above two offices decides for each of them with open eyes,
    and never for the second with the second click on the first. Without it, whichever office is asked is answered for.
    Raises `Overtaken`, `Conflict`, `NotFound`, `Refused`.
    """
    decision = locked(session, actor, submission_id, also)
    submission = decision.submission
    if submission.state != State.WAITING or submission.revision.content_hash != content_hash:
        raise _overtaken(session, submission)
    if stage not in (None, submission.stage):
        raise _gone_on(submission)
    offices.require_answer(session, actor, submission)
    return decision


def require_unasked(session: Session, actor: Person, submission: Submission, zones: Sequence[ReviewZone]) -> None:
    """Raise `Conflict` where another reviewer has asked for a change of one of these zones."""
    for zone in zones:
        if zone.state != ZoneState.ASKED:
            continue
        asked = session.scalar(
            select(Comment)
            .where(Comment.submission_id == submission.id, Comment.zone == zone.zone, Comment.asks_change)
            .order_by(Comment.id.desc())
            .limit(1)
        )
        if asked is not None and asked.by != actor.id:
            raise Conflict(
                f"{asked.author.name} has asked for a change of “{zone.label}”.",
                "Read what was said. You can pass it all the same.",
                code="change-asked",
            )


def nothing_left(before: Sequence[ReviewZone]) -> Conflict:
    """What the second of two reviewers hears."""
    passes = [each.passed for each in before if each.passed is not None]
    who = {made.person.name for made in passes if made.person is not None}
    said = f"{' and '.join(sorted(who))} passed this already." if who else "This is passed already."
    return Conflict(said, "There is nothing left for you to do here.", code="passed-already")


def reason(typed: str, what: str) -> str:
    """A reason in words. Raises `Invalid` without them, or for too many."""
    said = free_text(typed, "A reason", longest=LONGEST_REASON)
    if not said:
        raise Invalid(f"{what} needs a reason.", "Say in a sentence why: the campaign reads it.", code="reason")
    return said


def _overtaken(session: Session, submission: Submission) -> Overtaken:
    newest = approved.newer_than(session, submission)
    before = submission.revision.content["values"]
    message = _ENDED[State(submission.state)](submission, _who(session, submission), _when(session, submission))
    remedy = "Look at what waits now." if newest else "Look at the page again."
    return Overtaken(
        message,
        remedy,
        newer_id=newest.id if newest else None,
        before=before,
        after=newest.revision.content["values"] if newest else before,
    )


def _gone_on(submission: Submission) -> Overtaken:
    values = submission.revision.content["values"]
    office = f"the {submission.asked_of.name} office" if submission.asked_of else "another office"
    return Overtaken(
        f"The office that was asked has answered, and it has gone on to {office}.",
        "Read what waits there now, then decide on that.",
        newer_id=None,
        before=values,
        after=values,
    )


def _who(session: Session, submission: Submission) -> str:
    ended_by = session.get(Person, submission.ended_by) if submission.ended_by else None
    return ended_by.name if ended_by else "Somebody"


def _when(session: Session, submission: Submission) -> str:
    ended: datetime = submission.ended_at or submission.sent_at
    return say(ended, moment(session))


_ENDED: Mapping[State, Callable[[Submission, str, str], str]] = {
    State.WAITING: lambda submission, who, when: "This is not the content that waits.",
    State.APPROVED: lambda submission, who, when: f"{who} passed the last of it on {when}: it is approved.",
    State.RETURNED: lambda submission, who, when: f"{who} sent it back on {when}. {submission.ended_because}",
    State.TAKEN_BACK: lambda submission, who, when: f"{who} took it back on {when}.",
    State.REPLACED: lambda submission, who, when: f"{who} sent newer words on {when}.",
}
