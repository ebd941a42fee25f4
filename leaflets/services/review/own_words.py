"""Whose words wait: what somebody sent or wrote themselves is passed by somebody else, while anybody else can.

Who wrote the words of a zone is whoever put them there last; it is written down with what is sent, so that no clock has
to say what came before. Words keep their writer when somebody else only gives them another place: splits a zone between
places, brings an older version back, chooses one text of two, makes a copy. Taking a reviewer's suggestion is an edit
of whoever takes it, so that its words were written by the campaign: they were passed as they were suggested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.review.approval import ZoneState
from leaflets.services.review import offices
from leaflets.storage.leaflet import Leaflet
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

    def require_others(self, zones: Iterable[ReviewZone]) -> None:
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
    at_stage = (zone for zone in submission.zones if zone.stage == submission.stage)
    own = {zone.id for zone in at_stage if zone.written_by == actor.id}
    others = offices.others_able(session, actor, submission) if own else ()
    return Own(frozenset(own), tuple(each for each in others if each.id != submission.sent_by))


def writers(target: Leaflet) -> dict[str, int]:
    """Who wrote what each zone of a leaflet says as it stands, to be kept with what is sent."""
    return {text.zone: text.writer_id for text in target.texts}


def concerned(submission: Submission, stage: int) -> frozenset[int]:
    """Who sent it, or wrote what waits at a stage, by their ids: another is asked to pass it."""
    waiting = (zone for zone in submission.zones if zone.stage == stage and zone.state == ZoneState.WAITING)
    wrote = {zone.written_by for zone in waiting if zone.written_by is not None}
    return frozenset({submission.sent_by, *wrote})


def by_others(actor: Person) -> ColumnElement[bool]:
    """That somebody neither sent nor wrote what a zone says: of a query of zones with their submission."""
    return and_(Submission.sent_by != actor.id, func.coalesce(ReviewZone.written_by, 0) != actor.id)
