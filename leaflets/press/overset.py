"""Judging set lines: words that run out of their box, characters without a glyph, type too small to print."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from fontTools.ttLib import TTFont

from leaflets import typefaces
from leaflets.domain.press.problem import Level, Place, Problem
from leaflets.domain.template import Template
from leaflets.press.lines import Rect, SetLine
from leaflets.press.typeset import Layout

TOLERANCE_MM = 0.2  # half of a hairline rule; a descender's overhang is not overset
OVERLAP_MM = 1.0  # the boxes of tightly leaded lines may touch
SMALLEST_PT = 6.0  # print.md, "weight of type": in one solid ink


@dataclass(frozen=True, slots=True)
class Overset:
    """How far the words of one zone run out of their box, and about how many are too many.

    `down_mm` is measured below the box, `across_mm` beyond the edges of the column (a word wider than its box).
    """

    zone: str
    page: int
    down_mm: float
    across_mm: float
    words: int
    box: Rect


def oversets(layout: Layout) -> tuple[Overset, ...]:
    """Each zone that does not fit, once a page, in reading order.

    The template's own words that stand below a zone's in one box, such as a signature, are pushed out by these: it is
    the zone that is too long.
    """
    found: dict[tuple[int, str], Overset] = {}
    pushing: dict[tuple[int, Rect], str] = {}
    for line in layout.lines:
        zone = line.zone
        if len(line.frames) > 1:  # every word of a panel stands in the panel
            zone = zone or pushing.get((line.page, line.frames[-1]), "")
            pushing[line.page, line.frames[-1]] = zone
        down, across, frame = _out_of(line)
        if down <= TOLERANCE_MM and across <= TOLERANCE_MM:
            continue
        key = (line.page, zone)
        before = found.get(key, Overset(zone, line.page, 0.0, 0.0, 0, frame))
        found[key] = Overset(
            zone,
            line.page,
            max(before.down_mm, down),
            max(before.across_mm, across),
            before.words + (len(line.text.split()) if down > TOLERANCE_MM else 0),
            before.box,
        )
    return tuple(found.values())


def _out_of(line: SetLine) -> tuple[float, float, Rect]:
    """Millimetres below or above the worst of the line's frames, and beyond the sides of its column or panel."""
    if not line.frames:
        return 0.0, 0.0, line.column
    worst = max(line.frames, key=lambda frame: line.box.bottom_mm - frame.bottom_mm)
    down = line.box.bottom_mm - worst.bottom_mm
    panel = line.frames[0]
    highest = max(line.frames, key=lambda frame: frame.top_mm - line.box.top_mm)
    up = highest.top_mm - line.box.top_mm  # words that are set to the foot of their box run out at its head
    if up > down:
        down, worst = up, highest
    across = max(
        max(line.box.right_mm - side.right_mm, side.left_mm - line.box.left_mm) for side in (line.column, panel)
    )
    if across > down:
        worst = line.column
    return down, across, worst


def overset_problems(template: Template, found: Iterable[Overset]) -> Iterator[Problem]:
    """Each overset zone as an error that says how much is too much."""
    labels = {zone.key: zone.label for zone in template.zones}
    for one in found:
        label = labels.get(one.zone, "The template's own words")
        if one.down_mm > TOLERANCE_MM:
            words = "1 word" if one.words == 1 else f"{one.words} words"
            message = f"{label}: {_mm(one.down_mm)} too long: about {words}; shorten it."
        else:
            message = f"{label}: a word is {_mm(one.across_mm)} wider than its column; use a shorter one."
        yield Problem("overset", Level.ERROR, message, one.page, _place(one.box), one.zone or None)


def overlap_problems(template: Template, layout: Layout, found: Iterable[Overset]) -> Iterator[Problem]:
    """Two zones whose words are set over each other, once a pair; those that are overset have been told so."""
    labels = {zone.key: zone.label for zone in template.zones}
    told: set[tuple[str, str]] = set()
    overset = {one.zone for one in found}
    zoned = [line for line in layout.lines if line.zone and line.zone not in overset]
    for index, line in enumerate(zoned):
        for other in zoned[index + 1 :]:
            pair = (line.zone, other.zone)
            if pair[0] == pair[1] or line.page != other.page or pair in told or not _overlap(line.box, other.box):
                continue
            told.add(pair)
            both = " and ".join(labels.get(zone, zone) for zone in pair)
            yield Problem(
                "words-overlap",
                Level.ERROR,
                f"{both} are set over each other; shorten one of them.",
                line.page,
                _place(other.box),
                other.zone,
            )


def _overlap(one: Rect, other: Rect) -> bool:
    return (
        min(one.right_mm, other.right_mm) - max(one.left_mm, other.left_mm) > OVERLAP_MM
        and min(one.bottom_mm, other.bottom_mm) - max(one.top_mm, other.top_mm) > OVERLAP_MM
    )


def lost_problems(template: Template, layout: Layout) -> Iterator[Problem]:
    """Words that were typed and are on no page: nothing is left out in silence."""
    labels = {zone.key: zone.label for zone in template.zones}
    for zone, letters in layout.lost.items():
        yield Problem(
            "words-lost",
            Level.ERROR,
            f"{labels.get(zone, 'The template’s own words')}: {letters} letters do not appear on the page; "
            "shorten the text, and tell the template's designer.",
            zone=zone or None,
        )


def _mm(length_mm: float) -> str:
    return f"{length_mm:.0f} mm" if length_mm >= 1 else f"{length_mm:.1f} mm"


def type_problems(template: Template, layout: Layout) -> Iterator[Problem]:
    """Characters that the kit's fonts do not have, and type below `SMALLEST_PT`, once a zone."""
    labels = {zone.key: zone.label for zone in template.zones}
    missing: dict[str, dict[str, SetLine]] = {}
    small: dict[str, tuple[float, SetLine]] = {}
    for line in layout.lines:
        for family, size_pt, words in line.runs:
            for character in set(words) - characters_of(family):
                if not _is_invisible(character):
                    missing.setdefault(line.zone, {}).setdefault(character, line)
            if size_pt < SMALLEST_PT and size_pt < small.get(line.zone, (SMALLEST_PT, line))[0]:
                small[line.zone] = (size_pt, line)
    for zone, characters in missing.items():
        label = labels.get(zone, "The template's own words")
        shown = ", ".join(f"“{one}” (U+{ord(one):04X})" for one in list(characters)[:5])
        yield Problem(
            "glyph-missing",
            Level.ERROR,
            f"{label}: the fonts have no {shown}; take it out or write it in letters.",
            next(iter(characters.values())).page,
            _place(next(iter(characters.values())).box),
            zone or None,
        )
    for zone, (size_pt, line) in small.items():
        yield Problem(
            "type-too-small",
            Level.ERROR,
            f"{labels.get(zone, 'The template’s own words')}: set in {size_pt:g} pt, and below {SMALLEST_PT:g} pt "
            "print fills in; choose another template or tell its designer.",
            line.page,
            _place(line.box),
            zone or None,
        )


def _place(box: Rect) -> Place:
    return Place(
        round(box.left_mm, 1),
        round(box.top_mm, 1),
        round(box.right_mm - box.left_mm, 1),
        round(box.bottom_mm - box.top_mm, 1),
    )


def _is_invisible(character: str) -> bool:
    """Whether a missing glyph would not be missed: spaces, joiners, soft hyphens, variation selectors."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Cc") or 0xFE00 <= ord(character) <= 0xFE0F


@lru_cache(maxsize=32)
def characters_of(family: str) -> frozenset[str]:
    """The characters that every face of that shipped family has; none for a family that is not shipped."""
    shipped: Mapping[str, typefaces.Family] = typefaces.families()
    if family not in shipped:
        return frozenset()
    sets = []
    for face in shipped[family].faces:
        with TTFont(face.path, lazy=True) as font:
            sets.append(frozenset(map(chr, font.getBestCmap())))
    return frozenset.intersection(*sets)
