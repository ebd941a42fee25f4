"""Certificates: made with the approval, kept with it, signed when somebody takes one along."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.certificate import Certificate, Pass, PassedZone, Sent, Subject, UsedMessage
from leaflets.domain.leaflet import Content
from leaflets.storage import audit
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import MessageText
from leaflets.storage.people import Campaign
from leaflets.storage.review import Approval, ReviewZone, Submission, ZonePass
from leaflets.storage.tree import Node


def facts(session: Session, approval: Approval) -> dict[str, Any]:
    """What the certificate of an approval says, as JSON: for whoever makes the approval, inside their transaction.

    The approval has its number by then, and its submission, where there is one, its zones with their passes.
    """
    submission = session.get(Submission, approval.submission_id) if approval.submission_id is not None else None
    content = Content.from_json(approval.revision.content)
    certified = Certificate(
        approval=approval.id,
        approved_at=approval.at,
        leaflet=_subject(session, session.get_one(Leaflet, approval.leaflet_id)),
        content_hash=approval.content_hash,
        content=content,
        sent=Sent(submission.sender.name, submission.sent_at, submission.note) if submission else None,
        zones=_zones(session, submission) if submission else (),
        head=audit.head(session),  # of before this transaction: what it notes follows
    )
    return certified.as_json()


def _subject(session: Session, leaflet: Leaflet) -> Subject:
    campaign: Campaign = leaflet.campaign
    node = campaign.node
    return Subject(
        id=leaflet.id,
        title=leaflet.title,
        campaign=campaign.name,
        organisation=campaign.organisation.name,
        seat=node.name if node else campaign.election_area,
        nation=node.nation if node else "",
        place=leaflet.place,
    )


def _zones(session: Session, submission: Submission) -> tuple[PassedZone, ...]:
    of_submission = select(ReviewZone).where(ReviewZone.submission_id == submission.id)
    rows = session.scalars(of_submission.order_by(ReviewZone.stage, ReviewZone.id)).all()
    return tuple(
        PassedZone(
            zone=row.zone,
            label=row.label,
            kind=row.zone_kind,
            words=row.words,
            words_hash=row.words_hash,
            stage=row.stage + 1,
            topics=tuple(row.topics),
            passed=_pass(session, row) if row.pass_id is not None else None,
        )
        for row in rows
    )


def _pass(session: Session, row: ReviewZone) -> Pass:
    passed = session.get_one(ZonePass, row.pass_id)
    office = session.get(Node, passed.office_id) if passed.office_id is not None else None
    text = session.get(MessageText, passed.message_text_id) if passed.message_text_id is not None else None
    return Pass(
        how=passed.how,
        by=passed.person.name if passed.person else "",
        office=office.name if office else "",
        at=passed.at,
        because=passed.because,
        message=UsedMessage(text.message.id, text.message.title, text.version, text.language) if text else None,
    )
