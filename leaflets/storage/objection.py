"""A region's objection to a leaflet, and the nation's answer to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import Base
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.press import Order


class Objection(Base):
    """What an office objects to, in its words. Open until somebody of the nation's office has answered."""

    __tablename__ = "objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("press_order.id"))
    words: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(index=True)

    leaflet: Mapped[Leaflet] = relationship()
    order: Mapped[Order | None] = relationship()
    objector: Mapped[Person] = relationship(foreign_keys=made_by)
    answerer: Mapped[Person | None] = relationship(foreign_keys=answered_by)

    @property
    def campaign_id(self) -> int:
        """Whose leaflet it is about."""
        return self.leaflet.campaign_id

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None
