"""The printing houses of an office: adding one, changing it, retiring it; who sees its orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain import permissions
from leaflets.domain.clock.durations import LONGEST
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.permissions import Action, Role, may_give
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.domain.press.printing_house import (
    INK_PERCENT,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    PPI,
    good_spec,
    say_spec,
)
from leaflets.services import access
from leaflets.services.clock import durations
from leaflets.services.organisation import house_use, houses_known, places_below, printing_houses
from leaflets.services.roles import grants
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node
from leaflets.web import current, navigation
from leaflets.web.office import house_days
from leaflets.web.office.places import NotTaken

pages = Blueprint("printing_houses", __name__)


@pages.get("/offices/<int:node_id>/printers")
def page(node_id: int) -> ResponseReturnValue:
    """Those of the office, of the offices above it and below it; and the form that adds one."""
    return _page(access.require_at(current.session(), current.actor(), Action.SEE_PLACES, node_id))


@pages.post("/offices/<int:node_id>/printers")
def add(node_id: int) -> ResponseReturnValue:
    """Add one to this office."""
    session, actor, typed = current.session(), current.actor(), request.form
    node = access.require_at(session, actor, Action.KEEP_PRINTERS, node_id)
    try:
        added = printing_houses.add(
            session,
            actor=actor,
            now=current.now(),
            node_id=node_id,
            name=typed.get("name", ""),
            address=typed.get("address", ""),
            spec=_spec(typed),
        )
    except (Invalid, Conflict) as error:
        return _page(node, NotTaken("add", typed, error))
    if added.id in {house.id for house in houses_known.offered_at(session, node)}:
        flash(f"{added.name} is added: {node.name} and every place below can order from it.")
    else:
        flash(f"{added.name} is added. Nobody can order from it yet: the settings of {node.name} name other printers.")
    return redirect(url_for("printing_houses.house", printer_id=added.id))


@pages.get("/printers/<int:printer_id>")
def house(printer_id: int) -> ResponseReturnValue:
    """One of them: what it is, where it is used, who sees its orders, and the forms that change it."""
    return _house(_one(printer_id))


@pages.post("/printers/<int:printer_id>")
def change(printer_id: int) -> ResponseReturnValue:
    """Correct it, or offer it from further up."""
    typed = request.form

    def say() -> str:
        changed = printing_houses.change(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            printer_id=printer_id,
            name=typed.get("name", ""),
            address=typed.get("address", ""),
            spec=_spec(typed),
            node_id=_number(typed.get("place", "")),
            seen=typed.get("seen", ""),
        )
        return f"Changed. New orders from {changed.name} follow; what was ordered stays as it was ordered."

    return _changed(printer_id, "change", say)


@pages.post("/printers/<int:printer_id>/days")
def say_days(printer_id: int) -> ResponseReturnValue:
    """Say when it works and how long it takes."""
    kept = _one(printer_id, Action.KEEP_PRINTERS)

    def say() -> str:
        days = house_days.days_typed(kept.name, request.form)
        by: dict[str, Any] = {"actor": current.actor(), "now": current.now()}
        durations.set_printer_days(current.session(), **by, printer_id=printer_id, hours=days)
        return f"Set. Plans and open orders at {kept.name} are counted again."

    return _changed(printer_id, "days", say)


@pages.post("/printers/<int:printer_id>/retire")
def retire(printer_id: int) -> ResponseReturnValue:
    """Take no new orders for it."""

    def say() -> str:
        by: dict[str, Any] = {"actor": current.actor(), "now": current.now()}
        retired = printing_houses.retire(current.session(), **by, printer_id=printer_id)
        return f"{retired.name} takes no new orders. Those that were placed stay."

    return _changed(printer_id, "retire", say)


@pages.post("/printers/<int:printer_id>/take-up")
def take_up(printer_id: int) -> ResponseReturnValue:
    """Let it be ordered from again."""

    def say() -> str:
        by: dict[str, Any] = {"actor": current.actor(), "now": current.now()}
        back = printing_houses.take_up(current.session(), **by, printer_id=printer_id)
        return f"{back.name} can be ordered from again."

    return _changed(printer_id, "retire", say)


def _one(printer_id: int, action: Action = Action.SEE_PLACES) -> Printer:
    return printing_houses.one(current.session(), actor=current.actor(), printer_id=printer_id, action=action)


def _changed(printer_id: int, form: str, say: Callable[[], str]) -> ResponseReturnValue:
    kept = _one(printer_id, Action.KEEP_PRINTERS)
    try:
        flash(say())
    except (Invalid, Conflict) as error:
        return _house(kept, NotTaken(form, request.form, error))
    return redirect(url_for("printing_houses.house", printer_id=printer_id))


def _spec(typed: Mapping[str, str]) -> PressSpec:
    ink, ppi = typed.get("ink_limit_percent", ""), typed.get("min_ppi", "")
    return good_spec(
        standard=typed.get("standard", ""),
        marks=typed.get("marks") == "yes",
        ink_limit_percent=ink if _number(ink) is None else _number(ink),
        min_ppi=ppi if _number(ppi) is None else _number(ppi),
    )


def _number(typed: str) -> int | None:
    said = typed.strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _page(node: Node, not_taken: NotTaken | None = None) -> ResponseReturnValue:
    session = current.session()
    houses, retired = (houses_known.around(session, node, retired=over) for over in (False, True))
    places = {house.node_id: house.node for house in (*houses, *retired)}
    shown = render_template(
        "printing-houses.html",
        **_head(node),
        houses=houses,
        retired=retired,
        offered={house.id for house in houses_known.offered_at(session, node)},
        open_orders=house_use.open_orders_of(session, houses),
        open_at={place.id for place in places.values() if _may(Action.SEE_PLACES, place)},
        may_keep=_may(Action.KEEP_PRINTERS, node),
        typed=not_taken.typed if not_taken else _typed("", "", PressSpec()),
        not_taken=not_taken,
        **_words(),
    )
    return make_response(shown, 422 if not_taken else 200)


def _house(house: Printer, not_taken: NotTaken | None = None) -> ResponseReturnValue:
    session, actor, node = current.session(), current.actor(), house.node
    head = _head(node)
    failed = not_taken.form if not_taken else ""
    days = durations.printer_days(session, house)
    shown = render_template(
        "printing-house.html",
        **head,
        house=house,
        seen=printing_houses.said(house),
        use=house_use.use_of(session, house),
        is_offered=house.id in {each.id for each in houses_known.offered_at(session, node)},
        further_up=[each for each in head["way"] if _may(Action.KEEP_PRINTERS, each)],
        may_keep=_may(Action.KEEP_PRINTERS, node),
        may_give=may_give(access.granted_at(session, actor, node), Role.PRINTER),
        days=days,
        weekdays=house_days.WEEKDAYS,
        longest=LONGEST,
        typed=request.form if failed == "change" else _typed(house.name, house.address, house.spec, node.id),
        typed_days=request.form if failed == "days" else house_days.typed_days(days, current.now().date()),
        not_taken=not_taken,
        last_day=grants.last_day,
        **_words(),
    )
    return make_response(shown, 422 if not_taken else 200)


def _head(node: Node) -> dict[str, Any]:
    """What the head of every page of an office needs."""
    session, actor = current.session(), current.actor()
    way, open_to = places_below.way(session, actor=actor, node=node)
    return {"node": node, "way": way, "open_to": open_to, "tabs": navigation.office_ways(session, actor, node)}


def _may(action: Action, node: Node) -> bool:
    return permissions.may(action, access.granted_at(current.session(), current.actor(), node))


def _typed(name: str, address: str, spec: PressSpec, place: int | None = None) -> dict[str, str]:
    """A form as it begins; the usual wishes of a printer are chosen in it."""
    return {
        "name": name,
        "address": address,
        "standard": spec.standard.value,
        "marks": "yes" if spec.marks else "no",
        "ink_limit_percent": str(spec.ink_limit_percent),
        "min_ppi": str(spec.min_ppi),
        "place": str(place or ""),
    }


def _words() -> dict[str, Any]:
    return {
        "standards": tuple(Standard),
        "usual": PressSpec(),
        "say_spec": say_spec,
        "ink": INK_PERCENT,
        "ppi": PPI,
        "longest_name": LONGEST_NAME,
        "longest_address": LONGEST_ADDRESS,
    }
