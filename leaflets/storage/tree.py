"""The tree of organisation, nation, region and seat, and who holds an office on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.election import Nation
from leaflets.domain.permissions import Role
from leaflets.storage.base import Base


class Node(Base):
    """One place in an organisation's tree. `path` holds the ids from the root down to itself, `/1/4/9/`.

    The nation is repeated on whatever lies below it; it is empty on the organisation itself.
    """

    __tablename__ = "node"
    __table_args__ = (UniqueConstraint("parent_id", "tier", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    tier: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    nation: Mapped[str] = mapped_column(String(20), default="")
    code: Mapped[str] = mapped_column(String(20), default="")
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


class Post(Base):
    """What one person is to one node and all that lies below it."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("person_id", "node_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    role: Mapped[Role] = mapped_column(String(20))
    created_at: Mapped[datetime]

    node: Mapped[Node] = relationship()
