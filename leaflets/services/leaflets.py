"""Leaflets: starting one, saving words so that none is lost, choosing between two texts, freezing a revision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.characters import tidy_line
from leaflets.domain.election import nation_of
from leaflets.domain.errors import Invalid
from leaflets.domain.landing import Landing
from leaflets.domain.leaflet import (
    Conflict,
    Content,
    Edit,
    EditResult,
    Outcome,
    Saved,
    canonical_json,
    meets_newer_words,
    pictures_in,
    why_not_storable,
)
from leaflets.domain.permissions import Action
from leaflets.domain.printing import ElectionDetails, Imprint
from leaflets.domain.route import Route, routes_of
from leaflets.domain.template import Kit, Template
from leaflets.services import access, audit, titles
from leaflets.storage.leaflet import Leaflet, Revision, ZoneEdit, ZoneText
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import writing


def start_leaflet(
    session: Session, *, actor: Person, now: datetime, campaign_id: int, template: Template, kit: Kit, title: str = ""
) -> Leaflet:
    """Start a leaflet whose zones hold the template's default words. Raises `NotFound` or `Refused`."""
    with writing(session):
        access.require(session, actor, Action.START_LEAFLET, campaign_id, what="campaign")
        campaign = session.get_one(Campaign, campaign_id)
        leaflet = Leaflet(
            campaign=campaign,
            title=titles.free_title(session, campaign_id, tidy_line(title) or template.title),
            template_name=template.name,
            template_version=template.version,
            kit=kit.key,
            election_title=campaign.election_title,
            election_area=campaign.election_area,
            polling_day=campaign.polling_day,
            candidate=campaign.candidate,
            landing=Landing.BEFORE_POSTAL_VOTES,
            route=_first_route(campaign),
            created_by=actor.id,
            created_at=now,
            changed_at=now,
        )
        leaflet.zones = [
            ZoneText(zone=zone.key, value=zone.default, version=0, by=actor.id, at=now)
            for zone in template.zones
            if not zone.kind.is_system
        ]
        session.add(leaflet)
        session.flush()
        audit.of_leaflet(session, actor, now, "leaflet started", leaflet, became=leaflet.template_ref)
    return leaflet


def leaflets_of(session: Session, *, actor: Person, campaign_id: int) -> list[Leaflet]:
    """The leaflets of a campaign, the one changed last first."""
    access.require(session, actor, Action.SEE_LEAFLET, campaign_id, what="campaign")
    of_campaign = select(Leaflet).where(Leaflet.campaign_id == campaign_id)
    return list(session.scalars(of_campaign.order_by(Leaflet.changed_at.desc(), Leaflet.id.desc())))


def leaflet(session: Session, *, actor: Person, leaflet_id: int, action: Action = Action.SEE_LEAFLET) -> Leaflet:
    """One leaflet, for somebody who may do `action` to it. Raises `NotFound` or `Refused`."""
    found = session.get(Leaflet, leaflet_id)
    if found is None:
        raise access.not_found("leaflet")
    access.require(session, actor, action, found.campaign_id, what="leaflet")
    return found


def save_edits(session: Session, *, actor: Person, now: datetime, leaflet_id: int, edits: Sequence[Edit]) -> Saved:
    """Store a batch of edits; when this returns they are on the disk.

    Each is answered by itself, in order: one that is refused (too large, not JSON) takes no other with it. Sent
    twice, it is stored once and answered alike. One that meets newer words is kept beside them as a conflict.
    """
    with writing(session):
        target = locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        zones = {text.zone: text for text in target.zones}
        results = tuple(_apply(session, actor, now, target, zones, edit) for edit in edits)
        stored = [f"{result.zone} v{result.version}" for result in results if result.outcome is Outcome.STORED]
        kept = [f"{result.zone} kept beside v{result.version}" for result in results if result.conflict]
        if stored or kept:
            target.changed_at = now
            audit.of_leaflet(session, actor, now, "words saved", target, became=", ".join(stored + kept))
    return Saved(leaflet_id, now, results)


def conflicts(session: Session, *, actor: Person, leaflet_id: int) -> list[Conflict]:
    """The texts that wait for somebody to choose, oldest first."""
    target = leaflet(session, actor=actor, leaflet_id=leaflet_id)
    zones = {text.zone: text for text in target.zones}
    return [_conflict(session, edit, zones[edit.zone]) for edit in _undecided(session, target)]


def undecided_zones(session: Session, target: Leaflet) -> frozenset[str]:
    """The zones in which two texts wait for somebody to choose."""
    return frozenset(edit.zone for edit in _undecided(session, target))


def settle_conflict(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, edit_id: int, take_offered: bool
) -> ZoneText:
    """Choose between two texts: the one offered later, or the one stored. Both stay in the history.

    Choosing again changes nothing. Raises `NotFound` when there is no such conflict.
    """
    with writing(session):
        target = locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        edit = session.get(ZoneEdit, edit_id)
        if edit is None or edit.leaflet_id != leaflet_id or edit.version is not None:
            raise access.not_found("pair of texts")
        text = next(text for text in target.zones if text.zone == edit.zone)
        if edit.settled_at is None:
            edit.settled_at = now
            was = f"{text.zone} v{text.version}"
            if take_offered:
                _set(text, edit.value, edit.by, now)
                chosen = Edit(f"settled-{edit.id}", edit.zone, edit.value, text.version - 1)
                session.add(_row(actor, now, target, chosen, version=text.version))
                target.changed_at = now
            audit.of_leaflet(
                session, actor, now, "texts chosen", target, was=was, became=f"{text.zone} v{text.version}"
            )
    return text


def freeze(session: Session, *, actor: Person, now: datetime, leaflet_id: int) -> Revision:
    """The leaflet as it stands, for ever. The same content gives the same revision."""
    with writing(session):
        return frozen(session, actor, now, locked(session, actor, leaflet_id, Action.SEE_LEAFLET))


def frozen(session: Session, actor: Person, now: datetime, target: Leaflet) -> Revision:
    """`freeze` for other services, inside their transaction and with the leaflet locked."""
    content = content_of(target)
    same = select(Revision).filter_by(leaflet_id=target.id, content_hash=content.content_hash)
    revision = session.scalar(same)
    if revision is None:
        revision = Revision(
            leaflet_id=target.id,
            content_hash=content.content_hash,
            content=content.as_json(),
            created_by=actor.id,
            created_at=now,
        )
        session.add(revision)
        session.flush()
        audit.of_leaflet(session, actor, now, "revision frozen", target, became=content.content_hash)
    return revision


def content_of(target: Leaflet) -> Content:
    """Everything of a leaflet that will be seen on paper, as it stands now."""
    campaign = target.campaign
    return Content(
        template=target.template_ref,
        kit=target.kit,
        values=target.values,
        pictures=pictures_in(target.values),
        election=ElectionDetails(target.election_title, target.election_area, target.polling_day, target.candidate),
        imprint=Imprint(
            printer="",
            printer_address="",
            promoter=campaign.promoter,
            promoter_address=campaign.promoter_address,
            on_behalf_of=campaign.on_behalf_of,
            on_behalf_of_address=campaign.on_behalf_of_address,
        ),
    )


def locked(session: Session, actor: Person, leaflet_id: int, action: Action) -> Leaflet:
    """A leaflet that nobody else changes until the transaction ends, for somebody who may do `action` to it."""
    found = session.get(Leaflet, leaflet_id, with_for_update=True)
    if found is None:
        raise access.not_found("leaflet")
    access.require(session, actor, action, found.campaign_id, what="leaflet")
    return found


def _first_route(campaign: Campaign) -> Route:
    """Freepost where every election of the campaign has it; else by hand, which everybody has."""
    law = campaign.node.law if campaign.node else None
    try:
        free = [Route.FREEPOST in routes_of(row.election, nation_of(row.election, law)) for row in campaign.elections]
    except Invalid:  # held in several nations, and nobody has said in which the campaign stands
        return Route.HAND_DELIVERY
    return Route.FREEPOST if free and all(free) else Route.HAND_DELIVERY


def _apply(
    session: Session, actor: Person, now: datetime, target: Leaflet, zones: dict[str, ZoneText], edit: Edit
) -> EditResult:
    if wrong := why_not_storable(edit):
        return EditResult(edit.op_id, edit.zone, Outcome.REFUSED, 0, None, *wrong)
    before = session.scalar(select(ZoneEdit).filter_by(leaflet_id=target.id, op_id=edit.op_id))
    if before is not None:
        return _same_again(session, edit, before, zones)
    text = zones.get(edit.zone)
    if text is None:
        text = ZoneText(zone=edit.zone, value=None, version=0, by=actor.id, at=now)
        target.zones.append(text)
        zones[edit.zone] = text
    if meets_newer_words(edit.base_version, text.version, edit.value, text.value):
        kept = _row(actor, now, target, edit, version=None)
        session.add(kept)
        session.flush()
        conflict = _conflict(session, kept, text)
        return EditResult(edit.op_id, edit.zone, Outcome.CONFLICT, text.version, conflict)
    _set(text, edit.value, actor.id, now)
    session.add(_row(actor, now, target, edit, version=text.version))
    session.flush()
    return EditResult(edit.op_id, edit.zone, Outcome.STORED, text.version)


def _same_again(session: Session, edit: Edit, before: ZoneEdit, zones: dict[str, ZoneText]) -> EditResult:
    """The answer that an edit got the first time."""
    if before.zone != edit.zone or canonical_json(before.value) != canonical_json(edit.value):
        return EditResult(
            edit.op_id,
            edit.zone,
            Outcome.REFUSED,
            0,
            None,
            "Another change was sent with this number before.",
            "Type it again; what you typed stays on this device.",
        )
    text = zones[before.zone]
    if before.version is not None:
        return EditResult(edit.op_id, edit.zone, Outcome.STORED, text.version)
    conflict = _conflict(session, before, text) if before.settled_at is None else None
    return EditResult(edit.op_id, edit.zone, Outcome.CONFLICT, text.version, conflict)


def _row(actor: Person, now: datetime, target: Leaflet, edit: Edit, *, version: int | None) -> ZoneEdit:
    return ZoneEdit(
        leaflet_id=target.id,
        op_id=edit.op_id,
        zone=edit.zone,
        value=edit.value,
        base_version=edit.base_version,
        version=version,
        by=actor.id,
        at=now,
    )


def _set(text: ZoneText, value: Any, by: int, now: datetime) -> None:
    text.value, text.version, text.by, text.at = value, text.version + 1, by, now


def _undecided(session: Session, target: Leaflet) -> Sequence[ZoneEdit]:
    waiting = select(ZoneEdit).where(
        ZoneEdit.leaflet_id == target.id, ZoneEdit.version.is_(None), ZoneEdit.settled_at.is_(None)
    )
    return session.scalars(waiting.order_by(ZoneEdit.id)).all()


def _conflict(session: Session, edit: ZoneEdit, text: ZoneText) -> Conflict:
    return Conflict(
        edit_id=edit.id,
        zone=edit.zone,
        offered=edit.value,
        offered_by=session.get_one(Person, edit.by).name,
        offered_at=edit.at,
        stored=text.value,
        stored_by=session.get_one(Person, text.by).name,
        stored_at=text.at,
        version=text.version,
    )
