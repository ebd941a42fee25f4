"""The library of messages, as somebody sees it: what is set on, above or below a place where they have a part.

Nobody else knows of a message: another organisation's are not found, whatever their number.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from leaflets.domain.errors import NotFound
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import POLICY, SIGNED_IN, Action, may
from leaflets.domain.words.language import LANGUAGES
from leaflets.services import access
from leaflets.storage.grant import Grant
from leaflets.storage.message import Message, MessageChoice, MessageText
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the library somebody wants to see; what is empty does not narrow it."""

    search: str = ""
    kind: str = ""
    topic: str = ""
    language: str = ""
    ended: bool = False


def message(session: Session, *, actor: Person, message_id: int) -> Message:
    """One message with its texts, for somebody with a part where it holds. Raises `NotFound`."""
    found = session.get(Message, message_id, options=[selectinload(Message.texts), joinedload(Message.node)])
    if found is None or not may_know(session, actor, message_id):
        raise no_message()
    return found


def find(session: Session, *, actor: Person, wanted: Wanted, most: int, offset: int = 0) -> tuple[list[Message], int]:
    """The messages that somebody may see and wants, the newest first, `most` of them; and how many there are."""
    conditions = [_seen_by(session, actor), *_narrowed(wanted)]
    number = session.scalar(select(func.count()).select_from(Message).where(*conditions)) or 0
    rows = select(Message).where(*conditions).order_by(Message.made_at.desc(), Message.id.desc())
    with_texts = rows.options(selectinload(Message.texts), joinedload(Message.node)).limit(most).offset(offset)
    return list(session.scalars(with_texts)), number


def offices(session: Session, *, actor: Person) -> list[Node]:
    """The nodes on which somebody writes messages, the highest first: where they sit, and all regions below."""
    held = _nodes_held(session, actor, POLICY[Action.WRITE_MESSAGE])
    below = or_(*(Node.path.startswith(path) for path in held)) if held else None
    if below is None:
        return []
    nodes = session.scalars(select(Node).where(below, Node.tier != Tier.SEAT).order_by(Node.path)).all()
    return sorted(nodes, key=lambda node: (len(node.way_down), node.name))


def campaigns_of(session: Session, actor: Person) -> list[Campaign]:
    """The campaigns that somebody has a part in themselves."""
    mine = select(Grant.campaign_id).where(
        Grant.person_id == actor.id, Grant.campaign_id.is_not(None), Grant.holds(moment(session))
    )
    return list(session.scalars(select(Campaign).where(Campaign.id.in_(mine)).order_by(Campaign.name)))


def choices_about(session: Session, message_id: int) -> list[MessageChoice]:
    """What offices below decided about a message, the highest first."""
    made = select(MessageChoice).join(MessageChoice.node).where(MessageChoice.message_id == message_id)
    return list(session.scalars(made.order_by(Node.path).options(joinedload(MessageChoice.node))))


def current(found: Message) -> list[MessageText]:
    """The words that are approved now, in the order of the languages."""
    order = list(LANGUAGES)
    texts = [text for text in found.texts if text.ended_at is None]
    return sorted(texts, key=lambda text: order.index(text.language) if text.language in order else len(order))


def may_write(session: Session, actor: Person, found: Message) -> bool:
    """Whether somebody corrects and withdraws this message."""
    return may(Action.WRITE_MESSAGE, access.roles_at(session, actor, found.node) | {SIGNED_IN})


def require_part(session: Session, actor: Person) -> None:
    """Pass in silence for somebody who reads messages somewhere; raise `NotFound` for whoever has no part in any."""
    held = select(Grant.id).where(
        Grant.person_id == actor.id, Grant.role.in_(POLICY[Action.SEE_MESSAGES]), Grant.holds(moment(session))
    )
    if session.scalar(held.limit(1)) is None:
        raise NotFound("There are no messages for you yet.", "They come with a part in a campaign or an office.")


def may_know(session: Session, actor: Person, message_id: int) -> bool:
    """Whether somebody has a part where a message holds."""
    known = select(Message.id).where(Message.id == message_id, _seen_by(session, actor))
    return session.scalar(known) is not None


def no_message() -> NotFound:
    """There is no such message, or not for this person: the same words for both."""
    return NotFound("There is no such message, or it is not for you.", "Look for it in the library of messages.")


def _seen_by(session: Session, actor: Person) -> ColumnElement[bool]:
    """Messages set on, above or below a place where somebody has a part."""
    above = set[int]()
    paths = _nodes_held(session, actor, POLICY[Action.SEE_MESSAGES])
    mine = (
        select(Node.path)
        .join(Campaign, Campaign.node_id == Node.id)
        .join(Grant, Grant.campaign_id == Campaign.id)
        .where(Grant.person_id == actor.id, Grant.holds(moment(session)))
    )
    for path in (*paths, *session.scalars(mine)):
        above |= {int(part) for part in path.split("/") if part}
    below = [Node.path.startswith(path) for path in paths]
    inside = [Message.node_id.in_(select(Node.id).where(or_(*below)))] if below else []
    return or_(Message.node_id.in_(above), *inside)


def _nodes_held(session: Session, actor: Person, roles: Collection[str]) -> list[str]:
    held = (
        select(Node.path)
        .join(Grant, Grant.node_id == Node.id)
        .where(
            Grant.person_id == actor.id,
            Grant.role.in_(roles),
            Grant.printer_id.is_(None),
            Grant.holds(moment(session)),
        )
    )
    return list(session.scalars(held.distinct()))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    conditions += [] if wanted.ended else [Message.withdrawn_at.is_(None)]
    conditions += [Message.kind == wanted.kind] if wanted.kind else []
    conditions += [Message.topic == wanted.topic] if wanted.topic else []
    if wanted.language:
        said = select(MessageText.message_id).where(
            MessageText.language == wanted.language, MessageText.ended_at.is_(None)
        )
        conditions.append(Message.id.in_(said))
    for word in wanted.search.split()[:8]:
        here = [part.icontains(word, autoescape=True) for part in (Message.title, Message.why, Message.source)]
        words = select(MessageText.message_id).where(
            MessageText.ended_at.is_(None), MessageText.plain.icontains(word, autoescape=True)
        )
        conditions.append(or_(*here, Message.id.in_(words)))
    return conditions
