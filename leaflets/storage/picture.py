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
    """One upload. `original_hash` names the bytes as they came, `proxy_hash` a screen-size sRGB picture of them."""

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
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
