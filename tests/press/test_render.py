from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import photographs as photo
import pytest
from card import card_job
from PIL import Image, ImageChops

from leaflets.domain.press.printing import PressSpec, Purpose
from leaflets.domain.press.problem import Level
from leaflets.domain.press.proof import Look
from leaflets.press.job import Inputs
from leaflets.press.render import render_order, render_proof

NOW = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
ORIGINAL = "a" * 64
CHOSEN = {"portrait": {"picture": ORIGINAL, "focus": [0.5, 0.5], "alt": "Six colours"}}


def test_a_photo_goes_from_its_master_to_the_page(tmp_path: Path) -> None:
    master = photo.saved(photo.patches((1500, 2000)), tmp_path / "master.jpg")
    proof = render_proof(Inputs(card_job(values=CHOSEN), {ORIGINAL: master}), tmp_path / "cache")
    printed = render_order(
        Inputs(card_job(values=CHOSEN, purpose=Purpose.PRINT), {ORIGINAL: master}), tmp_path / "cache", NOW
    )
    assert [problem for problem in (*proof.problems, *printed.problems) if problem.zone == "portrait"] == []
    kept = set()
    for path in (tmp_path / "cache").iterdir():
        with Image.open(path) as crop:
            kept.add(crop.mode)
    assert kept == {"RGB", "CMYK"}


def test_a_finished_pdf_is_shown_as_it_is_and_cut_at_its_trim_marks_or_no_marks(tmp_path: Path) -> None:
    seen = []
    for marks in (False, True):
        job = replace(card_job(purpose=Purpose.PRINT), spec=PressSpec(marks=marks))
        printed = render_order(Inputs(job), tmp_path / "cache", NOW)
        for image in printed.images:
            assert (image.width_px, image.height_px) == pytest.approx((559.4, 793.7), abs=1)  # A5 at 96 ppi
        assert len(printed.images) == 2
        seen.append([Image.open(io.BytesIO(image.webp)).convert("L").resize((56, 79)) for image in printed.images])
    for plain, marked in zip(*seen, strict=True):
        assert max(ImageChops.difference(plain, marked).tobytes()) < 40


def test_a_file_with_errors_has_no_images_that_look_like_an_order(tmp_path: Path) -> None:
    chosen = Inputs(card_job(values=CHOSEN, purpose=Purpose.PRINT))
    assert render_order(chosen, tmp_path / "cache", NOW).images == ()


def test_a_photo_that_cannot_be_read_is_told_once_with_the_reason(tmp_path: Path) -> None:
    master = photo.saved(photo.patches((1500, 2000)), tmp_path / "master.jpg")
    master.write_bytes(master.read_bytes()[:5000])
    for masters, code in (({ORIGINAL: master}, "picture-unreadable"), ({}, "picture-missing")):
        proof = render_proof(Inputs(card_job(values=CHOSEN), masters), tmp_path / "cache")
        (problem,) = [problem for problem in proof.problems if problem.zone == "portrait"]
        assert (problem.code, problem.level) == (code, Level.ERROR)


def test_each_look_has_its_size_and_a_page_whose_pixels_are_known_is_not_written_again(tmp_path: Path) -> None:
    master = photo.saved(photo.patches((1500, 2000)), tmp_path / "master.jpg")
    inputs, cache = Inputs(card_job(values=CHOSEN), {ORIGINAL: master}), tmp_path / "cache"
    screen = render_proof(inputs, cache)
    sizes = {Look.SCREEN: (839, 1191), Look.SHARP: (1678, 2381), Look.SHEET: (873, 1225)}  # A5, A5, A5 with its bleed
    for look, size in sizes.items():
        pages = render_proof(inputs, cache, look=look).pages
        assert [(page.width_px, page.height_px) for page in pages] == [pytest.approx(size, abs=3)] * 2
    crops = []
    for path in cache.iterdir():
        with Image.open(path) as crop:
            crops.append(crop.width)
    assert sorted(crops) == [pytest.approx(354, abs=2), pytest.approx(680, abs=2)]  # 60 mm at 150 and at 288 ppi
    again = render_proof(inputs, cache, kept={screen.pages[0].pixels: "of before"})
    first, second = again.pages
    assert (first.webp, first.kept, first.pixels) == (b"", "of before", screen.pages[0].pixels)
    assert (second.webp, second.kept) == (screen.pages[1].webp, "")
