"""The elections that campaigns stand in, as one organisation knows them, and what councils announced."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.clock.election import Election, parse_election
from leaflets.domain.clock.postal_votes import Announcement
from leaflets.storage.base import Base
from leaflets.storage.tree import Node

campaign_election = Table(
    "campaign_election",
    Base.metadata,
    Column("campaign_id", ForeignKey("campaign.id"), primary_key=True),
    Column("election_id", ForeignKey("election.id"), primary_key=True, index=True),
)
"""Which elections a campaign stands in."""

leaflet_election = Table(
    "leaflet_election",
    Base.metadata,
    Column("leaflet_id", ForeignKey("leaflet.id"), primary_key=True),
    Column("election_id", ForeignKey("election.id"), primary_key=True, index=True),
)
"""Which of its campaign's elections a leaflet is for; none named means all of them."""


class ElectionRow(Base):
    """One election. `ref` is Democracy Club's id, which ends in the polling day: a poll that moves gets another one.

    `nominations_close` is known at by-elections to the UK Parliament alone. `suspended` says why while it is.
    """

    __tablename__ = "election"
    __table_args__ = (UniqueConstraint("organisation_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ref: Mapped[str] = mapped_column(String(200))
    polling_day: Mapped[date] = mapped_column(index=True)
    nominations_close: Mapped[date | None]
    suspended: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    dispatches: Mapped[list[DispatchRow]] = relationship(back_populates="election", order_by="DispatchRow.id")

    @property
    def election(self) -> Election:
        """What the id says."""
        return parse_election(self.ref)


class DispatchRow(Base):
    """What a council said of its postal votes, for the campaigns at or below a node.

    Kept for ever: the last counts, as long as the poll is on the day for which it was said.
    """

    __tablename__ = "dispatch"

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("election.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    for_polling_day: Mapped[date]
    council: Mapped[str] = mapped_column(String(200))
    said_by: Mapped[str] = mapped_column(String(200))
    said_on: Mapped[date]
    first: Mapped[date | None]
    second: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    election: Mapped[ElectionRow] = relationship(back_populates="dispatches")
    node: Mapped[Node] = relationship()

    @property
    def announcement(self) -> Announcement:
        """The same, as the clock takes it."""
        return Announcement(self.council, self.said_by, self.said_on, self.first, self.second)
