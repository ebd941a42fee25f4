"""Every template of the library looks as it did when somebody last looked at it and was content."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from leaflets.catalogue import Library, load_library
from leaflets.config import ROOT
from leaflets.domain.press.printing import Purpose
from leaflets.press.render import render_proof
from leaflets.press.sample import sample_inputs

PPI = 60  # enough to see a letter change, and small in the repository
NAMES = sorted(folder.name for folder in (ROOT / "library").iterdir() if folder.name != "kits")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "library")


@pytest.mark.golden
@pytest.mark.parametrize("name", NAMES)
def test_a_template_looks_as_it_did(
    name: str, library: Library, golden: Callable[[str, Image.Image], None], tmp_path: Path
) -> None:
    template = library.template(name)
    for kit in library.kits:
        inputs = sample_inputs(template, kit, Purpose.PROOF)
        pages = render_proof(inputs, tmp_path, ppi=PPI).pages
        assert len(pages) == template.format.sides
        for number, page in enumerate(pages, 1):
            golden(f"{name}-{kit.key}-{number}", Image.open(BytesIO(page.webp)))
