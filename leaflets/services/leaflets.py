"""Leaflets: starting one, finding one, locking one, freezing a revision. Its words are saved in words.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import nation_of
from leaflets.domain.clock.landing import Landing
from leaflets.domain.clock.route import Route, routes_of
from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import Act, Content, pictures_in
from leaflets.domain.permissions import Action
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.template import Kit, Template, Values
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit
from leaflets.services.message import message_due
from leaflets.services.organisation import settings
from leaflets.services.studio import titles
from leaflets.storage.leaflet import Leaflet, Revision, ZoneEdit, ZoneText
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import writing


def start_leaflet(
    session: Session, *, actor: Person, now: datetime, campaign_id: int, template: Template, kit: Kit, title: str = ""
) -> Leaflet:
    """Start a leaflet whose zones hold the template's default words. Raises `NotFound` or `Refused`."""
    with writing(session):
        return started(session, actor, now, campaign_id, template, kit, title=title)


def started(
    session: Session, actor: Person, now: datetime, campaign_id: int, template: Template, kit: Kit, *, title: str = ""
) -> Leaflet:
    """`start_leaflet` for other services, inside their transaction."""
    access.require(session, actor, Action.START_LEAFLET, campaign_id, what="campaign")
    campaign = session.get_one(Campaign, campaign_id)
    kits = settings.kits_of(session, campaign)
    if kits is not None and kit.key not in kits:
        raise Invalid(
            f"The brand kit of {kit.party} may not be used in {campaign.name}.", "Choose one of those on the page."
        )
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
    session.add(leaflet)
    begin(session, actor, now, leaflet, {zone.key: zone.default for zone in template.zones if not zone.kind.is_system})
    audit.of_leaflet(session, actor, now, "leaflet started", leaflet, became=leaflet.template_ref)
    return leaflet


def leaflets_of(session: Session, *, actor: Person, campaign_id: int) -> list[Leaflet]:
    """The leaflets of a campaign, the one changed last first."""
    access.require(session, actor, Action.SEE_LEAFLET, campaign_id, what="campaign")
    of_campaign = select(Leaflet).where(Leaflet.campaign_id == campaign_id)
    return list(session.scalars(of_campaign.order_by(Leaflet.changed_at.desc(), Leaflet.id.desc())))


def last_changed(session: Session, campaign_ids: Collection[int]) -> dict[int, datetime]:
    """When a leaflet of each of these campaigns was changed last; those without one are missing.

    The caller has seen to it that they may be seen.
    """
    newest = select(Leaflet.campaign_id, func.max(Leaflet.changed_at)).where(Leaflet.campaign_id.in_(campaign_ids))
    return {row[0]: row[1] for row in session.execute(newest.group_by(Leaflet.campaign_id))}


def leaflet(session: Session, *, actor: Person, leaflet_id: int, action: Action = Action.SEE_LEAFLET) -> Leaflet:
    """One leaflet, for somebody who may do `action` to it. Raises `NotFound` or `Refused`."""
    found = session.get(Leaflet, leaflet_id)
    if found is None:
        raise access.not_found("leaflet")
    access.require(session, actor, action, found.campaign_id, what="leaflet")
    return found


def freeze(session: Session, *, actor: Person, now: datetime, leaflet_id: int) -> Revision:
    """The leaflet as it stands, for ever. The same content gives the same revision."""
    with writing(session):
        return frozen(session, actor, now, locked(session, actor, leaflet_id, Action.SEE_LEAFLET))


def frozen(session: Session, actor: Person, now: datetime, target: Leaflet, content: Content | None = None) -> Revision:
    """`freeze` for other services, inside their transaction and with the leaflet locked.

    `content` is what to freeze where it is not the leaflet as it stands: an older version of it.
    """
    content = content or content_of(target)
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
        language=target.language,
    )


def locked(session: Session, actor: Person, leaflet_id: int, action: Action) -> Leaflet:
    """A leaflet that nobody else changes until the transaction ends, for somebody who may do `action` to it.

    With a variant goes its main leaflet, which keeps the shared words: first, so that no two ever wait for each other.
    """
    both = list(session.scalars(_LOCKED, {"leaflet": leaflet_id}))
    found = both[-1] if both else None
    if found is None:
        raise access.not_found("leaflet")
    access.require(session, actor, action, found.campaign_id, what="leaflet")
    return found


_main = select(Leaflet.variant_of_id).where(Leaflet.id == bindparam("leaflet")).scalar_subquery()
_LOCKED = (
    select(Leaflet)
    .where(or_(Leaflet.id == bindparam("leaflet"), Leaflet.id == _main))
    .order_by(Leaflet.id == bindparam("leaflet"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Before every change of a leaflet, so in one statement that is put together once."""


def home_of(target: Leaflet, zone: str) -> Leaflet:
    """The leaflet on which the words of a zone are kept: the main one's, where a variant shares the zone."""
    return target.home_of(zone)


def begin(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    values: Values,
    *,
    writers: Mapping[str, int] | None = None,
) -> None:
    """What zones begin with, as the edit of version 0, so that their history knows it; inside a transaction.

    `writers` says by zone who wrote words that somebody else had written before.
    """
    others = {zone: writer for zone, writer in (writers or {}).items() if writer != actor.id}
    for zone, value in values.items():
        text = ZoneText(zone=zone, value=value, version=0, by=actor.id, at=now, written_by=others.get(zone))
        target.zones.append(text)
    session.flush()
    message_due.mark(session, target.id)
    session.add_all(
        ZoneEdit(
            leaflet_id=target.id,
            op_id=f"start-{zone}",
            zone=zone,
            value=value,
            base_version=0,
            version=0,
            by=actor.id,
            at=now,
            act=Act.FILL,
            written_by=others.get(zone),
        )
        for zone, value in values.items()
    )


def _first_route(campaign: Campaign) -> Route:
    """Freepost where every election of the campaign has it; else by hand, which everybody has."""
    law = campaign.node.law if campaign.node else None
    try:
        free = [Route.FREEPOST in routes_of(row.election, nation_of(row.election, law)) for row in campaign.elections]
    except Invalid:  # held in several nations, and nobody has said in which the campaign stands
        return Route.HAND_DELIVERY
    return Route.FREEPOST if free and all(free) else Route.HAND_DELIVERY
