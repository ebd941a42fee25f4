"""The board of waiting times of an office: how long answers take, region by region, and what waits there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.office_hours import DAY
from leaflets.domain.review.waiting_times import FEW, Times, said, scale
from leaflets.services.organisation import tree
from leaflets.services.review import waiting_board
from leaflets.web import current, navigation

pages = Blueprint("waiting", __name__, url_prefix="/offices")


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of the picture: a name, its times, and where they stand on the axis, in hundredths of its length.

    `is_beyond`: what waits has waited for longer than the axis is; it is drawn at its end, as an arrow.
    """

    name: str
    path: str
    times: Times
    half: float | None
    longest: float | None
    oldest: float | None
    is_beyond: bool

    @property
    def words(self) -> str:
        """The picture in a sentence."""
        times, parts = self.times, []
        if times.half is not None:
            parts.append(f"half were answered within {said(times.half)}")
        if times.longest is not None:
            parts.append(f"the longest took {said(times.longest)}")
        if times.oldest is not None:
            parts.append(f"the oldest that waits now has waited {said(times.oldest)}")
        return f"{self.name}: {', '.join(parts) or 'nothing yet'}"


@pages.get("/<int:node_id>/waiting")
def page(node_id: int) -> ResponseReturnValue:
    """How long leaflets wait for their answer below one office."""
    session, actor = current.session(), current.actor()
    board = waiting_board.board(session, actor=actor, now=current.now(), node_id=node_id)
    every = [row.times for row in board.regions]
    people = [row.times for row in board.people]
    marks, of_people = _marks(every), _marks(people)
    open_boards = {each.id for each in tree.boards_of(session, actor=actor)}
    return render_template(
        "waiting.html",
        board=board,
        node=board.node,
        way=tree.way_down(session, board.node),
        open_to=open_boards,
        tabs=navigation.office_ways(session, actor, board.node),
        regions=[
            _strip(
                row.node.name if row.node else "Without a region",
                f"/offices/{row.node.id}/waiting"
                if row.node and row.node.id != node_id and _is_open(row.node.way_down, open_boards)
                else "",
                row.times,
                marks,
            )
            for row in board.regions
        ],
        people=[_strip(row.name, "", row.times, of_people) for row in board.people],
        marks=marks,
        people_marks=of_people,
        few=FEW,
        said=said,
    )


def _is_open(way_down: Sequence[int], boards: set[int]) -> bool:
    return not boards.isdisjoint(way_down)


def _marks(every: Sequence[Times]) -> list[tuple[int, float]]:
    """The days that the axis names, and where."""
    days = scale(max((each.furthest for each in every), default=timedelta()))
    return [(day, 100 * day / days[-1]) for day in days]


def _strip(name: str, path: str, times: Times, marks: Sequence[tuple[int, float]]) -> Strip:
    end = marks[-1][0] * DAY

    def at(length: timedelta | None) -> float | None:
        return None if length is None else round(100 * min(1, length / end), 2)

    return Strip(name, path, times, at(times.half), at(times.longest), at(times.oldest), (times.oldest or end) > end)
