from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.errors import Invalid
from leaflets.domain.review.gap import Facts, is_place_name
from leaflets.domain.review.message import MessageKind, Words, as_value, filled, gaps_in, tidied
from leaflets.domain.review.saying import Said, key_of, keys, said, units
from leaflets.domain.template import ItemField, Kind, Voice, Zone

FACTS = Facts("Ada O’Quay", "Cumbernauld, Kilsyth and Kirkintilloch", "Thursday 6 May 2027", ("Scotland", "Central"))
HEADING, BODY = ItemField("heading", "Promise", 40), ItemField("body", "How", 200, required=False)
ZONES = {
    "line": Zone("line", Kind.LINE, "Line", "", Voice.MESSAGE, "front"),
    "rich": Zone("rich", Kind.RICH, "Rich", "", Voice.MESSAGE, "front"),
    "items": Zone("items", Kind.ITEMS, "Items", "", Voice.MESSAGE, "front", fields=(HEADING, BODY)),
    "quotes": Zone(
        "quotes", Kind.ITEMS, "Quotes", "", Voice.LOCAL, "front",
        fields=(ItemField("words", "Words", 90), ItemField("who", "Who", 40)),
    ),
}  # fmt: skip
MESSAGES: dict[str, tuple[MessageKind, Words]] = {
    "bus": (MessageKind.HEADLINE, "We will bring the bus back to {place}"),
    "town": (MessageKind.HEADLINE, "{town} deserves a doctor, and {town} will get one"),
    "name": (MessageKind.HEADLINE, "{candidate} – on your side in {area_short}"),
    "plain": (MessageKind.HEADLINE, "It’s time for “better” buses…"),
    "pledge": (MessageKind.PLEDGE, {"heading": "Bring the bus back", "body": "Every day to {place}, from May."}),
    "short": (MessageKind.PLEDGE, {"heading": "Keep the library open", "body": ""}),
    "quote": (MessageKind.QUOTE, {"words": "She answered the same day.", "who": "Mair, {place}"}),
    "number": (MessageKind.NUMBER, "One home in four in {area} is damp"),
    "letter": (
        MessageKind.PARAGRAPH,
        "<p>I am <strong>{candidate}</strong>.</p><ul><li>Buses</li><li>Trains</li></ul>",
    ),
    "one": (MessageKind.PARAGRAPH, "<p>Vote on {polling_day}, &amp; bring a friend.</p>"),
}


def says(zone: str, value: Any) -> Said[str]:
    return said(ZONES[zone], value, [(name, *message) for name, message in MESSAGES.items()], FACTS)


def put(name: str, zone: str) -> Any:
    kind, words = MESSAGES[name]
    own = filled(words, FACTS)
    assert own is not None
    return as_value(kind, own, ZONES[zone])


PLACES = [(name, zone) for name in MESSAGES for zone in ZONES if put(name, zone) is not None]


@pytest.mark.parametrize(("name", "zone"), PLACES)
def test_a_message_that_is_put_in_unchanged_is_said(name: str, zone: str) -> None:
    found = says(zone, put(name, zone))

    assert found.all
    assert found.texts == (name,)
    assert key_of(MESSAGES[name][1]) in keys(ZONES[zone], put(name, zone))


@pytest.mark.parametrize(("name", "zone"), PLACES)
@given(data=st.data())
def test_no_other_letter_may_stand_in_it(name: str, zone: str, data: st.DataObject) -> None:
    value = put(name, zone)
    text = value[0]["heading"] if zone == "items" else value[0]["words"] if zone == "quotes" else value
    at = data.draw(st.integers(0, len(text)))
    put_in = data.draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=3))
    changed = text[:at] + put_in + text[at:]
    if zone in ("items", "quotes"):
        key = "heading" if zone == "items" else "words"
        value = [{**value[0], key: changed}]
    else:
        value = changed
    if units(ZONES[zone], value) == units(ZONES[zone], put(name, zone)):
        return  # a space, a soft hyphen: the same words
    if name == "town" and says(zone, value).all:
        assert all(letter.isalpha() or letter in " -'’" for letter in put_in)  # another name of a place
        return
    assert not says(zone, value).all


@pytest.mark.parametrize(
    "same",
    [
        "We will bring the bus back to Cumbernauld",
        "We will bring the bus  back to Kilsyth",
        "We will bring the bus back\u00a0to Central",
        " We will bring the bus back to Scotland ",
        "We will bring the bus back to Cumbernauld, Kilsyth and Kirkintilloch",
    ],
)
def test_its_gap_takes_the_places_of_the_campaign(same: str) -> None:
    assert says("line", same).texts == ("bus",)


@pytest.mark.parametrize(
    "other",
    [
        "we will bring the bus back to Kilsyth",
        "We will bring the bus back to kilsyth",
        "We will bring the bus back to Glasgow",
        "We will bring the bus back to Kilsyth.",
        "We will bring the bus back to Kilsyth and Kilsyth",
        "We will bring the bus back to {place}",
        "We will bring the bus back to ",
        "We will bring the bus back to Kilsyth\nVote for somebody else",
        "We will bring the bus back to <b>Kilsyth</b>",
        "We will not bring the bus back to Kilsyth",
    ],
)
def test_and_nothing_else(other: str) -> None:
    assert says("line", other).texts == ()


@pytest.mark.parametrize(
    "town",
    ["Ely", "St Ives", "Stoke-on-Trent", "Newcastle upon Tyne", "King's Lynn", "Betws-y-Coed", "Wells-next-the-Sea",
     "Pen-y-bont ar Ogwr", "Isle of Wight", "Inbhir Nis", "Tŷ-du", "Ashby-de-la-Zouch", "Chapel-en-le-Frith"],
)  # fmt: skip
def test_a_free_place_takes_the_names_of_towns(town: str) -> None:
    assert is_place_name(town)
    assert says("line", f"{town} deserves a doctor, and {town} will get one").texts == ("town",)


@pytest.mark.parametrize(
    "smuggled",
    ["everybody", "Nobody. Labour", "Ely 5", "Ely!", "THE LIARS", "www.ely.example", "Ely, and", "£5m", "<b>Ely</b>",
     "One Two Three Four", "A" * 40, "Мoscow", "the", "Ely of", "", "Lies they tell"],
)  # fmt: skip
def test_but_no_sentence_figure_link_or_shout(smuggled: str) -> None:
    assert not is_place_name(smuggled)
    assert says("line", f"{smuggled} deserves a doctor, and {smuggled} will get one").texts == ()


def test_a_gap_that_is_there_twice_is_filled_alike() -> None:
    assert says("line", "Ely deserves a doctor, and Kilsyth will get one").texts == ()


@given(st.text(max_size=60))
def test_whatever_stands_in_a_free_gap_has_the_shape_of_a_name(text: str) -> None:
    if says("line", f"{text} deserves a doctor, and {text} will get one").all:
        tidy = " ".join(text.split())
        assert len(tidy) <= 40
        assert not any(letter.isdigit() or letter in ".!?:;/<>{}@#£%" for letter in tidy)


def test_quotes_dashes_and_the_width_of_spaces_are_the_typographers() -> None:
    assert says("line", 'It\'s time for "better" buses...').texts == ("plain",)
    assert says("line", "Ada O'Quay - on your side in Cumbernauld").texts == ("name",)
    assert says("line", "Its time for better buses…").texts == ()


def test_each_item_is_asked_for_itself() -> None:
    value = [*put("pledge", "items"), {"heading": "My own idea", "body": "Made up."}, *put("short", "items")]

    found = says("items", value)

    assert found.units == ("pledge", None, "short")
    assert not found.all
    assert says("items", [value[0], value[2]]).all


def test_what_the_zone_does_not_know_of_an_item_counts() -> None:
    (item,) = put("short", "items")
    assert not says("items", [{**item, "more": "Smuggled"}]).all
    assert not says("items", [item, "Smuggled"]).all


def test_paragraphs_one_after_the_other_are_each_a_message() -> None:
    both = put("one", "rich") + put("letter", "rich")

    assert says("rich", both).units == ("one", "letter", "letter")
    assert says("rich", both + "<p>And one of mine.</p>").units == ("one", "letter", "letter", None)
    assert not says("rich", put("letter", "rich").replace("<strong>", "").replace("</strong>", "")).all


def test_a_message_whose_gap_the_campaign_cannot_fill_is_not_offered() -> None:
    assert filled("On {polling_day}", Facts("Ada", "Harbour")) is None
    assert (
        said(ZONES["line"], "On ", [("day", MessageKind.HEADLINE, "On {polling_day}")], Facts("Ada", "Ely")).texts == ()
    )


@pytest.mark.parametrize("value", [None, 3, [], [3], {"a": 1}, "", "   ", [{"heading": 3}], ["a"]])
@pytest.mark.parametrize("zone", ZONES)
def test_a_value_of_any_shape_is_read(zone: str, value: Any) -> None:
    assert not says(zone, value).all
    assert isinstance(keys(ZONES[zone], value), frozenset)


@pytest.mark.parametrize(
    ("kind", "words", "complaint"),
    [
        (MessageKind.HEADLINE, "", "missing"),
        (MessageKind.HEADLINE, "x" * 121, "121 characters"),
        (MessageKind.HEADLINE, "For {everybody}", "nothing can fill {everybody}"),
        (MessageKind.HEADLINE, "For {place", "brace"),
        (MessageKind.QUOTE, {"words": "Yes."}, "Who said it is missing"),
        (MessageKind.PLEDGE, {"heading": 4}, "has to be text"),
        (MessageKind.PARAGRAPH, f"<p>{'word ' * 260}</p>", "260 words"),
    ],
)
def test_words_that_cannot_be_a_message_are_refused(kind: MessageKind, words: Any, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        tidied(kind, words)


def test_the_gaps_of_a_message_are_named_once() -> None:
    assert gaps_in(MESSAGES["town"][1]) == ("town",)
    assert gaps_in({"heading": "{candidate}", "body": "{area} {candidate}"}) == ("candidate", "area")
