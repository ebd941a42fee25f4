"""The timeline as people use it: by keyboard, on a phone, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from clockwork import Clockwork, a_thursday
from house import House
from playwright.sync_api import Page, expect


@pytest.fixture(params=[(1440, "lying"), (360, "upright")], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, house: House) -> Iterator[tuple[Page, str]]:
    """A window without scripts in which the agent is signed in, and which of the two pictures it shows."""
    width, shown = request.param
    size = {"width": width, "height": 800}
    context = browser.new_context(base_url=house.address, viewport=size, java_script_enabled=False)
    opened = context.new_page()
    house.sign_in(context, "Agnes")
    yield opened, shown
    context.close()


@pytest.fixture(scope="module")
def address(house: House) -> str:
    """The plan of a leaflet whose election is half a year off."""
    clock = Clockwork(house.scene, (f"parl.{a_thursday(house.scene.now, days_ahead=180)}",))
    return f"/leaflets/{clock.leaflet().id}/plan"


def test_every_mark_is_reached_by_keyboard_says_what_it_is_and_leads_to_its_date(
    page: tuple[Page, str], address: str
) -> None:
    window, shown = page
    window.goto(address)
    drawn = window.get_by_role("group", name="Card, from")
    expect(drawn).to_have_count(1)  # the other picture is out of sight, and out of hearing
    assert shown in (drawn.get_attribute("class") or "")
    marks = drawn.get_by_role("link")
    assert marks.count() > 15
    marks.first.focus()
    heard = []
    for _ in range(marks.count()):
        heard.append(window.locator(":focus").get_attribute("aria-label") or "")
        window.keyboard.press("Tab")
    assert [label for label in heard if label.startswith("Sent for approval, ")]
    assert [label for label in heard if label.startswith("Polling day, ")]
    assert all(heard)
    mark = drawn.get_by_role("link", name="Sent for approval")
    mark.focus()
    window.keyboard.press("Enter")
    expect(window.locator("tr:target")).to_contain_text("Sent for approval")


def test_without_scripts_the_purpose_is_chosen_a_step_is_done_and_the_plan_counted_again(
    page: tuple[Page, str], address: str
) -> None:
    window, _ = page
    window.goto(address)
    window.get_by_label("It must land").select_option("before polling day")
    window.get_by_role("button", name="Count again").click()
    expect(window.get_by_text("The plan is counted again.")).to_be_visible()
    expect(window.get_by_text("Counted from polling day")).to_be_visible()
    window.get_by_role("button", name=re.compile("^Mark as done.*Approved by the office")).click()
    expect(window.get_by_text("Send the artwork to Royal Mail by").first).to_be_visible()
    window.get_by_role("button", name=re.compile("^Done. Not after all.*Approved by the office")).click()
    expect(window.get_by_text("Send it for approval by").first).to_be_visible()
    window.get_by_label("It must land").select_option("before the postal votes")
    window.get_by_role("button", name="Count again").click()
    expect(window.get_by_text("The first postal votes go out")).to_be_visible()
