"""How far a leaflet is from being ready, and who has read every word of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.leaflet import Content
from leaflets.domain.permissions import Action, may
from leaflets.domain.press.problem import Problem
from leaflets.domain.press.proof import TRIMMED
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import Where
from leaflets.domain.template import Kind, Template, Values
from leaflets.domain.words.checklist import Facts, ProofSeen, Step, checklist
from leaflets.domain.words.values import clean_values
from leaflets.services import access, audit, leaflets
from leaflets.services.organisation import campaigns
from leaflets.services.review.prospect import Prospect
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet, ProofRead, Revision
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture
from leaflets.storage.press import Proof
from leaflets.storage.remarks import problems_from_json
from leaflets.storage.session import moment, writing


def steps(
    session: Session, *, actor: Person, target: Leaflet, template: Template, prospect: Prospect | None = None
) -> tuple[tuple[Step, ...], str]:
    """What is left to do, as whoever looks is led through it, and the name of the content that it was judged by.

    `prospect` is the leaflet's, where the caller has it. The caller has seen to it that the leaflet may be seen.
    """
    prospect = prospect or Prospect(session, target, template, moment(session))
    content, standing = prospect.content, prospect.standing
    values = clean_values(template, content.values)
    roles = access.roles_in(session, actor, target.campaign_id)
    may_order = may(Action.ORDER_PRINT, roles)
    asked_of = standing.submission.asked_of if standing.submission else None
    orderers = campaigns.orderers(session, actor=actor, campaign_id=target.campaign_id) if not may_order else []
    facts = Facts(
        template=template,
        values=values,
        untyped=frozenset(text.zone for text in target.texts if text.version == 0),
        undecided=words.undecided_zones(session, target),
        pictures=_pictures(session, target, template, values),
        imprint_missing=_missing(content),
        proof=_proof(session, target, content.content_hash),
        has_read=session.get(ProofRead, (target.id, content.content_hash, actor.id)) is not None,
        may_order=may_order,
        ask=tuple(orderers),
        where=_where(prospect),
        office=asked_of.name if asked_of else "",
        may_send=may(Action.SEND_FOR_REVIEW, roles),
    )
    return checklist(facts), content.content_hash


def _where(prospect: Prospect) -> Where:
    """How it stands with its approvers, as far as that is something to do: what needs nobody is simply ordered."""
    standing = prospect.standing
    if not standing.is_asked or standing.where in (Where.WAITING, Where.APPROVED):
        return standing.where if standing.is_asked else Where.UNASKED
    return standing.where if any(look.open for look in prospect.stages) else Where.UNASKED


def is_read(session: Session, *, target: Leaflet) -> bool:
    """Whether anybody has said that they have read every word of a leaflet as it stands now.

    The caller has seen to it that the leaflet may be seen.
    """
    content_hash = leaflets.content_of(target).content_hash
    said = exists().where(ProofRead.leaflet_id == target.id, ProofRead.content_hash == content_hash)
    return bool(session.scalar(select(said)))


def read(session: Session, *, actor: Person, now: datetime, leaflet_id: int, content_hash: str) -> None:
    """Note that somebody has read every word of this content on its proof. Saying it twice changes nothing.

    Raises `Conflict` when the words have changed since, or no proof shows them yet; `NotFound`, `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.ASK_PROOF)
        if leaflets.content_of(target).content_hash != content_hash:
            raise Conflict("The words have changed since you read them.", "Look at the new pages, then say so again.")
        if not _proof(session, target, content_hash).shows_this:
            raise Conflict("The pages do not show these words yet.", "Wait for the new pages, and read those.")
        if session.get(ProofRead, (leaflet_id, content_hash, actor.id)) is None:
            session.add(ProofRead(leaflet_id=leaflet_id, content_hash=content_hash, by=actor.id, at=now))
            audit.of_leaflet(session, actor, now, "proof read", target, became=content_hash)


def proof_problems(session: Session, target: Leaflet, content_hash: str) -> tuple[Problem, ...]:
    """What the press remarked on the newest proof that shows this content; nothing where none does yet."""
    return _proof(session, target, content_hash).problems


def _proof(session: Session, target: Leaflet, content_hash: str) -> ProofSeen:
    """The newest proof that shows this content, or what became of the one asked for last."""
    asked = (
        select(Proof, Revision.content_hash)
        .join(Revision, Revision.id == Proof.revision_id)
        .where(Proof.leaflet_id == target.id, Proof.of_edit.is_(None), Proof.look.in_(TRIMMED))
        .order_by(Proof.id.desc())
    )
    of_this = asked.where(Revision.content_hash == content_hash, Proof.state == WorkState.DONE).limit(1)
    if found := session.execute(of_this).first():
        return ProofSeen(shows_this=True, problems=problems_from_json(found[0].problems))
    last = session.execute(asked.limit(1)).first()
    return ProofSeen(failed=last is not None and last[0].state == WorkState.FAILED)


def _pictures(session: Session, target: Leaflet, template: Template, values: Values) -> dict[str, str]:
    """How the picture in each zone stands; one that is not on the shelf any more stands at "missing"."""
    placed = {
        zone.key: value["picture"]
        for zone in template.zones
        if zone.kind is Kind.PICTURE and isinstance(value := values.get(zone.key), dict) and value.get("picture")
    }
    if not placed:
        return {}
    of_campaign = select(Picture.original_hash, Picture.state).where(
        Picture.campaign_id == target.campaign_id,
        Picture.original_hash.in_(placed.values()),
        Picture.removed_at.is_(None),
    )
    states = {row.original_hash: row.state for row in session.execute(of_campaign)}
    return {zone: states.get(original, "missing") for zone, original in placed.items()}


def _missing(content: Content) -> tuple[str, ...]:
    """What the law wants in the imprint and the campaign has not given; the printer comes with the order."""
    imprint = content.imprint
    wanted = (
        ("the promoter’s name", imprint.promoter),
        ("the promoter’s address", imprint.promoter_address),
        ("whom it is promoted for", imprint.on_behalf_of),
    )
    return tuple(words for words, given in wanted if not given)
