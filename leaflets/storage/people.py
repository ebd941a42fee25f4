"""People, organisations, and the campaigns that people work on."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import Base
from leaflets.storage.election import ElectionRow, campaign_election
from leaflets.storage.tree import Node


def new_join_code() -> str:
    """A code that nobody guesses: 96 bits."""
    return secrets.token_urlsafe(12)


class Person(Base):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    created_at: Mapped[datetime]


class Organisation(Base):
    """A party, or whoever runs campaigns together. Organisations never see each other: two may have one name.

    Whoever has its `join_code` may ask for a role in it.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    join_code: Mapped[str | None] = mapped_column(String(40), index=True, unique=True, default=new_join_code)
    created_at: Mapped[datetime]


class Campaign(Base):
    """One candidacy in one place: what its leaflets say of the election, and who answers for them.

    The promoter and the person on whose behalf are the law's words (RPA 1983 s.110(3)); `polling_day` is written
    out for people, as it is printed, from the elections where they are known. A campaign of before the tree may have
    no node.
    """

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kit: Mapped[str] = mapped_column(String(64))
    election_title: Mapped[str] = mapped_column(String(200))
    election_area: Mapped[str] = mapped_column(String(200))
    polling_day: Mapped[str] = mapped_column(String(60))
    candidate: Mapped[str] = mapped_column(String(200))
    promoter: Mapped[str] = mapped_column(String(200))
    promoter_address: Mapped[str] = mapped_column(String(400))
    on_behalf_of: Mapped[str] = mapped_column(String(200))
    on_behalf_of_address: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
    node: Mapped[Node | None] = relationship()
    elections: Mapped[list[ElectionRow]] = relationship(secondary=campaign_election, order_by=ElectionRow.ref)
