"""Whose words wait: what somebody sent or wrote themselves is passed by somebody else, while anybody else can.

Who wrote the words of a zone is whoever put them there last before the leaflet was sent. Taking a reviewer's suggestion
is an edit of whoever takes it, so that its words were written by the campaign: they were passed as they were suggested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from leaflets.domain.errors import Conflict
from leaflets.domain.review.approval import ZoneState
from leaflets.services.review import offices
from leaflets.storage.leaflet import Leaflet, ZoneEdit
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody wrote of a submission: the ids of its zones, and who else can pass them today, by name."""

    written: frozenset[int]
    instead: tuple[Person, ...]

    def bars(self, zone: ReviewZone) -> bool:
        """Whether somebody else has to decide on a zone."""
        return bool(self.instead) and zone.id in self.written

    def require_others(self, zones: Sequence[ReviewZone]) -> None:
        """Raise `Conflict` where somebody else has to decide on one of these zones."""
        for zone in zones:
            if self.bars(zone):
                raise Conflict(
                    f"You wrote “{zone.label}” yourself, so somebody else passes it: {offices.names_of(self.instead)}.",
                    "You can comment on it, and decide on the rest.",
                    code="own-words",
                )

    def because(self, actor: Person, zone: ReviewZone, submission: Submission) -> str:
        """What the certificate says where somebody passes what is their own, as nobody else can; else nothing."""
        did = "sent" if submission.sent_by == actor.id else "wrote" if zone.id in self.written else ""
        return f"They {did} it themselves: nobody else could answer that day." if did else ""


def of(session: Session, actor: Person, submission: Submission) -> Own:
    """What somebody wrote of the zones at the stage of a submission.

    Whoever sent it is nobody else: while its writer can answer, they pass nothing of it.
    """
    own = {zone.id for zone, writer in _writers(session, submission, submission.stage) if writer == actor.id}
    others = offices.others_able(session, actor, submission) if own else ()
    return Own(frozenset(own), tuple(each for each in others if each.id != submission.sent_by))


def concerned(session: Session, submission: Submission, stage: int) -> frozenset[int]:
    """Who sent it, or wrote what waits at a stage, by their ids: another is asked to pass it."""
    at_stage = _writers(session, submission, stage)
    wrote = {writer for zone, writer in at_stage if writer is not None and zone.state == ZoneState.WAITING}
    return frozenset({submission.sent_by, *wrote})


def by_others(actor: Person) -> ColumnElement[bool]:
    """That somebody neither sent nor wrote what a zone says: of a query of zones with their submission and leaflet."""
    return and_(Submission.sent_by != actor.id, func.coalesce(_writer, 0) != actor.id)


def _writers(session: Session, submission: Submission, stage: int) -> list[tuple[ReviewZone, int | None]]:
    at_stage = (
        select(ReviewZone, _writer)
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .where(ReviewZone.submission_id == submission.id, ReviewZone.stage == stage)
    )
    return [(zone, writer) for zone, writer in session.execute(at_stage)]


_MAIN = aliased(Leaflet)
_LOCAL_ZONES = cast(_MAIN.local_zones, String)  # a list of keys as JSON, each in quotes
_IS_LOCAL = (
    exists()
    .where(
        _MAIN.id == Leaflet.variant_of_id,
        func.replace(_LOCAL_ZONES, literal('"') + ReviewZone.zone + literal('"'), "") != _LOCAL_ZONES,
    )
    .correlate(Leaflet, ReviewZone)
)
# As `Leaflet.home_of` says.
_HOME = case((or_(Leaflet.variant_of_id.is_(None), _IS_LOCAL), Leaflet.id), else_=Leaflet.variant_of_id)

_writer = (
    select(ZoneEdit.by)
    .where(
        ZoneEdit.leaflet_id == _HOME,
        ZoneEdit.zone == ReviewZone.zone,
        ZoneEdit.version.is_not(None),
        ZoneEdit.at <= Submission.sent_at,
    )
    .order_by(ZoneEdit.id.desc())
    .limit(1)
    .correlate(ReviewZone, Submission, Leaflet)
    .scalar_subquery()
)
"""Who wrote what a zone says: of a query of zones with their submission and leaflet."""
