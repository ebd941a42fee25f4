"""A picture on a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Image:
    """Where it is, and its shape in pixels, so that the page does not jump when it arrives."""

    src: str
    width: int
    height: int
    alt: str = ""
