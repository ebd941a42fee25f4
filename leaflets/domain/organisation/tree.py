"""The tree that campaigns hang on: organisation, nation, region, seat.

What is set on a node holds below it; an office sees what hangs below it and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.words.characters import hidden_characters, tidy_line

DEEPEST = 12
"""Levels that a tree can have: an organisation, a nation, and more regions and wards than anybody nests."""

LONGEST_NAME, LONGEST_CODE = 200, 20


class Tier(StrEnum):
    """How high a node stands. The value is stored."""

    ORGANISATION = "organisation"
    NATION = "nation"
    REGION = "region"
    SEAT = "seat"  # a constituency, ward, council or mayoralty


class Area(StrEnum):
    """What kind of place a seat is. The value is stored, and is what people read and what a CSV says."""

    CONSTITUENCY = "constituency"
    WARD = "ward"
    COUNCIL = "council"
    MAYORALTY = "mayoralty"


HOLDS: Mapping[Tier, frozenset[Tier]] = {
    Tier.ORGANISATION: frozenset({Tier.NATION}),
    Tier.NATION: frozenset({Tier.REGION, Tier.SEAT}),
    Tier.REGION: frozenset({Tier.REGION, Tier.SEAT}),
    Tier.SEAT: frozenset({Tier.SEAT}),  # the wards of a council
}
"""What may hang directly below what."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a campaign stands; what is empty is left out of the tree. `code` is the seat's official code, if any.

    `area` tells a council from a constituency of the same name; None where nobody has to tell them apart.
    Raises Invalid for a region or seat that no nation holds: without its nation, no law says what it has to meet.
    """

    nation: Nation | None = None
    region: str = ""
    seat: str = ""
    code: str = ""
    area: Area | None = None

    def __post_init__(self) -> None:
        if self.nation is None and (self.region or self.seat):
            raise Invalid(f"{self.seat or self.region} needs its nation.", "Say in which nation it lies.")

    def below_organisation(self) -> Iterator[tuple[Tier, str]]:
        """Each node on the way down from the organisation, with its name."""
        if self.nation:
            yield Tier.NATION, self.nation.label
        if self.region:
            yield Tier.REGION, self.region
        if self.seat:
            yield Tier.SEAT, self.seat


def good_name(typed: str) -> str:
    """A place's name as it is kept. Raises `Invalid` where there is none, or it is too long or looks like a formula."""
    name = tidy_line(typed)
    if not name:
        raise Invalid("A place needs its name.", "Write the name as people there know it.")
    _check_cell("name", typed, name, LONGEST_NAME)
    return name


def good_code(typed: str) -> str:
    """A place's official code as it is kept, in capitals; empty where there is none. Raises `Invalid`."""
    code = tidy_line(typed).upper()
    _check_cell("code", typed, code, LONGEST_CODE)
    if code and not (code.isascii() and code.replace("-", "").isalnum()):
        raise Invalid(f"“{code}” is not an official code.", "Codes have letters and figures only, such as E14001063.")
    return code


def check_hangs(tier: Tier, below: Tier) -> None:
    """Raise `Invalid` unless a node of that tier may hang directly below one of the other."""
    if tier not in HOLDS[below]:
        might = sorted(each.value for each in HOLDS if tier in HOLDS[each])
        where = f"Choose a {' or a '.join(might)} for it." if might else "It stands at the top, once."
        raise Invalid(f"A {tier} cannot hang directly below a {below}.", where.replace("a organ", "an organ"))


def may_be_one_place(area: str, other: str) -> bool:
    """Whether two seats of one name below one place may be the same: of one kind, or nobody has said what one is."""
    return area == other or not area or not other


def path_below(parent_path: str, node_id: int) -> str:
    """The path of a node below another. Raises `Invalid` below `DEEPEST` levels."""
    if parent_path.count("/") > DEEPEST:
        raise Invalid(f"No place can lie more than {DEEPEST} levels down.", "Hang it further up.")
    return f"{parent_path}{node_id}/"


def looks_like_formula(cell: str) -> bool:
    """Whether a spreadsheet would calculate it: OWASP, "CSV Injection"; some calculate from wide signs as well."""
    return cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


def _check_cell(what: str, typed: str, kept: str, most: int) -> None:
    if looks_like_formula(kept):
        raise Invalid(f"“{kept[:40]}” begins like a formula.", f"Begin the {what} with a letter or a figure.")
    if hidden := hidden_characters(typed):
        raise Invalid(
            f"The {what} holds a character that nobody can see ({', '.join(hidden[:3])}).", "Type it again by hand."
        )
    if len(kept) > most:
        raise Invalid(f"This {what} has {len(kept):,} characters; {most} is the most.", "Shorten it.")
