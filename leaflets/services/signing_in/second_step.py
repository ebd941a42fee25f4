"""Whether somebody has to show a second step before they decide something: once in each browser they sign in with."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from leaflets.domain.permissions import APPROVERS, Role
from leaflets.services.organisation import settings
from leaflets.services.roles import grants
from leaflets.services.signing_in import authenticator, passkeys
from leaflets.storage.signing_in import SignInSession

ASKED_OF = APPROVERS | {Role.ADMINISTRATOR}
"""Of whom an organisation may ask one."""


class Asks(StrEnum):
    """What is asked of somebody in this browser."""

    NOTHING = "nothing"
    SHOW = "show it"
    SET_UP = "set one up"


def asks(session: Session, *, sign_in: SignInSession) -> Asks:
    """What is asked before a decision: of whoever has set one up, and of whom their organisation wants to have one."""
    if sign_in.strong_at is not None:
        return Asks.NOTHING
    if authenticator.of(session, sign_in.person_id):
        return Asks.SHOW
    if not demanded(session, person_id=sign_in.person_id):
        return Asks.NOTHING
    return Asks.SHOW if passkeys.of(session, actor=sign_in.person) else Asks.SET_UP


def demanded(session: Session, *, person_id: int) -> bool:
    """Whether a place where somebody decides asks its approvers and administrators for one."""
    nodes = [grant.node for grant in grants.held_by(session, person_id) if grant.node and grant.role in ASKED_OF]
    return any(settings.of_each(session, nodes, "second-step").values())
