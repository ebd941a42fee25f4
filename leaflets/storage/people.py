"""People, the campaigns they work on, and what they are to each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.permissions import Role
from leaflets.storage.base import HASH, Base
from leaflets.storage.election import ElectionRow, campaign_election
from leaflets.storage.tree import Node


class Person(Base):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    created_at: Mapped[datetime]


class SignInLink(Base):
    """A way in that was given to one person and works once. Its code is kept as a hash alone."""

    __tablename__ = "sign_in_link"

    code_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Organisation(Base):
    """A party, or whoever runs campaigns together. Organisations never see each other."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
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


class Membership(Base):
    """What one person is to one campaign; somebody may hold several roles in it."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "campaign_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    role: Mapped[Role] = mapped_column(String(20))
    created_at: Mapped[datetime]
