"""A newcomer in a hurry: the shared address, a letter, one request, one click of the agent's, a leaflet."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from barriers import nothing_serious
from house import House, running
from mail_server import Letterbox
from playwright.sync_api import Browser, Page, expect

from leaflets.domain.clock.election import Nation
from leaflets.domain.organisation.tree import Place, Tier
from leaflets.services.organisation import places, seats, tree
from leaflets.storage.people import Organisation

LINK = re.compile(r"http://\S+/sign-in\?code=\S+")
MAIL_S = 60


@pytest.fixture(scope="module")
def box() -> Iterator[Letterbox]:
    with Letterbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, redis_of_houses: Any, box: Letterbox) -> Iterator[House]:
    """A house with a mail server."""
    mail = {"LEAFLETS_SMTP_URL": box.url, "LEAFLETS_MAIL_FROM": "Leaflets <leaflets@example.org>"}
    with running(tmp_path_factory.mktemp("house-to-join"), redis_of_houses.next_database(), settings=mail) as started:
        yield started


@pytest.fixture
def window(browser: Browser, house: House) -> Iterator[Callable[[int], Page]]:
    """A browser of somebody's own, so many pixels wide."""
    opened = []

    def make(width: int) -> Page:
        opened.append(
            browser.new_context(base_url=house.address, viewport={"width": width, "height": 740}, locale="en-GB")
        )
        return opened[-1].new_page()

    yield make
    for context in opened:
        context.close()


def letter_to(box: Letterbox, address: str, saying: str = "") -> str:
    """The newest letter to an address that says so, waited for."""
    end = time.monotonic() + MAIL_S
    while time.monotonic() < end:
        for letter in reversed(box.letters):
            words: str = letter.get_content()
            if address in str(letter["To"]) and saying in words:
                return words
        time.sleep(0.05)
    raise AssertionError(f"No letter came to {address}.")


def grow_many_places(house: House) -> None:
    """So many that nobody chooses among them without a few letters."""
    with house.scene.sessions() as session:
        known: dict[str, Any] = {"actor": "a test", "now": house.scene.now}
        root = tree.find(session, organisation="Plain", place=Place())
        nation = places.add(session, **known, parent_id=root.id, tier=Tier.NATION, nation=Nation.NORTHERN_IRELAND)
        seats.add_missing(session, **known, node_id=nation.id)


def test_a_newcomer_asks_by_the_shared_address_is_refused_and_told_why_then_let_in_and_starts_a_leaflet(
    house: House, box: Letterbox, window: Callable[[int], Page]
) -> None:
    campaign = house.scene.campaign
    with house.scene.sessions() as session:
        join_code = session.get_one(Organisation, campaign.organisation_id).join_code

    grow_many_places(house)
    newcomer = window(360)
    newcomer.goto(f"/join/{join_code}")
    nothing_serious(newcomer)
    newcomer.get_by_label("Your name").fill("Nell New")
    newcomer.get_by_label("Your e-mail address").fill("nell@new.example")
    newcomer.get_by_role("button", name="Mail me the link").click()
    newcomer.get_by_role("heading", name="Look at your mail").wait_for()
    link = LINK.search(letter_to(box, "nell@new.example"))
    assert link is not None
    newcomer.goto(link[0])
    newcomer.get_by_role("button", name="Sign in", exact=True).click()
    newcomer.get_by_role("heading", name="What will you do for Plain?").wait_for()
    nothing_serious(newcomer)

    def ask(role: str) -> None:
        newcomer.get_by_label("Where").fill("ada")
        newcomer.get_by_role("option", name=campaign.name).first.wait_for()
        nothing_serious(newcomer)
        newcomer.keyboard.press("ArrowDown")
        newcomer.keyboard.press("Enter")
        expect(newcomer.get_by_role("option")).to_have_count(0)
        newcomer.get_by_role("radio", name=re.compile(f"^{role}")).check()
        newcomer.get_by_label("Why").fill("I live next door")
        newcomer.get_by_role("button", name="Ask", exact=True).click()
        expect(newcomer.get_by_text("must answer by")).to_contain_text(house.scene.agent.name)

    ask("Designer")

    agent = window(1440)
    agent.goto("/sign-in")
    agent.get_by_role("button", name=house.scene.agent.name).click()
    agent.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("^Access")).click()
    agent.get_by_text("Refuse", exact=False).first.click()
    agent.get_by_label("Why not").fill("We need writers more")
    agent.get_by_role("button", name="Refuse", exact=True).click()
    expect(agent.get_by_text("Nell New is told that you refused, and why.")).to_be_visible()
    expect(agent.get_by_text("Nell New asks to be")).to_have_count(0)  # neither here nor at the head of the page
    letter_to(box, "nell@new.example", "We need writers more")

    newcomer.goto("/access")
    expect(newcomer.get_by_role("blockquote")).to_have_text("We need writers more")
    ask("Helper")
    agent.reload()
    agent.get_by_role("button", name="Give it to Nell New").click()
    expect(agent.get_by_text("and is told.")).to_be_visible()

    newcomer.get_by_role("link", name="Leaflets", exact=True).click()
    newcomer.get_by_role("link", name="Choose a template").first.click()
    newcomer.get_by_role("link", name=re.compile("Card")).first.click()
    newcomer.get_by_role("button", name="Start this leaflet").click()
    expect(newcomer.locator("#zone-headline-input")).to_be_visible()
