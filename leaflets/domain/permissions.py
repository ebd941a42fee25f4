"""Who may do what: the whole policy on one screen.

A role is granted in one campaign, or on a node of the tree and then for all that lies below it. The agent pays and
answers for the printing (RPA 1983 ss.73 and 110), and the candidate's name is on it: the two of them order. Helpers
and designers write and draw, and send nothing to a printer. Approvers pass, ask, object and answer; they write
nobody's leaflet. Administrators keep the tree and the people on it, and read no leaflets. A printer sees what was
ordered from that printer, and nothing else.
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
    DESIGNER = "designer"
    REGION = "region"
    NATION = "nation"
    PRINTER = "printer"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """How people call it."""
        return {Role.REGION: "regional approver", Role.NATION: "national approver"}.get(self, self.value)


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
    SEND_FOR_REVIEW = "send this leaflet for approval"
    COMMENT = "comment on this leaflet"
    SEE_QUEUE = "see what waits for approval here"
    REVIEW = "pass this leaflet or send it back"
    SEE_APPROVAL = "see what was passed of this leaflet"
    SEE_WAITING = "see how long leaflets wait here"
    ORDER_PRINT = "order the PDF of this leaflet"
    SEE_ORDER = "see this order"
    DOWNLOAD_PRINT = "download this PDF"
    SEE_HOUSE_ORDERS = "see the orders of a printing house"
    SEE_MESSAGES = "see these messages"
    WRITE_MESSAGE = "write messages here"
    SEE_BOARD = "see this board"
    ANNOUNCE_DISPATCH = "record when postal votes go out"
    MOVE_ELECTION = "move, suspend or resume an election"
    SET_DURATIONS = "say how long things take here"
    OBJECT = "object to this leaflet"
    ANSWER_OBJECTION = "answer this objection"
    SEE_PEOPLE = "see who can do what here"
    GIVE_ROLE = "give or end roles here"
    SEE_OFFICE = "see who works in this office"
    GIVE_OFFICE = "give or end roles in this office"
    ASK_ACCESS = "ask for access"
    SEE_PLACES = "see the places here"
    GROW_TREE = "add or change places here"
    START_CAMPAIGN = "start a campaign here"
    KEEP_CAMPAIGN = "change the details of this campaign"
    SET_HERE = "change what is set here"
    KEEP_PRINTERS = "add or change the printing houses here"
    SEE_AUDIT = "read the record of changes here"
    KEEP_SIGN_IN = "decide how people sign in here"
    KEEP_ACCOUNT = "see or change this account"
    SEE_ALERTS = "see what you were told"
    READ_CALENDAR = "read this calendar"
    READ_METRICS = "read the figures of this site"


ANYONE = "anyone"  # signed in or not
SIGNED_IN = "signed-in"  # any person with an account, whatever their campaigns
OPERATOR = "operator"  # whoever runs the machine: holds the metrics token

APPROVERS = frozenset({Role.REGION, Role.NATION})
"""Roles that pass what others wrote."""

_C, _A, _H, _D = Role.CANDIDATE, Role.AGENT, Role.HELPER, Role.DESIGNER
_R, _N, _P, _X = Role.REGION, Role.NATION, Role.PRINTER, Role.ADMINISTRATOR

TEAM = frozenset({_C, _A, _H, _D})
"""Roles of those who make a campaign's leaflets: granted in the campaign itself, or above several of them."""

POLICY: dict[Action, frozenset[str]] = {
    Action.SEE_PUBLIC_PAGE: frozenset({ANYONE}),
    Action.SEE_LIBRARY: frozenset({SIGNED_IN}),
    Action.START_LEAFLET: TEAM,
    Action.SEE_LEAFLET: TEAM | APPROVERS,
    Action.EDIT_LEAFLET: TEAM,
    Action.ADD_PICTURE: TEAM,
    Action.SEE_PICTURE: TEAM | APPROVERS,
    Action.KEEP_SHELF: TEAM,
    Action.ASK_PROOF: TEAM,
    Action.SEND_FOR_REVIEW: frozenset({_C, _A, _H}),
    Action.COMMENT: TEAM | APPROVERS,
    Action.SEE_QUEUE: APPROVERS,
    Action.REVIEW: APPROVERS,
    Action.SEE_APPROVAL: TEAM | APPROVERS,
    Action.SEE_WAITING: frozenset({_R, _N, _X}),
    Action.ORDER_PRINT: frozenset({_C, _A}),
    Action.SEE_ORDER: TEAM | APPROVERS | {_P},
    Action.DOWNLOAD_PRINT: frozenset({_C, _A, _H, _R, _N, _P}),
    Action.SEE_HOUSE_ORDERS: frozenset({_P}),
    Action.SEE_MESSAGES: TEAM | APPROVERS | {_X},
    Action.WRITE_MESSAGE: APPROVERS,
    Action.SEE_BOARD: APPROVERS,
    Action.ANNOUNCE_DISPATCH: frozenset({_A, _R, _N}),
    Action.MOVE_ELECTION: frozenset({_N}),
    Action.SET_DURATIONS: APPROVERS,
    Action.OBJECT: frozenset({_R}),
    Action.ANSWER_OBJECTION: frozenset({_N}),
    Action.SEE_PEOPLE: TEAM | APPROVERS | {_X},
    Action.GIVE_ROLE: frozenset({_C, _A, _R, _N, _X}),  # which role, GIVES says
    Action.SEE_OFFICE: frozenset({_R, _N, _X}),
    Action.GIVE_OFFICE: frozenset({_R, _N, _X}),
    Action.ASK_ACCESS: frozenset({SIGNED_IN}),
    Action.SEE_PLACES: frozenset({_R, _N, _X}),
    Action.GROW_TREE: frozenset({_R, _N, _X}),  # a region adds the wards of its own councils
    Action.START_CAMPAIGN: frozenset({_R, _N, _X}),
    Action.KEEP_CAMPAIGN: frozenset({_C, _A, _X}),  # whoever answers for the imprint, and whoever set it up
    Action.SET_HERE: frozenset({_R, _N, _X}),
    Action.KEEP_PRINTERS: frozenset({_R, _N, _X}),  # a region knows the printers of its own towns
    Action.SEE_AUDIT: frozenset({_N, _X}),
    Action.KEEP_SIGN_IN: frozenset({_X}),
    Action.KEEP_ACCOUNT: frozenset({SIGNED_IN}),
    Action.SEE_ALERTS: frozenset({SIGNED_IN}),
    Action.READ_CALENDAR: frozenset({ANYONE}),  # whoever holds its private address: a calendar cannot sign in
    Action.READ_METRICS: frozenset({OPERATOR}),
}

STRONG: frozenset[Action] = frozenset(
    {
        Action.SEE_QUEUE,  # so that nobody is asked in the middle of a decision
        Action.REVIEW,
        Action.WRITE_MESSAGE,
        Action.MOVE_ELECTION,
        Action.SET_DURATIONS,
        Action.OBJECT,
        Action.ANSWER_OBJECTION,
        Action.GIVE_ROLE,
        Action.GIVE_OFFICE,
        Action.GROW_TREE,
        Action.START_CAMPAIGN,
        Action.SET_HERE,
        Action.KEEP_PRINTERS,
        Action.SEE_AUDIT,
        Action.KEEP_SIGN_IN,
    }
)
"""What asks for the second step first, of whoever has one or must have one: decisions, and who decides."""

GIVES: dict[Role, frozenset[Role]] = {
    _C: frozenset({_A, _H, _D}),  # a candidate appoints the agent (RPA 1983 s.67)
    _A: frozenset({_H, _D}),
    _R: frozenset({_C, _A, _H, _D, _R}),
    _N: frozenset({_C, _A, _H, _D, _R, _N, _P}),
    _X: frozenset(Role),
}
"""Which roles somebody with a role may give, and end, where theirs holds."""


def may_give(standings: Collection[str], role: Role) -> bool:
    """Whether somebody with these roles at a place may give, or end, `role` there."""
    return any(role in GIVES.get(held, ()) for held in Role if held in standings)


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
