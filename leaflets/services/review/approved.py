"""Whether a content may print, and how a leaflet stands with its approvers. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from leaflets.domain.review.approval import State, Where, ZoneState
from leaflets.services import leaflets
from leaflets.services.organisation import settings
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Approval, ReviewZone, Submission


@dataclass(frozen=True, slots=True)
class Standing:
    """How a leaflet stands with its approvers.

    `submission` is the last one, `approval` what covers the content as it is. `is_asked` says that somebody asks to see
    leaflets here. `zones` are those of all its stages, by zone: the one that is furthest from passed where two stages
    ask for it, and the last where all have passed it.
    """

    where: Where
    is_asked: bool
    content_hash: str
    submission: Submission | None
    approval: Approval | None
    zones: Mapping[str, ReviewZone]


def covering(session: Session, target: Leaflet, content_hash: str) -> Approval | None:
    """What allows this content of a leaflet to print, where something does."""
    return covering_id(session, target.id, content_hash)


def covering_id(session: Session, leaflet_id: int, content_hash: str) -> Approval | None:
    """`covering`, by the leaflet's id."""
    granted = select(Approval).where(
        Approval.leaflet_id == leaflet_id, Approval.content_hash == content_hash, Approval.withdrawn_at.is_(None)
    )
    return session.scalar(granted.order_by(Approval.id.desc()).limit(1))


def waiting_of(session: Session, leaflet_id: int) -> Submission | None:
    """The submission of a leaflet that waits, where one does."""
    return session.scalar(
        select(Submission).where(Submission.leaflet_id == leaflet_id, Submission.state == State.WAITING)
    )


def last_submission(session: Session, leaflet_id: int) -> Submission | None:
    """What was sent last, whatever became of it."""
    return session.scalar(_LAST, {"leaflet": leaflet_id})


def newer_than(session: Session, submission: Submission) -> Submission | None:
    """What was sent last of the same leaflet, where that was after this submission."""
    since = select(Submission).where(Submission.leaflet_id == submission.leaflet_id, Submission.id > submission.id)
    return session.scalar(since.order_by(Submission.id.desc()).limit(1))


_WITH = (
    joinedload(Submission.revision),
    joinedload(Submission.asked_of),
    joinedload(Submission.sender),
    selectinload(Submission.zones).joinedload(ReviewZone.passed),
)

# Asked with every look at a leaflet, so put together once.
_LAST = (
    select(Submission)
    .where(Submission.leaflet_id == bindparam("leaflet"))
    .order_by(Submission.id.desc())
    .limit(1)
    .options(*_WITH)
)


def standing(session: Session, *, target: Leaflet, content_hash: str | None = None) -> Standing:
    """How a leaflet stands. `content_hash` is its content's, where the caller knows it.

    The caller has seen to it that the leaflet may be seen. Three statements.
    """
    named = content_hash or leaflets.content_of(target).content_hash
    submission = last_submission(session, target.id)
    approval = covering(session, target, named)
    is_asked = bool(settings.of(session, target.campaign.node, "workflow"))
    where = _where(submission, approval, named, is_asked)
    return Standing(where, is_asked, named, submission, approval, _zones(submission))


def standings(session: Session, *, targets: Sequence[Leaflet]) -> dict[int, Standing]:
    """How those of one campaign's leaflets stand that were ever sent, by id. The same few statements for any number."""
    ids = [target.id for target in targets]
    last = select(func.max(Submission.id)).where(Submission.leaflet_id.in_(ids)).group_by(Submission.leaflet_id)
    sent = {
        each.leaflet_id: each
        for each in session.scalars(select(Submission).where(Submission.id.in_(last)).options(*_WITH))
    }
    granted = (
        select(Approval).where(Approval.leaflet_id.in_(sent), Approval.withdrawn_at.is_(None)).order_by(Approval.id)
    )
    covers = {(each.leaflet_id, each.content_hash): each for each in session.scalars(granted)} if sent else {}
    is_asked = bool(sent and settings.of(session, targets[0].campaign.node, "workflow"))
    found = {}
    for target in targets:
        if submission := sent.get(target.id):
            named = leaflets.content_of(target).content_hash
            approval = covers.get((target.id, named))
            where = _where(submission, approval, named, is_asked)
            found[target.id] = Standing(where, is_asked, named, submission, approval, _zones(submission))
    return found


def _where(submission: Submission | None, approval: Approval | None, named: str, is_asked: bool) -> Where:
    if approval is not None:
        return Where.APPROVED
    if submission is None or submission.state == State.TAKEN_BACK:
        return Where.UNSENT if is_asked else Where.UNASKED
    if submission.state == State.RETURNED:
        return Where.RETURNED
    if submission.state == State.WAITING and submission.revision.content_hash == named:
        return Where.WAITING
    return Where.CHANGED


_DISTANCE = {ZoneState.PASSED: 0, ZoneState.WAITING: 1, ZoneState.ASKED: 2}


def _zones(submission: Submission | None) -> dict[str, ReviewZone]:
    found: dict[str, ReviewZone] = {}
    for zone in sorted(submission.zones, key=lambda each: each.stage) if submission else ():
        known, distance = found.get(zone.zone), _DISTANCE[ZoneState(zone.state)]
        if known is None or distance > _DISTANCE[ZoneState(known.state)] or known.state == ZoneState.PASSED:
            found[zone.zone] = zone
    return found
