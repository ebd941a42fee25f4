"""A list of places: sent, looked at before anything is written, added; and given out for a spreadsheet."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.organisation.place_list import MOST_BYTES
from leaflets.domain.permissions import Action
from leaflets.services import access
from leaflets.services.organisation import place_lists
from leaflets.storage.blobs import NAME
from leaflets.web import current, navigation, slips
from leaflets.web.office.places import PLURALS, NotTaken, show
from leaflets.web.wording import count_of

pages = Blueprint("place_lists", __name__, url_prefix="/offices/<int:node_id>")

SHOWN = 50
"""Rows, and faults, that a page shows of a list."""


@pages.get("/places.csv")
def download(node_id: int) -> ResponseReturnValue:
    """Every place below as a list, in UTF-8 with the mark by which Excel knows it."""
    session, actor = current.session(), current.actor()
    written = place_lists.written(session, actor=actor, node_id=node_id)
    node = access.require_at(session, actor, Action.SEE_PLACES, node_id)
    name = re.sub(r"[^a-z0-9]+", "-", node.name.lower()).strip("-")
    headers = {"Content-Disposition": f'attachment; filename="places-{name or node_id}.csv"'}
    return Response("\ufeff" + written, mimetype="text/csv", headers=headers)


@pages.post("/places/list")
def check(node_id: int) -> ResponseReturnValue:
    """What the file that came would add, and what of it cannot be taken. Nothing is written."""
    access.require_at(current.session(), current.actor(), Action.GROW_TREE, node_id)
    sent: FileStorage | None = request.files.get("list")
    data = sent.read(MOST_BYTES + 1) if sent else b""
    if not data:
        why = Invalid("No file came along.", "Choose a CSV file, then press the button again.")
        return show(node_id, NotTaken("list", {}, why))
    return _preview(node_id, data)


@pages.post("/places/list/add")
def add(node_id: int) -> ResponseReturnValue:
    """Add what was looked at: all of it, or nothing."""
    access.require_at(current.session(), current.actor(), Action.GROW_TREE, node_id)
    try:
        data = _kept(request.form.get("file", ""))
        added = place_lists.add(current.session(), actor=current.actor(), now=current.now(), node_id=node_id, data=data)
    except (Invalid, Conflict) as error:
        return show(node_id, NotTaken("list", {}, error))
    flash(f"{count_of(added, 'place')} added." if added else "Nothing was added: all of them were there already.")
    if added:
        slips.offer(url_for("place_lists.undo", node_id=node_id), current.now())
    return redirect(url_for("places.page", node_id=node_id))


@pages.post("/places/list/undo")
def undo(node_id: int) -> ResponseReturnValue:
    """Take out again what a list has just added."""
    access.require_at(current.session(), current.actor(), Action.GROW_TREE, node_id)
    by: dict[str, Any] = {"actor": current.actor(), "now": current.now(), "node_id": node_id}
    try:
        gone = place_lists.undo(current.session(), **by, added_at=slips.moment())
    except Conflict as error:
        return show(node_id, NotTaken("list", {}, error))
    flash(f"{count_of(gone, 'place')} taken out again.")
    return redirect(url_for("places.page", node_id=node_id))


def _kept(name: str) -> bytes:
    """The file that was looked at, by its hash."""
    try:
        return current.house().blobs.path(name).read_bytes() if NAME.fullmatch(name) else b""
    except (NotFound, OSError):
        raise Invalid("That list is not here any more.", "Send the file again.") from None


def _preview(node_id: int, data: bytes) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    try:
        sheet, grown = place_lists.preview(session, actor=actor, node_id=node_id, data=data)
    except Invalid as error:
        return show(node_id, NotTaken("list", {}, error))
    faults = sorted((*sheet.faults, *grown.faults), key=lambda fault: fault.row)
    node = access.require_at(session, actor, Action.GROW_TREE, node_id)
    counts: dict[str, int] = {}
    for row, _ in grown.added:
        counts[row.kind] = counts.get(row.kind, 0) + 1
    shown = render_template(
        "place-list.html",
        node=node,
        tabs=navigation.office_ways(session, actor, node),
        sheet=sheet,
        grown=grown,
        counts=counts,
        plurals=PLURALS,
        faults=faults,
        shown=SHOWN,
        file="" if faults or not grown.added else current.house().blobs.put(data),
    )
    return Response(shown, status=422 if faults else 200)
