"""Passing words: in one leaflet, or in every leaflet that waits with the same words.

Every verb takes the content and the stage that the reviewer saw, and raises `Overtaken` when something else waits by
now. What is passed in a leaflet is passed for all places that share its words. Leaflets are locked in the order of
their ids, so that two reviewers never wait for each other, and the second hears what the first did.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import How, ZoneState
from leaflets.services import audit
from leaflets.services.review import alike, decisions, offices, own_words, records, settling
from leaflets.services.review.decisions import Decision
from leaflets.services.review.own_words import Own
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.session import writing


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
        own = own_words.of(session, actor, decision.submission)
        return _pass(session, actor, now, decision, wanted, own, although_asked=although_asked)


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

    Words that they wrote themselves are left to somebody else; where there are no others, they are told so. Where a
    change was asked for before, it goes back to the campaign with that. Raises as `pass_zones` does.
    """
    with writing(session):
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage)
        wanted = [
            each
            for each in decisions.open_zones(decision.submission)
            if although_asked or each.state == ZoneState.WAITING
        ]
        own = own_words.of(session, actor, decision.submission)
        rest = [each for each in wanted if not own.bars(each)]
        return _pass(session, actor, now, decision, rest or wanted, own, although_asked=although_asked)


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

    What they sent or wrote themselves is passed one by one, if at all. Raises as `pass_zones` does.
    """
    with writing(session):
        wanted = decisions.seen(session, actor, submission_id, Action.REVIEW)
        first = next((each for each in decisions.at_stage(wanted) if each.zone == zone), None)
        others = [each.submission.leaflet_id for each in _alike(session, actor, first)] if first else []
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage, also=others)
        found = decision.zone(zone)
        same = _alike(session, actor, found, within=decision.locked)  # what is sent this very moment waits
        if found.state != ZoneState.PASSED:
            own = own_words.of(session, actor, decision.submission)
            here = _pass(session, actor, now, decision, [found], own, although_asked=False)
            same = [each for each in same if each.state == ZoneState.WAITING]  # its own places are passed by now
        elif same:
            here = Passed(decision.submission, (), (found,))
        else:
            raise decisions.nothing_left([found])
        elsewhere = _apply(session, actor, now, [(each, "") for each in same])
        return Passed(here.submission, here.zones, here.before, here.elsewhere + elsewhere)


def _pass(
    session: Session,
    actor: Person,
    now: datetime,
    decision: Decision,
    wanted: Sequence[ReviewZone],
    own: Own,
    *,
    although_asked: bool,
) -> Passed:
    submission = decision.submission
    before = tuple(each for each in wanted if each.state == ZoneState.PASSED)
    rest = [each for each in wanted if each.state != ZoneState.PASSED]
    if not rest:
        raise decisions.nothing_left(before)
    own.require_others(rest)
    if not although_asked:
        decisions.require_unasked(session, actor, submission, rest)
    for each in rest:
        records.pass_zone(session, actor, now, each, How.PERSON, own.because(actor, each, submission))
    _note(session, actor, now, submission, ", ".join(each.zone for each in rest))
    family = [one.id for one in decision.family]
    shared = [
        (each, own.because(actor, found, each.submission))
        for found in rest
        for each in _alike(session, actor, found, own=bool(own.because(actor, found, submission)), within=family)
    ]
    elsewhere = _apply(session, actor, now, shared)
    settling.settle(session, actor, now, submission)
    return Passed(submission, tuple(rest), before, elsewhere)


def _note(session: Session, actor: Person, now: datetime, submission: Submission, became: str) -> None:
    was = f"submission {submission.id}"
    audit.of_leaflet(session, actor, now, "words passed", submission.leaflet, was=was, became=became)


def _apply(session: Session, actor: Person, now: datetime, shared: Sequence[tuple[ReviewZone, str]]) -> int:
    """Pass the same words in other submissions, whose leaflets are locked, each with a why: how many submissions."""
    touched: dict[int, Submission] = {}
    for each, because in shared:
        records.pass_zone(session, actor, now, each, How.APPLIED, because)
        _note(session, actor, now, each.submission, f"{each.zone}, as in other leaflets")
        touched[each.submission_id] = each.submission
    for submission in touched.values():
        settling.settle(session, actor, now, submission)
    return len(touched)


def _alike(
    session: Session, actor: Person, zone: ReviewZone, *, own: bool = False, within: Collection[int] | None = None
) -> list[ReviewZone]:
    """The zones in which these words are passed with this one, as leaflets.services.review.alike finds them."""
    found = [
        each
        for each in session.scalars(alike.elsewhere(actor, offices.seats_of(session, actor), zone, own=own))
        if within is None or each.submission.leaflet_id in within
    ]
    return sorted(found, key=lambda each: (each.submission.leaflet_id, each.id))
