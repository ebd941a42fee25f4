"""The review page as it is drawn: what waits, with its words beside those of before, on the pages of that revision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from leaflets.domain.press.problem import Problem
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State, ZoneState
from leaflets.domain.review.topics import TOPICS
from leaflets.domain.template import Zone
from leaflets.domain.words.comparison import ZoneChange, compare_values, words_in
from leaflets.services.review import offices, revision_pictures, threads
from leaflets.services.review.threads import Thread
from leaflets.services.review.under_review import Reading
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Proof
from leaflets.storage.remarks import problems_from_json
from leaflets.storage.review import ReviewZone, Submission
from leaflets.web import current
from leaflets.web.known_template import template_of
from leaflets.web.review.comment_view import shown_threads, suggestion_of
from leaflets.web.review.review_words import earlier_words, how_words, zone_words
from leaflets.web.review.suggested_words import Box, boxes_of
from leaflets.web.wording import moment


@dataclass(frozen=True, slots=True)
class ThreadView:
    """One conversation, with what a suggestion in it changes; `number` is that of its pin on the page."""

    thread: Thread
    suggestion: ZoneChange | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """One zone that somebody has to decide on.

    `change` has the words of before beside those that wait, `before` says what the former are; it is empty where there
    are none. `earlier` says how other offices passed these very words. `alike` counts the other leaflets in which they
    can be passed with it. `instead` names who else decides on it, where the reader wrote it.
    """

    zone: ReviewZone
    change: ZoneChange
    before: str
    earlier: tuple[str, ...]
    topics: tuple[str, ...]
    boxes: tuple[Box, ...]
    alike: int
    instead: str
    threads: tuple[ThreadView, ...]

    @property
    def is_asked(self) -> bool:
        """Whether a change of it is asked for."""
        return self.zone.state == ZoneState.ASKED


@dataclass(frozen=True, slots=True)
class Settled:
    """One zone that nobody has to decide on (any more): its words, and why."""

    zone: ReviewZone
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Side:
    """One page picture, in millimetres: `lit` are the places of the zones that wait, `pins` the comments at a point."""

    number: int
    src: str
    lit: tuple[Mapping[str, float | str], ...]
    pins: tuple[ThreadView, ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pages of a revision: those of its proof, or how far that has come."""

    sides: tuple[Side, ...]
    width_mm: float
    height_mm: float
    is_coming: bool
    reason: str
    problems: tuple[Problem, ...]
    is_drawn: bool


def labels_of(leaflet: Leaflet) -> dict[str, str]:
    """What the zones of a leaflet are called, by key."""
    return {key: zone.label for key, zone in _zones(leaflet).items()}


def places_of(reading: Reading, threads: Sequence[ThreadView]) -> list[Place]:
    """The zones to decide on, in the template's order."""
    zones = _zones(reading.submission.leaflet)
    return [_place(reading, zone, zones.get(zone.zone), threads) for zone in reading.open]


def settled_of(reading: Reading) -> list[Settled]:
    """Everything else that an office was or is to be asked for."""
    zones = _zones(reading.submission.leaflet)
    found = []
    for zone in reading.decided:
        said = "".join(word.text for word in words_in(zones.get(zone.zone), zone.words))
        found.append(Settled(zone, said, zone_words(zone, reading.submission, current.now())))
    return found


def threads_of(target: Leaflet) -> list[ThreadView]:
    """The conversations about a leaflet, those at a point numbered as the studio numbers them."""
    zones, values = _zones(target), target.values
    views, pins = [], 0
    for thread in shown_threads(threads.threads_of(current.session(), target)):
        said = thread.comment
        pins += 1 if said.page else 0
        change = suggestion_of(zones.get(said.zone), said, values.get(said.zone)) if thread.is_open else None
        views.append(ThreadView(thread, change, pins if said.page else 0))
    return views


def pictures_of(
    submission: Submission, lit: Collection[str], threads: Sequence[ThreadView], proof: Proof | None = None
) -> Pictures | None:
    """The pages of the revision that was sent; `None` where its template is gone and nobody knows their size."""
    template = template_of(submission.leaflet)
    if template is None:
        return None
    proof = proof or revision_pictures.shown(current.session(), submission.revision_id)
    done = proof is not None and proof.state == WorkState.DONE
    return Pictures(
        sides=tuple(_sides(proof, lit, threads)) if proof and done else (),
        width_mm=template.format.width_mm,
        height_mm=template.format.height_mm,
        is_coming=proof is not None and proof.state in (WorkState.WAITING, WorkState.RUNNING),
        reason=proof.reason if proof else "",
        problems=problems_from_json(proof.problems) if proof and done else (),
        is_drawn=done,
    )


def _place(reading: Reading, zone: ReviewZone, known: Zone | None, threads: Sequence[ThreadView]) -> Place:
    earlier = reading.before.get(zone.zone)
    return Place(
        zone=zone,
        change=compare_values(known, zone.zone, earlier.words if earlier else zone.words, zone.words),
        before=_before_words(earlier) if earlier else "",
        earlier=tuple(earlier_words(zone, reading.submission, current.now())),
        topics=tuple(TOPICS[key].label for key in zone.topics if key in TOPICS),
        boxes=boxes_of(known, zone.words),
        alike=reading.alike.get(zone.zone, 0),
        instead=offices.names_of(reading.own.instead) if reading.own.bars(zone) else "",
        threads=tuple(view for view in threads if view.thread.comment.zone == zone.zone),
    )


def _before_words(earlier: ReviewZone) -> str:
    now = current.now()
    if earlier.passed is not None:
        return how_words(earlier.passed, now)
    sent = moment(earlier.submission.sent_at, now)
    if earlier.state == ZoneState.ASKED:
        return f"Sent {sent}; a change was asked for"
    return f"Sent {sent}" + ("; taken back" if earlier.submission.state == State.TAKEN_BACK else "")


def _sides(proof: Proof, lit: Collection[str], threads: Sequence[ThreadView]) -> list[Side]:
    places = [place for place in proof.places if place["zone"] in lit and place["width_mm"] * place["height_mm"] > 0]
    places.sort(key=lambda place: -place["width_mm"] * place["height_mm"])  # a small one lies on top of a large one
    return [
        Side(
            number=number,
            src=url_for("proofs.image", proof_id=proof.id, page=number),
            lit=tuple(place for place in places if place["page"] == number),
            pins=tuple(view for view in threads if view.thread.comment.page == number and view.thread.is_open),
        )
        for number in range(1, len(proof.pages) + 1)
    ]


def _zones(target: Leaflet) -> dict[str, Zone]:
    template = template_of(target)
    return {zone.key: zone for zone in template.zones} if template else {}
