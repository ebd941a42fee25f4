"""Copyfit: the largest sizes, within the template's limits, at which the words of every group fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from leaflets.domain.problem import Level, Problem
from leaflets.domain.template import Template
from leaflets.press.job import Copyfit
from leaflets.press.overset import Overset, oversets
from leaflets.press.typeset import Layout

STEP_PT = 0.5
MOST_STEPS = 16  # 2 ** 4: one layout as designed, four to search, one to confirm


@dataclass(frozen=True, slots=True)
class Fitted:
    """The layout that was settled on, what still does not fit in it, and which groups were made smaller."""

    layout: Layout
    oversets: tuple[Overset, ...]
    copyfit: tuple[Copyfit, ...]
    layouts: int


@dataclass(slots=True)
class _Search:
    """Sizes of one group from large to small: `fails` is known not to fit, `fits` is the smallest left to use."""

    sizes_pt: tuple[float, ...]
    fails: int
    fits: int

    @property
    def is_open(self) -> bool:
        return self.fits - self.fails > 1

    @property
    def middle(self) -> int:
        return (self.fails + self.fits) // 2


def groups_of(template: Template) -> Mapping[str, tuple[str, ...]]:
    """The zone keys of each copyfit group."""
    groups: dict[str, tuple[str, ...]] = {}
    for zone in template.zones:
        if zone.fit:
            groups[zone.fit.group] = (*groups.get(zone.fit.group, ()), zone.key)
    return groups


def fit(template: Template, lay_out: Callable[[Mapping[str, float]], Layout]) -> Fitted:
    """Lay out as designed; if a group does not fit, search for its size. At most six layouts.

    Groups are searched together. A group whose words do not fit at its smallest size stays at that size, and its
    overset is reported: nothing is clipped.
    """
    groups = groups_of(template)
    ladders = {zone.fit.group: ladder(zone.fit.from_pt, zone.fit.to_pt) for zone in template.zones if zone.fit}
    sizes = {group: steps[0] for group, steps in ladders.items()}
    layout = lay_out(sizes)
    found = oversets(layout)
    count = 1
    searches = {
        group: _Search(ladders[group], 0, len(ladders[group]) - 1)
        for group, zones in groups.items()
        if _any_in(found, zones)
    }
    while any(search.is_open for search in searches.values()):
        tried = {group: search.middle for group, search in searches.items() if search.is_open}
        sizes = _sizes(sizes, searches, tried)
        layout = lay_out(sizes)
        found = oversets(layout)
        count += 1
        for group, middle in tried.items():
            if _any_in(found, groups[group]):
                searches[group].fails = middle
            else:
                searches[group].fits = middle
    settled = _sizes(sizes, searches, {})
    if settled != layout.sizes_pt:
        layout = lay_out(settled)
        found = oversets(layout)
        count += 1
    copyfit = tuple(
        Copyfit(group, groups[group], search.sizes_pt[0], search.sizes_pt[search.fits])
        for group, search in searches.items()
    )
    return Fitted(layout, found, copyfit, count)


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
