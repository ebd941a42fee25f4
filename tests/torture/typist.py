"""Somebody who never stops typing: numbered tokens, with real keys, into one zone after another."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from torture.judge import Written, plain

READY_MS = 60_000
FRESH_S = 1.0
"""Keys younger than this may be lost when a tab is closed; none older."""


@dataclass(frozen=True)
class Place:
    """Where a zone is typed into: the field's selector, and the letter that its tokens begin with."""

    zone: str
    letter: str
    field: str


PLACES = (
    Place("headline", "h", "#zone-headline-input"),
    Place("second", "l", "#zone-second-input"),
    Place("story", "s", "#zone-story-input"),
    Place("points", "p", "[id^='zone-points-input-'][id$='-body']"),
)


@dataclass
class Typist:
    """One person at one leaflet. `written` is what their keys have typed into each zone since the beginning."""

    context: BrowserContext
    address: str
    chance: random.Random
    page: Page = field(init=False)
    written: dict[str, Written] = field(init=False)
    at: Place = PLACES[0]
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.written = {place.zone: Written(place.letter) for place in PLACES}
        self.open()

    def open(self) -> None:
        """Open the leaflet in a new tab; a site that does not answer yet is asked again, as people do."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        end = time.monotonic() + READY_MS / 1000
        while True:
            try:
                self.page.goto(self.address, timeout=10_000)
                self.page.locator(PLACES[-1].field).first.wait_for(timeout=5_000)
            except Exception:  # whatever the browser says: there is no page of ours yet
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
            else:
                break
        self.go(self.at)

    def go(self, place: Place) -> None:
        """Put the caret at the end of a zone."""
        self.at = place
        self.page.locator(place.field).first.focus()
        self.page.keyboard.press("Control+End")

    def type_for(self, seconds: float) -> None:
        """Type on for so long, now and then in another zone."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.chance.random() < 0.12:
                self.go(self.chance.choice(PLACES))
            if self.chance.random() < 0.04:
                time.sleep(1.6)  # a pause for thought: the next key begins another step
            self._keys(self.written[self.at.zone].next_token())

    def half_a_token(self) -> None:
        """Stop in the middle of a word."""
        token = self.written[self.at.zone].next_token()
        self._keys(token[: self.chance.randint(1, len(token) - 1)])

    def _keys(self, keys: str) -> None:
        written = self.written[self.at.zone]
        for key in keys:
            self.page.keyboard.type(key, delay=self.chance.choice((0, 4, 12, 25)))
            written.add(key)

    def close_tab(self) -> None:
        """Close it without a word of warning, as a crash does."""
        self.page.close(run_before_unload=False)

    def sees(self, place: Place) -> str:
        """What the field shows."""
        shown = self.page.locator(place.field).first
        value: str = shown.evaluate("field => field.value ?? field.innerText")
        return plain(value)

    def saved(self, seconds: float = 90) -> bool:
        """Wait until the page says that everything is saved; whether it did."""
        try:
            self.page.wait_for_function(
                "() => document.querySelector('#studio-status .save')?.dataset.state === 'saved'",
                timeout=seconds * 1000,
            )
        except Exception:
            return False
        return True
