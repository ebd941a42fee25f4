"""The tree below an office: finding a place, adding one by hand, naming it anew, hanging it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from leaflets.domain import permissions
from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.organisation import gazetteer, moving
from leaflets.domain.organisation.place_list import COLUMNS, KINDS, MOST_ROWS
from leaflets.domain.organisation.tree import HOLDS, LONGEST_CODE, LONGEST_NAME, Area, Tier
from leaflets.domain.permissions import Action
from leaflets.services import access
from leaflets.services.organisation import moves, places, places_below, seats
from leaflets.storage.tree import Node
from leaflets.web import current, navigation, place_picker
from leaflets.web.place_picker import Picker
from leaflets.web.wording import count_of

pages = Blueprint("places", __name__, url_prefix="/offices/<int:node_id>")

PLURALS = {
    "nation": "nations",
    "region": "regions",
    "constituency": "constituencies",
    "ward": "wards",
    "council": "councils",
    "mayoralty": "mayoralties",
    "seat": "seats",
}


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A form that could not be taken: which one, everything typed into it, and why."""

    form: str
    typed: Mapping[str, str]
    problem: Invalid | Conflict


@pages.get("/places")
def page(node_id: int) -> ResponseReturnValue:
    """What lies below, what was searched for of it, and the forms that change it."""
    return show(node_id)


@pages.post("/places")
def add(node_id: int) -> ResponseReturnValue:
    """Add one place directly below."""
    typed = request.form

    def grow() -> str:
        tier, area, nation = _kind(typed.get("kind", ""))
        grown = places.add(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            parent_id=node_id,
            tier=tier,
            name=typed.get("name", ""),
            nation=nation,
            area=area,
            code=typed.get("code", ""),
        )
        return f"{grown.name} is added."

    return _changed(node_id, "add", grow)


@pages.post("/places/seats")
def add_seats(node_id: int) -> ResponseReturnValue:
    """Add the constituencies that a nation lacks."""

    def grow() -> str:
        added = seats.add_missing(current.session(), actor=current.actor(), now=current.now(), node_id=node_id)
        return f"{count_of(added, 'constituency', 'constituencies')} added."

    return _changed(node_id, "seats", grow)


@pages.post("/rename")
def rename(node_id: int) -> ResponseReturnValue:
    """Call this place otherwise, or correct its code."""
    typed = request.form

    def named() -> str:
        node = places.rename(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            node_id=node_id,
            name=typed.get("name", ""),
            code=typed.get("code"),
        )
        return f"This place is called {node.name}."

    return _changed(node_id, "rename", named)


@pages.get("/move/places")
def move_places(node_id: int) -> ResponseReturnValue:
    """The places that this one could be moved to and that fit a few letters, for the field's script."""
    node = access.require_at(current.session(), current.actor(), Action.GROW_TREE, node_id)
    targets = places_below.might_lie_in(current.session(), node)
    return place_picker.answer(gazetteer.look_up(targets, request.args.get("q", "")))


@pages.post("/move")
def move(node_id: int) -> ResponseReturnValue:
    """Say what follows from hanging this place below another one and, once that is read, do it.

    Without a script, the other place is found first.
    """
    session, actor, typed = current.session(), current.actor(), request.form
    node = access.require_at(session, actor, Action.GROW_TREE, node_id)
    if "find" in typed:
        return show(node_id, sought=typed)
    name = node.name
    try:
        to = places_below.chosen(
            session, actor=actor, node=node, typed=typed.get("where", ""), key=typed.get("place", "")
        )
        goes = _Going(node_id, to.id, to.name)
        if "read" not in typed:
            return _before_moving(goes)
        moves.move(session, read=typed["read"], **goes.asked())
    except moves.OtherChanges as error:
        return _before_moving(goes, error)
    except (Invalid, Conflict) as error:
        return show(node_id, NotTaken("move", typed, error))
    flash(f"{name} lies in {goes.name} now. Plans, open orders and what waits for approval follow at once.")
    return redirect(url_for("places.page", node_id=node_id))


@dataclass(frozen=True, slots=True)
class _Going:
    """A place, and the one below which it is to hang."""

    node_id: int
    to_id: int
    name: str

    def asked(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {
            "actor": current.actor(),
            "now": current.now(),
            "node_id": self.node_id,
            "parent_id": self.to_id,
            "templates": current.house().library.template,
        }


def _before_moving(goes: _Going, problem: Conflict | None = None) -> ResponseReturnValue:
    """The page that says what follows from a move, and asks once whether it is meant."""
    changes = moves.prospect(current.session(), **goes.asked())
    node = access.require_at(current.session(), current.actor(), Action.GROW_TREE, goes.node_id)
    grouped = {kind: [each.sentence for each in changes if each.kind is kind] for kind in moving.Kind}
    shown = render_template(
        "move.html",
        node=node,
        to=goes,
        changes={kind: said for kind, said in grouped.items() if said},
        read=moving.named(changes),
        problem=problem,
    )
    return make_response(shown, 409 if problem else 200)


@pages.post("/remove")
def remove(node_id: int) -> ResponseReturnValue:
    """Take out a place that was added by mistake, and lead to the one above it."""
    session, actor = current.session(), current.actor()
    node = access.require_at(session, actor, Action.GROW_TREE, node_id)
    name = node.name
    try:
        parent = places.remove(session, actor=actor, now=current.now(), node_id=node_id)
    except Conflict as error:
        return show(node_id, NotTaken("remove", {}, error))
    flash(f"{name} is taken out.")
    return redirect(url_for("places.page", node_id=parent.id))


def show(
    node_id: int, not_taken: NotTaken | None = None, *, sought: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """The page; with the problem at its form and all that was typed, where one could not be taken.

    `sought` is what was written of the place where it goes, while that is looked for.
    """
    session, actor = current.session(), current.actor()
    search = request.args.get("q", "").strip()[:LONGEST_NAME]
    found = places_below.below(
        session, actor=actor, node_id=node_id, search=search, page=request.args.get("page", 1, type=int)
    )
    shown = render_template(
        "places.html",
        below=found,
        node=found.node,
        search=search,
        tabs=navigation.office_ways(session, actor, found.node),
        plurals=PLURALS,
        kinds=_kinds(found.node),
        lacking=seats.missing(session, found.node),
        mover=_mover(session, found.node, sought or (not_taken.typed if not_taken else {})),
        is_moving=sought is not None,
        columns=COLUMNS,
        list_kinds=[kind for kind in KINDS if kind != Tier.SEAT],
        most_rows=MOST_ROWS,
        longest_name=LONGEST_NAME,
        longest_code=LONGEST_CODE,
        may_keep=permissions.may(Action.KEEP_CAMPAIGN, access.granted_at(session, actor, found.node)),
        not_taken=not_taken,
    )
    return make_response(shown, 422 if not_taken else 200)


def _mover(session: Session, node: Node, typed: Mapping[str, str]) -> Picker | None:
    """The field for where a place goes; none where it can go nowhere."""
    targets = places_below.might_lie_in(session, node) if node.tier != Tier.NATION else []
    return place_picker.picker(targets, typed, url_for("places.move_places", node_id=node.id)) if targets else None


def _kinds(node: Node) -> list[tuple[str, str]]:
    """What may be added directly below a node: the value of the field, and its words."""
    held = HOLDS[Tier(node.tier)]
    there: list[tuple[str, str]] = []
    if Tier.NATION in held:
        there += [(nation.value, nation.label) for nation in Nation]
    if Tier.REGION in held:
        there.append((Tier.REGION.value, "A region"))
    if Tier.SEAT in held:
        there += [(area.value, f"A {area}") for area in Area]
    return there


def _kind(said: str) -> tuple[Tier, Area | None, Nation | None]:
    if said in set(Nation):
        return Tier.NATION, None, Nation(said)
    if said == Tier.REGION:
        return Tier.REGION, None, None
    if said in set(Area):
        return Tier.SEAT, Area(said), None
    raise Invalid("What kind of place it is, is missing.", "Choose it from the list.")


def _changed(node_id: int, form: str, change: Callable[[], str]) -> ResponseReturnValue:
    """Do it and say so, or show the page with the problem at its form."""
    access.require_at(current.session(), current.actor(), Action.GROW_TREE, node_id)
    try:
        done = change()
    except (Invalid, Conflict) as error:
        return show(node_id, NotTaken(form, request.form, error))
    flash(done)
    return redirect(url_for("places.page", node_id=node_id))
