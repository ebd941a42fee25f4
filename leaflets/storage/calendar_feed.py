"""The private addresses under which people's calendars read the dates of a campaign or of a board."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import Base
from leaflets.storage.people import Person


class CalendarFeed(Base):
    """One person's address for one campaign or one node.

    The address is signed from `id` and `serial` with the site's key, so it is not kept here, and a stolen database
    gives none away; a new serial ends the address before it.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("person_id", "campaign_id"), UniqueConstraint("person_id", "node_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    serial: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
