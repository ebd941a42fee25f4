"""Adding a printing house, changing it, retiring it. What was ordered from it stays as it was ordered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.press.printing import PressSpec
from leaflets.domain.press.printing_house import good_house_address, good_house_name, say_spec
from leaflets.services import access, audit
from leaflets.services.organisation import settings
from leaflets.storage.people import Organisation, Person
from leaflets.storage.printer import Printer
from leaflets.storage.session import writing
from leaflets.storage.tree import Node, NodeSetting


def add(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    node_id: int,
    name: str,
    address: str,
    spec: PressSpec | None = None,
) -> Printer:
    """Add a printing house to a place: whoever stands there or below may order from it, unless a setting narrows that.

    Raises `Invalid` for a name or an address that cannot stand in an imprint, `Conflict` for a name that the
    organisation has already, `NotFound`, `Refused`.
    """
    kept_name, kept_address = good_house_name(name), good_house_address(address)
    with writing(session):
        node = _place(session, actor, node_id)
        _check_free(session, node, kept_name)
        added = Printer(
            organisation_id=node.organisation_id, node_id=node.id, name=kept_name, address=kept_address, created_at=now
        )
        _set_spec(added, spec or PressSpec())
        session.add(added)
        session.flush()
        audit.of_printer(session, actor, now, "printer added", added, became=said(added))
    return added


def change(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    printer_id: int,
    name: str,
    address: str,
    spec: PressSpec,
    node_id: int | None = None,
    seen: str = "",
) -> Printer:
    """Correct a printing house, and offer it from a place further up where `node_id` says so.

    Orders keep what they were placed with. `seen` is what was `said` of it to whoever changes it. Raises as `add` does,
    `Invalid` for a place that is not above it, and `Conflict` where it is not any more what they saw.
    """
    kept_name, kept_address = good_house_name(name), good_house_address(address)
    with writing(session):
        house = one(session, actor=actor, printer_id=printer_id, action=Action.KEEP_PRINTERS)
        _check_free(session, house.node, kept_name, but=house.id)
        was = said(house)
        house.name, house.address = kept_name, kept_address
        _set_spec(house, spec)
        if node_id is not None and node_id != house.node_id:
            if node_id not in house.node.way_down:
                raise Invalid("That place does not lie above.", "Choose one from the list.", code="place")
            house.node = _place(session, actor, node_id)
        session.flush()
        if was != said(house):
            if seen not in ("", was):
                raise Conflict(
                    f"Somebody has changed it since you opened the page. It says now: {was}.",
                    "Save it again if yours is right: it is below as you typed it.",
                    code="changed-meanwhile",
                )
            audit.of_printer(session, actor, now, "printer changed", house, was=was, became=said(house))
    return house


def retire(session: Session, *, actor: Person | str, now: datetime, printer_id: int) -> Printer:
    """Take no new orders for a printing house; those that were placed stay. Retiring it twice changes nothing.

    Raises `Conflict` where some place would be left without any, `NotFound`, `Refused`.
    """
    with writing(session):
        house = one(session, actor=actor, printer_id=printer_id, action=Action.KEEP_PRINTERS)
        session.get(Organisation, house.organisation_id, with_for_update=True)  # two who retire the last two take turns
        session.refresh(house)
        if house.retired_at is None:
            _check_not_last(session, house)
            house.retired_at = now
            audit.of_printer(session, actor, now, "printer retired", house, became=house.name)
    return house


def take_up(session: Session, *, actor: Person | str, now: datetime, printer_id: int) -> Printer:
    """Let a retired printing house be ordered from again. Raises `NotFound`, `Refused`."""
    with writing(session):
        house = one(session, actor=actor, printer_id=printer_id, action=Action.KEEP_PRINTERS)
        if house.retired_at is not None:
            house.retired_at = None
            audit.of_printer(session, actor, now, "printer taken up again", house, became=house.name)
    return house


def one(session: Session, *, actor: Person | str, printer_id: int, action: Action = Action.SEE_PLACES) -> Printer:
    """One printing house, for somebody who may do `action` at its place, or a program.

    Raises `NotFound` in the same words for one that there is not and for one that is none of theirs; `Refused`.
    """
    found = session.get(Printer, printer_id)
    if found is not None and isinstance(actor, Person):
        try:
            access.require_at(session, actor, action, found.node_id)
        except NotFound:
            found = None
    if found is None:
        raise NotFound(
            "There is no such printing house, or you have no part in its place.",
            "Look at the list of your own office again.",
        )
    return found


def _place(session: Session, actor: Person | str, node_id: int) -> Node:
    node = session.get(Node, node_id)
    if isinstance(actor, Person):
        node = access.require_at(session, actor, Action.KEEP_PRINTERS, node_id)
    if node is None:
        raise NotFound("There is no such place.", "Look at the tree again.")
    return node


def _check_free(session: Session, node: Node, name: str, *, but: int = 0) -> None:
    """Raise `Conflict` where the organisation has a house of that name."""
    ours = select(Printer).where(Printer.organisation_id == node.organisation_id, Printer.id != but)
    same = next((each for each in session.scalars(ours) if each.name.casefold() == name.casefold()), None)
    if same is None:
        return
    if same.retired_at is not None:
        remedy = "It is retired: take it up again on its page."
    elif same.node_id in node.way_down:
        remedy = "Open it from the list, and change it there."
    else:
        remedy = "It belongs to another office of yours: whoever sits above both can offer it to both, on its page."
    raise Conflict(f"{same.name} is known in your organisation already.", remedy, code="name")


def _check_not_last(session: Session, house: Printer) -> None:
    """Raise `Conflict` where a place that offers this house would have nobody to print for it."""
    below = Node.path.startswith(house.node.path)
    narrowed = (
        select(Node).join(NodeSetting, NodeSetting.node_id == Node.id).where(below, NodeSetting.name == "printers")
    )
    for place in {node.id: node for node in (house.node, *session.scalars(narrowed))}.values():
        wanted = select(Printer.id).where(Printer.node_id.in_(place.way_down), Printer.retired_at.is_(None))
        offered = settings.allowed(session, place, "printers", session.scalars(wanted))
        if offered == [house.id]:
            raise Conflict(
                f"{house.name} is the only printing house that {place.name} can order from.",
                "Add another one first, or let that place order from another.",
                code="last-printer",
            )


def _set_spec(house: Printer, spec: PressSpec) -> None:
    house.standard, house.marks, house.profile = spec.standard, spec.marks, spec.profile
    house.ink_limit_percent, house.min_ppi = spec.ink_limit_percent, spec.min_ppi


def said(house: Printer) -> str:
    """What there is to say of it, in a line: two that say the same are the same."""
    return f"{house.name}, {house.address}; {say_spec(house.spec)}; of {house.node.name}"
