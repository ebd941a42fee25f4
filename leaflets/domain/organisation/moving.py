"""What a place loses and gains when it is hung elsewhere in the tree, in words: read before it is moved, kept after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from leaflets.domain.organisation.abilities import listed
from leaflets.domain.permissions import APPROVERS, TEAM, Role
from leaflets.domain.review.approval import State

MOST_NAMED = 5
"""Of one kind of thing in one sentence; the rest is counted."""


class Kind(StrEnum):
    """What a sentence is about, in the order in which they are read. The value is a heading."""

    PEOPLE = "Who sees what"
    APPROVALS = "What waits for approval"
    HOUSES = "Printing houses and orders"
    MESSAGES = "Approved messages"


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that somebody holds on a place above; a printer's names the `house` whose orders it shows."""

    person_id: int
    person: str
    role: Role
    office: str
    house_id: int = 0
    house: str = ""

    @property
    def key(self) -> tuple[int, Role, int]:
        """What it comes to, whichever place it is held on."""
        return self.person_id, self.role, self.house_id


@dataclass(frozen=True, slots=True)
class Waiting:
    """A leaflet that was sent for approval: who is asked, how it stands, and the zones that somebody has to see."""

    title: str
    office: str
    state: State
    zones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for a place and all below it, because of where it hangs.

    `houses` are the printing houses offered, each at the ids of places with campaigns; `open_orders` counts by house
    what is ordered and not printed, `held` are those orders that do not go on, by id: leaflet and reason. `messages`
    are titles by id. `waiting` is by submission.
    """

    people: Collection[Holding]
    houses: frozenset[tuple[str, int]]
    open_orders: Mapping[str, int]
    held: Mapping[int, str]
    messages: Mapping[int, str]
    waiting: Mapping[int, Waiting]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that follows from a move, as a sentence."""

    kind: Kind
    sentence: str


def changes(place: str, before: Surroundings, after: Surroundings) -> tuple[Change, ...]:
    """Everything that follows from a move of `place`, the gravest first."""
    said = (
        (Kind.PEOPLE, _people(place, before, after)),
        (Kind.APPROVALS, _approvals(before.waiting, after.waiting)),
        (Kind.HOUSES, _houses(before, after)),
        (Kind.MESSAGES, _messages(before.messages, after.messages)),
    )
    return tuple(Change(kind, sentence) for kind, sentences in said for sentence in sentences)


def named(found: Iterable[Change]) -> str:
    """A name of these changes: whoever confirms a move says which of them they have read."""
    return sha256("\n".join(each.sentence for each in found).encode()).hexdigest()


# Row: roles, and what one person (and what several) of them does no longer, and does from now on, at a place.
_DOES: tuple[tuple[frozenset[Role], tuple[str, str], tuple[str, str]], ...] = (
    (APPROVERS, ("no longer sees or passes", "no longer see or pass"), ("sees and passes", "see and pass")),
    (TEAM, ("no longer works on", "no longer work on"), ("works on", "work on")),
)
_KEEPS = ("no longer keeps", "no longer keep"), ("keeps", "keep")


def _people(place: str, before: Surroundings, after: Surroundings) -> Iterable[str]:
    had, have = {each.key for each in before.people}, {each.key for each in after.people}
    lost = [each for each in before.people if each.key not in have]
    gained = [each for each in after.people if each.key not in had]
    for held, is_lost in ((lost, True), (gained, False)):
        groups: dict[tuple[str, Role, str], set[str]] = defaultdict(set)
        for each in held:
            groups[each.office, each.role, each.house].add(each.person)
        for (office, role, house), names in sorted(groups.items()):
            who = f"{listed(tuple(sorted(names)))} ({role.label} in {office})"
            yield _sight(place, who, role, house, many=len(names) > 1, is_lost=is_lost)


def _sight(place: str, who: str, role: Role, house: str, *, many: bool, is_lost: bool) -> str:
    if role is Role.PRINTER:
        if is_lost:
            kept = f"Orders that {house} has been given stay visible to them."
            return f"{who} {'see' if many else 'sees'} no new orders of {place}. {kept}"
        return f"{who} {'see' if many else 'sees'} the orders of {place} with {house}."
    lost, gained = next(((lost, gained) for roles, lost, gained in _DOES if role in roles), _KEEPS)
    what = f"the places and people of {place}" if role is Role.ADMINISTRATOR else f"the leaflets of {place}"
    return f"{who} {(lost if is_lost else gained)[many]} {what}."


def _approvals(before: Mapping[int, Waiting], after: Mapping[int, Waiting]) -> Iterable[str]:
    groups: dict[str, list[str]] = defaultdict(list)
    again: dict[str, list[str]] = defaultdict(list)
    for number, was in before.items():
        now = after.get(number, was)
        if now.state is not State.WAITING:
            groups[_ENDS[now.state]].append(was.title)
        elif now.office != was.office:
            groups[f"for {now.office} instead of {was.office}"].append(was.title)
        if now.state is State.WAITING and (reopened := now.zones - was.zones):
            again[listed(tuple(f"“{zone}”" for zone in sorted(reopened)))].append(was.title)
    for what, titles in sorted(groups.items()):
        verb = _said(titles, "waits {}", "wait {}") if what.startswith("for ") else _said(titles, "is {}", "are {}")
        yield verb.format(what) + "."
    for zones, titles in sorted(again.items()):
        yield f"{_listed(titles)}: {zones} {'has' if '” and “' not in zones else 'have'} to be passed again."


_ENDS = {
    State.APPROVED: "approved at once: nobody there has to see it",
    State.RETURNED: "sent back: the change that was asked for is left to the campaign",
}


def _houses(before: Surroundings, after: Surroundings) -> Iterable[str]:
    for house, number in _by_house(before.houses - after.houses):
        open_now = before.open_orders.get(house, 0)
        go_on = {0: "", 1: " The open order with it goes on."}.get(open_now, f" {open_now} open orders with it go on.")
        yield f"{house} is no longer offered{_at(number)}.{go_on}"
    for house, number in _by_house(after.houses - before.houses):
        yield f"{house} is offered{_at(number)} from then on."
    for number, words in sorted(after.held.items()):
        if number not in before.held:
            yield f"An order is held: {words}"


def _by_house(offers: Collection[tuple[str, int]]) -> list[tuple[str, int]]:
    counted: dict[str, int] = defaultdict(int)
    for house, _place in offers:
        counted[house] += 1
    return sorted(counted.items())


def _at(number: int) -> str:
    return "" if number == 1 else f" in {number} places"


def _messages(before: Mapping[int, str], after: Mapping[int, str]) -> Iterable[str]:
    lost = [title for number, title in sorted(before.items()) if number not in after]
    gained = [title for number, title in sorted(after.items()) if number not in before]
    if lost:
        said = "it" if len(lost) == 1 else "one of them"
        yield f"{_said(lost, 'is', 'are')} no longer offered; words that say {said} are looked at by a person."
    if gained:
        yield f"{_said(gained, 'is', 'are')} offered from then on."


def _said(titles: list[str], one: str, many: str) -> str:
    return f"{_listed(titles)} {one if len(titles) == 1 else many}"


def _listed(titles: list[str], quoted: Callable[[str], str] = "“{}”".format) -> str:
    shown = [quoted(title) for title in titles[:MOST_NAMED]]
    rest = len(titles) - len(shown)
    return listed((*shown, f"{rest} more")) if rest else listed(tuple(shown))
