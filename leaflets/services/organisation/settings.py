"""What is set on the nodes of the tree, what of it holds where, and setting it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.organisation.settings import SETTINGS, Setting, effective, setting
from leaflets.domain.permissions import Action
from leaflets.services import access, audit
from leaflets.storage.people import Campaign, Person
from leaflets.storage.printer import Printer
from leaflets.storage.session import writing
from leaflets.storage.tree import Node, NodeSetting

_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True, slots=True)
class Said:
    """A value, and the place that says it."""

    node: Node
    value: Any


@dataclass(frozen=True, slots=True)
class Standing:
    """One setting at one place: what is said there (None: nothing), what above, the highest first, and what holds."""

    setting: Setting
    said_here: Any
    said_above: tuple[Said, ...]
    holds_above: Any
    holds: Any


def of(session: Session, node: Node | None, name: str) -> Any:
    """What holds at a node: said there or above it and narrowed on the way, or else the default. One query."""
    return of_each(session, [node] if node else [], name)[node.id] if node else setting(name).default


def allowed(session: Session, node: Node | None, name: str, among: Iterable[_Key]) -> list[_Key]:
    """Of these keys of kits, or ids of printers, those that may be used at a node, in their order."""
    holds = of(session, node, name)
    return [each for each in among if holds is None or each in holds]


def kits_of(session: Session, campaign: Campaign) -> list[str] | None:
    """The kits that a campaign's new leaflets may use; its own, where places above it leave none; None for all."""
    holds: list[str] | None = of(session, campaign.node, "kits")
    return [campaign.kit] if holds == [] else holds


def of_each(session: Session, nodes: Collection[Node], name: str) -> Mapping[int, Any]:
    """`of` for any number of nodes at once, by node id. One query."""
    said = _said(session, nodes, name)
    return {
        node.id: effective(name, [said[each, name] for each in node.way_down if (each, name) in said]) for node in nodes
    }


def here(session: Session, node: Node) -> list[Standing]:
    """Every setting as it stands at a node, in the order of the table. Nobody's standing is asked."""
    said = _said(session, [node], *SETTINGS)
    above = {each.id: each for each in session.scalars(select(Node).where(Node.id.in_(node.way_down)))}
    found = []
    for name, row in SETTINGS.items():
        way = [Said(above[each], said[each, name]) for each in node.way_down if (each, name) in said]
        higher = tuple(each for each in way if each.node.id != node.id)
        found.append(
            Standing(
                row,
                said.get((node.id, name)),
                higher,
                effective(name, [each.value for each in higher]),
                effective(name, [each.value for each in way]),
            )
        )
    return found


def set_here(session: Session, *, actor: Person | str, now: datetime, node_id: int, name: str, value: Any) -> Any:
    """Say something on a node; None says nothing here any more. What then holds there is returned.

    Raises `Invalid` for a value that cannot be, or that allows what a place above does not; `NotFound`, `Refused`.
    """
    row = setting(name)
    kept = None if value is None else row.check(value)
    with writing(session):
        node = session.get(Node, node_id)
        if isinstance(actor, Person):
            node = access.require_at(session, actor, Action.SET_HERE, node_id)
        if node is None:
            raise NotFound("There is no such place.", "Look at the tree again.")
        _check_printers(session, node, name, kept)
        said = session.get(NodeSetting, (node_id, name))
        was = None if said is None else said.value
        if kept is None:
            if said is not None:
                session.delete(said)
        else:
            _check_narrows(session, row, node, kept)
            said = said or NodeSetting(node_id=node_id, name=name)
            said.value, said.set_at = kept, now
            said.set_by = actor.id if isinstance(actor, Person) else None
            session.add(said)
        if kept != was:
            audit.record(
                session,
                actor=actor,
                now=now,
                what="setting changed",
                subject="node",
                subject_id=node_id,
                was="" if was is None else f"{name}: {was}",
                became=f"{name}: {'as above' if kept is None else kept}",
            )
        session.flush()
        return of(session, node, name)


def _said(session: Session, nodes: Collection[Node], *names: str) -> dict[tuple[int, str], Any]:
    above = {each for node in nodes for each in node.way_down}
    wanted = select(NodeSetting).where(NodeSetting.node_id.in_(above), NodeSetting.name.in_(names))
    return {(row.node_id, row.name): row.value for row in session.scalars(wanted)}


def _check_narrows(session: Session, row: Setting, node: Node, value: Any) -> None:
    """Raise `Invalid` for a set that holds what a place above took away, and for a wider word on silence."""
    above = _said(session, [node], row.name)
    above.pop((node.id, row.name), None)
    said = [above[each, row.name] for each in node.way_down if (each, row.name) in above]
    if said and row.name != "workflow" and row.narrow(effective(row.name, said), value) != value:
        raise Invalid(f"A place above {node.name} does not allow that.", row.narrowing)


def _check_printers(session: Session, node: Node, name: str, value: Any) -> None:
    if name == "printers" and value is not None:
        open_here = (Printer.id.in_(value), Printer.belongs_around(node), Printer.retired_at.is_(None))
        known = set(session.scalars(select(Printer.id).where(*open_here)))
        if known != set(value):
            raise Invalid("One of these printers is not known here.", "Look at the list again, and choose from it.")
