"""Copyfit: the largest sizes, within the template's limits, at which the words of every group fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Template
from leaflets.press.job import Copyfit
from leaflets.press.lines import SetLine
from leaflets.press.overset import TOLERANCE_MM, Overset, oversets
from leaflets.press.typeset import Layout

STEP_PT = 0.5
MOST_STEPS = 16
MOST_LAYOUTS = 6


@dataclass(frozen=True, slots=True)
class Fitted:
    """The layout that was settled on, what still does not fit in it, and which groups were made smaller."""

    layout: Layout
    oversets: tuple[Overset, ...]
    copyfit: tuple[Copyfit, ...]
    layouts: int


@dataclass(slots=True)
class _Search:
    """Sizes of one group from large to small: `fails` is known not to fit, `fits` is the smallest left to use.

    The first size tried is an estimate. If it fits the next is one step larger, else one smaller; then halves.
    """

    sizes_pt: tuple[float, ...]
    fails: int
    fits: int
    estimate: int
    tried: int = 0

    @property
    def is_open(self) -> bool:
        return self.fits - self.fails > 1

    def trial(self) -> int:
        """Which size to try next."""
        self.tried += 1
        if self.tried == 1:
            wanted = self.estimate
        elif self.tried == 2:
            wanted = self.fits - 1 if self.fits == self.estimate else self.fails + 1
        else:
            wanted = (self.fails + self.fits) // 2
        return min(max(wanted, self.fails + 1), self.fits - 1)


def groups_of(template: Template) -> Mapping[str, tuple[str, ...]]:
    """The zone keys of each copyfit group."""
    groups: dict[str, tuple[str, ...]] = {}
    for zone in template.zones:
        if zone.fit:
            groups[zone.fit.group] = (*groups.get(zone.fit.group, ()), zone.key)
    return groups


def smallest_sizes(template: Template) -> Mapping[str, float]:
    """The size in points that each group may go down to."""
    return {zone.fit.group: ladder(zone.fit.from_pt, zone.fit.to_pt)[-1] for zone in template.zones if zone.fit}


def fit(template: Template, lay_out: Callable[[Mapping[str, float]], Layout]) -> Fitted:
    """Lay out as designed; if a group does not fit, search for its size. At most six layouts.

    Groups are searched together. A group whose words do not fit at its smallest size stays at that size, and its
    overset is reported: nothing is clipped. Where six layouts do not settle it, a size is a step too small, never
    too large.
    """
    groups = groups_of(template)
    ladders = {zone.fit.group: ladder(zone.fit.from_pt, zone.fit.to_pt) for zone in template.zones if zone.fit}
    designed = {group: steps[0] for group, steps in ladders.items()}
    made: dict[tuple[float, ...], tuple[Layout, tuple[Overset, ...]]] = {}

    def at(sizes: dict[str, float]) -> tuple[Layout, tuple[Overset, ...]]:
        key = tuple(sizes.values())
        if key not in made:
            layout = lay_out(sizes)
            made[key] = (layout, oversets(layout))
        return made[key]

    layout, found = at(designed)
    searches = {
        group: _Search(ladders[group], 0, len(ladders[group]) - 1, _estimate(layout, found, zones, ladders[group]))
        for group, zones in groups.items()
        if _any_in(found, zones)
    }
    # Groups that settle at different times may meet for the first time in the last layout.
    budget = MOST_LAYOUTS - (len(searches) > 1)
    while len(made) < budget and any(search.is_open for search in searches.values()):
        tried = {group: search.trial() for group, search in searches.items() if search.is_open}
        _, found = at(_sizes(designed, searches, tried))
        for group, index in tried.items():
            if _any_in(found, groups[group]):
                searches[group].fails = index
            else:
                searches[group].fits = index
    layout, found = at(_sizes(designed, searches, {}))
    copyfit = tuple(
        Copyfit(group, groups[group], search.sizes_pt[0], search.sizes_pt[search.fits])
        for group, search in searches.items()
    )
    return Fitted(layout, found, copyfit, len(made))


def _estimate(layout: Layout, found: Iterable[Overset], zones: tuple[str, ...], sizes_pt: tuple[float, ...]) -> int:
    """The index of the largest size at which the zones should fit, by the width of their words and their boxes."""
    index = 0
    for one in found:
        if one.zone not in zones:
            continue
        lines = [line for line in layout.lines if (line.zone, line.page) == (one.zone, one.page)]
        column_mm = max(line.column.right_mm - line.column.left_mm for line in lines)
        line_mm = max(line.box.bottom_mm - line.box.top_mm for line in lines)
        top_mm = max(one.box.top_mm, min(line.box.top_mm for line in lines))
        room_mm = one.box.bottom_mm - top_mm + TOLERANCE_MM
        for at in range(index, len(sizes_pt)):
            scale = sizes_pt[at] / sizes_pt[0]
            count = _wrapped(lines, column_mm / scale)
            if count * line_mm * scale <= room_mm and (column_mm + one.across_mm) * scale <= column_mm:
                break
        index = at
    return index


def _wrapped(lines: Iterable[SetLine], column_mm: float) -> int:
    """How many lines the words would make in a column of that width; a letter counts as wide as its line's average."""
    count, filled_mm = 1, 0.0
    for line in lines:
        letter_mm = (line.box.right_mm - line.box.left_mm) / max(1, len(line.text))
        for word in line.text.split():
            if filled_mm and filled_mm + len(word) * letter_mm > column_mm:
                count, filled_mm = count + 1, 0.0
            filled_mm += (len(word) + 1) * letter_mm
    return count


def ladder(from_pt: float, to_pt: float) -> tuple[float, ...]:
    """The sizes to choose from, large to small: half a point apart, or as many halves as keep them to 17."""
    step = STEP_PT * max(1, math.ceil((from_pt - to_pt) / STEP_PT / MOST_STEPS))
    steps = math.ceil((from_pt - to_pt) / step)
    return tuple(max(to_pt, from_pt - step * number) for number in range(steps + 1))


def _any_in(found: tuple[Overset, ...], zones: tuple[str, ...]) -> bool:
    return any(one.zone in zones for one in found)


def _sizes(before: Mapping[str, float], searches: Mapping[str, _Search], tried: Mapping[str, int]) -> dict[str, float]:
    chosen = {group: search.sizes_pt[tried.get(group, search.fits)] for group, search in searches.items()}
    return {**before, **chosen}


def copyfit_notes(template: Template, copyfit: tuple[Copyfit, ...]) -> Iterator[Problem]:
    """Say what was made smaller."""
    labels = {zone.key: zone.label for zone in template.zones}
    for one in copyfit:
        names = " and ".join(f"“{labels[zone]}”" for zone in one.zones)
        was = "was" if len(one.zones) == 1 else "were"
        yield Problem(
            "copyfit",
            Level.NOTE,
            f"{names} {was} set in {one.set_pt:g} pt instead of {one.from_pt:g} pt so that the words fit.",
            zone=one.zones[0] if len(one.zones) == 1 else None,
        )
