from __future__ import annotations

import io
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from card import card_job, planted
from PIL import Image, ImageStat

from leaflets.domain.errors import Unavailable
from leaflets.domain.press.printing import Imprint, PressSpec, Purpose, Standard
from leaflets.domain.press.problem import Level, Problem, has_errors
from leaflets.press import html, paper
from leaflets.press.isolate import Limits, run_isolated
from leaflets.press.job import ContentName, PlacedPicture, PressJob
from leaflets.press.run import preload, print_leaflet, proof_pages

NOW = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)><b>bold</b> {{ 7 * 7 }} {% include "x" %} &lt;'


def _picture(path: Path, mode: str = "RGB", size: tuple[int, int] = (709, 945)) -> PlacedPicture:
    Image.new(mode, size, 128 if mode == "L" else tuple([90] * len(mode))).save(path, "JPEG", quality=90)
    return PlacedPicture(path, *size, ppi=300, alt="A plain square")


def _codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_leaflet_is_printed_with_its_sides_and_nothing_to_remark(tmp_path: Path) -> None:
    picture = _picture(tmp_path / "a.jpg", "CMYK")
    printed = print_leaflet(card_job(pictures={"portrait": picture}, job_name="Card 7"), now=NOW)
    assert printed.problems == ()
    assert (printed.pages, printed.copyfit) == (2, ())
    assert printed.seconds > 0
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.docinfo["/Title"]) == "Card 7"
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(printed.pdf))
    for words in ("Quay Street", "Dŵr,", "tŷ, łąka.", "Ward Road crossing", "Plain 4210", "Printed by Tideway Press"):
        assert words in text


@pytest.mark.parametrize("standard", list(Standard))
def test_each_standard_comes_out_without_an_error(tmp_path: Path, standard: Standard) -> None:
    picture = _picture(tmp_path / "a.jpg", "CMYK")
    job = card_job(pictures={"portrait": picture}, spec=PressSpec(standard=standard, marks=True))
    assert not has_errors(print_leaflet(job, now=NOW).problems)


@pytest.mark.parametrize("standard", list(Standard))
def test_the_file_names_the_content_that_was_approved_and_is_the_same_when_made_again(
    tmp_path: Path, standard: Standard
) -> None:
    job = card_job(spec=PressSpec(standard=standard), content=ContentName("5e" * 32, 12))
    first, again = (print_leaflet(job, now=NOW) for _ in range(2))
    assert not has_errors(first.problems)
    assert first.pdf == again.pdf
    assert paper.read(first.pdf).content == ContentName("5e" * 32, 12)
    other = print_leaflet(replace(job, content=ContentName("5e" * 32, 13)), now=NOW)
    assert paper.read(other.pdf).content == ContentName("5e" * 32, 13)
    assert other.pdf != first.pdf


def test_proof_and_print_run_the_same_page_and_differ_in_ink_alone() -> None:
    proof = html.page(card_job(purpose=Purpose.PROOF))
    print_ = html.page(card_job(purpose=Purpose.PRINT))
    assert proof.replace("#1d1d1b", "INK") == print_.replace("device-cmyk(0% 0% 0% 100%)", "INK")


def test_a_proof_is_cut_at_the_trim_and_shows_the_kits_screen_colours(tmp_path: Path) -> None:
    job = card_job(pictures={"portrait": _picture(tmp_path / "a.jpg")})
    proof = proof_pages(job, ppi=144)
    assert proof.problems == ()
    assert len(proof.pages) == 2
    for image in proof.pages:
        assert (image.width_px, image.height_px) == (pytest.approx(839, abs=2), pytest.approx(1190, abs=2))
    front = Image.open(io.BytesIO(proof.pages[0].webp)).convert("RGB")
    logo = front.crop((64, 62, 80, 80))
    assert ImageStat.Stat(logo).mean == pytest.approx([0x00, 0x46, 0x7F], abs=6)
    assert ImageStat.Stat(front.crop((600, 1100, 800, 1180))).mean == pytest.approx([255, 255, 255], abs=2)


def test_a_drawing_takes_the_kits_inks_for_print() -> None:
    printed = print_leaflet(card_job(), now=NOW)
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        operators = [
            tuple(round(float(part), 2) for part in operands)
            for page in pdf.pages
            for stream in (page, *page.resources.get("/XObject", {}).values())
            for operands, operator in pikepdf.parse_content_stream(stream)
            if str(operator) == "k"
        ]
    assert (1.0, 0.6, 0.0, 0.2) in operators
    assert "picture-rgb" not in _codes(printed.problems)


@pytest.mark.parametrize(
    ("zone", "value"),
    [
        ("headline", HOSTILE),
        ("second", HOSTILE),
        ("points", [{"heading": "x", "body": HOSTILE}]),
        ("answer", {"url": "https://example.org/?a=<b>", "label": HOSTILE[:60]}),
        ("result", {"labels": ["<b>a</b>", "b"], "numbers": [1, 2], "source": HOSTILE}),
    ],
)
def test_html_typed_into_a_zone_of_text_is_printed_as_it_was_typed(zone: str, value: Any) -> None:
    page = html.page(card_job(values={zone: value}))
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "<b>" not in page
    assert "49" not in page


def test_html_typed_into_rich_text_keeps_its_words_and_loses_its_scripts() -> None:
    page = html.page(card_job(values={"story": HOSTILE + '<p style="position:fixed" data-zone="headline">x</p>'}))
    story = page.split('data-zone="story">')[1].split("</div>")[0]
    assert story == '<p><strong>bold</strong> {{ 7 * 7 }} {% include "x" %}\u00a0&lt;</p><p>x</p>'


def test_an_imprint_or_a_candidate_with_html_in_the_name_is_escaped() -> None:
    job = card_job(imprint=Imprint("<b>P</b>", "a", "b", "c", "d"))
    assert "&lt;b&gt;P&lt;/b&gt;" in html.page(job)


@pytest.mark.parametrize(
    "value",
    [
        "مرحبا بكم في حينا",
        "a\u202eb\u2066c",
        "👩‍👩‍👧 families",
        "x" * 5000,
        "word " * 3000,
        "word " * 5000,
        "\x00\x1b[31m",
        "\ud800",
    ],
    ids=["right to left", "bidi marks", "emoji", "one long word", "very long", "far too long", "controls", "surrogate"],
)
@pytest.mark.parametrize("zone", ["headline", "story"])
def test_odd_words_are_set_or_reported_and_never_break_the_press(zone: str, value: str) -> None:
    proof = proof_pages(card_job(values={zone: value}), ppi=20)
    assert len(proof.pages) >= 2
    found = {problem.code for problem in proof.problems if problem.level is Level.ERROR}
    assert found & {"glyph-missing", "hidden-character", "far-too-long", "overset"}
    assert "too-long" not in {problem.code for problem in proof.problems}  # the press measures, and does not guess
    assert {problem.zone for problem in proof.problems if problem.level is Level.ERROR} == {zone}


def test_a_value_of_the_wrong_type_leaves_its_zone_empty_and_is_reported() -> None:
    proof = proof_pages(card_job(values={"headline": 7, "points": "x", "answer": [], "result": {"labels": 3}}), ppi=20)
    wrong = {problem.zone: problem.code for problem in proof.problems}
    assert wrong == {"headline": "wrong-type", "points": "wrong-type", "answer": "required", "result": "wrong-type"}


def test_a_picture_that_was_chosen_and_is_not_there_is_an_error_that_names_its_zone() -> None:
    values = {"portrait": {"picture": "0" * 64, "focus": [0.5, 0.5], "alt": "A face"}}
    (problem,) = proof_pages(card_job(values=values), ppi=20).problems
    assert (problem.code, problem.level, problem.zone) == ("picture-missing", Level.ERROR, "portrait")


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff", b"%PDF-1.7", None])
def test_a_picture_that_cannot_be_read_is_an_error_and_the_rest_is_still_set(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "a.jpg"
    if content is not None:
        file.write_bytes(content)
    proof = proof_pages(card_job(pictures={"portrait": PlacedPicture(file, 1, 1, 300, "x")}), ppi=20)
    assert [(problem.code, problem.zone) for problem in proof.problems] == [("picture-unreadable", "portrait")]
    assert len(proof.pages) == 2


def test_a_picture_cut_short_is_unreadable(tmp_path: Path) -> None:
    picture = _picture(tmp_path / "a.jpg")
    picture.path.write_bytes(picture.path.read_bytes()[:-400])
    assert _codes(proof_pages(card_job(pictures={"portrait": picture}), ppi=20).problems) == ["picture-unreadable"]


def test_nothing_is_printed_without_a_whole_imprint_and_a_proof_says_who_is_missing() -> None:
    imprint = Imprint("", "", "Nia Rowlands", "12 Chapel Row", "Tomos Adeyemi")
    printed = print_leaflet(card_job(imprint=imprint), now=NOW)
    assert ("imprint-incomplete", "imprint") in [(problem.code, problem.zone) for problem in printed.problems]
    proof = proof_pages(card_job(imprint=imprint), ppi=20)
    assert proof.problems == ()
    assert "Printer not chosen yet." in html.page(card_job(imprint=imprint))


def test_a_page_too_many_and_a_side_too_few_are_errors(tmp_path: Path) -> None:
    side = '<section class="side"><div class="panel" data-panel="front">x</div></section>'
    more = proof_pages(card_job(planted(tmp_path / "a", html=side * 3)), ppi=20)
    assert "extra-page" in _codes(more.problems)
    fewer = proof_pages(card_job(planted(tmp_path / "b", html=side)), ppi=20)
    assert "missing-page" in _codes(fewer.problems)


def test_a_style_that_the_press_ignores_is_a_remark_for_the_designer(tmp_path: Path) -> None:
    job = card_job(planted(tmp_path, css=".story { text-glow: 3px; margin: blue }"))
    remarks = [problem for problem in proof_pages(job, ppi=20).problems if problem.code == "template-remark"]
    assert len(remarks) == 2
    assert all("card@1.0.0" in problem.message for problem in remarks)


def test_the_sample_is_set_without_one_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    job: PressJob = card_job(pictures={"portrait": _picture(tmp_path / "a.jpg", "CMYK")})
    with caplog.at_level(logging.WARNING):
        print_leaflet(job, now=NOW)
    assert caplog.records == []


def test_a_leaflet_printed_in_a_child_comes_back_whole(tmp_path: Path) -> None:
    preload()
    long = "Buses that come when they say they will, every ten minutes, and into the evening"
    job = card_job(values={"headline": long}, pictures={"portrait": _picture(tmp_path / "a.jpg", "CMYK")})
    printed = run_isolated(print_leaflet, job, now=NOW, limits=Limits())
    assert (printed.pages, _codes(printed.problems)) == (2, ["copyfit"])
    assert printed.copyfit[0].group == "heads"
    assert printed.pdf.startswith(b"%PDF-1.6")


def test_a_disk_that_fills_while_the_print_is_made_is_told(tmp_path: Path) -> None:
    def work() -> None:
        printed = print_leaflet(card_job(), now=NOW)
        with Path("/dev/full").open("wb") as full:
            full.write(printed.pdf)

    with pytest.raises(Unavailable, match="disk is full"):
        run_isolated(work)
