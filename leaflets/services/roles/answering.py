"""Who must answer somebody who asks for access, and by when.

The nearest people who may give that role, and are not away today, are asked: those of the campaign, else the office it
stands at, else the next one above with anybody in it. Whoever does not answer in time is passed over, one office up;
they may still answer.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.moments import in_london
from leaflets.domain.clock.standing import Plan, Standing
from leaflets.domain.organisation.answering import answer_by
from leaflets.domain.permissions import GIVES, POLICY, Action, Role
from leaflets.services.clock import almanac
from leaflets.services.review.asked import present
from leaflets.services.roles import grants
from leaflets.services.roles.giving import Seat
from leaflets.storage.grant import AccessRequest, Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node


def seat_of(request: AccessRequest) -> Seat:
    """Where the role is to be held."""
    return Seat(campaign=request.campaign) if request.campaign else Seat(node=request.node)


def name_of_asked(request: AccessRequest) -> str:
    """The office or the campaign that is to answer."""
    return request.asked_of.name if request.asked_of else seat_of(request).name


def answerers(session: Session, request: AccessRequest) -> list[Person]:
    """Who is to answer, by name: without those who are away, while anybody else is there."""
    where = Seat(node=request.asked_of) if request.asked_of else seat_of(request)
    found = _givers(session, where, request.role, request.person_id)
    return _there(session, found) or found


def first_asked(session: Session, where: Seat, role: Role, asker_id: int) -> Node | None:
    """The nearest office whose people may give that role; None: the campaign's own people.

    Where nobody is found all the way up, it is the organisation itself: whoever comes to look after it finds the
    question.
    """
    if where.campaign and _there(session, _givers(session, where, role, asker_id)):
        return None
    way_up = _way_up(session, where)
    return _first_with_people(session, way_up, role, asker_id) or way_up[-1]


def next_asked(session: Session, request: AccessRequest) -> Node | None:
    """The next office up; the same once more where there is none above."""
    way_up = _way_up(session, seat_of(request))
    if request.asked_of:
        way_up = way_up[way_up.index(request.asked_of) + 1 :]
    return _first_with_people(session, way_up, request.role, request.person_id) or request.asked_of


def due_by(session: Session, where: Seat, now: datetime) -> datetime:
    """By when a question of this moment is to be answered: sooner where a leaflet of the campaign cannot wait."""
    law = where.stands_at.law if where.stands_at else None
    calendar = almanac.calendar_of(law or Nation.ENGLAND)
    planned = almanac.plans(session, Leaflet.campaign_id == where.campaign.id, now=now) if where.campaign else ()
    ahead = [each.plan.latest_safe for each in planned if each.plan and _presses(each.plan, now)]
    return answer_by(now, calendar, min(ahead, default=None))


def waiting_for(session: Session, *, actor: Person) -> list[AccessRequest]:
    """What waits for somebody's answer, the soonest first: asked of their office or campaign, now or before."""
    waiting = select(AccessRequest).join(Node, Node.id == AccessRequest.node_id).where(_asked(session, actor))
    loaded = (joinedload(getattr(AccessRequest, name)) for name in ("person", "node", "campaign"))
    in_order = waiting.order_by(AccessRequest.answer_by, AccessRequest.id).options(*loaded)
    return list(session.scalars(in_order))


def how_many(session: Session, actor: Person) -> int:
    """How many wait for somebody's answer."""
    waiting = select(func.count()).select_from(AccessRequest).join(Node, Node.id == AccessRequest.node_id)
    return session.scalar(waiting.where(_asked(session, actor))) or 0


def _asked(session: Session, actor: Person) -> ColumnElement[bool]:
    """Whether a question waits for what somebody holds: an office is asked when it, or one above it, is."""
    mine = select(Grant).options(joinedload(Grant.node))
    held = session.scalars(mine.where(Grant.person_id == actor.id, Grant.role.in_(GIVES), Grant.holds(moment(session))))
    by_grant = [
        and_(
            AccessRequest.role.in_(GIVES[grant.role]),
            AccessRequest.campaign_id == grant.campaign_id
            if grant.node is None
            else and_(Node.path.startswith(grant.node.path), AccessRequest.asked_of_id.in_(grant.node.way_down)),
        )
        for grant in held
    ]
    return and_(AccessRequest.state == "open", AccessRequest.person_id != actor.id, or_(false(), *by_grant))


def _presses(plan: Plan, now: datetime) -> bool:
    """Whether something of a leaflet is still to be done for a poll that is still to come."""
    is_ahead = any(poll.polling_day >= now.date() for poll in plan.question.polls)
    return plan.next_step is not None and plan.state is not Standing.SUSPENDED and is_ahead


def _way_up(session: Session, where: Seat) -> list[Node]:
    """The nodes from the place to the top; never empty for a place that can be asked for."""
    node = where.stands_at
    return [session.get_one(Node, node_id) for node_id in reversed(node.way_down)] if node else []


def _first_with_people(session: Session, way_up: list[Node], role: Role, asker_id: int) -> Node | None:
    givers = ((office, _givers(session, Seat(node=office), role, asker_id)) for office in way_up)
    return next((office for office, people in givers if _there(session, people)), None)


def _there(session: Session, people: list[Person]) -> list[Person]:
    return present(session, people, in_london(moment(session)).date())


def _givers(session: Session, where: Seat, role: Role, asker_id: int) -> list[Person]:
    """Those who may give that role by what they hold in this very place."""
    may = {giver for giver, gives in GIVES.items() if role in gives}
    if where.campaign:
        found = grants.holders(session, campaign_id=where.campaign.id, roles=may)
    else:
        office = may & POLICY[Action.GIVE_OFFICE]
        found = grants.approvers_on(session, [where.node.id] if where.node else [], office)
    return [person for person in found if person.id != asker_id]
