"""Elections: who elects whom, where, on which day; and the ids by which Democracy Club names them.

An id reads `type[.subtype][.organisation][.division][.by].YYYY-MM-DD`: `parl.2019-12-12`, `local.stroud.2025-05-01`,
`parl.some-seat.by.2025-05-01`, `sp.c.2021-05-06`. Definition:
https://elections.democracyclub.org.uk/reference_definition/. Parish and community councils have no ids there; ours
are made like those of councils: `parish.stroud.painswick.2027-05-06`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from leaflets.domain.errors import Invalid


class Nation(StrEnum):
    """The four nations; the value is what the command line and the API take."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def label(self) -> str:
        """The name as people write it."""
        return " ".join(word.capitalize() for word in self.value.split("-"))


class Kind(StrEnum):
    """What is elected, as far as the law gives it a timetable of its own; the value is how people call it."""

    PARLIAMENT_GENERAL = "UK Parliament general election"
    PARLIAMENT_BY = "UK Parliament by-election"
    LOCAL = "local election"
    PARISH = "parish or community council election"
    LOCAL_MAYOR = "local authority mayoral election"
    COMBINED_MAYOR = "combined authority mayoral election"
    LONDON_MAYOR = "Mayor of London election"
    LONDON_ASSEMBLY = "London Assembly election"
    POLICE_COMMISSIONER = "Police and Crime Commissioner election"
    SENEDD = "Senedd Cymru election"
    SCOTTISH_PARLIAMENT = "Scottish Parliament election"
    NI_ASSEMBLY = "Northern Ireland Assembly election"


_E, _W, _S, _NI = Nation
_EVERYWHERE = frozenset(Nation)

# Where each is held. Mayors in Wales: Local Government Act 2000 s.9 allowed them, no council ever elected one.
NATIONS: Mapping[Kind, frozenset[Nation]] = {
    Kind.PARLIAMENT_GENERAL: _EVERYWHERE,
    Kind.PARLIAMENT_BY: _EVERYWHERE,
    Kind.LOCAL: _EVERYWHERE,
    Kind.PARISH: frozenset({_E, _W}),
    Kind.LOCAL_MAYOR: frozenset({_E}),
    Kind.COMBINED_MAYOR: frozenset({_E}),
    Kind.LONDON_MAYOR: frozenset({_E}),
    Kind.LONDON_ASSEMBLY: frozenset({_E}),
    Kind.POLICE_COMMISSIONER: frozenset({_E, _W}),
    Kind.SENEDD: frozenset({_W}),
    Kind.SCOTTISH_PARLIAMENT: frozenset({_S}),
    Kind.NI_ASSEMBLY: frozenset({_NI}),
}


@dataclass(frozen=True)
class Election:
    """One election or group of elections on one day, as its id names it."""

    id: str
    kind: Kind
    polling_day: date
    by_election: bool = False
    subtype: str = ""
    organisation: str = ""
    division: str = ""

    @property
    def nations(self) -> frozenset[Nation]:
        """Where an election of this kind is held."""
        return NATIONS[self.kind]


@dataclass(frozen=True)
class _Type:
    """What may stand between the type and the date of an id."""

    kind: Kind
    subtypes: frozenset[str] = field(default_factory=frozenset)
    subtype_needed: bool = False  # before a division
    organisation: bool = False
    division: bool = False


_TYPES: Mapping[str, _Type] = {
    "parl": _Type(Kind.PARLIAMENT_GENERAL, division=True),
    "local": _Type(Kind.LOCAL, organisation=True, division=True),
    "parish": _Type(Kind.PARISH, organisation=True, division=True),
    "mayor": _Type(Kind.LOCAL_MAYOR, organisation=True),
    "gla": _Type(Kind.LONDON_ASSEMBLY, frozenset("ac"), subtype_needed=True, division=True),
    "pcc": _Type(Kind.POLICE_COMMISSIONER, organisation=True),
    # One kind of seat only since 2026 (Senedd Cymru (Members and Elections) Act 2024), so the subtype may be absent.
    "senedd": _Type(Kind.SENEDD, frozenset("cr"), division=True),
    "naw": _Type(Kind.SENEDD, frozenset("cr"), division=True),
    "sp": _Type(Kind.SCOTTISH_PARLIAMENT, frozenset("cr"), subtype_needed=True, division=True),
    "nia": _Type(Kind.NI_ASSEMBLY, division=True),
}
_NOT_HELD: Mapping[str, str] = {
    "europarl": "The United Kingdom last elected members of the European Parliament in 2019.",
    "ref": "A referendum runs to rules of its own, which this timetable does not hold.",
}
# Combined (county) authorities with a mayor, each named in an order under the Local Democracy, Economic Development
# and Construction Act 2009 s.107A or the Levelling-up and Regeneration Act 2023 s.27.
_COMBINED = (
    "cambridgeshire-and-peterborough|cheshire-and-warrington|cumbria|devon-and-torbay|east-midlands|greater-essex|"
    "greater-lincolnshire|greater-manchester|hampshire-and-the-solent|hull-and-east-yorkshire|lancashire|"
    "liverpool-city|norfolk-and-suffolk|north-east|north-of-tyne|sheffield-city|south-yorkshire|sussex-and-brighton|"
    "tees-valley|west-midlands|west-of-england|west-yorkshire|york-and-north-yorkshire"
)
_COMBINED_MAYOR = re.compile(rf"({_COMBINED})(-.+)?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REMEDY = "Write it as Democracy Club does: parl.2019-12-12, local.stroud.2025-05-01, parl.some-seat.by.2025-05-01."


def parse_election(text: str) -> Election:
    """The election that an id names. Raises Invalid with a remedy when it names none that we hold."""
    parts = text.strip().split(".")
    if len(parts) < 2 or not all(_SLUG.fullmatch(part) for part in parts):
        raise Invalid(f"“{text}” is not an election id.", _REMEDY)
    name, *middle, day = parts
    if name in _NOT_HELD:
        raise Invalid(_NOT_HELD[name], f"Elections we hold begin with: {', '.join(_TYPES)}.")
    if name not in _TYPES:
        raise Invalid(f"“{name}” is no kind of election that we know.", f"An id begins with: {', '.join(_TYPES)}.")
    polling_day = _date(text, day)
    by_election = bool(middle) and middle[-1] == "by"
    subtype, organisation, division = _between(text, _TYPES[name], middle[:-1] if by_election else middle)
    if name == "parl" and by_election and not division:
        raise Invalid(f"“{text}” names no constituency.", "A by-election is held in one: parl.some-seat.by.2025-05-01.")
    if organisation == "city-of-london" and name == "local":
        raise Invalid(
            "Ward elections in the City of London run to the City's own Acts, which this timetable does not hold.",
            "Ask the City of London Corporation's electoral services for theirs.",
        )
    kind = _kind(name, by_election, organisation)
    return Election(text.strip(), kind, polling_day, by_election, subtype, organisation, division)


def _date(text: str, day: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise Invalid(f"“{text}” does not end in a date.", _REMEDY)
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise Invalid(f"{day} is no day of the calendar.", "Check the polling day: year-month-day.") from None


def _between(text: str, type_: _Type, middle: list[str]) -> tuple[str, str, str]:
    rest = list(middle)
    subtype = rest.pop(0) if rest and rest[0] in type_.subtypes else ""
    if rest and type_.subtype_needed and not subtype:
        allowed = " or ".join(sorted(type_.subtypes))
        raise Invalid(f"“{text}” does not say which kind of seat.", f"After the type comes {allowed}, then the seat.")
    organisation = rest.pop(0) if rest and type_.organisation else ""
    division = rest.pop(0) if rest and type_.division and subtype != "a" else ""
    if rest:
        raise Invalid(f"“{text}” has a part too many: “{rest[0]}”.", _REMEDY)
    return subtype, organisation, division


def _kind(name: str, by_election: bool, organisation: str) -> Kind:
    if name == "parl" and by_election:
        return Kind.PARLIAMENT_BY
    if name == "mayor" and organisation == "london":
        return Kind.LONDON_MAYOR
    if name == "mayor" and _COMBINED_MAYOR.fullmatch(organisation):
        return Kind.COMBINED_MAYOR
    return _TYPES[name].kind


def nation_of(election: Election, nation: Nation | None) -> Nation:
    """The nation whose law applies: the one given, or the only one there is. Raises Invalid when neither fits."""
    held = [each for each in Nation if each in election.nations]
    names = [each.label for each in held]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if nation is None:
        if len(held) > 1:
            raise Invalid(f"A {election.kind} is held in {listed}, by different rules.", "Say in which nation.")
        return held[0]
    if nation not in election.nations:
        raise Invalid(
            f"There is no {election.kind} in {nation.label}.", f"It is held in {listed}: choose that, or check the id."
        )
    return nation
