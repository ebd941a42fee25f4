"""Correcting a message and withdrawing it, and what that means for every leaflet that says it.

What was passed because it said the message is passed no more; approvals of content that says it are withdrawn, and
orders that are not printed are held, even one that is on the press. Every campaign concerned is told, those first of
whose leaflets are printed: they have to know what is on people's doormats.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import TEAM
from leaflets.domain.review.approval import How, State, ZoneState
from leaflets.domain.review.message import MessageKind, gaps_in, plain
from leaflets.domain.words.characters import tidy_text
from leaflets.services import alerts
from leaflets.services.alerts import News
from leaflets.services.message import message_library, message_making, message_uses
from leaflets.services.message.message_carriers import Carrier, Reached, carriers
from leaflets.services.message.message_uses import Templates
from leaflets.services.review import approving, settling
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageText, MessageUse
from leaflets.storage.people import Person
from leaflets.storage.review import Approval, Submission, ZonePass
from leaflets.storage.session import moment, writing

LONGEST_REASON = 500

Row = TypeVar("Row", Approval, ZonePass)


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a message, and the leaflets that say it, as they stand now."""

    message: Message
    carriers: tuple[Carrier, ...]


def correct(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    message_id: int,
    language: str,
    words: Any,
    because: str,
    version: int,
    templates: Templates,
) -> Ended:
    """Say a message in other words from now on, in one language; the words before it are ended, and kept.

    `version` is that of the words which the person saw. Raises `Conflict` where they are others by now, `Invalid`
    without a reason or where nothing is changed, `NotFound`, `Refused`.
    """
    with writing(session):
        found = message_making.locked(session, actor, message_id)
        said, why = message_making.words_of(MessageKind(found.kind), words), _reason(because)
        old = next((text for text in message_library.current(found) if text.language == language), None)
        if old is None or old.version != version:
            raise Conflict("Somebody changed these words a moment ago.", "Look at them, then correct them.")
        if old.words == said:
            raise Invalid("Nothing is changed.", "Change the words, or leave the page.", code="unchanged")
        old.ended_at, old.ended_because = now, why
        new = message_making.text_of(actor, now, found, language, said, version=version + 1)
        session.add(new)
        found.gaps = sorted({gap for text in message_library.current(found) for gap in gaps_in(text.words)})
        message_making.note(session, actor, now, "message corrected", found, was=plain(old.words), became=new.plain)
        session.flush()
        said_now = f"It now reads: “{new.plain}”"
        concerned = _stop(session, actor, now, found, [old], f"was corrected: {why}", said_now, templates)
        message_uses.forget(session, found.node)
    return Ended(found, concerned)


def withdraw(
    session: Session, *, actor: Person | str, now: datetime, message_id: int, because: str, templates: Templates
) -> Ended:
    """Withdraw a message in all its languages. Raises `Conflict` when it is withdrawn, `Invalid`, `NotFound`."""
    with writing(session):
        found = message_making.locked(session, actor, message_id)
        why = _reason(because)
        found.withdrawn_at, found.withdrawn_because = now, why
        found.withdrawn_by = actor.id if isinstance(actor, Person) else None
        message_making.note(session, actor, now, "message withdrawn", found, was=found.title, became=why)
        session.flush()
        do = "Say something else there."
        concerned = _stop(session, actor, now, found, found.texts, f"was withdrawn: {why}", do, templates)
    return Ended(found, concerned)


def _reason(because: str) -> str:
    said = " ".join(tidy_text(because).split())
    if not said:
        raise Invalid("Say why.", "Everybody whose leaflet says it will read that.", code="reason-missing")
    if len(said) > LONGEST_REASON:
        raise Invalid(f"The reason has {len(said)} characters.", f"Say it in {LONGEST_REASON}.")
    return said


def _stop(
    session: Session,
    actor: Person | str,
    now: datetime,
    found: Message,
    texts: Sequence[MessageText],
    what: str,
    then: str,
    templates: Templates,
) -> tuple[Carrier, ...]:
    """Everything that follows for leaflets, with each of them locked. `what` happened, and what to do `then`."""
    ids = [text.id for text in texts]
    since = max(text.approved_at for text in found.texts)
    message_uses.look_at_changed(session, found.node, since=since, now=now, templates=templates)
    saying = select(MessageUse.leaflet_id).where(MessageUse.text_id.in_(ids))
    locked = select(Leaflet).where(Leaflet.id.in_(saying)).order_by(Leaflet.id).with_for_update()
    leaflets = session.scalars(locked.execution_options(populate_existing=True)).all()
    message_uses.look(session, Leaflet.id.in_([each.id for each in leaflets]), now=now, templates=templates)
    told = {each.leaflet.id: each for each in carriers(session, found, MessageUse.text_id.in_(ids))}
    becauses = {
        each.leaflet.id: f"The approved words in {_labels(each, templates)} say “{found.title}”, which {what} {then}"
        for each in told.values()
    }
    passes, waiting, covering = _passes(session, told, ids), _waiting(session, told), _covering(session, ids)
    for target in leaflets:
        if target.id not in told:
            continue
        because = becauses[target.id]
        mine = [each for each in passes.get(target.id, ()) if each.zone in told[target.id].zones]
        _take_back(session, actor, now, mine, waiting.get(target.id), because)
        if good := covering.get(target.id):
            approving.withdraw(
                session, actor=actor, now=now, target=target, approvals=good, because=because, telling=False
            )
    _tell(session, now, told.values(), becauses)
    session.flush()
    return tuple(carriers(session, found, MessageUse.text_id.in_(ids)))


def _passes(
    session: Session, leaflet_ids: Collection[int], text_ids: Collection[int]
) -> Mapping[int, Sequence[ZonePass]]:
    """What was passed because it said a message, or while it said one of these: by leaflet."""
    standing = select(ZonePass).where(
        ZonePass.leaflet_id.in_(leaflet_ids),
        or_(ZonePass.how == How.MESSAGE, ZonePass.message_text_id.in_(text_ids)),
        ZonePass.taken_back_at.is_(None),
    )
    return _by_leaflet(session.scalars(standing))


def _waiting(session: Session, leaflet_ids: Collection[int]) -> Mapping[int, Submission]:
    """The submissions that wait, by leaflet."""
    sent = select(Submission).where(Submission.leaflet_id.in_(leaflet_ids), Submission.state == State.WAITING)
    return {each.leaflet_id: each for each in session.scalars(sent)}


def _covering(session: Session, text_ids: Collection[int]) -> Mapping[int, Sequence[Approval]]:
    """The approvals that stand of content which says one of these texts, by leaflet."""
    saying = select(MessageUse.revision_id).where(MessageUse.text_id.in_(text_ids), MessageUse.revision_id.is_not(None))
    good = select(Approval).where(Approval.revision_id.in_(saying), Approval.withdrawn_at.is_(None))
    return _by_leaflet(session.scalars(good))


def _by_leaflet(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.leaflet_id, []).append(row)
    return found


def _take_back(
    session: Session,
    actor: Person | str,
    now: datetime,
    passes: Sequence[ZonePass],
    waiting: Submission | None,
    because: str,
) -> None:
    """The words of these zones wait for a person."""
    for each in passes:
        each.taken_back_at, each.because = now, because
    taken = {each.id for each in passes}
    lost = [zone for zone in waiting.zones if zone.pass_id in taken] if waiting and taken else []
    for zone in lost:
        zone.state, zone.pass_id, zone.passed, zone.message_text_id = ZoneState.WAITING, None, None, None
    session.flush()
    if waiting and lost:
        settling.settle(session, actor, now, waiting)


_TO_DO = {
    Reached.PRINTED: "It is printed already: stop what has not been handed out, and tell your office.",
    Reached.ORDERED: "The order is stopped until the leaflet is put right.",
    Reached.STOPPED: "The order stays stopped until the leaflet is put right.",
    Reached.APPROVED: "It is approved no more.",
    Reached.WAITING: "These words wait for a person now.",
    Reached.WRITTEN: "Nothing is lost: the words are where they were.",
}


def _tell(session: Session, now: datetime, told: Iterable[Carrier], becauses: Mapping[int, str]) -> None:
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
            f"{becauses[each.leaflet.id]} {_TO_DO[each.reached]}",
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
