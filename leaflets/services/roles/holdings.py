"""Who holds which role in a campaign or at an office and why; and all that one person holds, as far as others may see.

Whoever may see people at a place sees those of the offices above it too, for they have a say there; and an office sees
everybody below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import POLICY, Action, Role
from leaflets.services import access
from leaflets.services.roles import giving, grants
from leaflets.services.roles.appointments import where
from leaflets.services.roles.giving import Seat
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

LATELY = timedelta(days=90)
MOST_ENDED = 30
_ROLES = list(Role)


@dataclass(frozen=True, slots=True)
class Holding:
    """One grant, as somebody sees it. `from_above` is the office it comes from, where that is not the place shown.

    `may_change` says whether whoever looks may end it or change its end, `own` whether it is theirs to lay down.
    """

    grant: Grant
    from_above: Node | None = None
    may_change: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and what they hold here."""

    person: Person
    holdings: tuple[Holding, ...]

    @property
    def name(self) -> str:
        """What they are called here."""
        return _name([holding.grant for holding in self.holdings])

    @property
    def is_of_here(self) -> bool:
        """Whether something of it was given in this very place."""
        return any(holding.from_above is None for holding in self.holdings)


@dataclass(frozen=True, slots=True)
class Roll:
    """Everybody with a role in one place: its own people first, then those of the offices above, nearest first.

    `ended` are the roles that have ended lately, the last first. `gives` are the roles that whoever looks may give.
    """

    seat: Seat
    holders: tuple[Holder, ...]
    ended: tuple[Grant, ...]
    gives: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What one person holds now, and which roles of theirs have ended lately, the last first."""

    person: Person
    name: str
    holdings: tuple[Holding, ...]
    ended: tuple[Grant, ...]


def roll_of_campaign(session: Session, *, actor: Person, campaign_id: int) -> Roll:
    """Who can do what in a campaign. Raises `NotFound` or `Refused`."""
    access.require(session, actor, Action.SEE_PEOPLE, campaign_id, what="campaign")
    return _roll(session, actor, Seat(campaign=session.get_one(Campaign, campaign_id)))


def roll_of_office(session: Session, *, actor: Person, node_id: int) -> Roll:
    """Who can do what at a node, and so in all below it. Raises `NotFound` or `Refused`."""
    return _roll(session, actor, Seat(node=access.require_at(session, actor, Action.SEE_OFFICE, node_id)))


def of_person(session: Session, *, actor: Person, person_id: int) -> Held:
    """What somebody holds, and held lately: all of it for themselves, for others what they may see.

    Raises `NotFound` where that is nothing.
    """
    now = moment(session)
    theirs = select(Grant).where(Grant.person_id == person_id).options(*_LOADED).order_by(Grant.id)
    seen = set(session.scalars(select(Grant.id).where(Grant.person_id == person_id, _seen_by(session, actor))))
    found = [grant for grant in session.scalars(theirs) if actor.id == person_id or grant.id in seen]
    in_force = [grant for grant in found if not grants.is_over(grant, now)]
    ended = _lately([grant for grant in found if grant not in in_force], now)
    person = session.get(Person, person_id)
    if person is None or not (in_force or ended or actor.id == person_id):
        raise NotFound("There is no such person, or you work nowhere together.", "Look on the page of your campaign.")
    name = person.name if actor.id == person_id else _name(found)
    return Held(person, name, tuple(_holdings(session, actor, in_force, None)), ended)


def _roll(session: Session, actor: Person, seat: Seat) -> Roll:
    now = moment(session)
    own = (
        Grant.campaign_id == seat.campaign.id if seat.campaign else Grant.node_id == (seat.node.id if seat.node else 0)
    )
    way = seat.stands_at.way_down if seat.stands_at else []
    above = and_(Grant.node_id.in_(way), Grant.holds(now))
    # One look at all of them: a role that ends between two would be in both.
    found = session.scalars(select(Grant).options(*_LOADED).where(or_(own, above))).all()
    held = [grant for grant in found if not grants.is_over(grant, now)]
    over = [grant for grant in found if grants.is_over(grant, now)]
    holdings = sorted(_holdings(session, actor, held, seat), key=_by_nearness)
    by_person: dict[int, list[Holding]] = {}
    for holding in holdings:
        by_person.setdefault(holding.grant.person_id, []).append(holding)
    return Roll(
        seat=seat,
        holders=tuple(Holder(each[0].grant.person, tuple(each)) for each in by_person.values()),
        ended=_lately(over, now),
        gives=tuple(giving.roles_to_give(session, actor, seat)),
    )


def _holdings(session: Session, actor: Person, held: Sequence[Grant], seat: Seat | None) -> Iterator[Holding]:
    standings: dict[Seat, frozenset[Role]] = {}
    for grant in held:
        place, own = where(grant), grant.person_id == actor.id
        if place not in standings:
            standings[place] = giving.standings(session, actor, place)
        above = grant.node if seat and grant.node and seat.node != grant.node else None
        yield Holding(grant, above, not own and giving.may_change(standings[place], place, grant.role), own)


def _by_nearness(holding: Holding) -> tuple[int, int, str]:
    """What was given here first, then from the nearest office up; within each by role and name."""
    depth = holding.from_above.path.count("/") if holding.from_above else 1000
    return (-depth, _ROLES.index(holding.grant.role), holding.grant.holder)


def _name(theirs: Sequence[Grant]) -> str:
    """What the holder of these is called: by their own name where one of them says so."""
    return next((grant.holder for grant in theirs if not grant.called), theirs[0].holder)


def _lately(over: Sequence[Grant], now: datetime) -> tuple[Grant, ...]:
    ended = sorted(over, key=over_at, reverse=True)
    return tuple(grant for grant in ended if over_at(grant) > now - LATELY)[:MOST_ENDED]


def over_at(grant: Grant) -> datetime:
    """When a role that is over ended: somebody ended it, or its last day passed."""
    moments = [at for at in (grant.ended_at, grant.ends_at) if at is not None]
    return min(moments)


def _seen_by(session: Session, viewer: Person) -> ColumnElement[bool]:
    """The grants in places that somebody sees the people of, as a condition of a query."""
    now = moment(session)
    mine = select(Grant).where(
        Grant.person_id == viewer.id, Grant.role.in_(POLICY[Action.SEE_PEOPLE]), Grant.holds(now)
    )
    campaign_ids, paths, above = set[int](), set[str](), set[int]()
    for grant in session.scalars(mine.options(*_LOADED)):
        if grant.campaign:
            campaign_ids.add(grant.campaign.id)
            above.update(grant.campaign.node.way_down if grant.campaign.node else ())
        elif grant.node:
            paths.add(grant.node.path)
            above.update(grant.node.way_down)
    below_me = [Node.path.startswith(path) for path in paths]
    nodes = select(Node.id).where(or_(Node.id.in_(above), *below_me))
    stand_below = select(Campaign.id).join(Node, Node.id == Campaign.node_id).where(or_(False, *below_me))
    return or_(Grant.node_id.in_(nodes), Grant.campaign_id.in_(campaign_ids), Grant.campaign_id.in_(stand_below))


_LOADED = (
    joinedload(Grant.person),
    joinedload(Grant.node),
    joinedload(Grant.campaign).joinedload(Campaign.node),
    joinedload(Grant.printer),
)
