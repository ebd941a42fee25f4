"""The words of the studio: typed, pasted through the real clipboard, tidied, found, counted, copied out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from barriers import nothing_serious
from clockwork import Clockwork, a_thursday
from house import House
from playwright.sync_api import Page, expect
from polling import until

from leaflets.config import ROOT
from leaflets.services import leaflets as leaflets_service

CLIPBOARD = ROOT / "tests" / "data" / "clipboard"
STORY = "#zone-story-input"
WORDS_MENU = re.compile(r"^\s*Words\s*$")  # and no alert that speaks of words

# Word and its like put HTML on the clipboard as it is; a page's own clipboard.write() would have it cleaned first.
COPY = """([html, text]) => {
    const put = (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (html) event.clipboardData.setData("text/html", html);
        event.clipboardData.setData("text/plain", text);
    };
    document.addEventListener("copy", put, { capture: true, once: true });
    return document.execCommand("copy");
}"""
WRITE = """async ([html, text]) => navigator.clipboard.write([new ClipboardItem({
    "text/html": new Blob([html], { type: "text/html" }),
    "text/plain": new Blob([text], { type: "text/plain" }),
})])"""
DROP = """([html, field]) => {
    const root = document.querySelector(field);
    const last = root.lastElementChild.getBoundingClientRect();
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("text/html", html);
    const where = { clientX: last.right - 4, clientY: last.bottom - 4, bubbles: true, cancelable: true };
    root.dispatchEvent(new DragEvent("drop", { dataTransfer, ...where }));
}"""
IN_LETTERS = "<p>I grew up on <strong>Quay Street</strong> and taught here for <em>nine</em> years. "
BUSES = "<li>Buses every ten minutes</li>"
LIBRARY = "<li>A library open on Saturdays</li>"

# Row: what was copied, and what a leaflet keeps of it.
KEPT = {
    "word.html": "<p><strong>Why I am standing</strong></p>"
    f'{IN_LETTERS}Read <a href="https://example.org/plan">the plan</a>.</p>'
    f"<ul>{BUSES}<li>also on <strong>Sundays</strong></li>{LIBRARY}</ul><p>Then:</p>"
    "<p>1. Mend the sea wall</p><p>2. Light the ferry steps</p>",
    "google-docs.html": f'{IN_LETTERS}<a href="https://example.org/plan">The plan</a></p>'
    f"<ul>{BUSES}<li>also on Sundays</li>{LIBRARY}</ul>",
    "outlook.html": "<p>Dear Ada,</p><p>please use <strong>these words</strong> and "
    '<a href="https://example.org/plan">this page</a>:</p>'
    f"<ul>{BUSES}<li>A library <em>open</em> on Saturdays</li></ul>",
    "web-page.html": "<p><strong>Where to vote</strong></p><p>Polls open at <strong>7am</strong>. Bring "
    '<a href="https://example.org/id">photo <em>ID</em></a> or ask.</p><p>1. The school</p><p>2. The church hall</p>'
    "<ul><li>back door</li></ul><p>3. The club</p><p>Ward Quay</p><p>Seats 2</p>",
    "whatsapp.txt": "<p><strong>Vote on Thursday</strong> at the <em>old</em> school</p>"
    f"<ul>{BUSES}{LIBRARY}</ul><p>2*3*4 is twenty-four, my_file_name stays 🗳️</p>",
    "pdf.txt": "<p>I grew up on Quay Street and taught at the primary school for nine years. The first thing I will do "
    "is to mend the sea wall, because the whole community depends on it and a well-known leak has been left for "
    "years.</p><p>Then I will bring back the bus that used to stop at the ferry steps, every ten minutes from six in "
    "the morning.</p><ul><li>Buses every ten minutes, from six in the morning until ten at night</li>"
    f"{LIBRARY}</ul>",
}
PLANES = "a 🏴󠁧󠁢󠁷󠁬󠁳󠁿 𝔘 𠀀 ŵŷ ḥ ﷺ 🗳️ 👩‍👩‍👧 \U000f0000 \U0010fffd"


@pytest.fixture
def studio(browser: Any, house: House) -> Iterator[Callable[..., Page]]:
    """Opens a new leaflet in the studio; what the console complains of fails the test."""
    contexts, complaints = [], []

    def open_(
        leaflet_id: int = 0,
        *,
        person: str = "Agnes",
        width: int = 1440,
        values: dict[str, Any] | None = None,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=house.address,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            permissions=["clipboard-read", "clipboard-write"],
            **more,
        )
        contexts.append(context)
        leaflet_id = leaflet_id or house.scene.leaflet().id
        for zone, value in (values or {}).items():
            house.scene.save(leaflet_id, house.scene.edit(value, 0, zone=zone))
        page: Page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        house.sign_in(context, person)
        page.goto(f"/leaflets/{leaflet_id}")
        expect(page.get_by_label("Headline", exact=True)).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def copied(page: Page, html: str, text: str, *, by: str = COPY) -> None:
    page.evaluate(by, [html, text])


def paste_over(page: Page, field: str) -> None:
    """Put what was copied in the place of all that a field holds, by keyboard."""
    page.locator(field).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+v")


def holds(page: Page, zone: str, value: Any) -> None:
    """The store has this value of the zone, and the server is told of it."""
    same = """([zone, value]) => {
        const sorted = (_, one) => one?.constructor === Object ? Object.fromEntries(Object.entries(one).sort()) : one;
        const told = (one) => JSON.stringify(one, sorted);
        return told(studio.words.get(zone).value) === told(value);
    }"""
    try:
        until(page, same, [zone, value])
    except AssertionError:
        assert page.evaluate("(zone) => studio.words.get(zone).value", zone) == value
        raise


def saved(page: Page) -> None:
    expect(page.locator("#studio-status")).to_contain_text("Saved")


def test_what_was_copied_elsewhere_keeps_its_words_and_their_style(studio: Callable[..., Page], house: House) -> None:
    page = studio()
    for name, kept in KEPT.items():
        source = (CLIPBOARD / name).read_text(encoding="utf-8")
        copied(page, source if name.endswith(".html") else "", "only words" if name.endswith(".html") else source)
        paste_over(page, STORY)
        holds(page, "story", kept)
    saved(page)
    leaflet_id = int(page.url.rpartition("/")[2])
    assert house.scene.texts(leaflet_id)["story"] == KEPT["pdf.txt"]

    copied(page, "<p>one <b>bold</b> line</p><p>and another</p>", "one bold line\nand another", by=WRITE)
    paste_over(page, STORY)
    holds(page, "story", "<p>one <strong>bold</strong> line</p><p>and another</p>")
    paste_over(page, "#zone-headline-input")
    holds(page, "headline", "one bold line and another")
    page.keyboard.press("Control+z")  # one paste is one step
    holds(page, "headline", "Buses that come when they say")
    page.evaluate(DROP, ["<img src=x onerror=alert(1)><h1>Dropped <i>here</i></h1>", STORY])
    holds(
        page, "story", "<p>one <strong>bold</strong> line</p><p>and another<strong>Dropped <em>here</em></strong></p>"
    )
    page.locator(STORY).click()
    page.keyboard.press("Control+Shift+v")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    assert "and another" in page.evaluate("navigator.clipboard.readText()")


def test_a_paste_that_no_leaflet_holds_changes_nothing_and_every_plane_survives(studio: Callable[..., Page]) -> None:
    page = studio()
    before = page.evaluate("studio.words.get('story').value")
    copied(page, "", "word " * 200_000)
    paste_over(page, STORY)
    expect(page.locator("#zone-story .paste-said")).to_contain_text("About 200,000 words")
    paste_over(page, "#zone-headline-input")
    expect(page.locator("#zone-headline .paste-said")).to_contain_text("nothing was changed here")
    assert page.evaluate("studio.words.get('story').value") == before

    copied(page, "<p>" + "<span style='color:red'>x</span>" * 900_000 + "</p>", "Thirty megabytes of style")
    paste_over(page, STORY)
    holds(page, "story", "<p>Thirty megabytes of style</p>")
    expect(page.locator("#zone-story .paste-said")).to_have_count(0)
    copied(page, "<div>" * 100_000 + "deep", "deep")
    paste_over(page, STORY)
    holds(page, "story", "<p>deep</p>")

    copied(page, "", PLANES + "\u0007\u202e\u200b end")
    paste_over(page, STORY)
    holds(page, "story", f"<p>{PLANES} end</p>")
    paste_over(page, "#zone-headline-input")
    holds(page, "headline", f"{PLANES} end")
    page.evaluate(
        """() => {
            const field = document.querySelector("#zone-headline-input");
            field.value = "half \\ud83d and nul \\0";
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }"""
    )
    holds(page, "headline", "half  and nul ")
    saved(page)


def test_text_with_paragraphs_is_written_by_keyboard_alone(studio: Callable[..., Page]) -> None:
    page = studio()
    page.locator(STORY).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("One ")
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.type("* first")
    page.keyboard.press("Enter")
    page.keyboard.type("second")
    holds(page, "story", "<p>One <strong>bold</strong></p><ul><li>first</li><li>second</li></ul>")
    for _ in range(6):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+k")
    page.keyboard.type("not an address")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Write an address like")).to_be_visible()
    page.get_by_label("Where the link leads").fill("example.org/second")
    page.keyboard.press("Enter")
    holds(
        page,
        "story",
        "<p>One <strong>bold</strong></p><ul><li>first</li>"
        '<li><a href="https://example.org/second">second</a></li></ul>',
    )
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("toolbar", name="Style of Story").get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="List", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    holds(
        page,
        "story",
        '<p>One <strong>bold</strong></p><ul><li>first</li></ul><p><a href="https://example.org/second">second</a></p>',
    )


def test_items_and_bars_are_added_moved_and_taken_out(studio: Callable[..., Page]) -> None:
    page = studio()
    first = {"heading": "Ward Road crossing", "body": "Open since March."}
    points, chart = page.locator("#zone-points"), page.locator("#zone-result")
    points.get_by_role("button", name="Add another item").click()
    page.keyboard.type("Sea wall")
    second = {"heading": "Sea wall", "body": ""}
    holds(page, "points", [first, second])
    page.keyboard.press("Alt+ArrowUp")
    holds(page, "points", [second, first])
    expect(points.get_by_label("Heading item 1")).to_be_focused()
    points.get_by_role("button", name="Down item 1").click()
    holds(page, "points", [first, second])
    points.get_by_role("button", name="Take out item 1").click()
    holds(page, "points", [second])
    page.keyboard.press("Control+z")
    holds(page, "points", [first, second])
    expect(points.get_by_text("2 of up to 3")).to_be_visible()

    for label, number in (("2019", "1,250"), ("2024", "41.5")):
        chart.get_by_role("button", name="Add another bar").click()
        page.keyboard.type(label)
        page.keyboard.press("Tab")
        page.keyboard.type(number)
    holds(page, "result", {"labels": ["2019", "2024"], "numbers": ["1,250", 41.5], "source": ""})
    page.get_by_role("radio", name="Dark").check()
    holds(page, "tone", "dark")


def test_counts_follow_the_keys_and_the_press(studio: Callable[..., Page]) -> None:
    long = " ".join(["constituency"] * 60)
    page = studio(values={"headline": "Buses that come back to Quay Street and stay there for good " * 2})
    room = page.locator("#zone-headline .zone-room")
    expect(room).to_contain_text("instead of 40 so that it fits")
    story = page.locator("#zone-story .zone-room")
    expect(story).to_contain_text("more fit")
    said = story.inner_text()
    spare = int(said.split("about ")[1].split()[0])
    page.locator(STORY).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" two words")
    expect(story).to_contain_text(f"about {spare - 2} more fit")
    page.get_by_label("Headline", exact=True).fill(long)
    expect(room).to_contain_text("too many for the space")
    # The press says the same: it stands in the list, and not twice at the zone.
    expect(page.locator("#zone-headline")).to_contain_class("wants-attention")
    expect(page.locator("#zone-headline .zone-problems")).to_be_empty()


def test_quotes_are_tidied_and_words_found_and_replaced_and_each_zone_is_one_step(studio: Callable[..., Page]) -> None:
    page = studio(values={"headline": "\"Buses\" don't stop -- ever... 9-5, '24 and 0800-123", "second": "'Books'"})
    tidied = "“Buses” don’t stop – ever… 9–5, ’24 and 0800-123"
    page.get_by_role("button", name="Tidy 2 straight quotes and dashes").click()
    holds(page, "second", "‘Books’")
    page.locator("summary", has_text=WORDS_MENU).click()
    page.get_by_role("button", name="Tidy 7 quotes and dashes").click()
    holds(page, "headline", tidied)
    page.get_by_label("Headline", exact=True).focus()
    page.keyboard.press("Control+z")
    holds(page, "headline", "\"Buses\" don't stop -- ever... 9-5, '24 and 0800-123")
    page.keyboard.press("Control+y")
    holds(page, "headline", tidied)

    page.keyboard.press("Control+h")
    panel = page.get_by_role("dialog", name="Find and replace")
    panel.get_by_label("Find", exact=True).fill("BUSES")
    expect(panel.get_by_role("status")).to_have_text("2 places in 2 zones")
    panel.get_by_label("Capitals as typed").check()
    expect(panel.get_by_role("status")).to_have_text("Nowhere in this leaflet.")
    panel.get_by_label("Capitals as typed").uncheck()
    panel.get_by_label("Find", exact=True).fill("quay street")
    panel.get_by_label("Put in its place").fill("Pier Road")
    panel.get_by_role("button", name="… grew up on Quay Street").or_(panel.locator(".find-match")).first.click()
    assert page.evaluate("String(getSelection())") == "Quay Street"
    panel.get_by_role("button", name="Replace", exact=True).click()
    expect(page.locator(f"{STORY} b")).to_have_text("Pier Road")  # in the style of what it replaced
    panel.get_by_label("Whole words only").check()
    panel.get_by_label("Find", exact=True).fill("open")
    expect(panel.get_by_role("status")).to_have_text("2 places in 2 zones")
    panel.get_by_label("Put in its place").fill("shut")
    panel.get_by_role("button", name="Replace all 2").click()
    holds(page, "points", [{"heading": "Ward Road crossing", "body": "shut since March."}])
    expect(page.locator(STORY)).to_contain_text("library shut on Saturdays")
    page.keyboard.press("Escape")
    expect(page.locator("summary", has_text=WORDS_MENU)).to_be_focused()


def test_all_the_words_are_copied_out_and_spelling_follows_the_language(
    studio: Callable[..., Page], house: House
) -> None:
    page = studio()
    page.locator("summary", has_text=WORDS_MENU).click()
    page.get_by_role("button", name="Copy all the words").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    words = page.evaluate("navigator.clipboard.readText()")
    assert "FRONT" in words
    assert "- A library open on Saturdays" in words
    assert "Promoted by Agnes Pier" in words
    copied_html = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            return (await item.getType("text/html")).text();
        }"""
    )
    assert "Quay Street</strong>" in copied_html
    assert page.locator(STORY).get_attribute("lang") == "en-GB"
    page.get_by_label("Written in").select_option(label="Welsh")
    expect(page.locator(STORY)).to_have_attribute("lang", "cy")
    assert page.locator(STORY).evaluate("field => field.spellcheck")
    leaflet_id = int(page.url.rpartition("/")[2])
    page.reload()
    expect(page.locator(STORY)).to_have_attribute("lang", "cy")
    with house.scene.sessions() as session:
        assert leaflets_service.leaflet(session, actor=house.scene.agent, leaflet_id=leaflet_id).language == "cy"


def test_reading_advice_is_one_calm_line_and_knows_its_language(studio: Callable[..., Page]) -> None:
    page = studio()
    advice = page.evaluate(
        """async () => {
            const main = document.querySelector("script[type=module]").src;
            const reading = await import(main.replace("main.js", "guide/reading.js"));
            const plain = "The bus is back. It stops at the school and at the shop. ".repeat(6);
            const hard = "Constituents deserve considerable municipal accountability and transparency. ".repeat(8);
            const long = "We will " + "mend the wall and ".repeat(8) + "rest.";
            return [reading.hint([plain], "en-GB"), reading.hint([hard], "en-GB"), reading.hint([hard], "cy"),
                    reading.hint([long], "cy"),
                    reading.hint(["Dr. Ann paid £3.50 at 10 a.m. to www.example.org."], "en-GB"),
                    ["bus", "library", "school", "mended", "table", "minutes", "the"].map(reading.syllables)];
        }"""
    )
    plain, hard, welsh, long, short, syllables = advice
    assert (plain, welsh, short) == ("", "", "")
    assert hard.startswith("Reads like a text for people of ")
    assert long == ("The sentence that begins “We will mend the” has 35 words. Two short ones are read more easily.")
    assert syllables == [1, 3, 1, 2, 2, 2, 1]


def test_somebody_who_may_only_look_reads_and_copies_and_types_nothing(
    studio: Callable[..., Page], house: House
) -> None:
    election = f"parl.{a_thursday(house.scene.now, days_ahead=35)}"
    leaflet = Clockwork(house.scene, (election,), "Harbour of lookers").leaflet()
    page = studio(leaflet.id, person="Rita")
    before = page.evaluate("JSON.stringify([...studio.words])")
    copied(page, "<p>mine</p>", "mine")
    for field in (STORY, "#zone-headline-input"):
        paste_over(page, field)
        page.keyboard.type("mine")
    page.get_by_role("radio", name="Dark").click(force=True)
    assert page.evaluate("JSON.stringify([...studio.words])") == before
    assert page.locator(".rich-tools, .row-buttons, .tidy").count() == 0
    page.locator("summary", has_text=WORDS_MENU).click()
    assert page.get_by_label("Written in").is_disabled()
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_label("Find", exact=True).fill("buses")
    expect(page.locator(".find-match").first).to_be_visible()
    assert page.get_by_role("button", name="Replace").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1440, "light")])
def test_the_fields_are_reached_on_a_phone_and_axe_finds_nothing_serious(
    studio: Callable[..., Page], width: int, scheme: str
) -> None:
    page = studio(width=width, color_scheme=scheme, has_touch=width < 500, values={"headline": '"x"'})
    page.locator("summary", has_text=WORDS_MENU).click()
    page.get_by_role("button", name="Find and replace").click()
    page.get_by_label("Find", exact=True).fill("a")
    expect(page.locator(".find-match").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    nothing_serious(page, {"include": [["#words"], [".find"], [".menu"]]})
    if width < 500:
        page.keyboard.press("Escape")
        small = page.evaluate(
            """() => [...document.querySelectorAll(".zone-field button, .zone-field textarea")]
                .filter((one) => one.offsetParent && !one.closest("[data-kind=picture]"))
                .filter((one) => one.getBoundingClientRect().height < 43.5)
                .map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert small == []
