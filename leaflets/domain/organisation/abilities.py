"""What each role may do, in words that finish "may …": read off the policy, so that no page says it a second time."""

from __future__ import annotations

from leaflets.domain.permissions import GIVES, POLICY, TEAM, Action, Role

SAID: tuple[tuple[str, frozenset[Action], str], ...] = (
    ("write leaflets", frozenset({Action.START_LEAFLET, Action.EDIT_LEAFLET}), ""),
    ("order prints", frozenset({Action.ORDER_PRINT}), ""),
    ("pass leaflets or send them back", frozenset({Action.SEE_QUEUE, Action.REVIEW}), ""),
    ("send for approval", frozenset({Action.SEND_FOR_REVIEW}), ""),
    ("see the orders placed with their own printing house", frozenset({Action.SEE_HOUSE_ORDERS}), ""),
    ("write messages", frozenset({Action.WRITE_MESSAGE}), ""),
    ("object to a leaflet", frozenset({Action.OBJECT}), ""),
    ("answer objections", frozenset({Action.ANSWER_OBJECTION}), ""),
    ("keep the pictures", frozenset({Action.ADD_PICTURE, Action.KEEP_SHELF}), ""),
    ("download finished PDFs", frozenset({Action.DOWNLOAD_PRINT}), ""),
    ("start campaigns", frozenset({Action.START_CAMPAIGN}), ""),
    ("add or change places", frozenset({Action.GROW_TREE}), ""),
    ("change what is set here", frozenset({Action.SET_HERE}), ""),
    ("keep the printing houses", frozenset({Action.KEEP_PRINTERS}), ""),
    ("read leaflets", frozenset({Action.SEE_LEAFLET}), "write leaflets"),
    ("comment", frozenset({Action.COMMENT}), "write leaflets"),
    ("keep a campaign’s details", frozenset({Action.KEEP_CAMPAIGN}), ""),
    ("decide how people sign in", frozenset({Action.KEEP_SIGN_IN}), ""),
    ("read the record of changes", frozenset({Action.SEE_AUDIT}), ""),
    ("record when postal votes go out", frozenset({Action.ANNOUNCE_DISPATCH}), ""),
    ("move, suspend or resume an election", frozenset({Action.MOVE_ELECTION}), ""),
    ("say how long things take", frozenset({Action.SET_DURATIONS}), ""),
    ("see how long leaflets wait", frozenset({Action.SEE_WAITING}), "pass leaflets or send them back"),
)
"""The words, the actions that all of them stand for, and the words that say it already where they are said.

The most telling first: a gist has the first of them.
"""

GIST = 4
_BRING_IN = "bring in"


def abilities(role: Role) -> tuple[str, ...]:
    """What a role may do, the most telling first, whom it may bring in last: `write leaflets`, `order prints`."""
    may = {action for action, allowed in POLICY.items() if role in allowed}
    said: list[str] = []
    for words, actions, unless in SAID:
        if actions <= may and unless not in said:
            said.append(words)
    if Action.GIVE_ROLE in may and GIVES.get(role):
        said.append(f"{_BRING_IN} {_whom(GIVES[role])}")
    return tuple(said)


def say_abilities(role: Role) -> str:
    """The same as one phrase: `write leaflets, order prints and bring in helpers and designers`."""
    return listed(abilities(role))


def gist(role: Role) -> str:
    """The most telling of it, and whom it may bring in; where there is more: `…, and more`."""
    every = abilities(role)
    bringing = tuple(words for words in every if words.startswith(_BRING_IN))
    rest = every[: len(every) - len(bringing)]
    return listed((*rest[:GIST], *bringing)) + (", and more" if len(rest) > GIST else "")


def listed(parts: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _whom(roles: frozenset[Role]) -> str:
    """Whom somebody may bring in; the whole team, and everybody, have words of their own."""
    if roles >= frozenset(Role):
        return "anybody"
    in_order = [f"{role.label}s" for role in Role if role in roles - TEAM]
    team = [f"{role.label}s" for role in Role if role in roles & TEAM]
    whole_team = ["candidates and their teams"] if roles >= TEAM else team
    return listed((*whole_team, *in_order))
