"""A campaign in a seat, started and corrected on the pages of the site: candidate, imprint, elections, kit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import nation_of
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import Action
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit
from leaflets.services.clock import elections
from leaflets.services.organisation import settings
from leaflets.storage.election import ElectionRow
from leaflets.storage.people import Campaign, Organisation, Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class Details:
    """What a campaign's leaflets say of the candidacy, and who answers for them (RPA 1983 s.110(3)).

    `promoter` is usually the agent. Empty: `name` is made of the candidate and the seat, `area` is the seat's name,
    `on_behalf_of_address` is the promoter's.
    """

    candidate: str
    promoter: str
    promoter_address: str
    on_behalf_of_address: str = ""
    election_title: str = ""
    election_area: str = ""
    name: str = ""
    kit: str = ""


_MOST = {"promoter_address": 400, "on_behalf_of_address": 400, "kit": 64}
_NEEDED = {
    "candidate": ("The candidate’s name is missing.", "Write it as it stands on the ballot paper."),
    "promoter": ("The agent’s name is missing.", "The law wants it on every leaflet."),
    "promoter_address": ("The agent’s address is missing.", "The law wants it on every leaflet: a postal address."),
    "election_title": ("What the election is called is missing.", "Write it as a leaflet prints it: General election."),
}


def elections_ahead(session: Session, node: Node, *, now: datetime) -> list[ElectionRow]:
    """The elections that a node's organisation knows of, that are still to come and can be held there."""
    ahead = select(ElectionRow).where(
        ElectionRow.organisation_id == node.organisation_id, ElectionRow.polling_day >= now.date()
    )
    rows = session.scalars(ahead.order_by(ElectionRow.polling_day, ElectionRow.ref))
    return [row for row in rows if node.law is None or node.law in row.election.nations]


def start(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    node_id: int,
    details: Details,
    kits: Collection[str],
    election_ids: Sequence[str],
) -> Campaign:
    """Start a campaign in a seat. `kits` are those there are.

    Raises `Invalid` for what is missing, a kit that is not allowed there and an election that is not held there;
    `Conflict` where the candidate has such a campaign there already; `NotFound`, `Refused`.
    """
    with writing(session):
        node = access.require_at(session, actor, Action.START_CAMPAIGN, node_id)
        if node.tier != Tier.SEAT:
            raise Invalid(f"{node.name} is no seat.", "Find the seat first: a campaign stands in one.")
        kept = _checked(session, node, details, kits)
        if not election_ids:
            raise Invalid("No election is chosen.", "Without its day, nothing can be counted back. Choose one.")
        _check_new(session, node, kept)
        rows = [
            elections.entered(session, now=now, organisation_id=node.organisation_id, ref=ref)
            for ref in dict.fromkeys(election_ids)
        ]
        for row in rows:
            nation_of(row.election, node.law)
            if row.polling_day < now.date():
                raise Invalid(f"{row.ref} is over.", "Choose an election still to come.")
        started = Campaign(
            organisation=session.get_one(Organisation, node.organisation_id),
            node=node,
            elections=rows,
            polling_day=elections.written_out(rows),
            on_behalf_of=kept.candidate,
            created_at=now,
            **asdict(kept),
        )
        session.add(started)
        session.flush()
        audit.of_campaign(session, actor, now, "campaign started", started.id, became=started.name)
    return started


def details_of(campaign: Campaign) -> Details:
    """A campaign's details as they stand."""
    return Details(**{each.name: getattr(campaign, each.name) for each in fields(Details)})


def for_details(session: Session, *, actor: Person, campaign_id: int) -> Campaign:
    """A campaign, for somebody who may change its details. Raises `NotFound`, `Refused`."""
    access.require(session, actor, Action.KEEP_CAMPAIGN, campaign_id, what="campaign")
    return session.get_one(Campaign, campaign_id)


def change(
    session: Session, *, actor: Person, now: datetime, campaign_id: int, details: Details, kits: Collection[str]
) -> Campaign:
    """Correct a campaign's details.

    The imprint of every leaflet follows from the next proof on; what is ordered prints as it was ordered. What
    leaflets say of candidate and election stays as it was written there. Raises as `start` does.
    """
    with writing(session):
        session.get(Campaign, campaign_id, with_for_update={"key_share": True})  # two who correct it take turns
        campaign = for_details(session, actor=actor, campaign_id=campaign_id)
        before = details_of(campaign)
        kept = _checked(session, campaign.node, details, kits, stays=campaign.kit)
        for each in fields(Details):
            setattr(campaign, each.name, getattr(kept, each.name))
        campaign.on_behalf_of = kept.candidate
        if kept != before:
            was, became = _say(before, kept), _say(kept, before)
            audit.of_campaign(session, actor, now, "campaign changed", campaign.id, was=was, became=became)
    return campaign


def _checked(
    session: Session, node: Node | None, details: Details, kits: Collection[str], *, stays: str = ""
) -> Details:
    kept = replace(details, **{name: tidy_line(value) for name, value in asdict(details).items()})
    for name, (message, remedy) in _NEEDED.items():
        if not getattr(kept, name):
            raise Invalid(message, remedy, code=name)
    area = kept.election_area or (node.name if node else "")
    kept = replace(kept, election_area=area, name=kept.name or f"{kept.candidate}, {area}"[:200])
    for name, value in asdict(kept).items():
        if len(value) > (most := _MOST.get(name, 200)):
            raise Invalid(f"“{value[:40]}…” has {len(value)} characters; {most} is the most.", "Shorten it.", code=name)
    if kept.kit != stays and kept.kit not in settings.allowed(session, node, "kits", kits):
        raise Invalid("That brand kit cannot be used here.", "Choose one of those on the page.", code="kit")
    return kept


def _check_new(session: Session, node: Node, details: Details) -> None:
    same = select(Campaign.id).where(Campaign.node_id == node.id, Campaign.name == details.name)
    if session.scalar(same):
        raise Conflict(
            f"There is a campaign called {details.name} in {node.name} already.",
            "It is on the page of the seat. Give this one another name if it is another one.",
            code="name",
        )


def _say(details: Details, other: Details) -> str:
    """What is not the same in the other."""
    differs = [each.name for each in fields(Details) if getattr(details, each.name) != getattr(other, each.name)]
    return "; ".join(f"{name}: {getattr(details, name)}" for name in differs)
