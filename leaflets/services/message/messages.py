"""Which approved messages a campaign may use, and which zones of a leaflet say one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from leaflets import richtext
from leaflets.domain.review.gap import Facts
from leaflets.domain.review.message import MessageKind, Words, as_value, filled, kinds_for
from leaflets.domain.review.reach import Choice, in_days, may_use
from leaflets.domain.review.saying import Said, keys, said
from leaflets.domain.template import Kind, Template, Values, Zone
from leaflets.domain.words.values import clean_values
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageChoice, MessageText
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node

HOLDING = frozenset({Kind.LINE, Kind.RICH, Kind.ITEMS})
"""Kinds of zone that may hold a message."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A message for a zone: its current words there, every gap filled with the campaign's own."""

    text: MessageText
    value: Any

    @property
    def message(self) -> Message:
        """What it is, why, and from where."""
        return self.text.message


@dataclass(frozen=True, slots=True)
class Says:
    """What a zone says: `units` tells of each line, paragraph or item whether it is an approved message.

    `text` is the first that may be used as it is. `ended` is one that may not any more, if one is there, and `instead`
    the words to use in its place, where there are some; `at` is the number of its first unit, and it is `alone` where
    nothing else stands beside it.
    """

    units: tuple[bool, ...]
    text: MessageText | None
    ended: MessageText | None = None
    instead: Offer | None = None
    at: int = 0
    alone: bool = False


def said_in(
    session: Session, *, campaign: Campaign, language: str, template: Template, values: Values, day: date
) -> dict[str, Said[MessageText]]:
    """What each zone says, for those that say any message at all, in part or whole.

    Only what the campaign may use on that day counts, in that language and in its current words. Nobody's standing is
    asked.
    """

    def offered(hashes: Collection[str]) -> list[MessageText]:
        wanted = _current(campaign, language, day).where(MessageText.words_hash.in_(hashes))
        return _usable(session, campaign, session.scalars(wanted.options(_WITH_MESSAGE)).all())

    return saying(facts_of(session, campaign), template, values, offered)


def standing(
    session: Session, *, campaign: Campaign, language: str, template: Template, values: Values, day: date
) -> dict[str, Says]:
    """How every zone stands that says a message in the leaflet's language, be it one that is corrected or withdrawn."""
    good: set[int] = set()

    def offered(hashes: Collection[str]) -> list[MessageText]:
        """Those that may be used come first, where others have the same words."""
        here = MessageText.words_hash.in_(hashes), MessageText.language == language
        wanted = select(MessageText).join(MessageText.message).where(Message.node_id.in_(_way_down(campaign)), *here)
        texts = session.scalars(wanted.options(_WITH_MESSAGE)).all()
        good.update(text.id for text in _usable(session, campaign, [text for text in texts if _holds(text, day)]))
        return sorted(texts, key=lambda text: text.id not in good)

    if not _has_any(session, campaign):
        return {}
    facts = facts_of(session, campaign)
    found = saying(facts, template, values, offered)
    return {key: _says(session, campaign, template.zone(key), each, good, facts) for key, each in found.items()}


def _has_any(session: Session, campaign: Campaign) -> bool:
    """Whether any office above a campaign ever made a message: where none did, no words are compared with any."""
    made = select(Message.id).where(Message.node_id.in_(_way_down(campaign)))
    return session.scalar(made.limit(1)) is not None


def _says(
    session: Session, campaign: Campaign, zone: Zone, found: Said[MessageText], good: Collection[int], facts: Facts
) -> Says:
    units = tuple(text is not None and text.id in good for text in found.units)
    text = next((text for text in found.texts if text.id in good), None)
    ended = next((text for text in found.texts if text.id not in good), None)
    if ended is None:
        return Says(units, text)
    instead = _instead(session, campaign, zone, ended, facts)
    return Says(units, text, ended, instead, found.units.index(ended), set(found.units) == {ended})


def _instead(session: Session, campaign: Campaign, zone: Zone, ended: MessageText, facts: Facts) -> Offer | None:
    """The words that they were corrected to, where the campaign may use those."""
    new = next((text for text in ended.message.texts if text.language == ended.language and not text.ended_at), None)
    if ended.message.withdrawn_at is not None or new is None or new.id == ended.id:
        return None
    value = value_of(new, zone, facts)
    return Offer(new, value) if value is not None and _usable(session, campaign, [new]) else None


def _holds(text: MessageText, day: date) -> bool:
    one = text.message
    return text.ended_at is None and one.withdrawn_at is None and in_days(one.first_day, one.last_day, day)


def saying(
    facts: Facts, template: Template, values: Values, offered: Callable[[Collection[str]], Iterable[MessageText]]
) -> dict[str, Said[MessageText]]:
    """What each zone says of the messages that `offered` finds by their keys; asked once."""
    tidy = readable(template, values)
    zones = [zone for zone in template.zones if zone.kind in HOLDING and zone.key in tidy]
    named = [keys(zone, tidy[zone.key]) for zone in zones]
    hashes = frozenset[str]().union(*named)
    texts = list(offered(hashes)) if hashes else []
    found = {}
    for zone, mine in zip(zones, named, strict=True):
        known = [(text, MessageKind(text.message.kind), text.words) for text in texts if text.words_hash in mine]
        if known and (each := said(zone, tidy[zone.key], known, facts)).texts:
            found[zone.key] = each
    return found


def readable(template: Template, values: Values) -> dict[str, Any]:
    """The values as the press will read them: tidy, and rich text in its one clean form."""
    rich = {zone.key for zone in template.zones if zone.kind is Kind.RICH}
    tidy = clean_values(template, values)
    return {
        key: richtext.clean(value) if key in rich and isinstance(value, str) else value for key, value in tidy.items()
    }


def hold(session: Session, *nodes: Node | None) -> None:
    """Let no message end that these places may use, until the transaction ends: for whoever approves on its strength.

    Before anything else is locked, a leaflet above all. Whoever ends a message holds its place first (`end_alone`), so
    one of the two waits: what is approved in the very moment is found by them, or sees that the message has ended.
    Whoever moves a place does so before or after, too: the way down to it is read anew.
    """
    held: set[int] = set()
    while ids := {node_id for node in nodes if node is not None for node_id in node.way_down} - held:
        way = select(Node).where(Node.id.in_(ids)).order_by(Node.id).with_for_update(read=True)
        session.scalars(way.execution_options(populate_existing=True)).all()
        held |= ids


def hold_for(session: Session, leaflet_ids: Collection[int]) -> None:
    """`hold`, for the places of these leaflets."""
    placed = select(Campaign.node_id).join(Leaflet, Leaflet.campaign_id == Campaign.id)
    seats = placed.where(Leaflet.id.in_(leaflet_ids), Campaign.node_id.is_not(None))
    hold(session, *session.scalars(select(Node).where(Node.id.in_(seats))))


def end_alone(session: Session, node_id: int) -> None:
    """Wait until nobody approves words on the strength of this place's messages, and let nobody begin to."""
    session.execute(select(Node.id).where(Node.id == node_id).with_for_update(key_share=True))


def offers(session: Session, *, campaign: Campaign, language: str, zone: Zone, day: date, most: int) -> list[Offer]:
    """The `most` newest messages that belong into a zone, in the words that the campaign would use.

    What is made for such a zone comes before what can be made to fit there.
    """
    facts, kinds = facts_of(session, campaign), list(kinds_for(zone))
    wanted = _current(campaign, language, day).where(Message.kind.in_(kinds)).order_by(Message.id.desc()).limit(most)
    found = []
    for text in _usable(session, campaign, session.scalars(wanted.options(_WITH_MESSAGE)).all()):
        value = value_of(text, zone, facts)
        if value is not None:
            found.append(Offer(text, value))
    return sorted(found, key=lambda offer: kinds.index(MessageKind(offer.message.kind)))


def value_of(text: MessageText, zone: Zone, facts: Facts) -> Any | None:
    """What a zone would hold; `None` where the message does not belong there, or a gap has nothing to fill it."""
    words: Words | None = filled(text.words, facts)
    return None if words is None else as_value(MessageKind(text.message.kind), words, zone)


def zones_with_offers(
    session: Session, *, campaign: Campaign, language: str, template: Template, day: date
) -> list[str]:
    """The zones for whose kind the campaign has messages at all: cheap enough for every look at a leaflet."""
    kinds = _current(campaign, language, day).with_only_columns(Message.kind).distinct()
    have = set(session.scalars(kinds))
    return [zone.key for zone in template.zones if not have.isdisjoint(kinds_for(zone))]


def facts_of(session: Session, campaign: Campaign) -> Facts:
    """What may fill the gaps of a message for this campaign."""
    above = select(Node.name).where(Node.id.in_(_way_down(campaign)), Node.parent_id.is_not(None)).order_by(Node.path)
    return Facts(campaign.candidate, campaign.election_area, campaign.polling_day, tuple(session.scalars(above)))


def usable_by(session: Session, node: Node, messages: Collection[Message]) -> list[Message]:
    """Those that a place may use, whatever the day: what the offices on its way down decided is heard."""
    choices: dict[int, dict[int, Choice]] = {}
    decided = select(MessageChoice).where(
        MessageChoice.node_id.in_(node.way_down), MessageChoice.message_id.in_([one.id for one in messages])
    )
    for one in session.scalars(decided) if messages else ():
        choices.setdefault(one.message_id, {})[one.node_id] = Choice(one.choice)
    return [
        one
        for one in messages
        if one.node_id in node.way_down
        and may_use(one.topic, one.node.law, node.law, node.way_down, choices.get(one.id, {}))
    ]


def in_use(day: date) -> list[ColumnElement[bool]]:
    """Messages that are not withdrawn and may be used on that day, in their current words."""
    return [
        Message.withdrawn_at.is_(None),
        MessageText.ended_at.is_(None),
        or_(Message.first_day.is_(None), Message.first_day <= day),
        or_(Message.last_day.is_(None), Message.last_day >= day),
    ]


def _current(campaign: Campaign, language: str, day: date) -> Select[MessageText]:
    return (
        select(MessageText)
        .join(MessageText.message)
        .where(Message.node_id.in_(_way_down(campaign)), MessageText.language == language, *in_use(day))
    )


_WITH_MESSAGE = contains_eager(MessageText.message).joinedload(Message.node)


def _usable(session: Session, campaign: Campaign, texts: Sequence[MessageText]) -> list[MessageText]:
    """Those of these that no office above the campaign has taken from it."""
    if campaign.node is None:
        return []
    usable = {one.id for one in usable_by(session, campaign.node, [text.message for text in texts])}
    return [text for text in texts if text.message_id in usable]


def _way_down(campaign: Campaign) -> list[int]:
    return campaign.node.way_down if campaign.node else []
