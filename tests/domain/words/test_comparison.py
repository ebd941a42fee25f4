from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.template import Kind, Option, Voice, Zone
from leaflets.domain.words.comparison import compare_leaflets, compare_values
from leaflets.domain.words.word_changes import Change, Part, compare_words, words_of

REAL = st.lists(st.sampled_from(["Better", "buses", "for", "the", "harbour", ",", " ", " ", "\n", "it’s", "."])).map(
    "".join
)
TEXTS = st.one_of(st.text(), REAL)


def compared(before: str, after: str) -> tuple[Part, ...]:
    return compare_words(words_of(before), words_of(after))


def without(parts: tuple[Part, ...], change: Change) -> str:
    return "".join(part.text for part in parts if part.change is not change)


def marked(parts: tuple[Part, ...]) -> str:
    marks = {Change.SAME: "{}", Change.ADDED: "+{}+", Change.REMOVED: "-{}-"}
    return "".join(marks[part.change].format(part.text) for part in parts)


@given(TEXTS, TEXTS)
def test_taking_out_either_side_gives_the_other_text(before: str, after: str) -> None:
    parts = compared(before, after)
    assert without(parts, Change.ADDED) == before
    assert without(parts, Change.REMOVED) == after


@given(TEXTS)
def test_a_text_compared_with_itself_stays_as_it_is(text: str) -> None:
    assert all(part.change is Change.SAME for part in compared(text, text))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Better buses", "Better buses now", "Better buses+ now+"),
        ("Better buses for all", "Cleaner beaches for all", "-Better buses-+Cleaner beaches+ for all"),
        ("", "New", "+New+"),
        ("Gone", "", "-Gone-"),
        ("One. Two. Three.", "One. Three.", "One. -Two. -Three."),
        ("It’s the council’s job", "It’s our job", "It’s -the council’s-+our+ job"),
    ],
)
def test_the_marks_read_as_a_person_would_set_them(before: str, after: str, shown: str) -> None:
    assert marked(compared(before, after)) == shown


@pytest.mark.parametrize("vocabulary", [2, 40, 5_000])
def test_texts_of_thirty_thousand_words_are_compared_whole(vocabulary: int) -> None:
    chance = random.Random(vocabulary)
    before = [f"w{chance.randrange(vocabulary)}" for _ in range(30_000)]
    after = [word if chance.random() > 0.2 else f"w{chance.randrange(vocabulary)}" for word in before]
    parts = compared(" ".join(before), " ".join(after))
    assert without(parts, Change.ADDED) == " ".join(before)
    assert without(parts, Change.REMOVED) == " ".join(after)


def zone(kind: Kind, **more: Any) -> Zone:
    return Zone("zone", kind, "Your zone", "", Voice.LOCAL, FORMATS["a6"].panels[0].key, **more)


VALUES: list[tuple[Zone, Any, Any, str]] = [
    (zone(Kind.LINE), "Buses", "Trams", "-Buses-+Trams+"),
    (zone(Kind.RICH), "<p>One</p>", "<p>One <strong>two</strong></p><ul><li>three</li></ul>", "One+ ++two++\n• three+"),
    (
        zone(Kind.ITEMS),
        [{"heading": "Schools", "body": "More teachers"}],
        [{"heading": "Schools", "body": "Fewer forms"}, {"heading": "Beaches", "body": "Clean"}],
        "Schools\n-More teachers-+Fewer forms\n\nBeaches\nClean+",
    ),
    (
        zone(Kind.CHART),
        {"labels": ["2019", "2024"], "numbers": [40, 44], "source": "The council"},
        {"labels": ["2019", "2024"], "numbers": [40, 45], "source": "The council"},
        "2019: 40\n2024: -44-+45+\nThe council",
    ),
    (zone(Kind.CHOICE, options=(Option("a", "Sea blue"), Option("b", "Sea green"))), "a", "b", "Sea -blue-+green+"),
    (zone(Kind.QR), {"url": "https://a.example", "label": "Ask"}, None, "-https://a.example\nAsk-"),
    (zone(Kind.LINE), {"odd": [None, True]}, 42, "-true-+42+"),
]


@pytest.mark.parametrize(("where", "before", "after", "shown"), VALUES, ids=lambda value: getattr(value, "kind", None))
def test_every_kind_of_zone_is_compared_by_what_a_reader_sees(where: Zone, before: Any, after: Any, shown: str) -> None:
    assert marked(compare_values(where, "zone", before, after).parts) == shown


@pytest.mark.parametrize(
    "odd", ["<p>a</p><![foo[ x ]]>", "half \ud83d", "nul \0", "<", "<!", "\U0010ffff", "<p>" * 500]
)
def test_words_that_nothing_can_show_are_compared_all_the_same(odd: str) -> None:
    for kind in (Kind.LINE, Kind.RICH, Kind.ITEMS, Kind.PICTURE):
        parts = compare_values(zone(kind), "zone", odd, [{"heading": odd}]).parts
        "".join(part.text for part in parts).encode()


def test_a_word_that_became_bold_is_a_change() -> None:
    parts = compare_values(zone(Kind.RICH), "zone", "<p>Better buses</p>", "<p>Better <strong>buses</strong></p>").parts
    assert parts == (
        Part(Change.SAME, "Better "),
        Part(Change.REMOVED, "buses"),
        Part(Change.ADDED, "buses", strong=True),
    )


def test_pictures_are_shown_side_by_side_and_a_new_crop_is_said() -> None:
    old, new = {"picture": "a" * 64, "focus": [0.5, 0.5], "alt": "Ada"}, {"picture": "b" * 64, "focus": [0.5, 0.5]}
    assert compare_values(zone(Kind.PICTURE), "zone", old, new).pictures == ("a" * 64, "b" * 64)
    moved = compare_values(zone(Kind.PICTURE), "zone", old, {**old, "focus": [0.2, 0.5]})
    assert moved.notes == ("The picture is cropped differently.",)
    assert marked(moved.parts) == "Ada"


def test_only_zones_that_differ_are_compared_and_words_without_a_zone_come_last() -> None:
    story = Zone("story", Kind.RICH, "Story", "", Voice.LOCAL, "front")
    before = {"story": "<p>A</p>", "zone": "Same", "strapline": "Old"}
    after = {"story": "<p>B</p>", "zone": "Same"}
    found = compare_leaflets([zone(Kind.LINE), story], before, after)
    assert [(change.zone, change.label) for change in found] == [("story", "Story"), ("strapline", "strapline")]
