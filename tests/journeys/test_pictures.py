"""Pictures in the studio, on the real stack: how they come, what a bad line does to them, their crop, and the shelf."""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from barriers import nothing_serious
from house import House
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from polling import until
from scene import photo

from leaflets.domain.press.picture import MOST_ZOOM, crop_to, placed_ppi, sharpness
from leaflets.domain.template import Frame
from leaflets.services.picture import shelf
from leaflets.storage.picture import Picture, Upload

HEIC = Path(__file__).parents[1] / "data" / "pictures" / "phone.heic"


@pytest.fixture
def desk(browser: Any, house: House) -> Iterator[Callable[[], Page]]:
    """Opens a new leaflet of the scene's campaign in a browser of its own, in which the agent is signed in."""
    contexts: list[BrowserContext] = []

    def sit_down() -> Page:
        context = browser.new_context(
            base_url=house.address,
            viewport={"width": 1440, "height": 900},
            locale="en-GB",
            permissions=["clipboard-read", "clipboard-write"],
        )
        house.sign_in(context, "Agnes")
        contexts.append(context)
        return open_leaflet(context.new_page(), house.scene.leaflet().id)

    yield sit_down
    for context in contexts:
        context.close()


def open_leaflet(page: Page, leaflet_id: int) -> Page:
    page.goto(f"/leaflets/{leaflet_id}")
    page.wait_for_selector("#zone-portrait .picture-field")
    return page


def portrait(page: Page) -> Locator:
    return page.locator("#zone-portrait")


def value(page: Page) -> dict[str, Any] | None:
    found: dict[str, Any] | None = page.evaluate("studio.words.get('portrait').value")
    return found


def is_placed(page: Page) -> dict[str, Any]:
    expect(portrait(page).get_by_role("button", name="Crop")).to_be_visible()
    placed = value(page)
    assert placed is not None
    return placed


def drop(page: Page, selector: str, *files: tuple[str, bytes]) -> None:
    """Files let go over an element, as a desktop does it."""
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, content] of files) {
                const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
                transfer.items.add(new File([bytes], name, { type: name.endsWith("jpg") ? "image/jpeg" : "" }));
            }
            return transfer;
        }""",
        [[name, base64.b64encode(content).decode()] for name, content in files],
    )
    for event in ("dragover", "drop"):
        page.locator(selector).first.dispatch_event(event, {"dataTransfer": transfer})


def grainy(seed: int) -> bytes:
    """A photograph of several megabytes, each one different."""
    file = io.BytesIO()
    grain = Image.frombytes("L", (2400, 2200), random.Random(seed).randbytes(2400 * 2200))
    grain.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


def test_a_photo_comes_by_drop_paste_and_file_and_says_how_sharp_it_prints(desk: Callable[[], Page]) -> None:
    page = desk()
    drop(page, "#zone-portrait .picture-frame", ("Ada on the quay.jpg", photo(1200, 1600).getvalue()))
    dropped = is_placed(page)
    expect(portrait(page).get_by_text("Good for print")).to_be_visible()
    assert (dropped["focus"], dropped["zoom"]) == ([0.5, 0.5], 1)
    page.wait_for_selector('#stage [data-zone="portrait"]')  # its place on the leaflet takes files too
    drop(page, '#stage [data-zone="portrait"]', ("small.jpg", photo(440, 560).getvalue()))
    expect(portrait(page).get_by_text("Will look soft: 178 ppi")).to_be_visible()

    # From the real clipboard, as a screenshot or a picture of a web page would come.
    page.evaluate(
        """async () => {
            const canvas = new OffscreenCanvas(300, 400);
            canvas.getContext("2d").fillRect(40, 40, 90, 200);
            const blob = await canvas.convertToBlob({ type: "image/png" });
            await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }"""
    )
    portrait(page).get_by_role("button", name="From the shelf").focus()
    page.keyboard.press("Control+V")
    expect(portrait(page).get_by_text("Too small (127 ppi): choose another")).to_be_visible()

    portrait(page).locator("input[type=file]").set_input_files(HEIC)  # a telephone's own format
    expect(portrait(page).get_by_role("link", name="phone.heic")).to_be_visible()
    portrait(page).get_by_label("What it shows").fill("Four colours")
    assert is_placed(page)["alt"] == "Four colours"
    expect(page.locator("#studio-status")).to_contain_text("Saved")

    # Several at once, and one dropped beside every place, are for the shelf.
    two = [(f"{name}.jpg", photo(700 + at, 900).getvalue()) for at, name in enumerate(("library", "station"))]
    drop(page, "#zone-portrait .picture-frame", *two)
    drop(page, "#zone-headline", ("market.jpg", photo(640, 480).getvalue()))
    for name in ("library.jpg", "station.jpg", "market.jpg"):
        expect(page.locator(".arrivals li", has_text=name)).to_contain_text("is on the shelf.")
    expect(portrait(page).get_by_role("link", name="phone.heic")).to_be_visible()


def test_what_is_no_photo_is_refused_in_words_and_the_picture_before_it_stays(desk: Callable[[], Page]) -> None:
    page = desk()
    drop(page, "#zone-portrait .picture-frame", ("Ada.jpg", photo(1200, 1600).getvalue()))
    before = is_placed(page)
    said = portrait(page).locator(".arrival.refused")
    for name, content, words in (
        ("letter.jpg", b"%PDF-1.7" + bytes(9000), "This is a PDF, not a photo, although its name ends in .jpg."),
        ("cut.jpg", photo(1300, 1600).getvalue()[:-900], "part of the file is missing"),
        ("empty.jpg", b"", "it holds 0 bytes"),
    ):
        drop(page, "#zone-portrait .picture-frame", (name, content))
        expect(said).to_contain_text(words)
    page.evaluate(
        """() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(61e6)], "huge.jpg", { type: "image/jpeg" }));
            const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
            document.querySelector("#zone-portrait .picture-frame").dispatchEvent(drop);
        }"""
    )
    expect(said).to_contain_text("huge.jpg is 61 MB, and 60 MB is the most we take")
    said.get_by_role("button", name="Understood").click()
    expect(said).to_have_count(0)
    assert value(page) == before


def test_an_upload_cut_in_the_middle_goes_on_where_it_stopped_after_the_tab_was_closed(
    desk: Callable[[], Page], house: House
) -> None:
    page, content = desk(), grainy(1)
    leaflet_id = int(page.url.rpartition("/")[2])
    sent: list[int] = []

    def line(route: Any) -> None:
        if route.request.method == "PATCH" and len(sent) == 1:
            route.abort("connectionreset")
        else:
            if route.request.method == "PATCH":
                sent.append(int(route.request.headers["upload-offset"]))
            route.continue_()

    page.context.route("**/uploads/*", line)
    drop(page, "#zone-portrait .picture-frame", ("long.jpg", content))
    expect(portrait(page).locator(".arrival.line")).to_contain_text("waits for the line, and goes on by itself")
    with house.scene.sessions() as session:
        (half,) = session.query(Upload).filter_by(filename="long.jpg")
        assert 0 < half.received_bytes < len(content)
        upload_id, there = half.id, half.received_bytes
    context = page.context
    page.close()
    context.unroute("**/uploads/*")
    context.on(
        "request",
        lambda request: request.method == "PATCH" and sent.append(int(request.headers["upload-offset"])),
    )
    page = open_leaflet(context.new_page(), leaflet_id)
    expect(portrait(page).get_by_role("link", name="long.jpg")).to_be_visible()
    assert is_placed(page)["picture"]
    assert sent[:2] == [0, there]  # not a byte was sent twice
    assert sent == sorted(set(sent))
    with house.scene.sessions() as session:
        assert session.get_one(Upload, upload_id).received_bytes == len(content)


def test_a_photo_chosen_offline_is_kept_and_sent_when_the_line_is_back(desk: Callable[[], Page]) -> None:
    page = desk()
    page.context.set_offline(True)
    drop(page, "#zone-portrait .picture-frame", ("ferry.jpg", photo(1210, 1600).getvalue()))
    expect(portrait(page).locator(".arrival.line")).to_contain_text("It is kept on this device.")
    assert value(page) is None
    page.context.set_offline(False)
    expect(portrait(page).get_by_role("link", name="ferry.jpg")).to_be_visible()
    # In a second tab nothing is sent again, and both show the same picture.
    other = open_leaflet(page.context.new_page(), int(page.url.rpartition("/")[2]))
    expect(portrait(other).get_by_role("link", name="ferry.jpg")).to_be_visible()
    expect(other.locator(".arrival")).to_have_count(0)


def test_a_photo_on_its_way_is_not_put_over_what_somebody_else_chose_meanwhile(
    desk: Callable[[], Page], house: House
) -> None:
    page = desk()
    leaflet_id = int(page.url.rpartition("/")[2])
    drop(page, "#zone-headline", ("theirs.jpg", photo(1240, 1600).getvalue()))
    expect(page.locator(".arrivals li", has_text="theirs.jpg")).to_contain_text("is on the shelf.")
    page.context.route("**/uploads*", lambda route: route.abort())
    drop(page, "#zone-portrait .picture-frame", ("mine.jpg", photo(1250, 1600).getvalue()))
    expect(portrait(page).locator(".arrival.line")).to_contain_text("mine.jpg")
    with house.scene.sessions() as session:
        theirs = session.query(Picture).filter_by(filename="theirs.jpg").one().original_hash
    chosen = {"picture": theirs, "focus": [0.5, 0.5], "zoom": 1, "alt": "Theirs"}
    house.scene.save(leaflet_id, house.scene.edit(chosen, 0, zone="portrait"), by=house.scene.helper)
    expect(portrait(page).get_by_role("link", name="theirs.jpg")).to_be_visible()
    page.context.unroute("**/uploads*")
    expect(portrait(page)).to_contain_text("is on the shelf. Somebody put another picture here meanwhile.")
    assert value(page) == chosen
    portrait(page).get_by_role("button", name="Use it here").click()
    expect(portrait(page).get_by_role("link", name="mine.jpg")).to_be_visible()
    expect(portrait(page).locator(".arrival")).to_have_count(0)


def test_the_crop_is_made_by_keyboard_alone_and_follows_the_press_s_own_rule(desk: Callable[[], Page]) -> None:
    page = desk()
    drop(page, "#zone-portrait .picture-frame", ("wide.jpg", photo(1600, 900).getvalue()))
    is_placed(page)
    expect(portrait(page).get_by_text("Good for print")).to_be_visible()
    portrait(page).get_by_role("button", name="Crop").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="What is printed in “Portrait”")).to_be_visible()
    nothing_serious(page)
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("slider", name="Closer")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("Too small (114 ppi): show more of it, or choose another")).to_be_visible()
    dialog.get_by_role("button", name="Use this crop").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    until(page, "studio.words.get('portrait').value.zoom > 1")  # the dialog is gone before its answer is heard
    cropped = is_placed(page)
    assert cropped["zoom"] == pytest.approx(2.5)
    across, down = cropped["focus"]
    assert across < 0.5  # as far left as it went before it was enlarged
    assert down == pytest.approx(0.5)
    expect(portrait(page).get_by_text("Too small (114 ppi)")).to_be_visible()

    numbers = random.Random(4)
    cases = [
        {
            "picture": {"width_px": numbers.randint(200, 9000), "height_px": numbers.randint(200, 9000)},
            "frame": {"width_mm": numbers.uniform(10, 300), "height_mm": numbers.uniform(10, 300)},
            "focus": [numbers.uniform(-0.2, 1.2), numbers.uniform(-0.2, 1.2)],
            "zoom": numbers.uniform(0.5, MOST_ZOOM + 2),
            "min_ppi": numbers.choice((150, 200, 300)),
        }
        for _ in range(200)
    ]
    by_script = """async (cases) => {
        const main = document.querySelector('script[src*="/studio/main.js"]').src;
        const { cropTo, placedPpi, sharpness } = await import(new URL("pictures/framing.js", main));
        return cases.map(({ picture, frame, focus, zoom, min_ppi }) => {
            const crop = cropTo(picture, frame, focus, zoom);
            const ppi = placedPpi(picture, frame, zoom);
            return [crop.left, crop.top, crop.left + crop.width, crop.top + crop.height, ppi, sharpness(ppi, min_ppi)];
        });
    }"""
    for case, (*numbers_found, words) in zip(cases, page.evaluate(by_script, cases), strict=True):
        frame, size = Frame(**case["frame"]), (case["picture"]["width_px"], case["picture"]["height_px"])
        crop = crop_to(*size, frame, (case["focus"][0], case["focus"][1]), case["zoom"])
        ppi = placed_ppi(*size, frame, case["zoom"])
        assert numbers_found == pytest.approx([*crop.box, ppi], abs=1e-6)
        assert words == sharpness(ppi, case["min_ppi"])


def test_the_shelf_describes_replaces_takes_off_and_puts_back(desk: Callable[[], Page], house: House) -> None:
    page = desk()
    first = int(page.url.rpartition("/")[2])
    drop(page, "#zone-portrait .picture-frame", ("old portrait.jpg", photo(1220, 1600).getvalue()))
    old = is_placed(page)["picture"]
    expect(page.locator("#studio-status")).to_contain_text("Saved")
    drop(page, "#zone-headline", ("new portrait.jpg", photo(1230, 1600).getvalue()))
    expect(page.locator(".arrivals li", has_text="new portrait.jpg")).to_contain_text("is on the shelf.")
    second = house.scene.leaflet().id
    open_leaflet(page, second)
    portrait(page).get_by_role("button", name="From the shelf").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="old portrait.jpg")).to_be_visible()
    nothing_serious(page)
    page.get_by_role("dialog").get_by_role("button", name="old portrait.jpg").click()
    assert is_placed(page)["picture"] == old
    expect(page.locator("#studio-status")).to_contain_text("Saved")

    portrait(page).get_by_role("link", name="old portrait.jpg").click()
    page.get_by_label("What it shows").fill("Ada Quay, two years ago")
    page.get_by_label("The photographer allows it").check()
    page.get_by_label("Credit").fill("Jo Lens")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_role("status").filter(has_text="Kept.")).to_be_visible()
    expect(page.get_by_label("Credit")).to_have_value("Jo Lens")
    page.get_by_label("new portrait.jpg").check()
    page.get_by_role("button", name="Replace it everywhere").click()
    expect(page.get_by_role("status").first).to_contain_text("Replaced in 2 places of 2 leaflets.")
    for leaflet_id in (first, second):
        placed = house.scene.texts(leaflet_id)["portrait"]
        assert isinstance(placed, dict)
        assert placed["picture"] != old

    # Somebody takes it off the shelf while it is placed and on the screen.
    open_leaflet(page, first)
    is_placed(page)
    with house.scene.sessions() as session:
        new = session.query(Picture).filter_by(filename="new portrait.jpg").one().original_hash
        shelf.take_off(
            session,
            actor=house.scene.helper,
            now=house.scene.now,
            campaign_id=house.scene.campaign.id,
            original_hash=new,
        )
    expect(portrait(page)).to_contain_text("Henry took this picture off the shelf.")
    portrait(page).get_by_role("link", name="new portrait.jpg").click()
    expect(page.get_by_text("This picture was taken off the shelf by Henry")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_role("status").filter(has_text="is back on the shelf.")).to_be_visible()
    open_leaflet(page, first)
    expect(portrait(page).get_by_text("Good for print")).to_be_visible()
    assert "off the shelf" not in portrait(page).inner_text()
