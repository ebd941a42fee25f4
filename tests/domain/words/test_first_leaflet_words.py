"""What answers make of a template: words that read well, whatever the seat is called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.template import Answer, Frame, ItemField, Kind, Template, Voice, Zone
from leaflets.domain.words.first_leaflet import (
    Answers,
    Promise,
    as_deed,
    as_heading,
    as_sentence,
    filled,
    short_area,
    unknown_gaps,
)

WARD = Answers("Ada Quay", "Harbour", "Harbour", (Promise("mend the sea wall", "By May."), Promise("open the lido")))


def zone(key: str, kind: Kind, **more: Any) -> Zone:
    return Zone(key, kind, key.title(), "Help.", Voice.LOCAL, "front", **more)


def template(*zones: Zone) -> Template:
    return Template("small", "1.0.0", "Small", "Small.", "Test", FORMATS["a6"], zones, Path())


POINTS = zone(
    "points",
    Kind.ITEMS,
    max_items=3,
    fields=(ItemField("what", "What", 20), ItemField("how", "How", 60)),
    default=[{"what": "Listen", "how": "Every week."}],
    ask=Answer.PROMISES,
    fill=[{"how": "First."}, {"how": "Then, in {area_short}."}],
)


@pytest.mark.parametrize(
    ("typed", "deed", "heading"),
    [
        ("I will bring back the bus.", "bring back the bus", "Bring back the bus"),
        ("Bring back the bus!", "bring back the bus", "Bring back the bus"),
        ("to open the lido", "open the lido", "Open the lido"),
        ("  I’ll   keep the  library ", "keep the library", "Keep the library"),
        ("GP visits within a week", "GP visits within a week", "GP visits within a week"),
        ("", "", ""),
    ],
)
def test_a_promise_reads_well_after_i_will_and_by_itself(typed: str, deed: str, heading: str) -> None:
    assert (as_deed(typed), as_heading(typed)) == (deed, heading)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("by Easter, out of the reserve", "By Easter, out of the reserve."),
        ("In 2028", "In 2028."),
        ("Ask me how!", "Ask me how!"),
        ("", ""),
    ],
)
def test_how_a_promise_is_kept_stands_as_a_sentence(typed: str, printed: str) -> None:
    assert as_sentence(typed) == printed


def test_a_long_seat_is_called_by_its_first_place() -> None:
    assert short_area("Cumbernauld, Kilsyth and Kirkintilloch East") == "Cumbernauld"
    assert short_area("Ferry Hill and Saltmarsh") == "Ferry Hill and Saltmarsh"


def test_an_answer_fills_its_zone_and_fill_stands_where_a_part_of_it_is_missing() -> None:
    assert filled(template(POINTS), WARD) == {
        "points": [
            {"what": "Mend the sea wall", "how": "By May."},
            {"what": "Open the lido", "how": "Then, in Harbour."},
        ]
    }


def test_words_with_a_gap_that_has_no_answer_give_way_to_the_default() -> None:
    call = zone("call", Kind.LINE, max_chars=40, default="Write to us.", fill="Ring {phone}.")
    assert filled(template(call), WARD) == {}
    assert filled(template(call), replace(WARD, phone="01632 960142")) == {"call": "Ring 01632 960142."}


def test_words_that_became_too_long_give_way_and_an_answer_that_is_too_long_is_kept() -> None:
    line = zone("line", Kind.LINE, max_chars=20, default="Hello.", fill="Hello, {area}.")
    contact = zone("contact", Kind.LINE, max_chars=16, default="", ask=Answer.CONTACT)
    long = replace(
        WARD, area="Harbour and a very long hill", phone="01632 960142 or ask at the shop", email="a@b.example"
    )
    assert filled(template(line, contact), long) == {"contact": "a@b.example"}
    assert filled(template(contact), replace(long, email="")) == {"contact": "01632 960142 or ask at the shop"}


def test_names_are_text_and_never_markup() -> None:
    about = zone("about", Kind.RICH, max_words=20, default="<p>I live here.</p>", fill="<p>I am {candidate}.</p>")
    assert filled(template(about), replace(WARD, candidate="Ada <b>&</b> Co")) == {
        "about": "<p>I am Ada &lt;b&gt;&amp;&lt;/b&gt; Co.</p>"
    }


def test_a_website_and_a_photo_are_put_in_their_place() -> None:
    asked = template(
        zone("site", Kind.QR, max_chars=20, ask=Answer.WEBSITE, fill={"label": "Ask me"}),
        zone("you", Kind.PICTURE, required=False, frame=Frame(50, 40), ask=Answer.PHOTO, fill={"alt": "{candidate}"}),
    )
    assert filled(asked, WARD) == {}
    assert filled(asked, replace(WARD, website="ada.example/ask", photo="a" * 64)) == {
        "site": {"url": "https://ada.example/ask", "label": "Ask me"},
        "you": {"picture": "a" * 64, "focus": [0.5, 0.4], "alt": "Ada Quay"},
    }


def test_a_gap_that_nobody_knows_is_found_wherever_it_stands() -> None:
    assert list(unknown_gaps([{"what": "{nonsense} {area}"}, "{polling_day}"])) == ["nonsense", "polling_day"]
