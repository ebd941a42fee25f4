"""Growing the tree: adding a place, naming it anew, taking it out. No verb leaves an orphan; moving one is in moves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.organisation.tree import (
    Area,
    Tier,
    check_hangs,
    good_code,
    good_name,
    may_be_one_place,
    path_below,
)
from leaflets.domain.permissions import Action
from leaflets.services import access, audit
from leaflets.storage.people import Organisation, Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def add(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    parent_id: int,
    tier: Tier,
    name: str = "",
    nation: Nation | None = None,
    area: Area | None = None,
    code: str = "",
) -> Node:
    """Add one place directly below another. A nation needs `nation`, and is called like it where it has no name.

    Raises `Invalid` for what cannot hang there or has no name, `Conflict` where it is there already, `NotFound`,
    `Refused`.
    """
    with writing(session):
        parent = held(session, actor, parent_id)
        grown = added(session, now=now, parent=parent, tier=tier, name=name, nation=nation, area=area, code=code)
        note(session, actor, now, "place added", grown, became=f"{grown.tier} {grown.name} below {parent.name}")
    return grown


def added(
    session: Session,
    *,
    now: datetime,
    parent: Node,
    tier: Tier,
    name: str = "",
    nation: Nation | None = None,
    area: Area | None = None,
    code: str = "",
) -> Node:
    """`add` for other services, inside their transaction, below a parent that they hold."""
    check_hangs(tier, Tier(parent.tier))
    if tier is Tier.NATION and nation is None:
        raise Invalid("A nation has to say which it is.", "Choose England, Wales, Scotland or Northern Ireland.")
    if tier is Tier.SEAT and area is None:
        raise Invalid("A seat has to say what it is.", f"Choose from: {', '.join(Area)}.")
    kept = good_name(name or (nation.label if nation else ""))
    kept_code = good_code(code)
    check_free(session, parent, tier, area or "", kept, kept_code, nation)
    grown = Node(
        organisation_id=parent.organisation_id,
        parent_id=parent.id,
        tier=tier,
        name=kept,
        nation=(nation or "") if tier is Tier.NATION else parent.nation,
        code=kept_code,
        area=area if tier is Tier.SEAT and area else "",
        path="",
        created_at=now,
    )
    session.add(grown)
    session.flush()
    grown.path = path_below(parent.path, grown.id)
    session.flush()
    return grown


def rename(
    session: Session, *, actor: Person | str, now: datetime, node_id: int, name: str, code: str | None = None
) -> Node:
    """Call a place otherwise, and give it another code where one is given. Raises as `add` does."""
    with writing(session):
        node = held(session, actor, node_id)
        was = f"{node.name} {node.code}".strip()
        kept, kept_code = good_name(name), node.code if code is None else good_code(code)
        parent = session.get(Node, node.parent_id) if node.parent_id else None
        if parent:
            check_free(session, parent, Tier(node.tier), node.area, kept, kept_code, but=node.id)
        else:
            session.get_one(Organisation, node.organisation_id).name = kept
        node.name, node.code = kept, kept_code
        became = f"{kept} {kept_code}".strip()
        if became != was:
            note(session, actor, now, "place renamed", node, was=was, became=became)
    return node


def remove(session: Session, *, actor: Person | str, now: datetime, node_id: int) -> Node:
    """Take out a place on which nothing was ever built: added by mistake. Its parent is returned.

    Raises `Conflict` where anything hangs on it, `NotFound`, `Refused`.
    """
    with writing(session):
        node = held(session, actor, node_id)
        parent = session.get(Node, node.parent_id) if node.parent_id else None
        if parent is None:
            raise Conflict(f"{node.name} is the top of the tree.", "Rename it, where it is called wrongly.")
        note(session, actor, now, "place removed", node, was=f"{node.tier} {node.name} below {parent.name}")
        name = node.name
        session.delete(node)
        try:
            session.flush()
        except IntegrityError as error:
            raise Conflict(
                f"{name} cannot be taken out: it has places, campaigns, people, printers or settings.",
                "Move what lies below it first, or rename it and use it for another place.",
            ) from error
    return parent


def held(session: Session, actor: Person | str, node_id: int) -> Node:
    """A node that `actor` may grow at, while nobody else changes the tree of its organisation. Needs a transaction.

    Raises `NotFound`, `Refused`.
    """
    node = session.get(Node, node_id)
    if node is not None:
        session.get(Organisation, node.organisation_id, with_for_update=True)
        session.refresh(node)
    if isinstance(actor, Person):
        return access.require_at(session, actor, Action.GROW_TREE, node_id)
    if node is None:
        raise NotFound(f"There is no place {node_id}.", "Look at the tree again.")
    return node


def note(
    session: Session, actor: Person | str, now: datetime, what: str, node: Node, *, was: str = "", became: str = ""
) -> None:
    """Write down a change of the tree. Needs a transaction."""
    audit.record(session, actor=actor, now=now, what=what, subject="node", subject_id=node.id, was=was, became=became)


def check_free(
    session: Session,
    parent: Node,
    tier: Tier,
    area: str,
    name: str,
    code: str,
    nation: Nation | None = None,
    *,
    but: int = 0,
) -> None:
    """Raise `Conflict` where that name, code or nation is taken: the rest in all of the tree, names below one parent.

    There, a council and a constituency may share one.
    """
    siblings = select(Node).where(Node.parent_id == parent.id, Node.tier == tier, Node.id != but)
    alike = (each for each in session.scalars(siblings) if each.name.casefold() == name.casefold())
    if any(may_be_one_place(each.area, area) for each in alike):
        raise Conflict(
            f"{name} is below {parent.name} already.", f"Open it from the list, or call this one “{name} council”, say."
        )
    everywhere = select(Node).where(Node.organisation_id == parent.organisation_id, Node.id != but)
    if code and (same := session.scalar(everywhere.where(Node.code == code))):
        raise Conflict(f"{code} is the code of {same.name} already.", "Look at both: one of them has a wrong code.")
    if nation and session.scalar(everywhere.where(Node.tier == Tier.NATION, Node.nation == nation)):
        raise Conflict(f"{nation.label} is there already.", "Open it from the list.")
