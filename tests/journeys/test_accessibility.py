"""What axe finds on every page, in light and in dark; and that nothing sticks out of a small screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from house import House

WIDTHS = (320, 768, 1440)


def addresses(house: House) -> list[str]:
    """One address of every page that people see, with something on it."""
    scene = house.scene
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("", 0), scene.edit([{"heading": "x" * 80, "body": ""}], 0, zone="points"))
    scene.save(leaflet.id, scene.edit("Meant to be the headline", 0), by=scene.helper)
    whole = scene.leaflet()
    scene.proof(whole.id)
    order = scene.order(whole.id)
    return [
        "/",
        "/library",
        "/library/card/1.0.0",
        f"/leaflets/{leaflet.id}",
        f"/leaflets/{whole.id}",
        f"/leaflets/{leaflet.id}/order",
        f"/leaflets/{whole.id}/order",
        f"/orders/{order.id}",
        f"/campaigns/{scene.campaign.id}/pictures",
        "/no-such-page",
    ]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_sticks_out(browser: Any, house: House, scheme: str) -> None:
    context = browser.new_context(base_url=house.address, color_scheme=scheme)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def look(address: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                found.setdefault(address, []).append(f"{over} px stick out at {width} px")
        report = Axe().run(page, options={"resultTypes": ["violations"]})
        found.setdefault(address, []).extend(
            f"{violation['id']}: {node['html'][:160]}"
            for violation in report.response["violations"]
            for node in violation["nodes"]
        )

    page.goto("/sign-in")
    look("/sign-in")
    page.get_by_role("button", name="Agnes").click()
    for address in addresses(house):
        page.goto(address)
        look(address)
    context.close()
    assert {address: problems for address, problems in found.items() if problems} == {}
    assert [text for text in complaints if "404" not in text] == []
