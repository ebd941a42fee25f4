"""Nothing that was typed is ever lost, whatever breaks: the line, the site, the sign-in, the device, the clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from barriers import nothing_serious
from house import House
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import delete

from leaflets.domain.permissions import Role
from leaflets.services.roles import grants
from leaflets.services.signing_in import sign_in
from leaflets.storage.grant import Grant

DEFAULT = "Buses that come when they say"
PORTAL = "<!doctype html><title>Wi-Fi</title><h1>Accept our terms</h1>"
JUMP = """() => {
    const Real = Date;
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() - 7.2e6); }
        static now() { return Real.now() - 7.2e6; }
    };
}"""
NO_DATABASE = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });"
FULL = """IDBObjectStore.prototype.put = () => { throw new DOMException("Full", "QuotaExceededError"); };"""

Opened = Callable[..., BrowserContext]


@pytest.fixture
def leaflet(house: House) -> int:
    return house.scene.leaflet().id


def studio(context: BrowserContext, leaflet_id: int) -> Page:
    page = context.new_page()
    page.goto(f"/leaflets/{leaflet_id}")
    headline(page).wait_for()
    return page


def headline(page: Page) -> Locator:
    return page.locator("#zone-headline-input")


def state_of(page: Page) -> Locator:
    return page.locator("#studio-status .save")


def add(page: Page, words: str, zone: str = "headline") -> None:
    page.locator(f"#zone-{zone}-input").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def is_saved(page: Page) -> None:
    expect(state_of(page)).to_have_attribute("data-state", "saved")
    expect(state_of(page)).to_contain_text(re.compile(r"Saved (on .+ )?at \d\d:\d\d"))


def waits(page: Page, why: str) -> None:
    expect(state_of(page)).to_contain_text("On this device, will be sent")
    expect(state_of(page)).to_contain_text(why)


def test_words_wait_on_the_device_while_the_line_is_gone_and_are_sent_when_it_is_back(
    house: House, leaflet: int, context_of: Opened
) -> None:
    context = context_of()
    page = studio(context, leaflet)
    page.evaluate(JUMP)
    add(page, ", every day")
    is_saved(page)
    context.set_offline(True)
    add(page, " from Monday")
    add(page, " near you", "second")
    waits(page, "There is no connection")
    page.get_by_role("button", name="Copy the words").click()
    dialog = page.get_by_role("dialog", name="Words that are not saved yet")
    expect(dialog.get_by_label("Headline", exact=True)).to_have_value(f"{DEFAULT}, every day from Monday")
    expect(dialog.get_by_label("Second headline")).to_have_value("A surgery you can reach near you")
    nothing_serious(page, "dialog")
    dialog.get_by_role("button", name="Close").click()
    warned: list[str] = []
    page.on("dialog", lambda asked: (warned.append(asked.type), asked.dismiss()))
    page.close(run_before_unload=True)
    expect(headline(page)).to_be_visible()
    context.set_offline(False)
    is_saved(page)
    assert warned == ["beforeunload"]
    texts = house.scene.texts(leaflet)
    assert (texts["headline"], texts["second"]) == (
        f"{DEFAULT}, every day from Monday",
        "A surgery you can reach near you",
    )


def instead(status: int, body: str, kind: str) -> Callable[[Route], None]:
    """Answers in the site's place."""
    return lambda route: route.fulfill(status=status, body=body, content_type=kind)


NO_ANSWER_OF_OURS = (
    (500, '{"message": "Broken.", "remedy": "Wait.", "code": "500"}', "application/json", "The site is busy"),
    (502, "<h1>Bad gateway</h1>", "text/html", "This network wants you to sign in"),
    (200, PORTAL, "text/html", "This network wants you to sign in"),
    (200, '{"at": "2026-', "application/json", "There is no connection"),
    (429, '{"message": "Too many.", "remedy": "Wait.", "code": "429"}', "application/json", "The site is busy"),
)


def test_whatever_is_not_our_answer_is_tried_again(house: House, leaflet: int, context_of: Opened) -> None:
    page = studio(context_of(), leaflet)
    is_saved(page)
    for number, (status, body, kind, why) in enumerate(NO_ANSWER_OF_OURS):
        for door in ("edits", "news*"):
            page.route(f"**/leaflets/*/{door}", instead(status, body, kind))
        add(page, f" {number}")
        waits(page, why)
        page.get_by_role("button", name="Try again").click()
        waits(page, why)
        page.unroute_all()
        is_saved(page)
    assert house.scene.texts(leaflet)["headline"] == f"{DEFAULT} 0 1 2 3 4"


def test_an_answer_that_was_lost_stores_nothing_twice(house: House, leaflet: int, context_of: Opened) -> None:
    page = studio(context_of(), leaflet)
    is_saved(page)

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/leaflets/*/edits", swallow, times=2)
    for words in (" one", " two", " three"):
        add(page, words)
    is_saved(page)
    assert house.scene.texts(leaflet)["headline"] == f"{DEFAULT} one two three"
    expect(page.locator(".two-texts")).to_have_count(0)


def test_a_site_that_is_killed_and_a_tab_that_is_closed_lose_no_word(
    house: House, leaflet: int, context_of: Opened
) -> None:
    context = context_of()
    page = studio(context, leaflet)
    add(page, " before")
    is_saved(page)
    house.kill("web")
    try:
        add(page, " while it was away")
        add(page, " Mine", "story")
        waits(page, "There is no connection")
        page.close()
    finally:
        house.start("web")
    again = studio(context, leaflet)
    expect(headline(again)).to_have_value(f"{DEFAULT} before while it was away")
    add(again, " and after")
    is_saved(again)
    texts = house.scene.texts(leaflet)
    assert texts["headline"] == f"{DEFAULT} before while it was away and after"
    assert "Saturdays Mine" in str(texts["story"])
    elsewhere = studio(context_of(), leaflet)
    expect(headline(elsewhere)).to_have_value(f"{DEFAULT} before while it was away and after")


def test_two_people_see_each_other_and_different_zones_merge(house: House, leaflet: int, context_of: Opened) -> None:
    agnes, henry = studio(context_of(), leaflet), studio(context_of("Henry"), leaflet)
    add(henry, " nearby", "second")
    is_saved(henry)
    add(agnes, " today")
    is_saved(agnes)
    expect(agnes.locator("#studio-status .people")).to_have_text("Henry is here too.")
    expect(agnes.locator("#zone-second .zone-people")).to_have_text("Here now: Henry")
    expect(agnes.locator("#zone-second-input")).to_have_value("A surgery you can reach nearby")
    expect(henry.locator("#zone-headline-input")).to_have_value(f"{DEFAULT} today")
    assert agnes.evaluate("document.activeElement.id") == "zone-headline-input"
    expect(agnes.locator(".two-texts")).to_have_count(0)


def test_two_texts_for_one_zone_stand_side_by_side_until_somebody_chooses(
    house: House, leaflet: int, context_of: Opened
) -> None:
    hers, his = context_of(), context_of("Henry", viewport={"width": 360, "height": 780})
    agnes, henry = studio(hers, leaflet), studio(his, leaflet)

    def both(her_words: str, his_words: str) -> None:
        hers.set_offline(True)
        add(agnes, her_words)
        add(henry, his_words)
        is_saved(henry)
        hers.set_offline(False)
        for page in (agnes, henry):
            expect(page.locator(".two-texts")).to_have_count(1)
            expect(page.locator(".one-text-words").last).to_have_text(re.compile(re.escape(her_words) + "$"))

    both(" in Quay ward", " from Monday")
    is_saved(agnes)  # both are safe, whatever is chosen
    assert agnes.locator(".two-texts mark").all_inner_texts() == ["from Monday", "in Quay ward"]
    expect(henry.locator(".one-text-who").last).to_contain_text("Agnes")
    for page in (agnes, henry):
        nothing_serious(page, ".two-texts")
        nothing_serious(page, "#studio-status")
    add(agnes, " and beyond")  # who types on waits with one text
    expect(henry.locator(".one-text-words").last).to_have_text(f"{DEFAULT} in Quay ward and beyond")
    agnes.get_by_role("button", name="Take this one by Henry").click()
    for page in (agnes, henry):
        expect(page.locator(".two-texts")).to_have_count(0)
        expect(headline(page)).to_have_value(f"{DEFAULT} from Monday")
    both(" A", " B")
    henry.get_by_role("button", name="Take this one by Agnes").click()
    for page in (agnes, henry):
        expect(headline(page)).to_have_value(f"{DEFAULT} from Monday A")
    both(" C", " D")
    agnes.get_by_role("button", name="Put both together").click()
    for page in (agnes, henry):
        expect(headline(page)).to_have_value(f"{DEFAULT} from Monday A D {DEFAULT} from Monday A C")


def test_two_tabs_of_one_person_are_told_apart(leaflet: int, context_of: Opened) -> None:
    one_device, another = context_of(), context_of()
    here, there = studio(one_device, leaflet), studio(another, leaflet)
    add(there, " there")
    is_saved(there)
    expect(here.locator("#studio-status .people")).to_have_text("You have this leaflet open in another tab too.")
    expect(headline(here)).to_have_value(f"{DEFAULT} there")
    one_device.set_offline(True)
    add(here, " 1")
    add(there, " 2")
    is_saved(there)
    one_device.set_offline(False)
    expect(here.locator(".one-text-who strong")).to_have_text(["You", "You, in another tab"])


def test_a_sign_in_that_ended_is_renewed_in_place(house: House, leaflet: int, context_of: Opened) -> None:
    context = context_of()
    page = studio(context, leaflet)
    is_saved(page)
    context.clear_cookies()
    add(page, " still")
    panel = page.get_by_role("dialog", name="Your sign-in has ended")
    expect(panel).to_be_visible()
    page.keyboard.type(" typing")  # the keys stay with whoever types
    expect(headline(page)).to_have_value(f"{DEFAULT} still typing")
    nothing_serious(page, "dialog")
    headline(page).evaluate("field => field.setSelectionRange(5, 5)")
    panel.get_by_label("Your sign-in link").fill("https://leaflets.example.org/sign-in?code=" + "x" * 22)
    panel.get_by_role("button", name="Sign in", exact=True).click()
    expect(panel.get_by_role("alert")).to_contain_text(["Your sign-in has ended", "Ask for a new one."])
    with house.scene.sessions() as session:
        code = sign_in.make_code(session, actor="a test", now=house.scene.now, email="agnes@example.org")
    panel.get_by_label("Your sign-in link").fill(code)
    panel.get_by_role("button", name="Sign in", exact=True).click()
    expect(panel).to_have_count(0)
    is_saved(page)
    page.keyboard.type("!")  # where the caret was
    expect(headline(page)).to_have_value("Buses! that come when they say still typing")
    is_saved(page)
    assert house.scene.texts(leaflet)["headline"] == "Buses! that come when they say still typing"


def test_words_of_one_person_are_never_sent_as_another_without_a_yes(
    house: House, leaflet: int, context_of: Opened
) -> None:
    context = context_of()
    page = studio(context, leaflet)
    is_saved(page)
    page.route("**/leaflets/*/**", lambda route: route.abort())  # the words wait before it is known who is here
    add(page, " by Agnes")
    waits(page, "")
    context.clear_cookies()
    other = context.new_page()
    other.goto("/sign-in")
    other.get_by_role("button", name="Henry").click()
    other.get_by_role("heading", name="Your leaflets").wait_for()
    other.close()
    page.unroute("**/leaflets/*/**")
    panel = page.get_by_role("dialog", name="Henry is signed in here now")
    expect(panel).to_contain_text("Nothing of them is sent without a yes")
    nothing_serious(page, "dialog")
    assert house.scene.texts(leaflet)["headline"] == DEFAULT
    panel.get_by_role("button", name="Go on as Henry").click()
    note = page.locator(".strangers")
    expect(note).to_contain_text("Words of Agnes wait on this device.")
    expect(headline(page)).to_have_value(DEFAULT)
    nothing_serious(page, ".strangers")
    note.get_by_role("button", name="Show and copy").click()
    expect(page.get_by_role("dialog").get_by_label("Headline")).to_have_value(f"{DEFAULT} by Agnes")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    note.get_by_role("button", name="Send as Henry").click()
    expect(headline(page)).to_have_value(f"{DEFAULT} by Agnes")
    is_saved(page)
    assert house.scene.texts(leaflet)["headline"] == f"{DEFAULT} by Agnes"


@pytest.mark.parametrize(("before", "why"), [(NO_DATABASE, "This browser keeps nothing"), (FULL, "device is full")])
def test_a_device_that_keeps_nothing_says_so_and_saves_straight_to_the_site(
    house: House, leaflet: int, context_of: Opened, before: str, why: str
) -> None:
    context = context_of(before=before)
    page = studio(context, leaflet)
    add(page, " at once")
    is_saved(page)
    expect(state_of(page)).to_contain_text(why)
    assert house.scene.texts(leaflet)["headline"] == f"{DEFAULT} at once"
    context.set_offline(True)
    add(page, " or not")
    expect(state_of(page)).to_have_attribute("data-state", "not")
    expect(state_of(page)).to_contain_text("Keep this page open, or copy your words.")
    context.set_offline(False)
    is_saved(page)
    assert house.scene.texts(leaflet)["headline"] == f"{DEFAULT} at once or not"


def test_words_that_cannot_be_stored_stay_with_a_reason_and_take_no_others_with_them(
    house: House, leaflet: int, context_of: Opened
) -> None:
    page = studio(context_of(), leaflet)
    is_saved(page)
    page.evaluate("studio.edit('headline', 'x'.repeat(250_000), { step: 'paste' })")
    add(page, " nearby", "second")
    expect(state_of(page)).to_have_attribute("data-state", "not")
    expect(state_of(page)).to_contain_text("far too long for a leaflet")
    page.evaluate("studio.edit('headline', 'Short again', { step: 'cut' })")
    is_saved(page)
    texts = house.scene.texts(leaflet)
    assert (texts["headline"], texts["second"]) == ("Short again", "A surgery you can reach nearby")


@contextmanager
def _without(house: House, held: dict[str, Any]) -> Iterator[None]:
    """Somebody's role is gone, for a while."""
    scene = house.scene
    with scene.sessions() as session:
        session.execute(delete(Grant).filter_by(**held))
        session.commit()
    try:
        yield
    finally:
        with scene.sessions() as session:
            grants.give(session, actor="a test", now=scene.now, **held)


def test_access_that_ended_leaves_the_words_to_be_read_and_copied(house: House, context_of: Opened) -> None:
    scene = house.scene
    leaflet = scene.leaflet().id
    page = studio(context_of("Henry"), leaflet)
    is_saved(page)
    held = {"campaign_id": scene.campaign.id, "person_id": scene.helper.id, "role": Role.HELPER}
    with _without(house, held):
        add(page, "")
        page.keyboard.insert_text(" too late")
        expect(state_of(page)).to_contain_text("Not saved: you may not change this leaflet any more.")
    expect(headline(page)).not_to_be_editable()
    page.get_by_role("button", name="Copy the words").click()
    expect(page.get_by_role("dialog").get_by_label("Headline")).to_have_value(f"{DEFAULT} too late")
    page.close()
    elsewhere = page.context.new_page()
    with _without(house, held):
        answer = elsewhere.goto(f"{house.address}/leaflets/{leaflet}")
        assert answer is not None
        assert answer.status == 404
        words = elsewhere.get_by_label("The words")
        expect(words).to_have_value(f"{DEFAULT} too late")
        nothing_serious(elsewhere, "main")
        elsewhere.goto(house.address)
        expect(elsewhere.get_by_label("The words")).to_have_value(f"{DEFAULT} too late")
