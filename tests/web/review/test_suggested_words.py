from typing import Any

import pytest
from card import LIBRARY

from leaflets.catalogue import load_library
from leaflets.web.review.suggested_words import boxes_of, suggested

CARD = load_library(LIBRARY).template("card")

EXAMPLES: list[tuple[str, Any, dict[str, str], Any]] = [
    ("headline", "A bus at ten", {"suggest": " A bus  at nine "}, "A bus at nine"),
    (
        "story",
        "<p>I am <strong>Ada</strong>.</p>",
        {"suggest": "I was **Ada**.\r\n\r\n- one"},
        "<p>I was <strong>Ada</strong>.</p><ul><li>one</li></ul>",
    ),
    (
        "points",
        [{"heading": "Buses", "body": "More."}, {"heading": "Trains", "body": ""}],
        {"suggest-0-heading": "Trams", "suggest-1-heading": ""},
        [{"heading": "Trams", "body": "More."}],
    ),
    (
        "answer",
        {"url": "https://example.org", "label": "Write"},
        {"suggest-label": "Write to me"},
        {"url": "https://example.org", "label": "Write to me"},
    ),
]


def zone(key: str) -> Any:
    return next(each for each in CARD.zones if each.key == key)


@pytest.mark.parametrize(("key", "value", "typed", "becomes"), EXAMPLES)
def test_words_changed_in_the_boxes_become_a_value_of_the_same_zone(
    key: str, value: Any, typed: dict[str, str], becomes: Any
) -> None:
    assert suggested(zone(key), value, typed) == becomes


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, value, _, _ in EXAMPLES])
def test_boxes_that_nobody_touched_suggest_nothing(key: str, value: Any) -> None:
    as_sent = {box.name: box.text.replace("\n", "\r\n") for box in boxes_of(zone(key), value)}
    assert as_sent
    assert suggested(zone(key), value, as_sent) is None


@pytest.mark.parametrize(("key", "value"), [("portrait", None), ("result", {}), ("points", "broken"), ("headline", 7)])
def test_what_has_no_boxes_is_talked_about_in_words(key: str, value: Any) -> None:
    assert boxes_of(zone(key), value) == ()
    assert suggested(zone(key), value, {"suggest": "x"}) is None


def test_script_typed_into_a_box_is_text() -> None:
    given = suggested(zone("story"), "<p>One.</p>", {"suggest": "<script>alert(1)</script> Two."})
    assert "<script" not in given
    assert "Two." in given
