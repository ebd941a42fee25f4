from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from card import LIBRARY
from hypothesis import given, settings
from hypothesis import strategies as st

from leaflets.catalogue import load_library
from leaflets.domain.errors import Invalid
from leaflets.domain.press.problem import Level
from leaflets.domain.words.findings import is_web_address
from leaflets.domain.words.values import check_values, clean_values, usable

CARD = load_library(LIBRARY).template("card")
_ADVICE = ("alt-missing", "unknown-field", "too-long")
TEXT_ZONES = ("headline", "second", "story")


def _codes(zone: str, value: Any) -> list[str]:
    values = {**CARD.sample.values, zone: value}
    problems = check_values(CARD, values)
    assert all(problem.zone == zone for problem in problems)
    return [problem.code for problem in problems]


def test_the_sample_has_no_problem_and_cleaning_changes_nothing() -> None:
    assert check_values(CARD, CARD.sample.values) == []
    assert clean_values(CARD, CARD.sample.values) == CARD.sample.values


def _nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


# Row: zone, value, the codes it must be given.
_JUDGED: list[tuple[str, Any, list[str]]] = [
    ("headline", "", ["required"]),
    ("headline", None, ["required"]),
    ("headline", "x" * 200, []),
    ("headline", "x" * 201, ["too-long"]),
    ("headline", 7, ["wrong-type"]),
    ("headline", ["a"], ["wrong-type"]),
    ("headline", {"a": 1}, ["wrong-type"]),
    ("headline", "a\x07b", ["hidden-character"]),
    ("headline", "a\u202eb", ["hidden-character"]),
    ("story", "<p> </p>", ["required"]),
    ("story", "<p>" + "word " * 201 + "</p>", ["too-long"]),
    ("story", "<p>" + "x" * 20_001 + "</p>", ["far-too-long"]),
    ("headline", "x" * 20_001, ["far-too-long"]),
    ("points", [{"heading": "a"}] * 5000, ["far-too-long"]),
    ("points", _nested(5000), ["far-too-long"]),
    ("story", 3.5, ["wrong-type"]),
    ("points", [], ["required"]),
    ("points", [{"heading": "a"}] * 4, ["too-many-items"]),
    ("points", [{"heading": " "}], ["required"]),
    ("points", [{"heading": "x" * 61}], ["too-long"]),
    ("points", [{"heading": "a", "colour": "b"}], ["unknown-field"]),
    ("points", "a", ["wrong-type"]),
    ("points", [1], ["wrong-type"]),
    ("points", [{"heading": 1}], ["wrong-type"]),
    ("portrait", None, []),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 0.5], "alt": "A face"}, []),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 0.5], "alt": ""}, ["alt-missing"]),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 1.5], "alt": "A face"}, ["focus-outside"]),
    ("portrait", {"picture": "0" * 64, "focus": [0.5], "alt": "A face"}, ["wrong-type"]),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 0.5], "zoom": 2.5, "alt": "A face"}, []),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 0.5], "zoom": 0.5, "alt": "A face"}, ["zoom-outside"]),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 0.5], "zoom": 9, "alt": "A face"}, ["zoom-outside"]),
    ("portrait", {"picture": "0" * 64, "focus": [0.5, 0.5], "zoom": "2", "alt": "A face"}, ["wrong-type"]),
    ("portrait", {"picture": "../etc", "alt": "A face"}, ["wrong-type"]),
    ("portrait", {"picture": "0" * 64, "file": "a.png", "alt": "A face"}, ["wrong-type"]),
    ("portrait", "0" * 64, ["wrong-type"]),
    ("answer", {"url": "", "label": ""}, ["required"]),
    ("answer", {"url": "example.org", "label": "x"}, ["url-form"]),
    ("answer", {"url": "javascript:alert(1)", "label": "x"}, ["url-form"]),
    ("answer", {"url": "https://example.org/" + "x" * 300, "label": "x"}, ["url-length"]),
    ("answer", {"url": "https://example.org", "label": "x" * 61}, ["too-long"]),
    ("answer", "https://example.org", ["wrong-type"]),
    ("result", None, []),
    ("result", {"labels": ["a"], "numbers": [1], "source": "s"}, ["too-few-items"]),
    ("result", {"labels": list("abcde"), "numbers": [1] * 5, "source": "s"}, ["too-many-items"]),
    ("result", {"labels": ["a", "b"], "numbers": [1], "source": "s"}, ["chart-uneven"]),
    ("result", {"labels": ["a", "b"], "numbers": [1, -1], "source": "s"}, ["chart-number"]),
    ("result", {"labels": ["a", "b"], "numbers": [1, float("inf")], "source": "s"}, ["chart-number"]),
    ("result", {"labels": ["a", "b"], "numbers": [1, float("nan")], "source": "s"}, ["chart-number"]),
    ("result", {"labels": ["a", "b"], "numbers": [1, 10**400], "source": "s"}, ["chart-number"]),
    ("result", {"labels": ["a", "b"], "numbers": [0, 0], "source": "s"}, ["chart-number"]),
    ("result", {"labels": ["a", "b"], "numbers": [1, True], "source": "s"}, ["wrong-type"]),
    ("result", {"labels": ["a", "b"], "numbers": [1, 2], "source": ""}, ["source-missing"]),
    ("result", {"labels": ["a", " "], "numbers": [1, 2], "source": "s"}, ["required"]),
    ("tone", "grey", ["unknown-option"]),
    ("tone", 1, ["wrong-type"]),
]


@pytest.mark.parametrize(("zone", "value", "codes"), _JUDGED)
def test_a_value_is_judged_against_its_zone(zone: str, value: Any, codes: list[str]) -> None:
    assert _codes(zone, value) == codes


def test_every_problem_names_its_zone_and_says_what_to_do() -> None:
    for zone, value, codes in _JUDGED:
        for problem in check_values(CARD, {**CARD.sample.values, zone: value}) if codes else ():
            assert problem.message.startswith(CARD.zone(zone).label + ": ")
            assert problem.message.endswith(".")
            assert problem.level is (Level.WARNING if problem.code in _ADVICE else Level.ERROR)


def test_words_for_a_zone_that_is_gone_are_kept_and_reported() -> None:
    raw = {**CARD.sample.values, "old-slogan": "Keep me\x00"}
    cleaned = clean_values(CARD, raw)
    assert cleaned["old-slogan"] == "Keep me\x00"
    assert [(problem.code, problem.level) for problem in check_values(CARD, cleaned)] == [
        ("unknown-zone", Level.WARNING)
    ]


def test_system_zones_are_nobodys_to_fill() -> None:
    assert not [problem for problem in check_values(CARD, {}) if problem.zone in ("imprint", "election")]


def test_cleaning_tidies_text_in_every_kind_of_zone() -> None:
    cleaned = clean_values(
        CARD,
        {
            "headline": "  Two\r\nlines\u202e and\ta tab ",
            "story": "<p>a\u2066b</p>\x00",
            "points": [{"heading": " a\x07b ", "body": "c\u2028d"}],
            "answer": {"url": " https://example.org ", "label": "e\u0301"},
            "result": {"labels": [" a "], "numbers": ["1,250.5", " 12 % ", "many", 3], "source": "s\u200b"},
        },
    )
    assert cleaned == {
        "headline": "Two lines and a tab",
        "story": "<p>ab</p>",
        "points": [{"heading": "ab", "body": "c d"}],
        "answer": {"url": "https://example.org", "label": "é"},
        "result": {"labels": ["a"], "numbers": [1250.5, 12.0, "many", 3], "source": "s"},
    }


def test_a_decimal_comma_is_not_read_as_thousands() -> None:
    cleaned = clean_values(CARD, {"result": {"labels": ["a"], "numbers": ["12,5"], "source": "s"}})
    assert cleaned["result"]["numbers"] == ["12,5"]


@pytest.mark.parametrize("raw", [None, [], "text", {1: "a"}])
def test_values_that_are_no_table_are_refused(raw: Any) -> None:
    with pytest.raises(Invalid, match="table of zones"):
        clean_values(CARD, raw)


def test_an_empty_zone_that_may_be_empty_is_no_problem() -> None:
    optional = replace(CARD, zones=tuple(replace(zone, required=False) for zone in CARD.zones))
    assert check_values(optional, {}) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.org/maren", "https://example.org/maren"),
        ("www.example.org", "https://www.example.org"),
        ("http://example.org", "http://example.org"),
        ("mailto:maren@example.org", "mailto:maren@example.org"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("ring me", "ring me"),
    ],
)
def test_a_web_address_without_its_https_gets_it(typed: str, kept: str) -> None:
    cleaned = clean_values(CARD, {"answer": {"url": typed, "label": "x"}})
    assert cleaned["answer"]["url"] == kept


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org", True),
        ("http://example.org:8080/a?b=c#d", True),
        ("https://łódź.example/strona", True),
        ("ftp://example.org", False),
        ("https://", False),
        ("https://localhost", False),
        ("https://user:secret@example.org", False),
        ("https://example.org/a b", False),
        ("https://example.org:port", False),
        ("https://[::1", False),
    ],
)
def test_a_web_address_is_one_that_a_telephone_can_open(url: str, good: bool) -> None:
    assert is_web_address(url) is good


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_keys = st.sampled_from([zone.key for zone in CARD.zones]) | st.text(max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(_keys, _json, max_size=6))
def test_whatever_is_sent_is_judged_and_never_breaks(raw: dict[str, Any]) -> None:
    cleaned = clean_values(CARD, raw)
    assert set(cleaned) == set(raw)
    for problem in check_values(CARD, cleaned):
        assert problem.zone is not None
        assert problem.message
    for zone in CARD.zones:
        if not zone.kind.is_system:
            usable(zone, cleaned.get(zone.key))
