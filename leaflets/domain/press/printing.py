"""What a printer asks of a PDF, and what the law asks of the imprint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from leaflets.domain.press.geometry import BLEED_MM


class Standard(StrEnum):
    """The flavour of PDF/X (ISO 15930)."""

    X4 = "x-4"
    X1A = "x-1a"

    @property
    def label(self) -> str:
        """How printers call it: `PDF/X-4`."""
        return f"PDF/{self.value[0].upper()}{self.value[1:]}"


class Purpose(StrEnum):
    """What a render is for. Preview and print run the same code and differ by this one value."""

    PROOF = "proof"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class PressSpec:
    """How a printer wants its PDF.

    `profile` names an ICC profile known to press.colour. `ink_limit_percent` is the total of the four inks:
    300 for the shipped FOGRA39 profile, 240 for newsprint. `marks` adds a slug outside the bleed.
    """

    standard: Standard = Standard.X4
    marks: bool = False
    profile: str = "fogra39"
    ink_limit_percent: int = 300
    min_ppi: int = 200
    bleed_mm: float = BLEED_MM

    def as_json(self) -> dict[str, Any]:
        """The same, as it is kept with an order."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> PressSpec:
        """What `as_json` gave."""
        return cls(**{**kept, "standard": Standard(kept["standard"])})


@dataclass(frozen=True, slots=True)
class Imprint:
    """Names and addresses that a printed election leaflet must carry (RPA 1983 s.110(3); PPERA 2000 s.143(2)).

    The printer is empty until one is chosen; a proof then says so and no print run is possible.
    """

    printer: str
    printer_address: str
    promoter: str
    promoter_address: str
    on_behalf_of: str
    on_behalf_of_address: str = ""

    @property
    def complete(self) -> bool:
        """Whether the law's three parties are all named with an address."""
        return all((self.printer, self.printer_address, self.promoter, self.promoter_address, self.on_behalf_of))

    @property
    def sentence(self) -> str:
        """The imprint in the usual form: Printed by …. Promoted by … on behalf of …."""
        printed = f"Printed by {self.printer}, {self.printer_address}." if self.printer else "Printer not chosen yet."
        if self.promoter == self.on_behalf_of:
            return f"{printed} Promoted by {self.promoter}, {self.promoter_address}."
        if self.on_behalf_of_address in ("", self.promoter_address):
            people = f"{self.promoter} on behalf of {self.on_behalf_of}"
            return f"{printed} Promoted by {people}, both of {self.promoter_address}."
        return (
            f"{printed} Promoted by {self.promoter}, {self.promoter_address}, "
            f"on behalf of {self.on_behalf_of}, {self.on_behalf_of_address}."
        )


@dataclass(frozen=True, slots=True)
class ElectionDetails:
    """What a leaflet says of its election. `polling_day` is written out for people: Thursday 6 May 2027."""

    title: str
    area: str
    polling_day: str
    candidate: str
