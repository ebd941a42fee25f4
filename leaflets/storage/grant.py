"""Who was given which role where, by whom and why, and until when; and who asks for one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.permissions import Role
from leaflets.storage.base import Base
from leaflets.storage.people import Campaign, Person
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node

_NOT_ENDED = text("ended_at IS NULL")


class RoleColumn(TypeDecorator[Role]):
    """A role, kept as its value."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Role | str | None, dialect: Dialect) -> str | None:
        """As text; a standing that is no role is compared as it is, and matches none."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Role | None:
        """The role of that value."""
        return None if value is None else Role(value)


class Grant(Base):
    """One role of one person, in one campaign or on one node and all below it. It is ended, never deleted.

    A printer's role names the `printer_id` whose orders it shows. `giver` is the name of who gave it, a person or a
    program. It holds until `ends_at`, where that is said, or until somebody ends it. `called` is what the giver calls
    somebody whom only others on this installation knew, until they sign in: no organisation learns a name from another.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(node_id IS NULL) <> (campaign_id IS NULL)", name="one_place"),
        Index("ix_role_grant_person_id", "person_id", sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED),
        Index("ix_role_grant_node_id", "node_id", sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED),
        Index("ix_role_grant_campaign_id", "campaign_id", sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(RoleColumn)
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    giver: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_because: Mapped[str] = mapped_column(Text, default="")
    called: Mapped[str] = mapped_column(String(200), default="", server_default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    node: Mapped[Node | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    printer: Mapped[Printer | None] = relationship()

    @property
    def holder(self) -> str:
        """The name of whoever holds it, for others."""
        return self.called or self.person.name

    @classmethod
    def holds(cls, now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether a grant is in force at that moment, as a condition of a query."""
        return and_(cls.ended_at.is_(None), or_(cls.ends_at.is_(None), cls.ends_at > now))


class AccessRequest(Base):
    """Somebody asks for a role on a node or in a campaign, and waits for an answer.

    `asked_of_id` is the node whose people are to answer by `answer_by`; it is the campaign's own people while it is
    empty. `moved` counts how often it went one office up because nobody answered. `state` is open, given, refused or
    taken-back; a refusal has its reason in `answer`.
    """

    __tablename__ = "access_request"
    __table_args__ = (
        Index(
            "ix_access_request_open",
            "answer_by",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    role: Mapped[Role] = mapped_column(RoleColumn)
    words: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    asked_of_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    answer_by: Mapped[datetime]
    moved: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="open")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    node: Mapped[Node] = relationship(foreign_keys=node_id)
    asked_of: Mapped[Node | None] = relationship(foreign_keys=asked_of_id)
    campaign: Mapped[Campaign | None] = relationship()
    answerer: Mapped[Person | None] = relationship(foreign_keys=answered_by)
