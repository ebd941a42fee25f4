"""Where a message may be used: on the node where it is set and below, unless an office in between decided otherwise.

England's words are not Wales's. A message that is set on England is nowhere else by itself. One that is set for the
whole organisation and is about a policy area that a nation decides for itself (.topics) is not offered
there until an office of that nation adopts it. England's own affairs are decided at Westminster: there it is offered.
Any office may hide a message from above, or put its own in its place; the lowest decision holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from leaflets.domain.clock.election import Nation
from leaflets.domain.review.topics import TOPICS


class Choice(StrEnum):
    """What an office decided about a message from above. The value is stored."""

    ADOPTED = "adopted"
    HIDDEN = "hidden"


def needs_adoption(topic: str, set_in: Nation | None, used_in: Nation | None) -> bool:
    """Whether a nation has to adopt a message before it is offered there."""
    return set_in is None and used_in is not None and topic in TOPICS and used_in in TOPICS[topic].devolved_to


def may_use(
    topic: str, set_in: Nation | None, used_in: Nation | None, way_down: Sequence[int], choices: Mapping[int, Choice]
) -> bool:
    """Whether a place below may use a message. `choices` are those of the offices on its way down, by node."""
    said = [choices[node] for node in way_down if node in choices]
    return said[-1] is Choice.ADOPTED if said else not needs_adoption(topic, set_in, used_in)


def in_days(first: date | None, last: date | None, day: date) -> bool:
    """Whether a message may be used on that day; both days are included."""
    return (first is None or first <= day) and (last is None or day <= last)
