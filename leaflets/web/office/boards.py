"""The boards of a region and of a nation: every leaflet below, the least time to spare first; and their press."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import NotFound
from leaflets.domain.press.forecast import MOST_WORKERS
from leaflets.services.clock import feeds, plans
from leaflets.services.clock.plans import Board, BoardRow
from leaflets.services.organisation import tree
from leaflets.services.press import press_board
from leaflets.services.press.press_board import PressBoard
from leaflets.services.review import objections
from leaflets.web import current, navigation
from leaflets.web.clock.feeds import address_of
from leaflets.web.clock.plan_view import STATE_CLASS

pages = Blueprint("boards", __name__, url_prefix="/boards")

NO_PLAN = "no-plan"


@pages.get("/<int:node_id>")
def page(node_id: int) -> ResponseReturnValue:
    """All that hangs below one office, or what of it stands in one state."""
    wanted = request.args.get("state", "")
    if wanted and wanted not in (*STATE_CLASS.values(), NO_PLAN):
        raise NotFound("There is no such state.", "Choose one of those on the board.")
    board = _board(node_id)
    session, actor = current.session(), current.actor()
    feed = feeds.feed_of(session, actor=actor, node_id=node_id)
    return render_template(
        "board.html",
        board=board,
        node=board.node,
        tabs=navigation.office_ways(session, actor, board.node) if board.node else [],
        rows=[row for row in board.rows if wanted in ("", _state_of(row))],
        wanted=wanted,
        way=tree.way_down(session, board.node) if board.node else [],
        open_boards={each.id for each in tree.boards_of(session, actor=actor)},
        press=_press(board, workers=1),
        waiting=objections.waiting_for(session, actor=actor),
        feed=address_of(feed) if feed else None,
    )


@pages.get("/<int:node_id>/press")
def press(node_id: int) -> ResponseReturnValue:
    """Whether everything that is ordered makes it, with as many workers as somebody asks about."""
    board = _board(node_id)
    workers = min(MOST_WORKERS, max(1, request.args.get("workers", 1, type=int)))
    names = {row.leaflet.id: row.seat for row in board.rows}
    return render_template("press.html", node=board.node, press=_press(board, workers), seats=names)


def _board(node_id: int) -> Board:
    return plans.board(current.session(), actor=current.actor(), now=current.now(), node_id=node_id)


def _press(board: Board, workers: int) -> PressBoard:
    ids = [row.leaflet.id for row in board.rows]
    return press_board.press_board(current.session(), leaflet_ids=ids, now=current.now(), workers=workers)


def _state_of(row: BoardRow) -> str:
    return STATE_CLASS[row.plan.state] if row.plan else NO_PLAN
