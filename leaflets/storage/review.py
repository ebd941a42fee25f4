"""What was sent for approval, what of it was passed, what was said about it, and what may print."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import HASH, Base
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.people import Person
from leaflets.storage.tree import Node

_WAITS = text("state = 'waiting'")


class Submission(Base):
    """A revision that was sent for approval. A leaflet has one that waits at most.

    `stages` are those of the workflow as it stood when it was sent (`Stage` of leaflets.domain.review.approval as
    JSON), `stage` the number of the one it is at. `asked_of_id` is the node whose approvers are asked now, since
    `asked_since`; they are to answer by `decide_by`, the plan's latest safe approval, where one can be counted.
    `reminded` counts the reminders to those who are asked now, the last at `reminded_at`; `moved`, how often it went
    to somebody else because nobody answered; at `look_at` the next of that may be due, empty for at once. `state` is
    waiting, approved, returned, taken-back or replaced; how it ended is in `ended_because`. `writers` says who wrote
    what was sent: ids of people by zone.
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_one_waits", "leaflet_id", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_submission_queue", "asked_of_id", "decide_by", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_submission_look", "look_at", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_submission_ended", "asked_of_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    stages: Mapped[list[Any]] = mapped_column(JSON, default=list)
    stage: Mapped[int] = mapped_column(default=0)
    asked_of_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    asked_since: Mapped[datetime]
    decide_by: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    moved: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    sent_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    writers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(Text, default="")

    leaflet: Mapped[Leaflet] = relationship()
    revision: Mapped[Revision] = relationship()
    asked_of: Mapped[Node | None] = relationship()
    sender: Mapped[Person] = relationship(foreign_keys=sent_by)
    zones: Mapped[list[ReviewZone]] = relationship(back_populates="submission", order_by="ReviewZone.id")


class ZonePass(Base):
    """Words that an office passed, in one zone of one leaflet. Passing is by content: `words_hash` and `zone_kind`.

    `office_id` is the node whose approver passed them. `how` is person, message (they are one of the library's),
    applied (the same words as were passed in another leaflet), or deemed (nobody answered in time, and the office had
    said what then). A pass that is taken back passes nothing any more.
    """

    __tablename__ = "zone_pass"
    __table_args__ = (
        Index("ix_zone_pass_leaflet", "leaflet_id", "zone", "words_hash"),
        Index("ix_zone_pass_words", "words_hash", "zone_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    zone: Mapped[str] = mapped_column(String(64))
    zone_kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[Any] = mapped_column(JSON)
    words_hash: Mapped[str] = mapped_column(HASH)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    how: Mapped[str] = mapped_column(String(12))
    message_text_id: Mapped[int | None] = mapped_column(ForeignKey("message_text.id"))
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    because: Mapped[str] = mapped_column(Text, default="")
    taken_back_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    office: Mapped[Node | None] = relationship()


class ReviewZone(Base):
    """One zone at one stage of a submission: the words as they were sent, and whether they are passed.

    `state` is waiting, passed, or asked (a change of it was asked for). `topics` are the policy areas that its words
    touch. `message_text_id` is the message that it says, where it says one, `written_by` who wrote it.
    """

    __tablename__ = "review_zone"
    __table_args__ = (
        Index("ix_review_zone_submission", "submission_id", "stage"),
        Index("ix_review_zone_same_words", "words_hash", "zone_kind", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    stage: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(200))
    zone_kind: Mapped[str] = mapped_column(String(12))
    words: Mapped[Any] = mapped_column(JSON)
    words_hash: Mapped[str] = mapped_column(HASH)
    topics: Mapped[list[Any]] = mapped_column(JSON, default=list)
    message_text_id: Mapped[int | None] = mapped_column(ForeignKey("message_text.id"))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    pass_id: Mapped[int | None] = mapped_column(ForeignKey("zone_pass.id"))
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    submission: Mapped[Submission] = relationship(back_populates="zones")
    passed: Mapped[ZonePass | None] = relationship()


class Comment(Base):
    """Something said about a leaflet: about a zone, about a point on a page, about all of it, or in answer to another.

    A point is in millimetres from the top left of the trimmed page. `asks_change` marks what a reviewer wants changed;
    `suggestion` is then a value for the zone that can be taken with one click. `words_hash` are the zone's words when
    it was made.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_leaflet", "leaflet_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    op_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    zone: Mapped[str] = mapped_column(String(64), default="")
    page: Mapped[int | None]
    x_mm: Mapped[float | None] = mapped_column(Float)
    y_mm: Mapped[float | None] = mapped_column(Float)
    words: Mapped[str] = mapped_column(Text)
    words_hash: Mapped[str] = mapped_column(String(64), default="")
    asks_change: Mapped[bool] = mapped_column(default=False)
    suggestion: Mapped[Any] = mapped_column(JSON)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]

    leaflet: Mapped[Leaflet] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=by)
    resolver: Mapped[Person | None] = relationship(foreign_keys=resolved_by)


class Approval(Base):
    """A content that may print: its hash, and the certificate of who passed what. Withdrawn, it prints no more.

    `certificate` is leaflets.domain.review.certificate as JSON; it is signed when somebody takes it with them.
    """

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_content", "leaflet_id", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    content_hash: Mapped[str] = mapped_column(HASH)
    at: Mapped[datetime]
    certificate: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(Text, default="")

    leaflet: Mapped[Leaflet] = relationship()
    revision: Mapped[Revision] = relationship()


class Absence(Base):
    """Days on which somebody does not answer, both included, and who does meanwhile."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    noted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    delegate: Mapped[Person | None] = relationship(foreign_keys=delegate_id)
