"""Which elections are held in a place, and the id that names one of them on its day: for people who know no ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from leaflets.domain.clock.election import NATIONS, Kind, Nation, parse_election
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Area


@dataclass(frozen=True, slots=True)
class Ballot:
    """One kind of election as people choose it. `id_` is its id with gaps: {seat}, {council}, {day}."""

    key: str
    words: str
    kind: Kind
    id_: str
    areas: frozenset[Area]


_SEAT, _WARD, _COUNCIL = Area.CONSTITUENCY, Area.WARD, Area.COUNCIL

BALLOTS: Mapping[str, Ballot] = {
    row.key: row
    for row in (
        Ballot("general", "General election", Kind.PARLIAMENT_GENERAL, "parl.{day}", frozenset({_SEAT})),
        Ballot(
            "by", "By-election to the UK Parliament", Kind.PARLIAMENT_BY, "parl.{seat}.by.{day}", frozenset({_SEAT})
        ),
        Ballot("senedd", "Senedd election", Kind.SENEDD, "senedd.{day}", frozenset({_SEAT})),
        Ballot("holyrood", "Scottish Parliament election", Kind.SCOTTISH_PARLIAMENT, "sp.c.{day}", frozenset({_SEAT})),
        Ballot("stormont", "Northern Ireland Assembly election", Kind.NI_ASSEMBLY, "nia.{day}", frozenset({_SEAT})),
        Ballot("council", "Council election", Kind.LOCAL, "local.{council}.{day}", frozenset({_WARD, _COUNCIL})),
        Ballot("council-by", "Council by-election", Kind.LOCAL, "local.{council}.{seat}.by.{day}", frozenset({_WARD})),
        Ballot("mayor", "Mayoral election", Kind.LOCAL_MAYOR, "mayor.{seat}.{day}", frozenset({Area.MAYORALTY})),
    )
}
"""By key. What is not here (London, the police, parishes) is entered by its id."""


def ballots_in(area: str, nation: Nation | None) -> list[Ballot]:
    """The elections that are held in such a place; all of the nation's where nobody said what kind of place it is."""
    return [
        row
        for row in BALLOTS.values()
        if (not area or area in row.areas) and (nation is None or nation in NATIONS[row.kind])
    ]


def election_id(key: str, *, seat: str, council: str, day: date) -> str:
    """The id of that election on that day. Raises `Invalid` for a key that is none, and a council that is missing."""
    if key not in BALLOTS:
        raise Invalid("Which election it is, is missing.", "Choose it from the list.")
    if "{council}" in BALLOTS[key].id_ and not slug(council):
        raise Invalid("Which council it is, is missing.", "Write its name: Ashcombe.")
    made = BALLOTS[key].id_.format(seat=slug(seat), council=slug(council), day=day.isoformat())
    return parse_election(made).id


def slug(name: str) -> str:
    """A name as ids have it: `Ynys Môn` is ynys-mon, `Ashcombe Borough Council` is ashcombe."""
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", name.lower().replace("’", "").replace("'", "")) if each.isascii()
    )
    short = re.sub(r"\b((city|county|borough|district|metropolitan|london) )*council\b", "", plain)
    return "-".join(re.findall(r"[a-z0-9]+", short or plain))
