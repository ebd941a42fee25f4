"""A picture in its zone, as the form shows it: which part will be printed, and how sharply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from leaflets.domain.picture import Crop, crop_to, placed_ppi, width_needed
from leaflets.domain.template import Zone
from leaflets.storage.picture import Picture, PictureState


@dataclass(frozen=True, slots=True)
class PictureView:
    """What the form knows of a zone's picture. `crop`, `ppi` and the focal point are there once it is ready."""

    picture: Picture
    src: str
    crop: Crop | None = None
    focus_px: tuple[float, float] = (0, 0)
    ppi: int = 0
    width_needed_px: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether there is something to see."""
        return self.picture.state == PictureState.READY

    @property
    def is_coming(self) -> bool:
        """Whether a worker has still to look at it."""
        return self.picture.state == PictureState.RECEIVED

    @property
    def outside(self) -> str:
        """The SVG path of what will be cut off: the whole picture with a hole where the crop is."""
        left, top, right, bottom = self.crop.box if self.crop else (0, 0, 0, 0)
        whole = f"M0 0H{self.picture.width_px}V{self.picture.height_px}H0Z"
        return f"{whole}M{left:.1f} {top:.1f}V{bottom:.1f}H{right:.1f}V{top:.1f}Z"


def proxy_src(picture: Picture) -> str:
    """Where the screen-size picture is."""
    return url_for("pictures.proxy", campaign_id=picture.campaign_id, picture=picture.original_hash)


def view_of(zone: Zone, picture: Picture, value: Any) -> PictureView:
    """The picture of a zone with the focal point that its value holds."""
    src = proxy_src(picture)
    width, height = picture.width_px, picture.height_px
    if picture.state != PictureState.READY or not width or not height or not zone.frame:
        return PictureView(picture, src)
    across, down = _focus(value)
    ppi = int(placed_ppi(width, height, zone.frame))
    return PictureView(
        picture=picture,
        src=src,
        crop=crop_to(width, height, zone.frame, (across, down)),
        focus_px=(across * width, down * height),
        ppi=ppi,
        width_needed_px=width_needed(width, height, zone.frame, zone.min_ppi) if ppi < zone.min_ppi else 0,
    )


def _focus(value: Any) -> tuple[float, float]:
    focus = value.get("focus") if isinstance(value, dict) else None
    if isinstance(focus, list) and len(focus) == 2 and all(isinstance(share, int | float) for share in focus):
        return float(focus[0]), float(focus[1])
    return 0.5, 0.5
