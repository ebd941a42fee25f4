from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import photographs as photo
from card import card_job
from PIL import Image

from leaflets.domain.printing import Purpose
from leaflets.domain.problem import Level
from leaflets.press.job import Inputs
from leaflets.press.render import render_print, render_proof

NOW = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
ORIGINAL = "a" * 64
CHOSEN = {"portrait": {"picture": ORIGINAL, "focus": [0.5, 0.5], "alt": "Six colours"}}


def test_a_photo_goes_from_its_master_to_the_page(tmp_path: Path) -> None:
    master = photo.saved(photo.patches((1500, 2000)), tmp_path / "master.jpg")
    proof = render_proof(Inputs(card_job(values=CHOSEN), {ORIGINAL: master}), tmp_path / "cache")
    printed = render_print(
        Inputs(card_job(values=CHOSEN, purpose=Purpose.PRINT), {ORIGINAL: master}), tmp_path / "cache", NOW
    )
    assert [problem for problem in (*proof.problems, *printed.problems) if problem.zone == "portrait"] == []
    kept = set()
    for path in (tmp_path / "cache").iterdir():
        with Image.open(path) as crop:
            kept.add(crop.mode)
    assert kept == {"RGB", "CMYK"}


def test_a_photo_that_cannot_be_read_is_told_once_with_the_reason(tmp_path: Path) -> None:
    master = photo.saved(photo.patches((1500, 2000)), tmp_path / "master.jpg")
    master.write_bytes(master.read_bytes()[:5000])
    for masters, code in (({ORIGINAL: master}, "picture-unreadable"), ({}, "picture-missing")):
        proof = render_proof(Inputs(card_job(values=CHOSEN), masters), tmp_path / "cache")
        (problem,) = [problem for problem in proof.problems if problem.zone == "portrait"]
        assert (problem.code, problem.level) == (code, Level.ERROR)
