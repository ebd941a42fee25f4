"""Times, sizes and numbers as people say them, in British time. The exact time is there for whoever points at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from leaflets.domain.clock.moments import say_day, say_hour
from leaflets.domain.press.problem import Level, Problem
from leaflets.web import current
from leaflets.web.clock.plan_view import STATE_CLASS
from leaflets.web.clock.timeline import spare_words

UK = ZoneInfo("Europe/London")


def clock_time(at: datetime) -> str:
    """`14:02`: a moment that has been, or that a machine forecasts."""
    return at.astimezone(UK).strftime("%H:%M")


def hour(at: datetime) -> str:
    """`5pm`, `5.30pm`, `noon`, `midnight`: a time that people agree on."""
    local = at.astimezone(UK)
    if local.minute == 0 and local.hour in (0, 12):
        return "noon" if local.hour else "midnight"
    minutes = f".{local:%M}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day(at: datetime, now: datetime) -> str:
    """`today`, `yesterday`, `tomorrow`, `Thu 28 Nov`, or with the year when it is another one."""
    local, today = at.astimezone(UK).date(), now.astimezone(UK).date()
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local - today).days)
    if near:
        return near
    return f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if local.year != today.year else "")


def moment(at: datetime, now: datetime) -> str:
    """When something happened: `14:02` today, else `Thu 28 Nov, 14:02`."""
    said = day(at, now)
    return clock_time(at) if said == "today" else f"{said}, {clock_time(at)}"


def say_date(at: datetime) -> str:
    """`Thu 28 Nov`, whatever today is."""
    return say_day(at.astimezone(UK).date())


def whole_day(at: date) -> str:
    """`Thursday 6 May 2027`."""
    return f"{at:%A} {at.day} {at:%B %Y}"


def deadline(at: datetime, now: datetime) -> str:
    """`Thu 28 Nov, 5pm, in 6 days`; `today, 5pm`; `yesterday, 5pm`."""
    days = (at.astimezone(UK).date() - now.astimezone(UK).date()).days
    ahead = f", in {days} days" if days > 1 else ""
    return f"{day(at, now)}, {hour(at)}{ahead}"


def exact(at: datetime) -> str:
    """`Thursday 28 November 2026, 17:00 GMT`."""
    local = at.astimezone(UK)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M %Z}"


def _time_element(at: datetime, words: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), exact(at), words)


def file_size(size_bytes: int) -> str:
    """`340 kB`, `12.4 MB`: decimal units, as phones and computers show them."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    return f"{size_bytes / 1_000_000:.1f} MB".replace(".0 ", " ")


def count_of(number: int, one: str, many: str = "") -> str:
    """`1 leaflet`, `3 leaflets`, `5,000 copies`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """`first` … `tenth`, then `11th`, `21st`: a place in a queue."""
    words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    if 1 <= number <= len(words):
        return words[number - 1]
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def millimetres(length_mm: float) -> str:
    """`99`, `99.5`: no more decimals than there are."""
    return f"{length_mm:g}"


_ORDER_WORDS = {
    "waiting": "in the queue",
    "running": "on the press",
    "done": "ready to download",
    "failed": "stopped",
    "superseded": "replaced by a newer one",
    "held": "held back",
}


def order_words(state: str) -> str:
    """Where an order stands, in a few words."""
    return _ORDER_WORDS.get(state, state)


def stage_words(stage: str) -> str:
    """What the press is doing, as it names it itself."""
    return capitalised(stage) or "Starting"


def capitalised(words: str) -> str:
    """With a capital at the beginning, and the rest as it is."""
    return words[:1].upper() + words[1:]


def without_label(message: str, label: str) -> str:
    """A sentence about a field, for a place where the field's label stands above it already."""
    return capitalised(message.removeprefix(f"{label}: "))


def without_stop(sentence: str) -> str:
    """A sentence for the middle of another one: without the full stop at its end."""
    return sentence.strip().removesuffix(".")


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """What must be put right, then what to look at, then notes; within each as they came."""
    return sorted(problems, key=lambda problem: list(Level).index(problem.level))


def add_filters(app: Flask) -> None:
    """Give the pages these words: `{{ at | moment }}`, `{{ at | deadline }}`, `{{ size | file_size }}`."""
    app.add_template_filter(lambda at: _time_element(at, moment(at, current.now())), "moment")
    app.add_template_filter(lambda at: _time_element(at, deadline(at, current.now())), "deadline")
    app.add_template_filter(lambda at: _time_element(at, clock_time(at)), "clock_time")
    app.add_template_filter(say_date, "day")
    app.add_template_filter(say_day, "day_of")
    app.add_template_filter(say_hour, "hour_of")
    app.add_template_filter(spare_words, "spare")
    app.add_template_filter(STATE_CLASS.get, "state_class")
    for words in (
        exact,
        file_size,
        count_of,
        ordinal,
        millimetres,
        order_words,
        stage_words,
        capitalised,
        without_label,
        without_stop,
        whole_day,
        worst_first,
    ):
        app.add_template_filter(words, words.__name__)
