"""Waiting for what a page knows. The site's policy forbids what Playwright's own `wait_for_function` polls with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

EVERY_MS = 50
TRIES = 600


def until(page: Page, expression: str, arg: Any = None, *, nudge: Callable[[], None] | None = None) -> None:
    """Return once the expression holds on the page; fails with it after half a minute. `nudge` is done each 5 s."""
    for turn in range(TRIES):
        if page.evaluate(expression, arg):
            return
        if nudge and turn % 100 == 99:
            nudge()
        page.wait_for_timeout(EVERY_MS)
    raise AssertionError(f"{expression} never held")
