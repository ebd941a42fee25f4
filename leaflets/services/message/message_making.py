"""Making a message, saying it in another language, and choosing what of those from above holds below.

Who approves for a node writes its messages. Correcting and withdrawing reach into leaflets: see message_ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets import richtext
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.review import gap
from leaflets.domain.review.message import MessageKind, Words, gaps_in, plain, tidied
from leaflets.domain.review.reach import Choice
from leaflets.domain.review.saying import key_of
from leaflets.domain.review.topics import TOPICS, touched
from leaflets.domain.words.characters import tidy_line, tidy_text
from leaflets.domain.words.language import LANGUAGES
from leaflets.services import access, audit
from leaflets.services.message import message_due, message_library, messages
from leaflets.storage.message import Message, MessageChoice, MessageText
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

LONGEST_TITLE, LONGEST_WHY, LONGEST_SOURCE = 120, 300, 500

NO_TOPIC = "none"
"""Said to be about no policy area, whatever its words touch."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes of a message, as typed. An empty topic is read from the words."""

    kind: str
    words: Any
    title: str = ""
    why: str = ""
    source: str = ""
    topic: str = ""
    first_day: date | None = None
    last_day: date | None = None
    language: str = "en-GB"


def make(session: Session, *, actor: Person | str, now: datetime, node_id: int, draft: Draft) -> Message:
    """Make a message on a node, approved from now on there and below.

    A program may make them anywhere. Raises `Invalid`, `NotFound`, `Refused`.
    """
    with writing(session):
        node = _writable(session, actor, node_id)
        kind = kind_of(draft.kind)
        words = words_of(kind, draft.words)
        made = Message(
            organisation_id=node.organisation_id,
            node_id=node.id,
            kind=kind,
            gaps=list(gaps_in(words)),
            made_by=actor.id if isinstance(actor, Person) else None,
            made_at=now,
        )
        describe(made, draft, words)
        session.add(made)
        session.flush()
        session.add(text_of(actor, now, made, draft.language, words, version=1))
        note(session, actor, now, "message made", made, became=plain(words))
        message_due.mark_below(session, node)
    return made


def translate(
    session: Session, *, actor: Person | str, now: datetime, message_id: int, language: str, words: Any
) -> MessageText:
    """Say a message in another language, approved from now on. Raises `Conflict` where it is said in it already."""
    with writing(session):
        found = locked(session, actor, message_id)
        said = words_of(MessageKind(found.kind), words)
        if any(text.language == language and text.ended_at is None for text in found.texts):
            raise Conflict(f"It has {language_named(language)} words already.", "Correct those instead.")
        version = 1 + max((text.version for text in found.texts if text.language == language), default=0)
        text = text_of(actor, now, found, language, said, version=version)
        session.add(text)
        found.gaps = sorted({*found.gaps, *gaps_in(said)})
        note(session, actor, now, "message translated", found, became=f"{language}: {plain(said)}")
        message_due.mark_below(session, found.node)
    return text


def describe_again(session: Session, *, actor: Person, now: datetime, message_id: int, draft: Draft) -> Message:
    """Change what is said about a message: its title, why, source, topic and days. Its words stay as they are."""
    with writing(session):
        found = locked(session, actor, message_id)
        was = described(found)
        describe(found, draft, message_library.current(found)[0].words)
        if (became := described(found)) != was:
            note(session, actor, now, "message described", found, was=was, became=became)
    return found


def choose(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    message_id: int,
    node_id: int,
    choice: Choice | None,
    instead_id: int | None = None,
    because: str = "",
) -> None:
    """Adopt or hide a message from above on a node, or leave it to those above again with no choice.

    `instead_id` is a message of the node's own, or of one above it, that stands in its place.
    Raises `Invalid` where the message is not from above, `NotFound`, `Refused`.
    """
    with writing(session):
        node = _writable(session, actor, node_id)
        found = _of_node(session, message_id, node)
        if found.node_id == node.id:
            raise Invalid("This message is your office’s own.", "Correct it, or withdraw it.")
        if instead_id is not None and _of_node(session, instead_id, node).id == message_id:
            raise Invalid("A message cannot stand in its own place.", "Choose another.")
        row = session.get(MessageChoice, (node_id, message_id), with_for_update=True)
        was = row.choice if row else ""
        if choice is None:
            if row is not None:
                session.delete(row)
        else:
            row = row or MessageChoice(node_id=node_id, message_id=message_id)
            row.choice, row.instead_id, row.because = choice, instead_id, tidy_text(because).strip()[:LONGEST_SOURCE]
            row.by, row.at = actor.id if isinstance(actor, Person) else None, now
            session.add(row)
        said = f"{choice or 'as above'} in {node.name}{': ' if because else ''}{because}"
        note(session, actor, now, "message chosen", found, was=was, became=said)


def locked(session: Session, actor: Person | str, message_id: int) -> Message:
    """A message that nobody else changes until the transaction ends, for somebody who writes it; not withdrawn yet.

    Raises `NotFound`, `Refused`, `Conflict` for one that is withdrawn.
    """
    found = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if found is None or (isinstance(actor, Person) and not message_library.may_know(session, actor, found.id)):
        raise message_library.no_message()
    _writable(session, actor, found.node_id)
    if found.withdrawn_at is not None:
        raise Conflict("This message was withdrawn.", "Make a new one.")
    messages.end_alone(session, found.node_id)
    session.refresh(found, ["texts"])
    return found


def kind_of(value: str) -> MessageKind:
    """The kind of that name. Raises `Invalid`."""
    if value not in set(MessageKind):
        raise Invalid("Say what kind of message it is.", f"Choose from: {', '.join(MessageKind)}.")
    return MessageKind(value)


def words_of(kind: MessageKind, words: Any) -> Words:
    """A message's words as they are kept. Raises `Invalid`."""
    clean = richtext.clean(words) if kind is MessageKind.PARAGRAPH and isinstance(words, str) else words
    return tidied(kind, clean)


def describe(found: Message, draft: Draft, words: Words) -> None:
    """Set what is said about a message. Raises `Invalid` for what is missing, too long or cannot be."""
    kind, why, source = MessageKind(found.kind), tidy_line(draft.why), tidy_line(draft.source)
    if not why:
        raise Invalid("Say in one line why this works.", "Whoever uses it wants to know.", code="why-missing")
    if kind is MessageKind.NUMBER and not source:
        raise Invalid("A number needs its source.", "Say who published it, and when.", code="source-missing")
    for what, text, most in (("The line on why", why, LONGEST_WHY), ("The source", source, LONGEST_SOURCE)):
        if len(text) > most:
            raise Invalid(f"{what} has {len(text)} characters.", f"Say it in {most}.")
    if draft.first_day and draft.last_day and draft.last_day < draft.first_day:
        raise Invalid("The last day comes before the first.", "Change one of the two.")
    if draft.topic not in ("", NO_TOPIC, *TOPICS):
        raise Invalid("This is no policy area that we know.", "Choose one from the list.")
    read = next(iter(touched(plain(words))), "") if draft.topic == "" else draft.topic
    found.title = (tidy_line(draft.title) or gap.NAME.sub("…", plain(words).split("\n")[0]))[:LONGEST_TITLE]
    found.why, found.source, found.topic = why, source, "" if read == NO_TOPIC else read
    found.first_day, found.last_day = draft.first_day, draft.last_day


def described(found: Message) -> str:
    """What is said about a message, as the audit keeps it."""
    days = f"{found.first_day or '…'} to {found.last_day or '…'}"
    return f"{found.title} | {found.why} | {found.source} | {found.topic} | {days}"


def text_of(
    actor: Person | str, now: datetime, found: Message, language: str, words: Words, *, version: int
) -> MessageText:
    """New words of a message in one language, approved by whoever writes them."""
    language_named(language)
    return MessageText(
        message_id=found.id,
        language=language,
        version=version,
        words=words,
        words_hash=key_of(words),
        plain=plain(words),
        approved_by=actor.id if isinstance(actor, Person) else None,
        approved_at=now,
        ends=0,
    )


def language_named(tag: str) -> str:
    """What people call a language. Raises `Invalid` for one that messages are not in."""
    if tag not in LANGUAGES:
        raise Invalid("Messages are in English, Welsh or Gaelic.", "Choose one of the three.")
    return LANGUAGES[tag]


def _writable(session: Session, actor: Person | str, node_id: int) -> Node:
    if isinstance(actor, Person):
        return access.require_at(session, actor, Action.WRITE_MESSAGE, node_id)
    return session.get_one(Node, node_id)


def _of_node(session: Session, message_id: int, node: Node) -> Message:
    found = session.get(Message, message_id)
    if found is None or found.node_id not in node.way_down:
        raise message_library.no_message()
    return found


def note(
    session: Session, actor: Person | str, now: datetime, what: str, found: Message, *, was: str = "", became: str = ""
) -> None:
    """The audit row of a change to a message."""
    audit.record(
        session, actor=actor, now=now, what=what, subject="message", subject_id=found.id, was=was, became=became
    )
