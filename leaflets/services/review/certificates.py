"""Certificates: made with the approval, kept with it, signed when somebody takes one along.

What is signed is a statement: the certificate, the kind of each zone that the template prints, and the PDFs that the
press has made of the content so far, by their SHA-256.
"""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, NotFound
from leaflets.domain.leaflet import Content, canonical_json, hash_of
from leaflets.domain.permissions import Action
from leaflets.domain.review.certificate import Certificate, Pass, PassedZone, Sent, Subject, UsedMessage
from leaflets.domain.template import Template
from leaflets.services import leaflets
from leaflets.storage import audit
from leaflets.storage.audit import AuditRow
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import MessageText
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, ReviewZone, Submission, ZonePass
from leaflets.storage.signing_key import SigningKey
from leaflets.storage.tree import Node

_log = structlog.get_logger()


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


def of_leaflet(session: Session, *, actor: Person, leaflet_id: int) -> Approval:
    """The approval given last to a leaflet, standing or withdrawn, for somebody who may see it.

    Raises `NotFound` where there is none, or for whoever has no part in the leaflet; `Refused`.
    """
    leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id, action=Action.SEE_APPROVAL)
    given = select(Approval).where(Approval.leaflet_id == leaflet_id)
    approval = session.scalar(given.order_by(Approval.withdrawn_at.is_(None).desc(), Approval.id.desc()).limit(1))
    if approval is None:
        raise NotFound("This leaflet has no approval yet.", "Send it for approval in the studio.")
    return approval


def signed(
    session: Session, approval: Approval, *, template: Template | None, key: SigningKey, key_address: str
) -> dict[str, Any]:
    """The statement about an approval, signed. `template` is the content's own, where it is still known.

    Raises `Conflict` when the certificate is not the one that was noted in the audit when it was made.
    """
    if _hash_noted(session, approval) != hash_of(approval.certificate):
        _log.error("certificate.altered", approval=approval.id)
        raise Conflict(
            "This certificate is not the one that was made with the approval.",
            "Tell whoever runs this installation: `leaflets audit verify` says more.",
        )
    statement = {
        "certificate": approval.certificate,
        "kinds": {zone.key: zone.kind.value for zone in template.zones} if template else {},
        "files": _files(session, approval),
    }
    return statement | {
        "signed": {
            "algorithm": "Ed25519",
            "key": key.public.id,
            "public_key": key.public.pem,
            "published_at": key_address,
            "signature": key.sign(canonical_json(statement).encode()),
        }
    }


def noted(approval: Approval) -> str:
    """What the audit says of an approval when it is made: its number, its content, and its certificate's hash."""
    return f"approval {approval.id}: {approval.content_hash}, certificate {hash_of(approval.certificate)}"


def _hash_noted(session: Session, approval: Approval) -> str:
    """The hash of the certificate as the audit has it."""
    rows = select(AuditRow.became).where(
        AuditRow.subject == "leaflet",
        AuditRow.subject_id == approval.leaflet_id,
        AuditRow.became.startswith(f"approval {approval.id}: "),
    )
    return (session.scalar(rows.order_by(AuditRow.id).limit(1)) or "").rpartition("certificate ")[2]


def _files(session: Session, approval: Approval) -> list[dict[str, Any]]:
    pressed = select(Order).where(Order.approval_id == approval.id, Order.pdf_hash.is_not(None)).order_by(Order.id)
    return [{"order": order.id, "sha256": order.pdf_hash} for order in session.scalars(pressed)]


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
