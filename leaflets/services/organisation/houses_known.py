"""Which printing houses are known at a place, and which of them may be ordered from there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.errors import Invalid, NotFound
from leaflets.services.organisation import by_name, settings
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node


def around(session: Session, node: Node, *, retired: bool = False) -> list[Printer]:
    """The houses of a place, of those above it and of those below it, by name: in use, or else the retired ones.

    Nobody's standing is asked.
    """
    ended = Printer.retired_at.is_not(None) if retired else Printer.retired_at.is_(None)
    wanted = select(Printer).where(Printer.belongs_around(node), ended).options(joinedload(Printer.node))
    return list(session.scalars(wanted.order_by(Printer.name, Printer.id)))


def of_organisation(session: Session, organisation_id: int) -> list[Printer]:
    """Every house of an organisation, retired or not, by name. Nobody's standing is asked."""
    ours = select(Printer).where(Printer.organisation_id == organisation_id)
    return list(session.scalars(ours.order_by(Printer.name, Printer.id)))


def offered_at(session: Session, node: Node | None) -> list[Printer]:
    """The houses that may be ordered from at a place, by name: its own and those above it, as settings narrow them."""
    return offered_at_each(session, [node])[node.id] if node else []


def offered_at_each(session: Session, nodes: Collection[Node]) -> Mapping[int, list[Printer]]:
    """`offered_at` for any number of places at once, by node id. Two queries."""
    above = {each for node in nodes for each in node.way_down}
    wanted = select(Printer).where(Printer.node_id.in_(above), Printer.retired_at.is_(None))
    houses = session.scalars(wanted.order_by(Printer.name, Printer.id)).all()
    holds = settings.of_each(session, nodes, "printers")
    return {
        node.id: [
            house
            for house in houses
            if house.node_id in node.way_down and (holds[node.id] is None or house.id in holds[node.id])
        ]
        for node in nodes
    }


def known_at(session: Session, node: Node | None, printer_id: int | None) -> Printer | None:
    """The house of that id, if it belongs to a place or above it; retired or not, allowed or not."""
    found = session.get(Printer, printer_id) if printer_id is not None and node is not None else None
    return found if found and node and found.node_id in node.way_down else None


def named(session: Session, name: str, *, organisation: str = "") -> Printer:
    """The house of that name; where several organisations have one, that of the one named. For programs.

    Raises `NotFound`, and `Invalid` where it has to be said whose.
    """
    wanted = select(Printer).where(Printer.name == name.strip())
    if organisation:
        party = by_name.called(session, organisation)
        wanted = wanted.where(Printer.organisation_id == (party.id if party else None))
    found = session.scalars(wanted).all()
    if not found:
        raise NotFound(f"There is no printer called {name}.", "Add it first.")
    if len(found) > 1:
        raise Invalid(f"Several organisations have a printer called {name}.", "Say whose it is with --organisation.")
    return found[0]
