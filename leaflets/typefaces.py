"""The type families that leaflets are set in: the same files on screen and in print. Read from static/fonts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"


@dataclass(frozen=True, slots=True)
class Face:
    """One style of a family: `weight` as in CSS, `style` is normal or italic, `path` is its WOFF2 file."""

    weight: int
    style: str
    path: Path


@dataclass(frozen=True, slots=True)
class Family:
    """A family, by the name that brand kits use; `slug` is its folder."""

    name: str
    slug: str
    faces: tuple[Face, ...]


@cache
def families(root: Path = FONTS) -> Mapping[str, Family]:
    """The families that `root`/fonts.toml lists, by name."""
    table = tomllib.loads((root / "fonts.toml").read_text(encoding="utf-8"))
    return {
        row["name"]: Family(
            row["name"],
            row["slug"],
            tuple(Face(style["weight"], style["style"], root / row["slug"] / style["file"]) for style in row["styles"]),
        )
        for row in table["family"]
    }
