from dataclasses import replace

import pytest

from leaflets.domain.leaflet import Content, Edit, canonical_json, meets_newer_words, pictures_in, why_not_storable
from leaflets.domain.press.printing import ElectionDetails, Imprint

CONTENT = Content(
    template="tiny@1.0",
    kit="plain",
    values={"headline": "Hello", "promises": [{"heading": "One", "body": "Two"}]},
    pictures=("a" * 64,),
    election=ElectionDetails("General election", "Harbour", "Thursday 6 May 2027", "Ada Quay"),
    imprint=Imprint("", "", "Agnes Pier", "1 Quay Street", "Ada Quay"),
)


def test_content_that_was_stored_and_read_has_the_same_name() -> None:
    assert Content.from_json(CONTENT.as_json()) == CONTENT
    assert Content.from_json(CONTENT.as_json()).content_hash == CONTENT.content_hash


def test_content_in_the_template_s_language_is_named_as_it_was_before_leaflets_had_one() -> None:
    assert "language" not in CONTENT.as_json()
    assert CONTENT.content_hash == "677f8380e5425c96f53b9cc12d7c0fc22396d9ebb5afa6787df35a1f96f53079"
    welsh = replace(CONTENT, language="cy")
    assert Content.from_json(welsh.as_json()) == welsh


def test_the_order_of_zones_does_not_change_the_name() -> None:
    turned = dict(reversed(CONTENT.values.items()))
    assert replace(CONTENT, values=turned).content_hash == CONTENT.content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"template": "tiny@1.1"},
        {"kit": "other"},
        {"values": {"headline": "Hello!"}},
        {"pictures": ()},
        {"election": replace(CONTENT.election, candidate="Ada Key")},
        {"imprint": replace(CONTENT.imprint, promoter_address="2 Quay Street")},
        {"language": "cy"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_seen_on_paper_changes_the_name(change: dict[str, object]) -> None:
    assert replace(CONTENT, **change).content_hash != CONTENT.content_hash


def test_pictures_are_found_by_the_hash_of_their_original() -> None:
    values = {
        "portrait": {"picture": "b" * 64, "alt": ""},
        "again": {"picture": "b" * 64},
        "none": None,
        "sample": {"file": "portrait.png"},
        "forged": {"picture": "../../etc/passwd"},
    }
    assert pictures_in(values) == ("b" * 64,)


def test_the_same_words_typed_twice_are_no_conflict() -> None:
    assert not meets_newer_words(0, 1, {"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert meets_newer_words(0, 1, "mine", "theirs")
    assert not meets_newer_words(1, 1, "mine", "theirs")


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (Edit("operation-1", "headline", "x" * 200_001, 0), "far too long"),
        (Edit("operation-1", "headline", float("nan"), 0), "not something"),
        (Edit("operation-1", "headline", {1, 2}, 0), "not something"),
        (Edit("short", "headline", "x", 0), "number"),
        (Edit("operation-1", "../headline", "x", 0), "not the name of a zone"),
    ],
)
def test_what_cannot_be_stored_is_handed_back_with_a_reason(edit: Edit, says: str) -> None:
    reason = why_not_storable(edit)
    assert reason is not None
    assert says in reason[0]
    assert reason[1]


def test_words_with_control_characters_and_lone_surrogates_are_storable() -> None:
    odd = "tab\t nul\0 right-to-left\u202e half\ud83d emoji🗳"
    assert why_not_storable(Edit("operation-1", "headline", odd, 0)) is None
    assert canonical_json(odd).isascii()
