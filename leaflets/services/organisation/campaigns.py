"""Campaigns, and who stands on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from leaflets.domain.clock.election import nation_of
from leaflets.domain.organisation.tree import Place
from leaflets.domain.permissions import POLICY, TEAM, Action, Role
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit
from leaflets.services.clock import elections
from leaflets.services.organisation import by_name, tree
from leaflets.services.roles import grants
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Organisation, Person
from leaflets.storage.session import moment, writing
from leaflets.storage.tree import Node


def campaigns_of(session: Session, *, actor: Person) -> list[Campaign]:
    """The campaigns in whose team somebody is, by name: given there, or on a node above."""
    return _where(session, actor, here=frozenset(Role), above=TEAM)


def campaigns_for(session: Session, *, actor: Person, action: Action) -> list[Campaign]:
    """The campaigns in which somebody may do this, by name."""
    return _where(session, actor, here=POLICY[action], above=POLICY[action])


def _where(session: Session, actor: Person, *, here: Collection[str], above: Collection[str]) -> list[Campaign]:
    """The campaigns in which somebody holds one of these roles, or one of those on a node above."""
    held = Grant.person_id == actor.id, Grant.printer_id.is_(None), Grant.holds(moment(session))
    office = aliased(Node)
    given = select(Grant.campaign_id).where(*held, Grant.role.in_(here))
    below = (
        select(Campaign.id)
        .join(Node, Node.id == Campaign.node_id)
        .join(office, Node.path.startswith(office.path))
        .join(Grant, Grant.node_id == office.id)
        .where(*held, Grant.role.in_(above))
    )
    found = select(Campaign).where(or_(Campaign.id.in_(given), Campaign.id.in_(below)))
    return list(session.scalars(found.order_by(Campaign.name, Campaign.id)))


def campaign(session: Session, *, actor: Person, campaign_id: int) -> Campaign:
    """One campaign. Raises `NotFound` when it is not this person's."""
    found = session.get(Campaign, campaign_id)
    if found is None or not access.roles_in(session, actor, campaign_id):
        raise access.not_found("campaign")
    return found


def start_campaign(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    organisation: str,
    name: str,
    kit: str,
    election: ElectionDetails,
    imprint: Imprint,
    place: Place | None = None,
    election_ids: Sequence[str] = (),
) -> Campaign:
    """Start a campaign, and its organisation and place in the tree where there is none of that name.

    `election_ids` are Democracy Club's; the polling day is then written out from them, and `election.polling_day`
    counts only without them: of an election that nobody has called yet, no plan can be made. The printer in `imprint`
    is not kept. Raises `Invalid` for an id that names no election, or none that is held there.
    """
    stands_at, organisation = place or Place(), tidy_line(organisation)
    with writing(session):
        party = by_name.called(session, organisation)
        if party is None:
            party = Organisation(name=organisation, created_at=now)
            session.add(party)
            session.flush()
        stood = [elections.entered(session, now=now, organisation_id=party.id, ref=ref) for ref in election_ids]
        for row in stood:
            nation_of(row.election, stands_at.nation)
        started = Campaign(
            organisation=party,
            node=tree.planted(session, now=now, organisation=party, place=stands_at),
            elections=stood,
            name=tidy_line(name),
            kit=kit,
            election_title=election.title,
            election_area=election.area,
            polling_day=elections.written_out(stood) or election.polling_day,
            candidate=election.candidate,
            promoter=imprint.promoter,
            promoter_address=imprint.promoter_address,
            on_behalf_of=imprint.on_behalf_of,
            on_behalf_of_address=imprint.on_behalf_of_address,
            created_at=now,
        )
        session.add(started)
        session.flush()
        audit.of_campaign(session, actor, now, "campaign started", started.id, became=started.name)
    return started


def orderers(session: Session, *, actor: Person, campaign_id: int) -> list[str]:
    """The names of those whom a helper asks to order: the agents, or the candidate where there is no agent."""
    access.require(session, actor, Action.SEE_LEAFLET, campaign_id, what="campaign")
    for role in (Role.AGENT, Role.CANDIDATE):
        if found := grants.holders(session, campaign_id=campaign_id, roles={role}):
            return [person.name for person in found]
    return []
