"""Who is there below an office: in each campaign that stands at it, and in each place directly below.

A seat has the people of its campaigns; an office of its own has those who sit in it, not all of its seats' people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import Action, Role
from leaflets.services import access
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

NAMED = 2
"""People who are named for each place."""

_NAME = func.coalesce(func.nullif(Grant.called, ""), Person.name)
_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Below:
    """A campaign or a place, with its people: the `first` of them by role, and how many `more` there are.

    `is_bare` where no campaign stands in a seat yet.
    """

    place: Node | Campaign
    first: tuple[tuple[Role, str], ...]
    more: int
    is_bare: bool = False

    @property
    def is_office(self) -> bool:
        """Whether people sit there for the places below it."""
        return isinstance(self.place, Node) and self.place.tier != Tier.SEAT


def below(session: Session, *, actor: Person, node: Node) -> list[Below]:
    """The campaigns that stand at a node, then the places directly below it. Raises `NotFound`, `Refused`."""
    access.require_at(session, actor, Action.SEE_OFFICE, node.id)
    inside = select(Node.id).where(Node.parent_id == node.id)
    nodes = session.scalars(select(Node).where(Node.parent_id == node.id).order_by(Node.tier, Node.name)).all()
    campaigns = session.scalars(select(Campaign).where(Campaign.node_id == node.id).order_by(Campaign.name)).all()
    taken = set(session.scalars(select(Campaign.node_id).where(Campaign.node_id.in_(inside)).distinct()))
    at = func.coalesce(Grant.node_id, Campaign.node_id)
    held = (
        select(at, func.coalesce(Grant.campaign_id, 0), Grant.role, Person.id, _NAME)
        .join(Person, Person.id == Grant.person_id)
        .outerjoin(Campaign, Campaign.id == Grant.campaign_id)
        .where(or_(Grant.node_id.in_(inside), Campaign.node_id == node.id, Campaign.node_id.in_(inside)))
        .where(Grant.holds(moment(session)))
    )
    offices = {each.id for each in nodes if each.tier != Tier.SEAT}
    of_nodes: dict[int, list[_Held]] = {}
    of_campaigns: dict[int, list[_Held]] = {}
    for node_id, campaign_id, role, person_id, name in session.execute(held):
        if node_id == node.id:
            of_campaigns.setdefault(campaign_id, []).append(_Held(role, person_id, name))
        elif not campaign_id or node_id not in offices:
            of_nodes.setdefault(node_id, []).append(_Held(role, person_id, name))
    return [
        *(Below(each, *_named(of_campaigns.get(each.id, ()))) for each in campaigns),
        *(
            Below(each, *_named(of_nodes.get(each.id, ())), is_bare=each.tier == Tier.SEAT and each.id not in taken)
            for each in nodes
        ),
    ]


class _Held(NamedTuple):
    role: Role
    person_id: int
    name: str


def _named(held: Iterable[_Held]) -> tuple[tuple[tuple[Role, str], ...], int]:
    """Each person once, by the first of their roles: those who are named, and how many are not."""
    people: dict[int, tuple[Role, str]] = {}
    for each in sorted(held, key=lambda each: (_RANK[each.role], each.name)):
        people.setdefault(each.person_id, (each.role, each.name))
    return tuple(people.values())[:NAMED], max(0, len(people) - NAMED)
