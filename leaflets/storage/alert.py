"""What people are told: on the page until they have seen it, and by e-mail through an outbox that loses nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import Base
from leaflets.storage.leaflet import Leaflet


class Watch(Base):
    """How a leaflet stood when it was last looked at, and what was told of it.

    `told` is the last state that people were told; it falls back when the leaflet recovers, so that the same state
    is told again only after a recovery.
    """

    __tablename__ = "watch"

    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), primary_key=True)
    told: Mapped[str] = mapped_column(String(20), default="")
    looked_at: Mapped[datetime] = mapped_column(index=True)


class Alert(Base):
    """One thing that one person has to hear: about a leaflet, or about what is at `path` on the site."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "ix_alert_unseen",
            "person_id",
            "id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    leaflet_id: Mapped[int | None] = mapped_column(ForeignKey("leaflet.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="")
    sentence: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]

    leaflet: Mapped[Leaflet | None] = relationship()


class NoticeChoice(Base):
    """How somebody wants to hear of one kind of thing: leaflets.domain.notices.Notice and Pace."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    mail: Mapped[str] = mapped_column(String(12))


class Letter(Base):
    """One e-mail, from the transaction that decided on it until a mail server has taken it or refused it for good.

    `path` is where on the site it leads. `kind` is leaflets.domain.notices.Notice; among others it is the one `line`,
    under what it is `about`. A letter without a kind is never put together with another: it may hold a secret.
    `sent_at` is empty on one that ended without being sent; `reason` says why.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "ix_letter_waiting",
            "not_before",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20), default="")
    about: Mapped[str] = mapped_column(String(450), default="")
    line: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
