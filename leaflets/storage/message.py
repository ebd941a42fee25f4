"""The library of approved messages, their words in each language, and where they are used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import HASH, Base
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.tree import Node


class Message(Base):
    """Something that a leaflet may say without being asked again, on the node where it was set and below.

    `kind` is `MessageKind` of leaflets.domain.review.message, `topic` a policy area or empty. It may be used from
    `first_day` to `last_day`, both included, where they are given. `why` says in one line why it works, `source` what
    it rests on. `gaps` names what may differ in it from seat to seat.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(40), default="")
    why: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    gaps: Mapped[list[Any]] = mapped_column(JSON, default=list)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")

    node: Mapped[Node] = relationship()
    texts: Mapped[list[MessageText]] = relationship(back_populates="message", order_by="MessageText.id")


class MessageText(Base):
    """The words of a message in one language. A correction is a new `version`; the one before is ended, and kept.

    `words` is a value as a zone holds it (leaflets.domain.template), with its gaps written {so}. `words_hash` finds it
    by content: leaflets.domain.review.saying says what is hashed. `plain` is what a reader reads, for whoever searches.

    `ends` counts how often it ended: it was corrected, or its message was withdrawn, or one after the other. The last
    time, `last_edit_id`, `last_pass_id` and `last_approval_id` were the newest there were, so that the database and
    nobody's clock says what came after.
    """

    __tablename__ = "message_text"
    __table_args__ = (
        UniqueConstraint("message_id", "language", "version"),
        Index("ix_message_text_words_hash", "words_hash"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    language: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=1)
    words: Mapped[Any] = mapped_column(JSON)
    words_hash: Mapped[str] = mapped_column(HASH)
    plain: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(Text, default="")
    ends: Mapped[int] = mapped_column(default=0)
    last_edit_id: Mapped[int | None]
    last_pass_id: Mapped[int | None]
    last_approval_id: Mapped[int | None]

    message: Mapped[Message] = relationship(back_populates="texts")


class MessageChoice(Base):
    """What an office decided about a message from above, for itself and all below: it is adopted, or hidden.

    Where another message stands in place of a hidden one, it is named.
    """

    __tablename__ = "message_choice"

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    choice: Mapped[str] = mapped_column(String(12))
    instead_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    because: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    node: Mapped[Node] = relationship()


class MessageUse(Base):
    """A zone of a leaflet that says a message, ended or not: as it stands, or in a revision that was sent or ordered.

    Saves do not wait for it: a leaflet that was changed is looked at again by the sweeper (`MessageDue`); what is sent
    or ordered is noted at once. `ends` is how many of its words' ends came before it or are dealt with: where they have
    ended more often than that, the leaflet's people are still to be told.
    """

    __tablename__ = "message_use"
    __table_args__ = (Index("ix_message_use_leaflet_id", "leaflet_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    zone: Mapped[str] = mapped_column(String(64))
    text_id: Mapped[int] = mapped_column(ForeignKey("message_text.id"), index=True)
    ends: Mapped[int] = mapped_column(default=0)

    leaflet: Mapped[Leaflet] = relationship()
    text: Mapped[MessageText] = relationship()


class MessageDue(Base):
    """Something of a leaflet has changed since anybody looked which messages it says: a mark for each change.

    Marks are added and, by whoever has looked, removed by their ids; none is ever changed, and they refer to no other
    table: nobody waits for anybody, and no mark that was made meanwhile is lost. No id is given twice, so that whoever
    was slow removes none of them.
    """

    __tablename__ = "message_due"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(index=True)
