from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.template import Frame, ItemField, Kind, Option, Voice, Zone
from leaflets.web.zone_fields import fields_of, value_of

FIELDS = (ItemField("heading", "Heading", 60), ItemField("body", "Body", 200, required=False))


def zone_of(kind: Kind) -> Zone:
    return Zone(
        "zone",
        kind,
        "Zone",
        "Help.",
        Voice.LOCAL,
        "front",
        fields=FIELDS if kind is Kind.ITEMS else (),
        options=(Option("light", "Light"),) if kind is Kind.CHOICE else (),
        frame=Frame(60, 80) if kind is Kind.PICTURE else None,
    )


VALUES: list[tuple[Kind, Any]] = [
    (Kind.LINE, "Buses that come"),
    (Kind.RICH, "<p>Nine <strong>years</strong> on <em>Quay Street</em>.</p><ul><li>Buses</li><li>Books</li></ul>"),
    (Kind.ITEMS, [{"heading": "Crossing", "body": "Open since March."}, {"heading": "Library", "body": ""}]),
    (Kind.PICTURE, {"picture": "a" * 64, "focus": [0.25, 0.4], "alt": "Ada on the quay"}),
    (Kind.QR, {"url": "https://example.org/ask", "label": "Tell me"}),
    (Kind.CHOICE, "light"),
]


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=[kind for kind, _ in VALUES])
def test_a_value_comes_back_from_the_form_as_it_went_in(kind: Kind, value: Any) -> None:
    assert value_of(zone_of(kind), fields_of(zone_of(kind), value)) == value


def test_a_chart_comes_back_with_its_numbers_as_typed() -> None:
    value = {"labels": ["2019", "2023"], "numbers": [12.5, 1250], "source": "The council"}
    zone = zone_of(Kind.CHART)
    assert value_of(zone, fields_of(zone, value)) == {**value, "numbers": ["12.5", "1250"]}


@pytest.mark.parametrize("kind", [Kind.PICTURE, Kind.QR, Kind.CHART])
def test_an_empty_form_is_an_empty_zone(kind: Kind) -> None:
    assert value_of(zone_of(kind), {}) is None


def test_rows_with_nothing_in_them_are_left_out_and_the_order_is_that_of_their_numbers() -> None:
    fields = {"10.heading": "Tenth", "2.heading": "Second", "3.heading": "  ", "3.body": "", "x.heading": "No row"}
    rows = value_of(zone_of(Kind.ITEMS), fields)
    assert [row["heading"] for row in rows] == ["Second", "Tenth"]


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["url", "picture", "focus", "labels"]), inner)
    ),
    max_leaves=6,
)


@given(kind=st.sampled_from(Kind), value=_json)
def test_a_value_of_any_type_at_all_can_be_shown(kind: Kind, value: Any) -> None:
    fields = fields_of(zone_of(kind), value)
    assert all(isinstance(text, str) for text in fields.values())


@given(kind=st.sampled_from(Kind), value=_json)
def test_a_form_that_is_not_touched_says_the_same_twice(kind: Kind, value: Any) -> None:
    zone = zone_of(kind)
    once = value_of(zone, fields_of(zone, value))
    assert value_of(zone, fields_of(zone, once)) == once
