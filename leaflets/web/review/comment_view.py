"""Comments as the studio and the review page show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leaflets.domain.template import Zone
from leaflets.domain.words.comparison import ZoneChange, compare_values
from leaflets.domain.words.word_changes import Change
from leaflets.services.review.threads import Thread, threads_of
from leaflets.services.roles import grants
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.review import Comment
from leaflets.web import current

MOST_RESOLVED = 20
"""Resolved comments that a page still shows: the newest. The approval page of the leaflet has them all."""


def shown_threads(threads: list[Thread]) -> list[Thread]:
    """All open comments, and the last of the resolved ones, in the order in which they were made."""
    resolved = [thread for thread in threads if not thread.is_open][-MOST_RESOLVED:]
    kept = {thread.comment.id for thread in resolved}
    return [thread for thread in threads if thread.is_open or thread.comment.id in kept]


def suggestion_of(zone: Zone | None, comment: Comment, value: Any) -> ZoneChange | None:
    """What a suggestion changes in the words of its zone; `None` where none is made."""
    return compare_values(zone, comment.zone, value, comment.suggestion) if comment.suggestion is not None else None


def comments_json(target: Leaflet) -> list[dict[str, Any]]:
    """Every comment that a page shows; the caller has seen to it that the leaflet may be seen.

    `{id, zone, page, x_mm, y_mm, words, by, office, at, asks_change, suggestion, parts, taken, resolved, answers}`:
    `parts` are the suggestion beside the words as they are, `[{text, change, strong, em}]`; `resolved` says by whom,
    `office` that somebody of an office said it; a suggestion is `null` once the comment is resolved.
    """
    session = current.session()
    threads = shown_threads(threads_of(session, target))
    if not threads:
        return []
    template = current.house().library.template(target.template_ref)
    zones = {zone.key: zone for zone in template.zones}
    offices = _of_offices(target)
    values = target.values
    return [_thread_json(thread, zones, values, offices) for thread in threads]


def _thread_json(
    thread: Thread, zones: Mapping[str, Zone], values: Mapping[str, Any], offices: frozenset[int]
) -> dict[str, Any]:
    comment = thread.comment
    change = suggestion_of(zones.get(comment.zone), comment, values.get(comment.zone)) if thread.is_open else None
    return {
        **_said_json(comment, offices),
        "zone": comment.zone,
        "page": comment.page,
        "x_mm": comment.x_mm,
        "y_mm": comment.y_mm,
        "asks_change": comment.asks_change,
        "suggestion": comment.suggestion if change else None,
        "parts": [
            {"text": part.text, "change": part.change.value, "strong": part.strong, "em": part.em}
            for part in (change.parts if change else ())
        ],
        "is_said": change is not None and all(part.change is Change.SAME for part in change.parts),
        "taken": comment.taken_at is not None,
        "resolved": comment.resolver.name if comment.resolver else None,
        "answers": [_said_json(answer, offices) for answer in thread.answers],
    }


def _said_json(comment: Comment, offices: frozenset[int]) -> dict[str, Any]:
    return {
        "id": comment.id,
        "words": comment.words,
        "by": comment.author.name,
        "mine": comment.by == current.actor().id,
        "office": comment.by in offices,
        "at": comment.at.isoformat(),
    }


def _of_offices(target: Leaflet) -> frozenset[int]:
    """Who sits in an office above a leaflet."""
    node = target.campaign.node
    people = grants.approvers_on(current.session(), node.way_down if node else ())
    return frozenset(person.id for person in people)
