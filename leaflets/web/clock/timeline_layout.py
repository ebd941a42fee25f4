"""Where each moment of a timeline stands: across the page on wide screens, down the page on narrow ones.

Pure geometry. Across is in percent of the picture's width, so that type keeps its size while the picture stretches;
everything else is in CSS pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from leaflets.domain.clock.moments import DAY, in_london, say_day
from leaflets.web.clock.timeline import Bar, Moment, Shape, Timeline, Window

FAR_DAYS = 28
"""Empty time before the first step that is still drawn to scale; today stands at the edge when it is further off."""

# Across
LEAST_WIDTH_PX = 640  # the narrowest page that shows the picture lying: labels are set so that they part there
PLOT_PERCENT = 84.0  # the rest is room for the words beside the last lines
CHARACTER_PX = 7.4
FLAG_PX = 38
ROW_PX = 38
SLACK_PX = 34
FOOT_PX = 26
CAPTION_PX = 24

# Down
DAY_PX = 13.0
LABEL_PX = 46.0
TOP_PX = 26.0


@dataclass(frozen=True)
class Axis:
    """From the first to the last day drawn; `share` of a moment runs from 0 to 1 and keeps to the edges."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days are drawn."""
        return (self.last - self.first).days + 1

    def share(self, moment: datetime) -> float:
        """How far along, by London's calendar: a day is a day even when the clocks change."""
        local = in_london(moment)
        day = (local.date() - self.first).days + (local.hour * 60 + local.minute) / 1440
        return min(1.0, max(0.0, day / self.days))

    def holds(self, moment: datetime) -> bool:
        """Whether it is drawn where it truly falls."""
        return self.first <= in_london(moment).date() <= self.last


def axis_of(timeline: Timeline) -> Axis:
    """Today or the first step, whichever comes first but not too far off; up to the last poll or doormat."""
    steps = [bar.moment.at for bar in timeline.bars]
    ends = [flag.at for flag in timeline.flags if flag.shape is Shape.POLL] + [bar.until for bar in timeline.bars]
    first = min(in_london(moment).date() for moment in steps or ends)
    last = max(in_london(moment).date() for moment in ends)
    today = timeline.now.date()
    return Axis(max(min(first, today), first - timedelta(days=FAR_DAYS)) - DAY, max(last, min(today, last + 7 * DAY)))


@dataclass(frozen=True)
class Flag:
    """A line through the picture with two lines of words at its head."""

    moment: Moment
    x: float
    y: float


@dataclass(frozen=True)
class RowMark:
    """A step: its mark at `x`, its bar to `end`, of which `allowance` is where the part for mishaps begins."""

    moment: Moment
    x: float
    end: float
    allowance: float | None
    y: float
    turned: bool


@dataclass(frozen=True)
class Band:
    """The days of a posting, and the row of its caption below the picture."""

    window: Window
    x: float
    width: float
    y: float
    turned: bool


@dataclass(frozen=True)
class Tick:
    """A Monday."""

    x: float
    label: str


@dataclass(frozen=True)
class Across:
    """The picture lying. `plot` and `base` are where its rows begin and end."""

    height: float
    plot: float
    base: float
    flags: tuple[Flag, ...]
    rows: tuple[RowMark, ...]
    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    today: float
    today_is_off: bool
    slack: tuple[float, float] | None


def across(timeline: Timeline) -> Across:
    """Lay the picture out for wide screens."""
    axis = axis_of(timeline)

    def x(moment: datetime) -> float:
        return round(axis.share(moment) * PLOT_PERCENT, 2)

    drawn = [flag for flag in timeline.flags if axis.holds(flag.at)]
    levels = flag_levels([(x(flag.at), max(len(flag.label), len(flag.said))) for flag in drawn])
    plot = FLAG_PX * (max(levels, default=-1) + 1) + SLACK_PX
    flags = tuple(
        Flag(flag, x(flag.at), plot - SLACK_PX - FLAG_PX * (level + 1))
        for flag, level in zip(drawn, levels, strict=True)
    )
    rows = tuple(_rows(timeline.bars, x, plot))
    base = plot + ROW_PX * len(rows)
    windows = [window for window in timeline.windows if axis.holds(window.latest)]
    captions = base + FOOT_PX
    bands = tuple(
        Band(
            window,
            x(window.earliest),
            round(x(window.latest) - x(window.earliest), 2),
            captions + CAPTION_PX * (n + 1),
            _turned(x(window.earliest), window.moment),
        )
        for n, window in enumerate(windows)
    )
    slack = timeline.slack
    return Across(
        height=captions + CAPTION_PX * len(bands) + 10,
        plot=plot,
        base=base,
        flags=flags,
        rows=rows,
        bands=bands,
        ticks=tuple(_mondays(axis)),
        today=x(timeline.now),
        today_is_off=not axis.holds(timeline.now),
        slack=(x(slack.start), x(slack.end)) if slack else None,
    )


def _turned(x: float, moment: Moment) -> bool:
    """Whether the words of a mark have to stand on its left."""
    return x + (len(f"{moment.label} {moment.said}") + 3) * CHARACTER_PX / LEAST_WIDTH_PX * 100 > 100


def flag_levels(flags: Sequence[tuple[float, int]]) -> list[int]:
    """At which height each flag flies: above every flag whose line its own words would cross.

    A flag is its place in percent and the length of its words in characters; 0 is the lowest. Places ascend.
    """
    levels: list[int] = []
    for x, characters in reversed(flags):
        end = x + (characters * CHARACTER_PX + 14) / LEAST_WIDTH_PX * 100
        right = zip((place for place, _ in flags[len(flags) - len(levels) :]), reversed(levels), strict=True)
        levels.append(max((level + 1 for place, level in right if place < end), default=0))
    return levels[::-1]


def _rows(bars: Sequence[Bar], x: Callable[[datetime], float], plot: float) -> Iterator[RowMark]:
    """A row below the other, falling to the right; once words had to turn to the left, those below stay there."""
    turned = False
    for number, bar in enumerate(bars):
        start = x(bar.moment.at)
        turned = turned or _turned(start, bar.moment)
        allowance = x(bar.allowance_from) if bar.allowance_from else None
        yield RowMark(bar.moment, start, x(bar.until), allowance, plot + ROW_PX * number, turned)


def _mondays(axis: Axis) -> list[Tick]:
    """Each Monday, or every other where there are many."""
    monday = axis.first + timedelta(days=-axis.first.weekday() % 7)
    monday += timedelta(days=7 if (monday - axis.first).days < 2 else 0)  # its words would hang over the edge
    every = 7 * (1 + axis.days // 80)
    days = [monday + timedelta(days=every * n) for n in range(axis.days // every + 1)]
    return [
        Tick(round((day - axis.first).days / axis.days * PLOT_PERCENT, 2), say_day(day)[4:])
        for day in days
        if day <= axis.last
    ]


@dataclass(frozen=True)
class Label:
    """A moment on the rail: where it truly falls, and where its words stand."""

    moment: Moment
    y: float
    words_y: float


@dataclass(frozen=True)
class Down:
    """The picture standing: a rail down the page, true to scale, with words beside it."""

    height: float
    labels: tuple[Label, ...]
    bands: tuple[tuple[float, float], ...]
    today: float
    today_words: float
    slack: tuple[float, float] | None
    first: float
    last: float


def down(timeline: Timeline) -> Down:
    """Lay the picture out for narrow screens."""
    axis = axis_of(timeline)
    shown = [bar.moment for bar in timeline.bars]
    shown += [flag for flag in timeline.flags if axis.holds(flag.at)]
    shown += [window.moment for window in timeline.windows if axis.holds(window.latest)]
    shown.sort(key=lambda moment: moment.at)
    ahead = sum(1 for moment in shown if moment.at <= timeline.now)
    length = max(axis.days * DAY_PX, (len(shown) + 1) * LABEL_PX)

    def y(moment: datetime) -> float:
        return round(TOP_PX + axis.share(moment) * length, 1)

    wanted = [y(moment.at) for moment in shown]
    wanted.insert(ahead, y(timeline.now))
    places = spread(wanted, LABEL_PX)
    today_words = places.pop(ahead)
    slack = timeline.slack
    return Down(
        height=max(*places, today_words, TOP_PX + length) + LABEL_PX,
        labels=tuple(Label(moment, y(moment.at), place) for moment, place in zip(shown, places, strict=True)),
        bands=tuple(
            (y(window.earliest), y(window.latest))
            for window in timeline.windows
            if window.first and axis.holds(window.latest)
        ),
        today=y(timeline.now),
        today_words=today_words,
        slack=(y(slack.start), y(slack.end)) if slack else None,
        first=TOP_PX,
        last=TOP_PX + length,
    )


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Places at least `gap` apart, in the same order, as near to those wanted as pushing neighbours apart allows."""
    groups: list[list[float]] = []  # each: [start, count, sum of what its members want minus their own offset]
    for place in wanted:
        groups.append([place, 1, place])
        while len(groups) > 1 and groups[-2][0] + groups[-2][1] * gap > groups[-1][0]:
            _, count, total = groups.pop()
            before = groups[-1]
            total += before[2] - count * before[1] * gap
            count += before[1]
            groups[-1] = [max(total / count, TOP_PX), count, total]
    return [round(start + gap * n, 1) for start, count, _ in groups for n in range(int(count))]
