"""A leaflet, every edit ever made to it, its words as they stand, and its revisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.domain.clock.landing import Landing
from leaflets.domain.clock.route import Route
from leaflets.domain.leaflet import Act
from leaflets.storage.base import HASH, Base
from leaflets.storage.election import ElectionRow, leaflet_election
from leaflets.storage.people import Campaign


class Leaflet(Base):
    """A leaflet in the making. The template is named with its version: words outlive a template's changes.

    `landing` (with its day where it is one) and `route` are what its plan is counted from; `elections` are those of
    its campaign that it is for, all when none is named; `printer_id` is the printer chosen last. `language` is that of
    its words where it is not the template's. A variant for one `place` belongs to the leaflet `variant_of_id`: the
    zones that the latter names in `local_zones` are the variant's own, all others are read from it. `op_id` was chosen
    by the device that asked for it, where one did: asked for twice, it is made once.
    """

    __tablename__ = "leaflet"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    template_name: Mapped[str] = mapped_column(String(64))
    template_version: Mapped[str] = mapped_column(String(32))
    kit: Mapped[str] = mapped_column(String(64))
    election_title: Mapped[str] = mapped_column(String(200))
    election_area: Mapped[str] = mapped_column(String(200))
    polling_day: Mapped[str] = mapped_column(String(60))
    candidate: Mapped[str] = mapped_column(String(200))
    landing: Mapped[str] = mapped_column(String(30), default=Landing.BEFORE_POSTAL_VOTES)
    landing_on: Mapped[date | None]
    route: Mapped[str] = mapped_column(String(20), default=Route.HAND_DELIVERY)
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    language: Mapped[str] = mapped_column(String(12), default="")
    variant_of_id: Mapped[int | None] = mapped_column(ForeignKey("leaflet.id"), index=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    local_zones: Mapped[list[Any]] = mapped_column(JSON, default=list)
    op_id: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    main: Mapped[Leaflet | None] = relationship(remote_side="Leaflet.id")
    elections: Mapped[list[ElectionRow]] = relationship(secondary=leaflet_election, order_by=ElectionRow.ref)
    steps_done: Mapped[list[StepDone]] = relationship(order_by="StepDone.at")
    zones: Mapped[list[ZoneText]] = relationship(back_populates="leaflet", order_by="ZoneText.zone")

    @property
    def template_ref(self) -> str:
        """`name@version`."""
        return f"{self.template_name}@{self.template_version}"

    def home_of(self, zone: str) -> Leaflet:
        """The leaflet on which the words of a zone are kept: the main one's, where a variant shares the zone."""
        if self.variant_of_id is None or self.main is None or zone in self.main.local_zones:
            return self
        return self.main

    @property
    def texts(self) -> list[ZoneText]:
        """What its zones hold now, by zone key: of a variant, its own for the local zones and the main one's else."""
        if self.variant_of_id is None or self.main is None:
            return self.zones
        own = [text for text in self.zones if text.zone in self.main.local_zones]
        shared = [text for text in self.main.zones if text.zone not in self.main.local_zones]
        return sorted([*own, *shared], key=lambda text: text.zone)

    @property
    def values(self) -> dict[str, Any]:
        """What its zones hold now, by zone key, as typed."""
        return {text.zone: text.value for text in self.texts}


class StepDone(Base):
    """A step of the plan that somebody has said is done."""

    __tablename__ = "step_done"

    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(30), primary_key=True)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ZoneText(Base):
    """What one zone holds now, and how often it was changed: `version` is 0 for the template's own default.

    `by` put the words there; `written_by` wrote them, where that was somebody else: see `ZoneEdit`.
    """

    __tablename__ = "zone_text"

    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), primary_key=True)
    zone: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=0)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    leaflet: Mapped[Leaflet] = relationship(back_populates="zones")

    @property
    def writer_id(self) -> int:
        """Who wrote its words."""
        return self.written_by or self.by


_KEPT = text("version IS NULL")
_UNDECIDED = text("version IS NULL AND settled_at IS NULL")


class ZoneEdit(Base):
    """One edit as it came, for ever.

    `version` is what the zone reached by it. An edit that met newer words is a conflict: it has no version, its
    words are kept here, and it stays open until somebody chooses (`settled_at`). The words that a zone began with are
    the edit of version 0. `device`, `step`, `act` and `of_step` are as in leaflets.domain.leaflet.Edit. `by` put the
    words there; where they had been written by somebody else (an older version brought back, a zone that each place
    now has for itself, the text chosen of two), that is `written_by`.
    """

    __tablename__ = "zone_edit"
    __table_args__ = (
        UniqueConstraint("leaflet_id", "op_id"),
        Index("ix_zone_edit_history", "leaflet_id", "zone", "id"),
        Index("ix_zone_edit_newest", "leaflet_id", "id"),
        Index("ix_zone_edit_own", "leaflet_id", "by", "id"),
        Index("ix_zone_edit_kept", "leaflet_id", "id", sqlite_where=_KEPT, postgresql_where=_KEPT),
        Index("ix_zone_edit_undecided", "leaflet_id", sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    op_id: Mapped[str] = mapped_column(String(64))
    zone: Mapped[str] = mapped_column(String(64))
    value: Mapped[Any] = mapped_column(JSON)
    base_version: Mapped[int]
    version: Mapped[int | None]
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(40), default="")
    step: Mapped[str] = mapped_column(String(64), default="")
    act: Mapped[str] = mapped_column(String(12), default=Act.TYPED)
    of_step: Mapped[str] = mapped_column(String(64), default="")
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class NamedVersion(Base):
    """A moment of a leaflet that somebody gave a name: its words after the edit `edit_id`."""

    __tablename__ = "named_version"
    __table_args__ = (UniqueConstraint("leaflet_id", "edit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    edit_id: Mapped[int] = mapped_column(ForeignKey("zone_edit.id"))
    name: Mapped[str] = mapped_column(String(120))
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class ProofRead(Base):
    """Somebody has read every word of this content on its proof."""

    __tablename__ = "proof_read"

    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"), primary_key=True)
    content_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class Revision(Base):
    """A leaflet at a moment: immutable, named by the hash of everything that will be seen on paper.

    `content` is what was hashed (see leaflets.domain.leaflet.Content).
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("leaflet_id", "content_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    leaflet_id: Mapped[int] = mapped_column(ForeignKey("leaflet.id"))
    content_hash: Mapped[str] = mapped_column(HASH)
    content: Mapped[dict[str, Any]]
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    leaflet: Mapped[Leaflet] = relationship()
