"""Every shipped template in every shipped kit, as designed and under stress, through the real press."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from stress import CASES, values_of

from leaflets.catalogue import Library
from leaflets.domain.press.printing import PressSpec, Purpose, Standard
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Kind
from leaflets.press.placing import place_pictures
from leaflets.press.render import render_print
from leaflets.press.run import proof_pages
from leaflets.press.sample import sample_inputs

NOW = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
TEMPLATES = ("introduction", "six-panel", "election-address")
KITS = ("harbour-alliance", "hearth-and-field", "towpath-movement")
SMALLEST_PROOF_PPI = 20  # words are what is looked at here, not pixels


def _worth_a_look(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in problems if problem.level is not Level.NOTE]


def test_the_library_ships_what_these_tests_look_at(library: Library) -> None:
    assert {template.name for template in library.templates} == set(TEMPLATES)
    assert {kit.key for kit in library.kits} == set(KITS)


def test_together_the_templates_show_every_kind_of_zone(library: Library) -> None:
    assert {zone.kind for template in library.templates for zone in template.zones} == set(Kind)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_leaflet_that_somebody_will_make_fits(
    library: Library, crops: Path, name: str, kit: str, case: str
) -> None:
    template = library.template(name)
    job = sample_inputs(template, library.kit(kit), Purpose.PROOF).job
    values, election, imprint = values_of(template, case)
    placed = place_pictures(template, values, {}, purpose=Purpose.PROOF, spec=job.spec, cache=crops)

    proof = proof_pages(
        replace(job, values=values, election=election, imprint=imprint, pictures=placed.pictures),
        ppi=SMALLEST_PROOF_PPI,
    )

    assert _worth_a_look(proof.problems) == []
    assert len(proof.pages) == 2


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_the_sample_prints_without_a_remark(library: Library, crops: Path, name: str, kit: str) -> None:
    standard = Standard.X1A if kit == "towpath-movement" else Standard.X4
    spec = PressSpec(standard=standard, ink_limit_percent=300)
    inputs = sample_inputs(library.template(name), library.kit(kit), Purpose.PRINT, spec)

    printed = render_print(inputs, crops, NOW)

    assert _worth_a_look(printed.problems) == []


def test_an_election_address_says_election_communication_at_the_top_of_its_front(library: Library, crops: Path) -> None:
    """Royal Mail, artwork vetting of election mail: on the front, at the top if addressed, 10 pt or larger."""
    template = library.template("election-address")
    inputs = sample_inputs(template, library.kit("harbour-alliance"), Purpose.PRINT)

    document = pypdfium2.PdfDocument(render_print(inputs, crops, NOW).pdf)
    text = document[0].get_textpage()
    found = text.search("Election Communication").get_next()
    assert found is not None
    first, _count = found
    left, _bottom, _right, top = text.get_charbox(first)
    size_pt = pdfium.FPDFText_GetFontSize(text.raw, ctypes.c_int(first))
    trim_left, _, trim_right, trim_top = document[0].get_trimbox()
    text.close()
    document.close()

    assert size_pt >= 10
    assert left > (trim_left + trim_right) / 2, "the front is the right half of the outside"
    assert trim_top - top < 20 * 72 / 25.4
