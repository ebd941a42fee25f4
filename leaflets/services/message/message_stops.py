"""What stops in the very moment in which words end, however many leaflets say them: a few statements, no leaflet read.

What a message had passed waits for a person, approvals of what says it are withdrawn, and orders of that are held, even
one that is on the press: its worker has lost its lease. Nobody is told yet, and nothing is counted anew: that follows,
leaflet by leaflet (message_aftermath).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Select, and_, func, select, tuple_, update
from sqlalchemy.orm import Session

from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.domain.review.approval import MOVES, How, State, ZoneState
from leaflets.services.message import message_uses
from leaflets.services.message.message_uses import Templates
from leaflets.services.press.open_orders import OPEN, unapproved_because
from leaflets.storage.leaflet import Leaflet, ZoneEdit
from leaflets.storage.message import MessageDue, MessageText, MessageUse
from leaflets.storage.people import Campaign
from leaflets.storage.press import Order, Work
from leaflets.storage.review import Approval, ReviewZone, Submission, ZonePass
from leaflets.storage.tree import Node

_UNPRINTED = (*OPEN, WorkState.HELD, WorkState.FAILED)
_RETURNABLE = [state for state, moves in MOVES.items() if State.RETURNED in moves and state is not State.WAITING]


@dataclass(frozen=True, slots=True)
class Stopped:
    """How many approvals were withdrawn, and how many orders held."""

    approvals: int
    orders: int


def end(session: Session, text: MessageText) -> None:
    """Words end, while whoever ends them holds their place: what comes after has a higher id."""
    text.ends += 1
    text.last_edit_id, text.last_pass_id, text.last_approval_id = (
        session.scalar(select(func.max(each))) or 0 for each in (ZoneEdit.id, ZonePass.id, Approval.id)
    )


def look_at_orders(session: Session, node: Node, *, templates: Templates) -> None:
    """Look at leaflets below a node with orders that nobody looked at since there are these words, or since a change.

    What is ordered while words are a message is noted at once.
    """
    old = (
        select(Order.leaflet_id)
        .join(Leaflet, Leaflet.id == Order.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(
            Order.state.in_(_UNPRINTED),
            Order.leaflet_id.in_(select(MessageDue.leaflet_id)),
            Node.path.startswith(node.path),
        )
    )
    if ids := set(session.scalars(old)):
        message_uses.look(session, Leaflet.id.in_(ids), templates=templates)


def stop(session: Session, text_ids: Collection[int], *, at: datetime, because: str) -> Stopped:
    """Stop all that is known to say these words, which ended `at` a moment, inside the transaction that ends them.

    Whoever approves words on the strength of a message holds its place (`messages.hold`), as the caller does: nothing
    is approved or ordered meanwhile that this would not see.
    """
    said = select(MessageUse.revision_id).where(MessageUse.text_id.in_(text_ids), MessageUse.revision_id.is_not(None))
    good = update(Approval).where(Approval.revision_id.in_(said), Approval.withdrawn_at.is_(None))
    approvals = _count(session, good.values(withdrawn_at=at, withdrawn_because=because))
    _wait_for_a_person(session, text_ids, at, because)
    # Found again by when and why they fell: a planner that is asked for more guesses wrong by thousands of rows.
    fallen = Approval.withdrawn_at == at, Approval.withdrawn_because == because
    sent = select(Approval.submission_id).where(*fallen, Approval.submission_id.is_not(None))
    ended = update(Submission).where(Submission.id.in_(sent), Submission.state.in_(_RETURNABLE))
    _count(session, ended.values(state=State.RETURNED, ended_at=at, ended_because=because))
    return Stopped(approvals, _hold_orders(session, select(Approval.id).where(*fallen), at, because))


def _wait_for_a_person(session: Session, text_ids: Collection[int], at: datetime, because: str) -> None:
    """What was passed because a zone says a message, or while it said one of these, is passed no more.

    The second even where the leaflet says something else by now: its places rest on what was passed there.
    """
    uses = select(MessageUse.leaflet_id, MessageUse.zone).where(MessageUse.text_id.in_(text_ids))
    says_one = and_(ZonePass.how == How.MESSAGE, tuple_(ZonePass.leaflet_id, ZonePass.zone).in_(uses))
    for which in (says_one, ZonePass.message_text_id.in_(text_ids)):  # in one, every pass there is would be looked at
        passed = update(ZonePass).where(which, ZonePass.taken_back_at.is_(None))
        _count(session, passed.values(taken_back_at=at, because=because))
    taken = select(ZonePass.id).where(ZonePass.taken_back_at == at, ZonePass.because == because)
    sent = select(Submission.id).where(Submission.state == State.WAITING)
    lost = update(ReviewZone).where(ReviewZone.submission_id.in_(sent), ReviewZone.pass_id.in_(taken))
    _count(session, lost.values(state=ZoneState.WAITING, pass_id=None, message_text_id=None))


def _hold_orders(session: Session, fallen: Select[int], at: datetime, because: str) -> int:
    """Hold the orders that rest on these approvals, and take them out of the queue of the press."""
    resting = Order.approval_id.in_(fallen), Order.state.in_(OPEN)
    queued = update(Work).where(
        Work.kind == WorkKind.PRINT, Work.subject_id.in_(select(Order.id).where(*resting)), Work.state.in_(OPEN)
    )
    ended = {"state": WorkState.SUPERSEDED, "finished_at": at, "lease_until": None, "stage": "", "fraction": 1.0}
    _count(session, queued.values(ended))
    return _count(
        session, update(Order).where(*resting).values(state=WorkState.HELD, reason=unapproved_because(because))
    )


def _count(session: Session, change: Executable) -> int:
    """Change all rows at once: how many."""
    done: Any = session.execute(change, execution_options={"synchronize_session": False})
    number: int = done.rowcount
    return number
