from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from house import House, running
from playwright.sync_api import BrowserContext
from scene import photo


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, redis_of_houses: Any) -> Iterator[House]:
    """The whole of Leaflets, started once; each journey begins with a leaflet of its own."""
    with running(tmp_path_factory.mktemp("house"), redis_of_houses.next_database()) as started:
        yield started


@pytest.fixture(scope="session")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait as a camera might give it, sharp enough for its zone."""
    file = tmp_path_factory.mktemp("photos") / "portrait.jpg"
    file.write_bytes(photo(1200, 1600).getvalue())
    return file


@pytest.fixture
def context_of(browser: Any, house: House) -> Iterator[Callable[..., BrowserContext]]:
    """A window of its own in which somebody is signed in; `before` runs in each page before its scripts."""
    opened: list[BrowserContext] = []

    def make(name: str = "Agnes", *, before: str = "", **more: Any) -> BrowserContext:
        context: BrowserContext = browser.new_context(base_url=house.address, locale="en-GB", **more)
        opened.append(context)
        if before:
            context.add_init_script(before)
        house.sign_in(context, name)
        return context

    yield make
    for context in opened:
        context.close()
