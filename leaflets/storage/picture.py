"""The pictures of a campaign."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaflets.storage.base import HASH, Base


class PictureState(StrEnum):
    """How far a picture has come."""

    RECEIVED = "received"  # kept; the worker has not made its screen proxy yet
    READY = "ready"
    REFUSED = "refused"  # `reason` says why, and what to do


class Picture(Base):
    """One upload. `original_hash` names the bytes as they came, `proxy_hash` a screen-size sRGB picture of them.

    `rights` is why the campaign may print it (leaflets.domain.press.picture_rights), `credit` whom to name, `alt` what
    it shows. One that was taken off the shelf (`removed_at`) is kept, but is in no album and in no new print.
    """

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("campaign_id", "original_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    filename: Mapped[str] = mapped_column(String(255))
    original_hash: Mapped[str] = mapped_column(HASH, index=True)
    master_hash: Mapped[str | None] = mapped_column(HASH)
    proxy_hash: Mapped[str | None] = mapped_column(HASH)
    state: Mapped[str] = mapped_column(String(20), default=PictureState.RECEIVED)
    reason: Mapped[str] = mapped_column(Text, default="")
    size_bytes: Mapped[int]
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    credit: Mapped[str] = mapped_column(String(200), default="")
    rights: Mapped[str] = mapped_column(String(20), default="")
    alt: Mapped[str] = mapped_column(String(300), default="")
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]

    @property
    def can_be_placed(self) -> bool:
        """Whether it is fit to use and lies on the shelf."""
        return self.state == PictureState.READY and self.removed_at is None


class Upload(Base):
    """A file on its way, in pieces (tus resumable upload 1.0.0). `picture_hash` names the picture it became."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filename: Mapped[str] = mapped_column(String(255))
    size_bytes: Mapped[int]
    received_bytes: Mapped[int] = mapped_column(default=0)
    picture_hash: Mapped[str | None] = mapped_column(HASH)
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime] = mapped_column(index=True)
