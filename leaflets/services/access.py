"""What somebody is to a campaign, and whether that is enough."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain import permissions
from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import SIGNED_IN, Action, Role
from leaflets.storage.people import Membership, Person

_NOT_YOURS = "Check the address, or ask the agent of the campaign to add you."


def roles_in(session: Session, person: Person, campaign_id: int) -> frozenset[Role]:
    """Every role that somebody holds in a campaign."""
    held = select(Membership.role).where(Membership.person_id == person.id, Membership.campaign_id == campaign_id)
    return frozenset(Role(role) for role in session.scalars(held))


def require(session: Session, actor: Person, action: Action, campaign_id: int, *, what: str) -> None:
    """Pass in silence, or raise.

    Somebody with no role in the campaign gets `NotFound`, as if `what` did not exist: guessing ids tells nothing.
    Somebody with the wrong role gets `Refused`.
    """
    roles = roles_in(session, actor, campaign_id)
    if not roles:
        raise not_found(what)
    permissions.require(action, roles | {SIGNED_IN})


def not_found(what: str) -> NotFound:
    """There is no such thing, or not for this person: the same words for both."""
    return NotFound(f"There is no such {what}, or you are not part of its campaign.", _NOT_YOURS)
