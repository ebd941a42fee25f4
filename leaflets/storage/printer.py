"""The printers that orders go to, and how each wants its PDF."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.storage.base import Base
from leaflets.storage.tree import Node


class Printer(Base):
    """A printing house of one organisation. Name and address complete the imprint; the rest is its `PressSpec`.

    It belongs to a place of the tree, and may be ordered from there and below unless it is retired.
    """

    __tablename__ = "printer"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(400))
    standard: Mapped[str] = mapped_column(String(8), default=Standard.X4)
    marks: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[str] = mapped_column(String(64), default="fogra39")
    ink_limit_percent: Mapped[int] = mapped_column(default=300)
    min_ppi: Mapped[int] = mapped_column(default=200)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    node: Mapped[Node] = relationship()

    @classmethod
    def belongs_around(cls, node: Node) -> ColumnElement[bool]:
        """Whether a printer belongs to a node, to one above it or to one below it, as a condition of a query."""
        return or_(cls.node_id.in_(node.way_down), cls.node.has(Node.path.startswith(node.path)))

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
