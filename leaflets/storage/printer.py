"""The printers that orders go to, and how each wants its PDF."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.storage.base import Base


class Printer(Base):
    """A printing house. Name and address complete the imprint; the rest is its `PressSpec`."""

    __tablename__ = "printer"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(400))
    standard: Mapped[str] = mapped_column(String(8), default=Standard.X4)
    marks: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[str] = mapped_column(String(64), default="fogra39")
    ink_limit_percent: Mapped[int] = mapped_column(default=300)
    min_ppi: Mapped[int] = mapped_column(default=200)
    created_at: Mapped[datetime]

    @property
    def spec(self) -> PressSpec:
        """How this printer wants its PDF."""
        return PressSpec(
            standard=Standard(self.standard),
            marks=self.marks,
            profile=self.profile,
            ink_limit_percent=self.ink_limit_percent,
            min_ppi=self.min_ppi,
        )
