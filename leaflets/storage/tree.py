"""The tree of organisation, nation, region and seat, and what is set on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaflets.domain.clock.election import Nation
from leaflets.storage.base import Base


class Node(Base):
    """One place in an organisation's tree. `path` holds the ids from the root down to itself, `/1/4/9/`.

    The nation is repeated on whatever lies below it; it is empty on the organisation itself. `area` says what kind of
    place a seat is (leaflets.domain.organisation.tree.Area), empty on all others.
    """

    __tablename__ = "node"
    __table_args__ = (UniqueConstraint("parent_id", "tier", "area", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    tier: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    nation: Mapped[str] = mapped_column(String(20), default="")
    code: Mapped[str] = mapped_column(String(20), default="")
    area: Mapped[str] = mapped_column(String(20), default="")
    path: Mapped[str] = mapped_column(String(200), index=True)
    created_at: Mapped[datetime]

    @property
    def law(self) -> Nation | None:
        """The nation whose law applies here, where it is known."""
        return Nation(self.nation) if self.nation else None

    @property
    def way_down(self) -> list[int]:
        """The ids from the root to this node."""
        return [int(part) for part in self.path.split("/") if part]


class NodeSetting(Base):
    """One setting as it is said on a node; it holds below, where it may be narrowed (domain.organisation.settings)."""

    __tablename__ = "node_setting"

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
