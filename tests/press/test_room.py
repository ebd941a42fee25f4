from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from card import card_job, planted

from leaflets.catalogue import load_library
from leaflets.config import ROOT
from leaflets.domain.press.printing import Purpose
from leaflets.domain.press.proof import ZonePlace, ZoneRoom
from leaflets.domain.template import Kind, Zone
from leaflets.press import html
from leaflets.press.copyfit import fit, smallest_sizes
from leaflets.press.job import PressJob
from leaflets.press.overset import overlap_problems
from leaflets.press.room import rooms
from leaflets.press.run import proof_pages
from leaflets.press.sample import sample_inputs
from leaflets.press.typeset import Typesetter

WORDS = ("the", "road", "by", "our", "school", "is", "safer", "now", "and", "more", "people", "walk", "there", "since")


def _rooms(job: PressJob) -> dict[str, ZoneRoom]:
    typesetter = Typesetter(job, html.page(job))
    fitted = fit(job.template, typesetter.lay_out)
    least = smallest_sizes(job.template)
    return {room.zone: room for room in rooms(job.template, fitted, typesetter.lay_out(least))}


def _fits(job: PressJob) -> bool:
    fitted = fit(job.template, Typesetter(job, html.page(job)).lay_out)
    return not fitted.oversets and not list(overlap_problems(job.template, fitted.layout, ()))


def _longer(zone: Zone, value: Any, words: int) -> Any:
    """The value with so many words more at its end; of a list, at the end of every item."""
    more = "".join(f" {word}" for word in itertools.islice(itertools.cycle(WORDS), words))
    match zone.kind:
        case Kind.RICH:
            head, _, _ = value.rpartition("</p>")
            return f"{head}{more}</p>"
        case Kind.QR:
            return {**value, "label": value["label"] + more}
        case Kind.ITEMS:
            last = [field.key for field in zone.fields if value[0].get(field.key)][-1]
            return [{**item, last: item[last] + more} for item in value]
        case _:
            return value + more


@pytest.mark.parametrize("template", ["introduction", "election-address", "six-panel"])
def test_as_many_words_fit_as_the_press_says_and_clearly_more_do_not(template: str) -> None:
    library = load_library(ROOT / "library")
    set_ = library.template(f"{template}@1.0.0")
    job = sample_inputs(set_, library.kit("harbour-alliance"), Purpose.PROOF).job
    found = _rooms(job)
    assert len(found) >= 6
    for zone in (zone for zone in set_.zones if zone.key in found):
        spare, before = found[zone.key].spare_words, job.values[zone.key]
        assert spare >= 0
        enough = replace(job, values={**job.values, zone.key: _longer(zone, before, spare)})
        assert _fits(enough), f"{zone.key}: {spare} words do not fit"
        far_more = _longer(zone, before, 2 * spare + 25)
        assert not _fits(replace(job, values={**job.values, zone.key: far_more})), f"{zone.key}: far more than {spare}"


def test_words_that_are_too_many_are_counted_below_nothing() -> None:
    job = card_job(values={"story": "<p>" + "word " * 400 + "</p>"})
    room = _rooms(job)["story"]
    assert room.words == 400
    assert -400 < room.spare_words < -100
    assert room.spare_mm < -20


def test_a_group_that_was_made_smaller_says_from_what_to_what() -> None:
    room = _rooms(card_job(values={"headline": "Buses that come when they say they come, every day of the year"}))
    assert room["headline"].from_pt == 40
    assert room["headline"].set_pt is not None
    assert 20 <= room["headline"].set_pt < 40
    assert room["second"].set_pt == room["headline"].set_pt
    assert (room["story"].from_pt, room["story"].set_pt) == (None, None)


def test_words_of_the_template_that_a_zone_pushes_out_of_their_box_make_the_zone_smaller(tmp_path: Path) -> None:
    html_ = (
        '<section class="side"><div class="panel" data-panel="front"><div class="box" data-zone-frame>'
        '<h1 data-zone="headline">{{ zones.headline }}</h1><p>Signed</p></div></div></section>'
    )
    css = (
        ".box { position: absolute; left: 10mm; top: 10mm; width: 128mm; height: 30mm }"
        "h1 { position: static; height: auto; font-size: var(--fit-heads); line-height: 1; margin: 0 } p { margin: 0 }"
    )
    job = card_job(planted(tmp_path, css=css, html=html_), {"headline": "Buses that come when they say they come"})
    fitted = fit(job.template, Typesetter(job, html.page(job)).lay_out)
    assert fitted.oversets == ()
    assert [one.group for one in fitted.copyfit] == ["heads"]


def test_each_zone_stands_where_its_box_is(tmp_path: Path) -> None:
    css = (
        ".story { position: absolute; left: 10mm; top: 70mm; width: 60mm; height: 80mm; padding: 0; border: 0 }"
        ".points::before { content: 'made'; position: absolute; left: 0; top: 0; width: 90mm }"
        ".election { visibility: hidden }"
    )
    places = {place.zone: place for place in proof_pages(card_job(planted(tmp_path, css=css)), ppi=20).places}
    assert places["story"] == ZonePlace("story", 1, 10.0, 70.0, 60.0, 80.0)
    assert places["points"].page == 2
    assert places["points"].x_mm == pytest.approx(10)
    assert "election" not in places
    assert "portrait" not in places  # none was chosen


def test_a_zone_in_two_places_of_a_page_stands_around_both(tmp_path: Path) -> None:
    html_ = (
        '<section class="side"><div class="panel" data-panel="front">'
        '<p class="a" data-zone="headline">{{ zones.headline }}</p><p class="b" data-zone="headline">again</p>'
        "</div></section>"
    )
    css = (
        "p { position: absolute; width: 20mm; height: 10mm; margin: 0 }"
        ".a { left: 10mm; top: 20mm } .b { left: 50mm; top: 60mm }"
    )
    (place,) = proof_pages(card_job(planted(tmp_path, css=css, html=html_), {"headline": "x"}), ppi=20).places
    assert place == ZonePlace("headline", 1, 10.0, 20.0, 60.0, 50.0)
