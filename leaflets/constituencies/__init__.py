"""The 650 constituencies of the UK Parliament as they have been since the general election of 2024.

`constituencies.csv` has their GSS code (Office for National Statistics, Register of Geographic Codes), name and
nation, and what else they are called: in the other of their two languages, as the Parliamentary Constituencies (Wales)
Order 2023 has it, or in English. They are those of the four Parliamentary Constituencies Orders 2023; source of codes
and names: Office for National Statistics, licensed under the Open Government Licence v3.0.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from leaflets.domain.clock.election import Nation


@dataclass(frozen=True, slots=True)
class Constituency:
    """One of them. `code` is its GSS code: E14001063. `also` is its other name: Ynys Môn is Anglesey; often empty."""

    code: str
    name: str
    nation: Nation
    also: str = ""


@cache
def constituencies() -> tuple[Constituency, ...]:
    """All 650, in the order of their codes' list."""
    listed = resources.files(__package__).joinpath("constituencies.csv").read_text("utf-8")
    return tuple(
        Constituency(row["gss_code"], row["name"], Nation(row["nation"].lower().replace(" ", "-")), row["also"])
        for row in csv.DictReader(listed.splitlines())
    )


@cache
def other_names() -> dict[str, str]:
    """What else the constituencies are called that have two names, by their code."""
    return {each.code: each.also for each in constituencies() if each.also}
