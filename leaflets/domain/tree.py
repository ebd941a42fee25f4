"""The tree that campaigns hang on: organisation, nation, region, seat.

What is set on a node holds below it; an office sees what hangs below it and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from leaflets.domain.election import Nation
from leaflets.domain.errors import Invalid


class Tier(StrEnum):
    """How high a node stands. The value is stored."""

    ORGANISATION = "organisation"
    NATION = "nation"
    REGION = "region"
    SEAT = "seat"  # a constituency, ward, council or mayoralty


@dataclass(frozen=True, slots=True)
class Place:
    """Where a campaign stands; what is empty is left out of the tree. `code` is the seat's official code, if any.

    Raises Invalid for a region or seat that no nation holds: without its nation, no law says what it has to meet.
    """

    nation: Nation | None = None
    region: str = ""
    seat: str = ""
    code: str = ""

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
