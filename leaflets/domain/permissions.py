"""Who may do what: the whole policy on one screen.

A role is held in one campaign, or in an office of the tree and then in all that lies below it. The agent pays and
answers for the printing (RPA 1983 ss.73 and 110), and the candidate's name is on it: the two of them order. Helpers
write, and send nothing to a printer. Offices look, object and answer; they write nobody's leaflet.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from leaflets.domain.errors import Refused


class Role(StrEnum):
    """What somebody is to a campaign, or to a node of the tree."""

    CANDIDATE = "candidate"
    AGENT = "agent"
    HELPER = "helper"
    REGION = "region"
    NATION = "nation"

    @property
    def label(self) -> str:
        """How people call it."""
        return f"{self.value}’s office" if self in OFFICES else self.value


class Action(StrEnum):
    """Something that can be done. The value reads after "You may not …"."""

    SEE_PUBLIC_PAGE = "see this page"
    SEE_LIBRARY = "see the library"
    START_LEAFLET = "start a leaflet in this campaign"
    SEE_LEAFLET = "see this leaflet"
    EDIT_LEAFLET = "change this leaflet"
    ADD_PICTURE = "add pictures to this campaign"
    SEE_PICTURE = "see this picture"
    KEEP_SHELF = "change the pictures of this campaign"
    ASK_PROOF = "ask for a proof of this leaflet"
    ORDER_PRINT = "order the PDF of this leaflet"
    SEE_ORDER = "see this order"
    DOWNLOAD_PRINT = "download this PDF"
    SEE_BOARD = "see this board"
    ANNOUNCE_DISPATCH = "record when postal votes go out"
    MOVE_ELECTION = "move, suspend or resume an election"
    SET_DURATIONS = "say how long things take here"
    OBJECT = "object to this leaflet"
    ANSWER_OBJECTION = "answer this objection"
    SEE_ALERTS = "see what you were told"
    READ_CALENDAR = "read this calendar"
    READ_METRICS = "read the figures of this site"


ANYONE = "anyone"  # signed in or not
SIGNED_IN = "signed-in"  # any person with an account, whatever their campaigns
OPERATOR = "operator"  # whoever runs the machine: holds the metrics token

OFFICES = frozenset({Role.REGION, Role.NATION})
"""Roles that are held on a node of the tree, not in one campaign."""

_C, _A, _H, _R, _N = Role.CANDIDATE, Role.AGENT, Role.HELPER, Role.REGION, Role.NATION

POLICY: dict[Action, frozenset[str]] = {
    Action.SEE_PUBLIC_PAGE: frozenset({ANYONE}),
    Action.SEE_LIBRARY: frozenset({SIGNED_IN}),
    Action.START_LEAFLET: frozenset({_C, _A, _H}),
    Action.SEE_LEAFLET: frozenset({_C, _A, _H, _R, _N}),
    Action.EDIT_LEAFLET: frozenset({_C, _A, _H}),
    Action.ADD_PICTURE: frozenset({_C, _A, _H}),
    Action.SEE_PICTURE: frozenset({_C, _A, _H, _R, _N}),
    Action.KEEP_SHELF: frozenset({_C, _A, _H}),
    Action.ASK_PROOF: frozenset({_C, _A, _H}),
    Action.ORDER_PRINT: frozenset({_C, _A}),
    Action.SEE_ORDER: frozenset({_C, _A, _H, _R, _N}),
    Action.DOWNLOAD_PRINT: frozenset({_C, _A, _H, _R, _N}),
    Action.SEE_BOARD: frozenset({_R, _N}),
    Action.ANNOUNCE_DISPATCH: frozenset({_A, _R, _N}),
    Action.MOVE_ELECTION: frozenset({_N}),
    Action.SET_DURATIONS: frozenset({_R, _N}),
    Action.OBJECT: frozenset({_R}),
    Action.ANSWER_OBJECTION: frozenset({_N}),
    Action.SEE_ALERTS: frozenset({SIGNED_IN}),
    Action.READ_CALENDAR: frozenset({ANYONE}),  # whoever holds its private address: a calendar cannot sign in
    Action.READ_METRICS: frozenset({OPERATOR}),
}


def may(action: Action, standings: Collection[str]) -> bool:
    """Whether somebody with these standings (roles in the campaign concerned, `SIGNED_IN`, `OPERATOR`) may do it."""
    allowed = POLICY[action]
    return ANYONE in allowed or not allowed.isdisjoint(standings)


def needs_role(action: Action) -> bool:
    """Whether the action needs a role in the campaign concerned, and not only an account."""
    return not POLICY[action].isdisjoint(frozenset(Role))


def require(action: Action, standings: Collection[str]) -> None:
    """Pass in silence when `may`; raise `Refused`, saying who may, when not."""
    if may(action, standings):
        return
    who = sorted(role.label for role in Role if role in POLICY[action])
    remedy = (
        f"Ask the {' or the '.join(who)} of this campaign." if standings and who else "Sign in with another account."
    )
    raise Refused(f"You may not {action.value}.", remedy)
