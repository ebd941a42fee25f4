"""What keeps somebody out of a page, as axe finds it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def nothing_serious(page: Page, within: Any = None) -> None:
    """Fails with the rules that are broken and where, in the whole page or `within` what axe calls a context."""
    found = Axe().run(page, context=within).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [f"{each['id']}: {node['html'][:160]}" for each in serious for node in each["nodes"]] == []
