"""How a leaflet reaches people: the routes, the steps of each in order, and which elections have which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from leaflets.domain.clock.election import Election, Kind, Nation
from leaflets.domain.errors import Invalid


class Route(StrEnum):
    """How it travels from the printer to the reader."""

    FREEPOST = "freepost"
    DOOR_TO_DOOR = "door-to-door"
    DIRECT_MAIL = "direct-mail"
    HAND_DELIVERY = "hand-delivery"
    COLLECTED = "collected"

    @property
    def label(self) -> str:
        """The name as people write it."""
        return _LABELS[self]


_LABELS = {
    Route.FREEPOST: "Freepost election address",
    Route.DOOR_TO_DOOR: "Royal Mail Door to Door",
    Route.DIRECT_MAIL: "Direct mail",
    Route.HAND_DELIVERY: "Delivered by hand",
    Route.COLLECTED: "Collected, to be given out",
}


class Step(StrEnum):
    """A moment that somebody has to meet. The value is stable: it is stored when a step is done."""

    SEND_FOR_APPROVAL = "send-for-approval"
    APPROVED = "approved"
    SEND_ARTWORK = "send-artwork"
    ARTWORK_CLEARED = "artwork-cleared"
    PDF_AT_PRINTER = "pdf-at-printer"
    PRINTED = "printed"
    BOOK = "book"
    HANDOVER = "handover"
    PICK_UP = "pick-up"
    DELIVERY_STARTS = "delivery-starts"
    LANDED = "landed"

    @property
    def label(self) -> str:
        """What a person reads on the timeline."""
        return _STEPS[self][0]

    @property
    def order(self) -> str:
        """What is to be done, as a sentence that "by Thu 28 Mar, 5pm" ends."""
        return _STEPS[self][1]


_STEPS: Mapping[Step, tuple[str, str]] = {
    Step.SEND_FOR_APPROVAL: ("Sent for approval", "Send it for approval"),
    Step.APPROVED: ("Approved by the office", "The office must approve it"),
    Step.SEND_ARTWORK: ("Artwork sent to Royal Mail", "Send the artwork to Royal Mail"),
    Step.ARTWORK_CLEARED: ("Artwork cleared by Royal Mail", "Royal Mail must clear the artwork"),
    Step.PDF_AT_PRINTER: ("PDF at the printer", "Get the PDF to the printer"),
    Step.PRINTED: ("Printed", "The printer must have it ready"),
    Step.BOOK: ("Booked with Royal Mail", "Book the delivery with Royal Mail"),
    Step.HANDOVER: ("Handed over to Royal Mail", "Hand it over to Royal Mail"),
    Step.PICK_UP: ("Picked up from the printer", "Pick it up from the printer"),
    Step.DELIVERY_STARTS: ("Delivery starts", "Start delivering it"),
    Step.LANDED: ("On the last doormat", "It must be with its last reader"),
}

_MADE = (Step.SEND_FOR_APPROVAL, Step.APPROVED)
_CHECKED = (Step.SEND_ARTWORK, Step.ARTWORK_CLEARED)
_PRINTED = (Step.PDF_AT_PRINTER, Step.PRINTED)
_BY_POST = (Step.HANDOVER, Step.DELIVERY_STARTS, Step.LANDED)
_BY_HAND = (Step.PICK_UP, Step.DELIVERY_STARTS, Step.LANDED)

# Freepost: headings of Royal Mail's guide of 2019 (contact, artwork, check, certificate, prepare, plan, hand over).
# Door to Door: that Royal Mail looks at the artwork is our caution, not a rule found; check with Royal Mail.
STEPS: Mapping[Route, tuple[Step, ...]] = {
    Route.FREEPOST: (*_MADE, *_CHECKED, *_PRINTED, Step.BOOK, *_BY_POST),
    Route.DOOR_TO_DOOR: (*_MADE, *_CHECKED, *_PRINTED, Step.BOOK, *_BY_POST),
    Route.DIRECT_MAIL: (*_MADE, *_PRINTED, *_BY_POST),
    Route.HAND_DELIVERY: (*_MADE, *_PRINTED, *_BY_HAND),
    Route.COLLECTED: (*_MADE, *_PRINTED, *_BY_HAND),
}

# Who has a free election address, and by what law.
FREEPOST: Mapping[Kind, str] = {
    Kind.PARLIAMENT_GENERAL: "Representation of the People Act 1983 s.91",
    Kind.PARLIAMENT_BY: "Representation of the People Act 1983 s.91",
    Kind.SCOTTISH_PARLIAMENT: "Scottish Parliament (Elections etc.) Order; check with Royal Mail",
    Kind.SENEDD: "SI 2003/284 art.64, from 2026 WSI 2025/864; check with Royal Mail",
    Kind.NI_ASSEMBLY: "Representation of the People Act 1983 s.91, as applied; check with Royal Mail",
}
FREEPOST_LOCAL: Mapping[Nation, str] = {
    Nation.NORTHERN_IRELAND: "Royal Mail's guide for council candidates in Northern Ireland; check with Royal Mail",
}

# What there is where there is no freepost.
_BOOKLET = "This election has a page in the Returning Officer's booklet, sent to every elector, instead."
INSTEAD: Mapping[Kind, str] = {
    Kind.COMBINED_MAYOR: _BOOKLET,  # Combined Authorities (Mayoral Elections) Order 2017 Sch.5
    Kind.LOCAL_MAYOR: _BOOKLET,  # Electoral Commission guidance for Returning Officers, England
    Kind.LONDON_MAYOR: _BOOKLET,  # not looked up in detail; check with London Elects
    Kind.POLICE_COMMISSIONER: "This election has a statement of 300 words on choosemypcc.org.uk instead.",  # PCCEO 2012
}


def routes_of(election: Election, nation: Nation) -> tuple[Route, ...]:
    """The routes that this election has in this nation: all but freepost are open to everybody."""
    free = election.kind in FREEPOST or (election.kind is Kind.LOCAL and nation in FREEPOST_LOCAL)
    return tuple(route for route in Route if free or route is not Route.FREEPOST)


def require_route(route: Route, election: Election, nation: Nation) -> None:
    """Pass in silence when the election has the route; raise Invalid, saying what there is instead, when not."""
    if route in routes_of(election, nation):
        return
    instead = INSTEAD.get(election.kind, "")
    raise Invalid(
        f"A {election.kind} in {nation.label} has no freepost.",
        f"{instead} Choose Door to Door, direct mail or delivery by hand.".strip(),
        code="no-freepost",
    )


def with_those_before(route: Route, done: frozenset[Step]) -> frozenset[Step]:
    """The steps of this route that are behind us: a step that is done takes those before it with it.

    Steps that the route does not have are left out: they were done when it was to go another way. Printing does not
    say that anything was booked; handing over does.
    """
    steps = STEPS[route]
    behind = {step for step in steps if step in done}
    furthest = max((steps.index(step) for step in behind if step is not Step.BOOK), default=-1)
    return frozenset(behind.union(steps[: furthest + 1]))
