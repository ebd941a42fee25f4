"""A picture on a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import send_file
from flask.typing import ResponseReturnValue

from leaflets.web import current


@dataclass(frozen=True, slots=True)
class Image:
    """Where it is, and its shape in pixels, so that the page does not jump when it arrives."""

    src: str
    width: int
    height: int
    alt: str = ""


def sides_of(pages: Sequence[Mapping[str, Any]], title: str, address: Callable[[int], str]) -> list[Image]:
    """The stored images of a leaflet's sides, in order; `address` says where side 1, 2, … is served."""
    return [
        Image(address(number), page["width_px"], page["height_px"], f"{title}, side {number} of {len(pages)}")
        for number, page in enumerate(pages, 1)
    ]


def kept_image(blob: str) -> ResponseReturnValue:
    """A WebP image by its hash. It never changes, so a browser keeps it."""
    answer = send_file(current.house().blobs.path(blob), mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
