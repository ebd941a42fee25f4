"""What follows for every leaflet after words have ended, some leaflets at a time: nobody waits for five thousand.

What they say is stopped already (message_stops). Here each leaflet is put right in full, locked and in one transaction:
its submission goes where its zones lead, its plan and its record say what happened, its orders say why they are held,
and its campaign is told; those first whose leaflets are printed, because they have to know what is on people's
doormats. The uses of a leaflet say whether that is done (`MessageUse.ends`): a worker may die at any moment and any
number may go on at once, and every leaflet is dealt with once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, NotFound
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import TEAM
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import How, State, ZoneState
from leaflets.services import alerts
from leaflets.services.alerts import News
from leaflets.services.message import message_library, message_uses, messages
from leaflets.services.message.message_carriers import Carrier, Reached, carriers
from leaflets.services.message.message_uses import UNFINISHED, Templates
from leaflets.services.press import open_orders
from leaflets.services.review import approving, settling
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageText, MessageUse
from leaflets.storage.people import Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Submission, ZonePass
from leaflets.storage.session import moment, writing

MOST_AT_ONCE = 20
"""Leaflets of one transaction: people who write wait for it, and must not notice."""

LOOKED_FOR = 5
"""Times as many leaflets, among which those are found that no other worker has."""

Row = TypeVar("Row", Approval, ZonePass)


@dataclass(frozen=True, slots=True)
class Ending:
    """Words of a message that ended: what happened, in words, when, and who did it.

    `last_pass_id` and `last_approval_id` are the newest that had been given by then.
    """

    message: Message
    text_ids: tuple[int, ...]
    at: datetime
    last_pass_id: int
    last_approval_id: int
    what: str
    by: Person | str

    @property
    def because(self) -> str:
        """What is said of a leaflet before anybody has looked where it says them."""
        return f"It says “{self.message.title}”, which {self.what}"


def ending_of(session: Session, found: Message, text: MessageText) -> Ending:
    """How words ended, that ended: their whole message was withdrawn, or they alone were corrected."""
    last = text.last_pass_id or 0, text.last_approval_id or 0
    if found.withdrawn_at is not None:
        by = session.get(Person, found.withdrawn_by) if found.withdrawn_by else None
        what = f"was withdrawn: {found.withdrawn_because} Say something else there."
        return Ending(found, tuple(each.id for each in found.texts), found.withdrawn_at, *last, what, by or "Leaflets")
    assert text.ended_at is not None  # its message is not withdrawn
    newer = [each for each in found.texts if each.language == text.language and each.version > text.version]
    by = session.get(Person, newer[0].approved_by) if newer and newer[0].approved_by else None
    says = next((each.plain for each in message_library.current(found) if each.language == text.language), "")
    what = f"was corrected: {text.ended_because} It now reads: “{says}”"
    return Ending(found, (text.id,), text.ended_at, *last, what, by or "Leaflets")


def carry_on(
    session: Session, *, now: datetime, templates: Templates, message_id: int | None = None, most: int = MOST_AT_ONCE
) -> int:
    """Deal with some of the leaflets that say words which ended, of one message where it is named: how many.

    What another worker deals with at this moment is left to it.
    """
    if _next(session, message_id) is None:
        return 0  # mostly: nobody is kept from writing for it
    with writing(session):
        text = _next(session, message_id)
        if text is None:
            return 0
        ending = ending_of(session, text.message, text)
        mine = _locked(session, ending, most)
        message_uses.look(session, Leaflet.id.in_(mine), templates=templates)
        _deal_with(session, ending, mine, now, templates)
        uses = update(MessageUse).where(MessageUse.leaflet_id.in_(mine), *_unfinished(ending)).values(ends=_ENDS)
        session.execute(uses, execution_options={"synchronize_session": False})
    return len(mine)


def left(session: Session, found: Message) -> int:
    """How many leaflets that say a message, or words of it that ended, are still to be dealt with."""
    of_it = select(MessageText.id).where(MessageText.message_id == found.id)
    many = select(func.count(MessageUse.leaflet_id.distinct())).where(MessageUse.text_id.in_(of_it), UNFINISHED)
    return session.scalar(many) or 0


_ENDED_AT = func.coalesce(
    select(Message.withdrawn_at).where(Message.id == MessageText.message_id).correlate(MessageText).scalar_subquery(),
    MessageText.ended_at,
)


def _next(session: Session, message_id: int | None) -> MessageText | None:
    """Words that ended, of which not every leaflet is dealt with."""
    unfinished = exists().where(MessageUse.text_id == MessageText.id, MessageUse.ends < MessageText.ends)
    texts = select(MessageText).where(MessageText.ends > 0, unfinished).order_by(_ENDED_AT, MessageText.id)
    if message_id is not None:
        texts = texts.where(MessageText.message_id == message_id)
    return session.scalar(texts.limit(1))


def _locked(session: Session, ending: Ending, most: int) -> list[int]:
    """Some of the leaflets that are still to be dealt with, locked; those first that are printed."""
    unfinished = select(MessageUse.leaflet_id).where(*_unfinished(ending))
    printed = exists().where(Order.leaflet_id == Leaflet.id, Order.state == WorkState.DONE)
    due = select(Leaflet.id).where(Leaflet.id.in_(unfinished)).order_by(printed.desc(), Leaflet.id)
    ids = session.scalars(due.limit(LOOKED_FOR * most)).all()
    messages.hold_for(session, ids)
    free = due.where(Leaflet.id.in_(ids)).limit(most).with_for_update(skip_locked=True, of=Leaflet)
    return sorted(session.scalars(free))


_ENDS = select(MessageText.ends).where(MessageText.id == MessageUse.text_id).correlate(MessageUse).scalar_subquery()


def _unfinished(ending: Ending) -> tuple[ColumnElement[bool], ...]:
    return MessageUse.text_id.in_(ending.text_ids), MessageUse.ends < _ENDS


def _deal_with(
    session: Session, ending: Ending, leaflet_ids: Sequence[int], now: datetime, templates: Templates
) -> None:
    unfinished = select(MessageUse.leaflet_id, MessageUse.revision_id).where(*_unfinished(ending))
    rows = session.execute(unfinished.where(MessageUse.leaflet_id.in_(leaflet_ids))).all()
    still = {row.leaflet_id for row in rows}  # any other says something else by now
    said = MessageUse.text_id.in_(ending.text_ids), MessageUse.leaflet_id.in_(still)
    told = {each.leaflet.id: each for each in carriers(session, ending.message, *said)}
    because = {
        each.leaflet.id: f"The approved words in {_labels(each, templates)} say “{ending.message.title}”, "
        f"which {ending.what}"
        for each in told.values()
    }
    fallen = _fallen(session, {row.revision_id for row in rows if row.revision_id is not None}, ending)
    passes, waiting = _passes(session, ending, told), _waiting(session, told)
    for target_id, each in told.items():
        mine = [found for found in passes.get(target_id, ()) if found.zone in each.zones]
        _take_back(session, ending, now, mine, waiting.get(target_id), because[target_id])
        if fell := fallen.get(target_id):
            _withdraw(session, ending, now, each.leaflet, fell, because[target_id])
    if fallen:
        open_orders.follow(session, Leaflet.id.in_(fallen), actor=ending.by, now=now)
    _tell(session, now, told.values(), because, fallen)


def _fallen(session: Session, revision_ids: Collection[int], ending: Ending) -> Mapping[int, Sequence[Approval]]:
    """The approvals that fell with the words, or were given before these ended and stand though they say them."""
    stands = Approval.withdrawn_at.is_(None) & (Approval.id <= ending.last_approval_id)
    fell = or_(Approval.withdrawn_at == ending.at, stands)
    return _by_leaflet(session.scalars(select(Approval).where(Approval.revision_id.in_(revision_ids), fell)))


def _withdraw(
    session: Session, ending: Ending, now: datetime, target: Leaflet, approvals: Sequence[Approval], because: str
) -> None:
    """What fell with the words says in full why, and who ended it."""
    for approval in approvals:
        approval.withdrawn_at, approval.withdrawn_because = ending.at, because
        sent = session.get(Submission, approval.submission_id) if approval.submission_id else None
        if sent is not None and (sent.ended_at, sent.ended_because) == (ending.at, ending.because):
            sent.ended_by = ending.by.id if isinstance(ending.by, Person) else None
            sent.ended_because = because
    approving.fell(session, actor=ending.by, now=now, target=target, approvals=approvals, because=because)


def _passes(session: Session, ending: Ending, leaflet_ids: Collection[int]) -> Mapping[int, Sequence[ZonePass]]:
    """What was passed because it said a message, or while it said one of these, before they ended: by leaflet."""
    standing = select(ZonePass).where(
        ZonePass.leaflet_id.in_(leaflet_ids),
        or_(ZonePass.how == How.MESSAGE, ZonePass.message_text_id.in_(ending.text_ids)),
        ZonePass.taken_back_at.is_(None),
        ZonePass.id <= ending.last_pass_id,
    )
    return _by_leaflet(session.scalars(standing))


def _waiting(session: Session, leaflet_ids: Collection[int]) -> Mapping[int, Submission]:
    """The submissions that wait, by leaflet."""
    sent = select(Submission).where(Submission.leaflet_id.in_(leaflet_ids), Submission.state == State.WAITING)
    return {each.leaflet_id: each for each in session.scalars(sent)}


def _by_leaflet(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.leaflet_id, []).append(row)
    return found


def _take_back(
    session: Session,
    ending: Ending,
    now: datetime,
    passes: Sequence[ZonePass],
    waiting: Submission | None,
    because: str,
) -> None:
    """The words of these zones wait for a person; where they wait already, whoever is asked for them is."""
    for each in passes:
        each.taken_back_at, each.because = ending.at, because
    taken = {each.id for each in passes}
    for zone in waiting.zones if waiting else ():
        if zone.pass_id in taken:
            zone.state, zone.pass_id, zone.passed, zone.message_text_id = ZoneState.WAITING, None, None, None
    session.flush()
    if waiting and any(zone.state == ZoneState.WAITING and zone.stage < waiting.stage for zone in waiting.zones):
        with suppress(Conflict), session.begin_nested():  # nobody sits there today: whoever decides next settles it
            settling.settle(session, ending.by, now, waiting)


_TO_DO = {
    Reached.PRINTED: "It is printed already: stop what has not been handed out, and tell your office.",
    Reached.STOPPED: "The order is stopped until the leaflet is put right.",
    Reached.APPROVED: "It is approved no more.",
    Reached.WAITING: "These words wait for a person now.",
}
_NOTHING_LOST = "Nothing is lost: the words are where they were."


def _to_do(carrier: Carrier, fell: bool) -> str:
    """What is to be done, by how far the leaflet had come. One that was approved anew since has nothing to do."""
    if carrier.reached in (Reached.PRINTED, Reached.STOPPED):
        return _TO_DO[carrier.reached]
    return _TO_DO[Reached.APPROVED] if fell else _TO_DO.get(carrier.reached, _NOTHING_LOST)


def _tell(
    session: Session,
    now: datetime,
    told: Iterable[Carrier],
    becauses: Mapping[int, str],
    fallen: Mapping[int, Sequence[Approval]],
) -> None:
    """Every campaign, those first whose leaflets have come furthest."""
    carriers = list(told)
    teams: dict[int | None, list[Person]] = {}
    held = select(Grant.campaign_id, Person).join(Person, Person.id == Grant.person_id)
    mine = Grant.campaign_id.in_({each.leaflet.campaign_id for each in carriers}), Grant.role.in_(TEAM)
    for campaign_id, person in session.execute(held.where(*mine, Grant.holds(moment(session)))):
        teams.setdefault(campaign_id, []).append(person)
    news = [
        News(
            teams.get(each.leaflet.campaign_id, []),
            Notice.MESSAGE,
            f"Approved words ended: {each.leaflet.title}, {each.leaflet.election_area}",
            f"{becauses[each.leaflet.id]} {_to_do(each, each.leaflet.id in fallen)}",
            leaflet=each.leaflet,
            state=each.reached,
        )
        for each in carriers
    ]
    alerts.tell_all(session, news, now=now)


def _labels(carrier: Carrier, templates: Templates) -> str:
    try:
        known = {zone.key: zone.label for zone in templates(carrier.leaflet.template_ref).zones}
    except NotFound:  # the template has left the library since
        known = {}
    return " and ".join(f"“{known.get(zone, zone)}”" for zone in carrier.zones)
