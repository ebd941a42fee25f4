"""Passing words: in one leaflet, or in every leaflet that waits with the same words.

Every verb takes the content and the stage that the reviewer saw, and raises `Overtaken` when something else waits by
now. What is passed in a leaflet is passed for all places that share its words. Leaflets are locked in the order of
their ids, so that two reviewers never wait for each other, and the second hears what the first did.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import How, State, ZoneState
from leaflets.services import audit
from leaflets.services.review import decisions, offices, records, settling
from leaflets.services.review.decisions import Decision
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of passing: the zones that are passed now, and those that somebody else had passed before.

    `elsewhere` counts the other leaflets in which the same words were passed with them.
    """

    submission: Submission
    zones: tuple[ReviewZone, ...]
    before: tuple[ReviewZone, ...] = ()
    elsewhere: int = 0


def pass_zones(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    submission_id: int,
    zones: Collection[str],
    content_hash: str,
    stage: int | None = None,
    although_asked: bool = False,
) -> Passed:
    """Pass these zones at the stage where a submission waits; when none is left, it goes on.

    A zone of which another reviewer has asked for a change is passed only `although_asked`. Raises `Overtaken`,
    `Conflict` where it is not this person's turn, nothing of it is open any more, or another has asked for a change;
    `NotFound` for a zone that nobody is asked for, `Refused`.
    """
    with writing(session):
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage)
        wanted = [decision.zone(key) for key in dict.fromkeys(zones)]
        return _pass(session, actor, now, decision, wanted, although_asked=although_asked)


def pass_all(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    submission_id: int,
    content_hash: str,
    stage: int | None = None,
    although_asked: bool = False,
) -> Passed:
    """Pass everything that waits at the stage where a submission is, and `although_asked` all else there too.

    Where a change was asked for before, it goes back to the campaign with that. Raises as `pass_zones` does.
    """
    with writing(session):
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage)
        wanted = [
            each
            for each in decisions.open_zones(decision.submission)
            if although_asked or each.state == ZoneState.WAITING
        ]
        return _pass(session, actor, now, decision, wanted, although_asked=although_asked)


def same_words(session: Session, *, actor: Person, submission_id: int, zone: str) -> int:
    """How many other leaflets wait with these words in such a zone, where this person may answer.

    Raises `NotFound` or `Refused`.
    """
    submission = decisions.seen(session, actor, submission_id, Action.REVIEW)
    found = next((each for each in decisions.at_stage(submission) if each.zone == zone), None)
    if found is None:
        return 0
    alike = _waiting_alike(actor, offices.seats_of(session, actor), found).order_by(None)
    return session.scalar(select(func.count()).select_from(alike.subquery())) or 0


def pass_everywhere(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    submission_id: int,
    zone: str,
    content_hash: str,
    stage: int | None = None,
) -> Passed:
    """Pass a zone here, and the same words in every other leaflet that waits with them where this person may answer.

    Raises as `pass_zones` does.
    """
    with writing(session):
        wanted = decisions.seen(session, actor, submission_id, Action.REVIEW)
        first = next((each for each in decisions.at_stage(wanted) if each.zone == zone), None)
        others = [each.submission.leaflet_id for each in _alike(session, actor, first)] if first else []
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage, also=others)
        found = decision.zone(zone)
        alike = _alike(session, actor, found, within=decision.locked)  # what is sent this very moment waits
        if found.state != ZoneState.PASSED:
            here = _pass(session, actor, now, decision, [found], although_asked=False)
            alike = [each for each in alike if each.state == ZoneState.WAITING]  # its own places are passed by now
        elif alike:
            here = Passed(decision.submission, (), (found,))
        else:
            raise decisions.nothing_left([found])
        _apply(session, actor, now, alike)
        return Passed(here.submission, here.zones, here.before, here.elsewhere + len(alike))


def _pass(
    session: Session,
    actor: Person,
    now: datetime,
    decision: Decision,
    wanted: Sequence[ReviewZone],
    *,
    although_asked: bool,
) -> Passed:
    submission = decision.submission
    before = tuple(each for each in wanted if each.state == ZoneState.PASSED)
    rest = [each for each in wanted if each.state != ZoneState.PASSED]
    if not rest:
        raise decisions.nothing_left(before)
    if not although_asked:
        decisions.require_unasked(session, actor, submission, rest)
    for each in rest:
        records.pass_zone(session, actor, now, each, How.PERSON, _own(actor, submission))
    _note(session, actor, now, submission, ", ".join(each.zone for each in rest))
    shared = [
        each for found in rest for each in _alike(session, actor, found, within=[one.id for one in decision.family])
    ]
    _apply(session, actor, now, shared)
    settling.settle(session, actor, now, submission)
    return Passed(submission, tuple(rest), before, len(shared))


def _own(actor: Person, submission: Submission) -> str:
    """What the certificate says where somebody passed what they had sent themselves; else nothing."""
    return "They sent it themselves: nobody else could answer that day." if submission.sent_by == actor.id else ""


def _note(session: Session, actor: Person, now: datetime, submission: Submission, became: str) -> None:
    was = f"submission {submission.id}"
    audit.of_leaflet(session, actor, now, "words passed", submission.leaflet, was=was, became=became)


def _apply(session: Session, actor: Person, now: datetime, alike: Sequence[ReviewZone]) -> None:
    """Pass the same words in other submissions, whose leaflets are locked."""
    touched: dict[int, Submission] = {}
    for each in alike:
        records.pass_zone(session, actor, now, each, How.APPLIED, _own(actor, each.submission))
        _note(session, actor, now, each.submission, f"{each.zone}, as in other leaflets")
        touched[each.submission_id] = each.submission
    for submission in touched.values():
        settling.settle(session, actor, now, submission)


def _alike(
    session: Session, actor: Person, zone: ReviewZone, *, within: Collection[int] | None = None
) -> list[ReviewZone]:
    """The zones that wait with the same words in other submissions, at a stage whose office this person answers for."""
    found = [
        each
        for each in session.scalars(_waiting_alike(actor, offices.seats_of(session, actor), zone))
        if within is None or each.submission.leaflet_id in within
    ]
    return sorted(found, key=lambda each: (each.submission.leaflet_id, each.id))


def _waiting_alike(actor: Person, seats: Sequence[int], zone: ReviewZone) -> Select[ReviewZone]:
    """In the same organisation, and with what others sent nothing of one's own: that is passed by itself, if at all."""
    asked, seat = aliased(Node), aliased(Node)
    here = asked.organisation_id == zone.submission.leaflet.campaign.organisation_id
    mine = select(asked.id).join(seat, asked.path.startswith(seat.path)).where(seat.id.in_(seats), here)
    own = [] if zone.submission.sent_by == actor.id else [Submission.sent_by != actor.id]
    return (
        select(ReviewZone)
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .where(
            ReviewZone.words_hash == zone.words_hash,
            ReviewZone.zone_kind == zone.zone_kind,
            ReviewZone.state == ZoneState.WAITING,
            ReviewZone.submission_id != zone.submission_id,
            ReviewZone.stage == Submission.stage,
            Submission.state == State.WAITING,
            Submission.asked_of_id.in_(mine),
            *own,
        )
        .order_by(ReviewZone.id)
        .options(joinedload(ReviewZone.submission).joinedload(Submission.leaflet))
        .execution_options(populate_existing=True)
    )
