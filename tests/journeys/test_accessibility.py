"""What axe finds on every page, in light and in dark; and that nothing sticks out of a small screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from clockwork import Clockwork, a_thursday
from house import House

from leaflets.domain.permissions import Role
from leaflets.services import feeds, objections, tree

WIDTHS = (320, 768, 1440)


def addresses(house: House, scheme: str) -> list[str]:
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
        *of_time(house, f"Harbour in {scheme}"),
        "/no-such-page",
    ]


def of_time(house: House, seat: str) -> list[str]:
    """The pages of plans: one that cannot make it, one without a plan, and the boards above them."""
    clock = Clockwork(house.scene, (f"parl.{a_thursday(house.scene.now, days_ahead=35)}",), seat)
    leaflet = clock.leaflet()
    unplanned = house.scene.leaflet()
    with clock.sessions() as session:
        by_agent = {"actor": clock.agent, "now": house.scene.now}
        tree.give_post(session, **clock.by, node_id=clock.region.id, person_id=clock.agent.id, role=Role.REGION)
        objections.make(session, **by_agent, leaflet_id=leaflet.id, words="It lands after the postal votes.")
        feeds.new_address(session, **by_agent, campaign_id=clock.campaign.id)
    return [
        f"/leaflets/{leaflet.id}/plan",
        f"/leaflets/{leaflet.id}/order",
        f"/leaflets/{unplanned.id}/plan",
        f"/campaigns/{clock.campaign.id}/timeline",
        f"/boards/{clock.region.id}",
        f"/boards/{clock.region.id}/press",
        f"/boards/{clock.region.id}/elections",
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
    for address in addresses(house, scheme):
        page.goto(address)
        look(address)
    context.close()
    assert {address: problems for address, problems in found.items() if problems} == {}
    assert [text for text in complaints if "404" not in text] == []
