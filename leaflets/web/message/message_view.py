"""How messages are shown: their words with the gaps marked, where they may be used, and who says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from leaflets import richtext
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.moments import in_london, say_day
from leaflets.domain.review import gap
from leaflets.domain.review.gap import GAPS
from leaflets.domain.review.message import PARTS, MessageKind
from leaflets.domain.review.reach import Choice, needs_adoption
from leaflets.domain.review.topics import TOPICS
from leaflets.domain.words.language import LANGUAGES
from leaflets.services.message import message_library
from leaflets.services.message.message_carriers import Reached
from leaflets.storage.message import Message, MessageChoice, MessageText
from leaflets.web import current

KINDS = {
    MessageKind.HEADLINE: ("Headline", "One line that carries a page."),
    MessageKind.PLEDGE: ("Pledge", "A promise, and how it is kept."),
    MessageKind.PARAGRAPH: ("Paragraph", "A few sentences, with bold and lists where they help."),
    MessageKind.QUOTE: ("Quote", "What somebody said, and who."),
    MessageKind.NUMBER: ("Number", "A figure in a sentence, with its source."),
}
"""What each kind is called, and what it is."""


@dataclass(frozen=True, slots=True)
class MessageCard:
    """One message in a list. `leaflets` is how many say it, as far as was looked."""

    message: Message
    texts: Sequence[MessageText]
    leaflets: int

    @property
    def kind(self) -> str:
        """Its kind, as people call it."""
        return KINDS[MessageKind(self.message.kind)][0]

    @property
    def lacks(self) -> list[str]:
        """The languages that it is not in yet."""
        have = {text.language for text in self.texts}
        return [name for tag, name in LANGUAGES.items() if tag not in have]

    @property
    def when(self) -> str:
        """From and until when it may be used, in words; empty where always."""
        return days_words(self.message.first_day, self.message.last_day, in_london(current.now()).date())

    @property
    def is_current(self) -> bool:
        """Whether it may be used today."""
        today = in_london(current.now()).date()
        first, last = self.message.first_day, self.message.last_day
        return self.message.withdrawn_at is None and (not first or first <= today) and (not last or today <= last)

    @property
    def adopters(self) -> list[str]:
        """The nations that have to adopt it first."""
        one = self.message
        return [each.label for each in Nation if needs_adoption(one.topic, one.node.law, each)]

    @property
    def topic(self) -> str:
        """Its policy area, as people call it; empty where it has none."""
        return TOPICS[self.message.topic].label if self.message.topic in TOPICS else ""


def cards(messages: Sequence[Message], counts: Any) -> list[MessageCard]:
    """Messages as a list shows them."""
    return [MessageCard(one, message_library.current(one), counts.get(one.id, 0)) for one in messages]


def days_words(first: date | None, last: date | None, today: date) -> str:
    """`from Thu 1 Apr until Thu 6 May`, `until yesterday` never: days by their names."""
    begins = f"from {say_day(first)}" if first and first > today else ""
    ends = f"until {say_day(last)}" if last else ""
    return " ".join(filter(None, (begins, ends)))


def words_markup(text: MessageText) -> Markup:
    """The words, every gap marked with what may stand there."""
    kind = MessageKind(text.message.kind)
    if kind is MessageKind.PARAGRAPH:
        return _with_gaps(Markup(richtext.clean(text.words)))  # cleaned on this line
    if not isinstance(text.words, dict):
        return _with_gaps(Markup("<p>{}</p>").format(text.words))
    first, second = (text.words[part.key] for part in PARTS[kind])
    form = "<p>“{}”</p><p>{}</p>" if kind is MessageKind.QUOTE else "<p><strong>{}</strong></p><p>{}</p>"
    return _with_gaps(Markup(form).format(first, second))  # both parts are escaped


def chosen_words(choice: MessageChoice) -> str:
    """What an office below decided."""
    return "adopted it" if choice.choice == Choice.ADOPTED else "does not use it"


def carried(reached: Iterable[Reached]) -> list[tuple[Reached, int]]:
    """How many leaflets have come how far, the furthest first."""
    many = Counter(reached)
    return [(step, many[step]) for step in reversed(Reached) if many[step]]


def add_filters(app: Flask) -> None:
    """Let templates use these."""
    app.add_template_filter(words_markup, "message_words")
    app.add_template_filter(chosen_words, "chosen_words")


def _with_gaps(html: Markup) -> Markup:
    def mark(found: Any) -> str:
        meaning = GAPS[found[1]].meaning if found[1] in GAPS else ""
        called = found[1].removesuffix("_short").replace("_", " ")
        return str(Markup('<mark class="gap" title="{}">{}</mark>').format(meaning, called))

    return Markup(gap.NAME.sub(mark, str(escape(html))))  # `html` was safe, and so is every mark
