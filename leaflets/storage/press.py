"""What the press is asked for: proofs, orders, and the rows that its workers claim."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.press.printing import PressSpec
from leaflets.domain.press.proof import Look
from leaflets.domain.press.schedule import WorkState
from leaflets.storage.base import HASH, Base
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node


class Proof(Base):
    """A look at one revision. `pages` holds a blob hash and a size in pixels for each page image.

    `look` says how it is shown, `places` where each zone stands on the pages, `rooms` how much more fits into it, all
    three as leaflets.domain.press.proof says. A proof of an older version carries the edit `of_edit` that it shows the
    leaflet after; it is never the leaflet's newest.
    """

    __tablename__ = "proof"
    __table_args__ = (Index("ix_proof_leaflet_id_id", "leaflet_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=WorkState.WAITING)
    pages: Mapped[list[Any]] = mapped_column(JSON, default=list)
    copyfit: Mapped[list[Any]] = mapped_column(JSON, default=list)
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    look: Mapped[str] = mapped_column(String(8), default=Look.SCREEN)
    places: Mapped[list[Any]] = mapped_column(JSON, default=list)
    rooms: Mapped[list[Any]] = mapped_column(JSON, default=list)
    of_edit: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    leaflet: Mapped[Leaflet] = relationship()
    revision: Mapped[Revision] = relationship()


class Order(Base):
    """A print run that somebody ordered: one revision, one printer, a deadline, and the PDF once it is made.

    `printer_name`, `printer_address` and `spec` (a `PressSpec` as JSON) are the printer's as they were when it was
    ordered: a printer that changes changes no order. `needed_by` comes from the plan; `wanted_by` is the earlier moment
    that somebody chose, if they did. A run that lands after the postal votes carries the reason of whoever placed it.
    `names_polling_day` says that it prints it. `approval_id` is what allows it to print; an order of before approvals
    has none. `images` shows the sides of the finished PDF, each as in `Proof.pages`. `way` is the path of the place for
    which it was given, as it was then: a place that moves takes no order away from who prints it.
    """

    __tablename__ = "press_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    printer_id: Mapped[int] = mapped_column(ForeignKey("printer.id"), index=True)
    printer_name: Mapped[str] = mapped_column(String(200))
    printer_address: Mapped[str] = mapped_column(String(400))
    spec: Mapped[dict[str, Any]]
    quantity: Mapped[int]
    needed_by: Mapped[datetime]
    wanted_by: Mapped[datetime | None]
    after_postal_votes: Mapped[bool] = mapped_column(default=False)
    going_ahead_because: Mapped[str] = mapped_column(Text, default="")
    names_polling_day: Mapped[bool] = mapped_column(default=False)
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id"), index=True)
    way: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(20), default=WorkState.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    pdf_hash: Mapped[str | None] = mapped_column(HASH)
    pages: Mapped[int | None]
    images: Mapped[list[Any]] = mapped_column(JSON, default=list)
    placed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    placed_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    leaflet: Mapped[Leaflet] = relationship()
    revision: Mapped[Revision] = relationship()
    printer: Mapped[Printer] = relationship()

    @property
    def press_spec(self) -> PressSpec:
        """How its PDF is made."""
        return PressSpec.from_json(self.spec)

    @property
    def way_then(self) -> list[int]:
        """The ids from the root to the place for which it was given."""
        return [int(part) for part in self.way.split("/") if part]

    @classmethod
    def given_below(cls, node: Node) -> ColumnElement[bool]:
        """Whether it was given at a node or below it, as a condition of a query."""
        return cls.way.contains(f"/{node.id}/")

    @property
    def is_as_printer_is(self) -> bool:
        """Whether its printer still has the name and address, and wants the PDF, as when it was ordered."""
        now = self.printer
        return (self.printer_name, self.printer_address, self.press_spec) == (now.name, now.address, now.spec)


def _of_waiting(name: str, by: str, rows: str = "state = 'waiting'") -> Index:
    return Index(name, "lane", by, "id", "not_before", sqlite_where=text(rows), postgresql_where=text(rows))


class Work(Base):
    """One thing to do on one lane; the truth of the queue. Redis only carries tickets that say "do the next".

    `urgent_at` and `lost_at` are the urgency that leaflets.domain.press.schedule gives, and with it the order of
    claiming. A running row belongs to `lease_owner` until `lease_until`; whoever holds no lease writes nothing to it.
    """

    __tablename__ = "press_job"
    __table_args__ = (
        # Only waiting rows are in the first three: a claim costs the same however long the history is. Each holds one
        # of the classes that leaflets.services.press.turn looks at, in its order.
        _of_waiting("ix_press_job_claim", "urgent_at"),
        _of_waiting("ix_press_job_aged", "urgent_at", "state = 'waiting' AND urgent_at < lost_at"),
        _of_waiting("ix_press_job_lost", "lost_at"),
        Index(
            "ix_press_job_lease",
            "lease_until",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_press_job_subject", "kind", "subject_id"),
        Index("ix_press_job_estimate", "estimate_key", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[int]
    needed_by: Mapped[datetime]
    estimate_key: Mapped[str] = mapped_column(String(120))
    estimate_s: Mapped[float] = mapped_column(Float)
    urgent_at: Mapped[datetime]
    lost_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default=WorkState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    lease_owner: Mapped[str] = mapped_column(String(120), default="")
    lease_until: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(String(40), default="")
    fraction: Mapped[float] = mapped_column(Float, default=0.0)
    reason: Mapped[str] = mapped_column(Text, default="")
    inputs_hash: Mapped[str] = mapped_column(HASH)
    output_hash: Mapped[str | None] = mapped_column(HASH)
    seconds: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
