"""The sentence for somebody whose role has ended, perhaps in the middle of their work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import in_london, say, say_dated
from leaflets.domain.errors import Refused
from leaflets.storage.grant import Grant
from leaflets.storage.people import Person
from leaflets.storage.session import moment

REMEMBERED = timedelta(days=30)
"""For so long somebody is told that their role has ended. Later a place that is not theirs is simply not found."""

_AN_INSTANT = timedelta(microseconds=1)


def lapsed(
    session: Session, person: Person, *, node_ids: Collection[int], campaign_id: int | None = None
) -> Refused | None:
    """What to say to somebody who held a role in this campaign, or on one of these nodes, until lately; else None."""
    now = moment(session)
    over_at = func.coalesce(Grant.ended_at, Grant.ends_at)
    was_here = or_(Grant.node_id.in_(node_ids), Grant.campaign_id == campaign_id)
    over = select(Grant).where(
        Grant.person_id == person.id, was_here, Grant.printer_id.is_(None), over_at <= now, over_at > now - REMEMBERED
    )
    last = session.scalar(over.order_by(over_at.desc(), Grant.id.desc()).limit(1))
    if last is None:
        return None
    place = last.campaign.name if last.campaign else last.node.name if last.node else ""
    remedy = f"What you wrote there is kept. Ask {last.giver} if you are to go on, or ask for access again."
    return Refused(f"You are no longer {last.role.label} of {place}: {_how(session, last)}.", remedy, code="role-ended")


def _how(session: Session, grant: Grant) -> str:
    now = moment(session)
    if grant.ended_at is None:
        assert grant.ends_at is not None  # it is over
        last_day = in_london(grant.ends_at - _AN_INSTANT).date()
        return f"{say_dated(last_day, in_london(now).year)} was its last day"
    ender = session.get(Person, grant.ended_by) if grant.ended_by else None
    if grant.ended_by == grant.person_id:
        who = "you laid it down"
    else:
        who = f"{ender.name} ended it" if ender else "it was ended"
    because = f", because: {grant.ended_because}" if grant.ended_because else ""
    return f"{who} on {say(grant.ended_at, now)}{because}"
