"""Waiting for what a page knows. The site's policy forbids what Playwright's own `wait_for_function` polls with."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

EVERY_MS = 50
TRIES = 1200


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Return once the expression holds on the page; fails with it after a minute."""
    for _ in range(TRIES):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(EVERY_MS)
    raise AssertionError(f"{expression} never held")
