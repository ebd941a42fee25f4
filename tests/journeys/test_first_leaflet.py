"""From sign-in to a PDF that a printer accepts, as people do it: by mouse, by keyboard alone, on a narrow screen."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from house import House
from playwright.sync_api import Page, expect

WHAT_HAS_THE_FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body) return [];
    const label = element.labels?.[0]?.innerText ?? "";
    const named = (element.getAttribute("aria-labelledby") ?? "").split(" ")
        .map((id) => document.getElementById(id)?.innerText ?? "").join(" ");
    return [label, named, element.getAttribute("aria-label") ?? "", element.innerText ?? ""].map((name) => name.trim());
}"""
MANY_TABS = 150


@pytest.fixture
def open_page(browser: Any, house: House) -> Iterator[Callable[[int], Page]]:
    """A fresh window on the site, of any width; closed after the test."""
    opened = []

    def make(width: int) -> Page:
        viewport = {"width": width, "height": 740}
        context = browser.new_context(base_url=house.address, viewport=viewport, locale="en-GB")
        opened.append(context)
        return context.new_page()  # type: ignore[no-any-return]

    yield make
    for context in opened:
        context.close()


def proof_is_shown(page: Page) -> None:
    """The press's own page is on the screen, and it is the newest."""
    expect(page.locator(".paper .ink image").first).to_be_attached(timeout=60_000)
    expect(page.locator("#checklist .next")).not_to_contain_text("The press is looking")


def passes_preflight(pdf: Path) -> None:
    command = Path(sys.executable).with_name("leaflets")
    judged = subprocess.run(
        [command, "preflight", pdf, "--trim", "148x210", "--json"], capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize("width", [1440, 360], ids=["desktop", "phone"])
def test_a_volunteer_gets_from_the_library_to_a_pdf_that_passes_preflight(
    open_page: Callable[[int], Page], tmp_path: Path, width: int
) -> None:
    page = open_page(width)
    page.goto("/sign-in")
    page.get_by_role("button", name="Agnes").click()
    page.get_by_role("navigation").get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Card").click()
    page.get_by_role("button", name="Start this leaflet").click()
    expect(page.get_by_role("heading", name="Card", level=1)).to_be_visible()
    headline = page.locator("#zone-headline-input")
    headline.fill("The bus comes back to Quay Street")
    expect(page.locator("#studio-status")).to_contain_text("Saved")
    proof_is_shown(page)
    page.get_by_role("link", name="Order the PDF").last.click()
    page.get_by_role("radio", name="Press & Sons").check()
    page.get_by_role("button", name="Order the PDF").click()
    page.wait_for_selector("text=Your PDF is ready")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the PDF").click()
    assert re.fullmatch(r"card-(\d+-)?ada-a5-order-\d+\.pdf", coming.value.suggested_filename)
    coming.value.save_as(pdf := tmp_path / "leaflet.pdf")
    passes_preflight(pdf)


@pytest.mark.parametrize("width", [1280, 320])
def test_from_sign_in_to_a_proof_with_the_keyboard_alone(
    open_page: Callable[[int], Page], house: House, width: int
) -> None:
    page = open_page(width)
    page.goto("/sign-in")

    def go_to(words: str) -> None:
        """Press Tab until the thing named so has the focus, and see that it shows it."""
        for _ in range(MANY_TABS):
            page.keyboard.press("Tab")
            if any(name.startswith(words) for name in page.evaluate(WHAT_HAS_THE_FOCUS)):
                shown = page.evaluate(
                    "() => { const style = getComputedStyle(document.activeElement);"
                    " return style.outlineStyle + style.boxShadow; }"
                )
                assert shown != "nonenone", f"{words} shows no focus"
                return
        pytest.fail(f"Tab never reaches {words}")

    go_to("Henry")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your leaflets")).to_be_visible()
    go_to("Make a leaflet in five minutes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A leaflet in five minutes")).to_be_visible()
    go_to("I will")
    page.keyboard.type("open the lido")
    go_to("Web address")
    page.keyboard.type("harbour.example")
    go_to("Make my leaflet")
    page.keyboard.press("Enter")
    page.wait_for_url("**/leaflets/*")
    proof_is_shown(page)
    go_to("Headline")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Typed without a mouse")
    expect(page.locator("#studio-status")).to_contain_text("Saved")
    proof_is_shown(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    number = int(page.url.partition("/leaflets/")[2].partition("#")[0])
    assert house.scene.texts(number)["headline"] == "Typed without a mouse"
    page.keyboard.press("Shift+Tab")
    for _ in range(MANY_TABS):  # and back to what the checklist says is next
        if "I have read every word" in page.evaluate(WHAT_HAS_THE_FOCUS):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#checklist .next")).to_contain_text("ask Agnes to order")
