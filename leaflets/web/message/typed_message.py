"""What is typed into the forms of a message: as the services take it, and as a form shows it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leaflets import richtext
from leaflets.domain.review.message import PARTS, MessageKind, Words
from leaflets.services.message.message_making import Draft
from leaflets.web.typed_day import day_of


def field_of(part: str) -> str:
    """What the field of a part of a message is called; of the only part, which has no key, too."""
    return f"part-{part or 'whole'}"


def kind_of(value: str) -> MessageKind:
    """The kind of message that is named, headline unless one is."""
    return MessageKind(value) if value in set(MessageKind) else MessageKind.HEADLINE


def draft_of(kind: MessageKind, form: Mapping[str, str]) -> Draft:
    """All that a form says. Raises `Invalid` for what is no day."""
    return Draft(
        kind=kind,
        words=words_of(kind, form),
        title=form.get("title", ""),
        why=form.get("why", ""),
        source=form.get("source", ""),
        topic=form.get("topic", ""),
        first_day=day_of(form.get("first_day", "")),
        last_day=day_of(form.get("last_day", "")),
        language=form.get("language", "en-GB"),
    )


def words_of(kind: MessageKind, form: Mapping[str, str]) -> Words:
    """The words of a form, as a message of that kind holds them."""
    parts = {part.key: form.get(field_of(part.key), "") for part in PARTS[kind]}
    if kind is MessageKind.PARAGRAPH:
        return richtext.from_markup(parts[""])
    return parts.get("", parts)


def as_typed(kind: MessageKind, words: Any) -> dict[str, str]:
    """The words of a message, by the fields of its form."""
    parts = words if isinstance(words, dict) else {"": words}
    if kind is MessageKind.PARAGRAPH:
        parts = {"": richtext.to_markup(words)}
    return {field_of(key): text for key, text in parts.items()}
