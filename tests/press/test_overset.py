from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from card import card_job, planted

from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Template
from leaflets.press import html
from leaflets.press.copyfit import Fitted, fit, ladder
from leaflets.press.overset import characters_of, oversets
from leaflets.press.run import proof_pages
from leaflets.press.typeset import Typesetter


def _fit(template: Template | None = None, **values: Any) -> Fitted:
    job = card_job(template, values)
    return fit(job.template, Typesetter(job, html.page(job)).lay_out)


def _problems(template: Template | None = None, values: Mapping[str, Any] | None = None) -> dict[str, Problem]:
    job = card_job(template, values)
    return {problem.code: problem for problem in proof_pages(job, ppi=20).problems}


def test_the_sample_fits_as_designed_in_one_layout() -> None:
    fitted = _fit()
    assert (fitted.oversets, fitted.copyfit, fitted.layouts) == ((), (), 1)


@pytest.mark.parametrize("planted_mm", [1.0, 12.0, 55.5])
def test_a_planted_overflow_is_measured_in_millimetres(tmp_path: Path, planted_mm: float) -> None:
    """Ten lines of 10 mm in a box that is `planted_mm` too low: WeasyPrint's private tree must still say so."""
    css = f".story {{ line-height: 10mm; height: {100 - planted_mm}mm; font-size: 8pt }} .story p {{ margin: 0 }}"
    lines = "".join("<p>two words</p>" for _ in range(10))
    (found,) = _fit(planted(tmp_path, css=css), story=lines).oversets
    assert (found.zone, found.page) == ("story", 1)
    assert found.down_mm == pytest.approx(planted_mm, abs=0.05)
    assert found.across_mm <= 0.2
    assert found.words == 2 * -(-planted_mm // 10)
    assert (found.box.left_mm, found.box.top_mm) == (pytest.approx(10), pytest.approx(70))
    assert found.box.bottom_mm == pytest.approx(170 - planted_mm)


def test_words_set_to_the_foot_of_their_box_run_out_at_its_head(tmp_path: Path) -> None:
    css = ".story { display: flex; align-items: flex-end; height: 60mm; line-height: 10mm; font-size: 8pt }"
    (found,) = _fit(planted(tmp_path, css=css), story="<p>" + "word " * 600 + "</p>").oversets
    assert found.zone == "story"
    assert found.down_mm > 5
    assert (found.box.top_mm, found.box.bottom_mm) == (pytest.approx(70), pytest.approx(130))


def test_a_word_wider_than_its_column_is_measured_across(tmp_path: Path) -> None:
    template = planted(tmp_path, css=".story { font-size: 20pt }")
    (found,) = _fit(template, story="<p>Llanfairpwllgwyngyllgogerychwyrndrobwll</p>").oversets
    assert found.zone == "story"
    assert found.across_mm > 10
    assert found.down_mm <= 0.2


def test_words_beyond_the_foot_of_the_panel_are_found_without_a_box_of_their_own(tmp_path: Path) -> None:
    template = planted(tmp_path, css=".story { height: auto }")
    (found,) = _fit(template, story="<p>word</p>" * 40).oversets
    assert found.box.bottom_mm == pytest.approx(210)
    assert found.down_mm > 50


def test_hiding_the_overflow_does_not_hide_it_from_us(tmp_path: Path) -> None:
    template = planted(tmp_path, css=".story { overflow: hidden; height: 20mm }")
    assert [found.zone for found in _fit(template).oversets] == ["story"]


def test_words_that_run_over_are_an_error_with_zone_place_and_remedy() -> None:
    problems = _problems(values={"story": "<p>" + "Nineteen words make a line or so of this story. " * 20 + "</p>"})
    overset = problems["overset"]
    assert (overset.level, overset.zone, overset.page) == (Level.ERROR, "story", 1)
    assert overset.place is not None
    assert (overset.place.x_mm, overset.place.y_mm, overset.place.width_mm) == (10, 70, 60)
    assert overset.message.startswith("Story: ")
    assert " mm too long: about " in overset.message
    assert overset.message.endswith("words; shorten it.")


def test_zones_of_one_group_share_one_size_and_a_note_says_so() -> None:
    long = "Buses that come when they say they will, every ten minutes, and into the evening"
    fitted = _fit(headline=long)
    (copyfit,) = fitted.copyfit
    assert (copyfit.group, copyfit.zones, copyfit.from_pt) == ("heads", ("headline", "second"), 40)
    assert 20 <= copyfit.set_pt < 40
    assert fitted.oversets == ()
    assert fitted.layouts <= 6
    for zone in ("headline", "second"):
        sizes = {size for line in fitted.layout.lines if line.zone == zone for _, size, _ in line.runs}
        assert sizes == {copyfit.set_pt}
    note = _problems(values={"headline": long})["copyfit"]
    assert note.level is Level.NOTE
    assert note.message == (
        f"“Headline” and “Second headline” were set in {copyfit.set_pt:g} pt instead of 40 pt so that the words fit."
    )


def test_copyfit_takes_the_largest_size_that_fits() -> None:
    long = "Buses that come when they say they will, every ten minutes, and into the evening"
    job = card_job(values={"headline": long})
    typesetter = Typesetter(job, html.page(job))
    (copyfit,) = fit(job.template, typesetter.lay_out).copyfit
    steps = ladder(40, 20)
    larger = steps[steps.index(copyfit.set_pt) - 1]
    assert any(found.zone == "headline" for found in oversets(typesetter.lay_out({"heads": larger})))


def test_words_that_do_not_fit_at_the_smallest_size_are_an_error_at_that_size() -> None:
    fitted = _fit(headline="Words without end " * 11)
    assert fitted.copyfit[0].set_pt == 20
    assert [found.zone for found in fitted.oversets] == ["headline"]
    assert fitted.layouts <= 6


@pytest.mark.parametrize(("from_pt", "to_pt"), [(44, 30), (128, 12), (7, 6), (20.5, 20)])
def test_a_ladder_of_sizes_keeps_to_its_limits_in_half_points(from_pt: float, to_pt: float) -> None:
    steps = ladder(from_pt, to_pt)
    assert (steps[0], steps[-1]) == (from_pt, to_pt)
    assert 2 <= len(steps) <= 17
    assert list(steps) == sorted(set(steps), reverse=True)
    assert all((step * 2).is_integer() for step in map(float, steps))


@pytest.mark.parametrize("character", ["🚌", "中", "ع", "\ue000", "\u0488"])
def test_a_character_that_no_shipped_font_has_is_an_error_that_shows_it(character: str) -> None:
    problem = _problems(values={"headline": f"Buses {character} now"})["glyph-missing"]
    assert (problem.level, problem.zone, problem.page) == (Level.ERROR, "headline", 1)
    assert f"“{character}” (U+{ord(character):04X})" in problem.message
    assert problem.place is not None


def test_the_names_of_this_country_have_their_glyphs() -> None:
    names = "Ŵyn Ŷ Dŵr Tŷ Siân Mòrag Łódź ą ę ć ń ó ś ź ż “quotes” – £ € ½ é"
    assert "glyph-missing" not in _problems(values={"headline": names, "story": f"<p>{names}</p>"})


def test_joiners_and_soft_hyphens_are_not_missed() -> None:
    assert "glyph-missing" not in _problems(values={"headline": "co\u00adoperate\u00a0now\u200d"})


def test_a_family_that_is_not_shipped_has_no_characters(tmp_path: Path) -> None:
    assert characters_of("Comic Sans") == frozenset()
    template = planted(tmp_path, css=".story { font-family: 'Comic Sans' }")
    assert _problems(template)["glyph-missing"].zone == "story"


def test_type_below_six_points_is_an_error(tmp_path: Path) -> None:
    problem = _problems(planted(tmp_path, css=".imprint { font-size: 5.5pt }"))["type-too-small"]
    assert (problem.level, problem.zone, problem.page) == (Level.ERROR, "imprint", 2)
    assert "5.5 pt" in problem.message


def test_words_that_a_style_hides_are_counted_and_reported(tmp_path: Path) -> None:
    problem = _problems(planted(tmp_path, css=".points p { display: none }"))["words-lost"]
    assert (problem.level, problem.zone) == (Level.ERROR, "points")
    assert problem.message.startswith("Points: 14 letters")


def test_a_zone_that_is_a_part_of_a_line_is_named(tmp_path: Path) -> None:
    panel = '<div class="panel" data-panel="{}"><p>The <b data-zone="headline">{}</b></p></div>'
    side = f'<section class="side">{panel}</section>'
    template = planted(tmp_path, html=side.format("front", "{{ zones.headline }}") + side.format("back", "x"))
    assert _problems(template, {"headline": "🚌 now"})["glyph-missing"].zone == "headline"


def test_a_zone_that_grows_over_another_is_found(tmp_path: Path) -> None:
    assert "words-overlap" not in _problems()
    template = planted(tmp_path, css=".story { height: auto; top: 140mm }")
    problem = _problems(template)["words-overlap"]
    assert problem.message == "Story and Election are set over each other; shorten one of them."
    assert (problem.level, problem.zone, problem.page) == (Level.ERROR, "election", 1)
