"""The card of tests/data/library, as a press job: one zone of every kind, on two sides of A5."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from leaflets.catalogue import load_library
from leaflets.domain.press.printing import Purpose
from leaflets.domain.template import Template
from leaflets.press.job import PressJob

LIBRARY = Path(__file__).parent / "data" / "library"


def copied_library(folder: Path) -> Path:
    """The library, in a folder where a test may plant a fault."""
    return Path(shutil.copytree(LIBRARY, folder / "library"))


def planted(folder: Path, **sources: str) -> Template:
    """The card with template.html (`html`) or style.css (`css`, added at its end) of the test's own, unchecked."""
    template = load_library(LIBRARY).template("card")
    copy = Path(shutil.copytree(template.folder, folder / "card"))
    if "html" in sources:
        (copy / "template.html").write_text(sources["html"], encoding="utf-8")
    with (copy / "style.css").open("a", encoding="utf-8") as style:
        style.write(sources.get("css", ""))
    return replace(template, folder=copy)


def card_job(template: Template | None = None, values: Mapping[str, Any] | None = None, **changes: Any) -> PressJob:
    """The card's sample without its picture, with these values instead of the sample's."""
    library = load_library(LIBRARY)
    card = template or library.template("card")
    sample = {key: value for key, value in card.sample.values.items() if key != "portrait"}
    return replace(
        PressJob(
            template=card,
            kit=library.kit("plain"),
            values={**sample, **(values or {})},
            imprint=card.sample.imprint,
            election=card.sample.election,
            purpose=Purpose.PROOF,
        ),
        **changes,
    )
