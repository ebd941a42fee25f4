"""Why a campaign may print a picture: one row for each ground, with what to keep in mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why a picture may be printed."""

    MINE = "mine"
    PERMISSION = "permission"
    AGENCY = "agency"
    LIBRARY = "library"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Right:
    """A ground in words: its name, and what it asks of whoever relies on it."""

    label: str
    hint: str


# The author owns a photograph, and an employer what is taken in the course of a job: CDPA 1988 ss.9(1) and 11. To
# print it is to copy it, which needs the owner's leave: ss.16 and 17. An author may ask to be named: ss.77 and 78.
RIGHTS: Mapping[Ground, Right] = {
    Ground.MINE: Right("I took it, or our team did", "Nothing else is needed."),
    Ground.PERMISSION: Right(
        "The photographer allows it",
        "Keep the message in which they say so, and that it may be printed on an election leaflet. "
        "Ask how they want to be named.",
    ),
    Ground.AGENCY: Right(
        "Licensed from an agency",
        "Read the licence: many agencies do not allow politics, or want it asked for first. Name them as it says.",
    ),
    Ground.LIBRARY: Right("From the party’s picture library", "Check that the library’s terms cover this election."),
    Ground.OPEN: Right(
        "Under an open licence",
        "Name the author and the licence as it asks. A licence that says “no derivatives” forbids cropping.",
    ),
}

PEOPLE_HINT = (
    "Whoever can be recognised should know that they will be on an election leaflet, and be content with it. "
    "For a child, ask a parent or guardian, in writing."
)
"""A photograph of somebody is personal data (UK GDPR art.4(1)); whom they support is a special kind (art.9(1))."""
