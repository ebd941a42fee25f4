"""Whether the tree is what our verbs would have made: for rows that somebody changed by hand. For programs."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.organisation.tree import Tier
from leaflets.domain.organisation.tree_faults import Fault, Kept, faults_of
from leaflets.services import audit
from leaflets.storage.people import Campaign
from leaflets.storage.printer import Printer
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def faults(session: Session) -> list[Fault]:
    """Everything that is wrong in the trees of all organisations, in the order of the ids."""
    rows = session.scalars(select(Node).order_by(Node.id)).all()
    found = faults_of(
        Kept(row.id, row.organisation_id, row.parent_id, row.tier, row.name, row.nation, row.path) for row in rows
    )
    strays = select(Campaign, Node).join(Node, Node.id == Campaign.node_id)
    for campaign, node in session.execute(strays.where(Campaign.organisation_id != Node.organisation_id)):
        words = f"The campaign {campaign.name} ({campaign.id}) stands in {node.name}, a place of another organisation."
        remedy = "Set its node_id to a place of its own organisation."
        found.append(Fault(node.id, "campaign-elsewhere", words, remedy))
    astray = select(Printer, Node).join(Node, Node.id == Printer.node_id)
    for house, node in session.execute(astray.where(Printer.organisation_id != Node.organisation_id)):
        words = f"The printer {house.name} ({house.id}) belongs to {node.name}, a place of another organisation."
        remedy = "Set its node_id to a place of its own organisation."
        found.append(Fault(node.id, "printer-elsewhere", words, remedy))
    return found


def mend(session: Session, *, actor: str, now: datetime) -> int:
    """Write the paths and nations anew of whatever hangs below an organisation: how many were wrong.

    What hangs in a loop or below nothing is left as it is: only a person knows where it belongs.
    """
    mended = 0
    with writing(session):
        rows = session.scalars(select(Node).order_by(Node.id)).all()
        below: dict[int | None, list[Node]] = {}
        for row in rows:
            below.setdefault(row.parent_id, []).append(row)
        todo = deque((root, "/", "") for root in below.get(None, []) if root.tier == Tier.ORGANISATION)
        while todo:
            node, path, nation = todo.popleft()
            right = (f"{path}{node.id}/", node.nation if node.tier == Tier.NATION else nation)
            if (node.path, node.nation) != right:
                audit.record(
                    session,
                    actor=actor,
                    now=now,
                    what="place mended",
                    subject="node",
                    subject_id=node.id,
                    was=f"{node.path} {node.nation}",
                    became=" ".join(right),
                )
                node.path, node.nation = right
                mended += 1
            todo.extend((child, *right) for child in below.get(node.id, []))
    return mended
