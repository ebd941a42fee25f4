import pytest

from leaflets.domain.clock.election import Nation
from leaflets.domain.review.topics import TOPICS, Answerer, answerer, touched


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("I will save our NHS and its nurses.", ("health",)),
        ("I am no gpu", ()),
        ("Business as usual", ()),
        ("The bus, and the busy road", ("buses",)),
        ("Mwy o feddygon yn ein hysgolion", ("health", "schools")),
        ("Slàinte agus foghlam", ("health", "schools")),
        ("Tai fforddiadwy i bawb", ("housing",)),
        ("Universal credit and the armed forces", ("benefits", "defence")),
        ("Independence by referendum", ("constitution",)),
        ("", ()),
    ],
)
def test_the_words_of_a_policy_area_are_found_in_three_languages(text: str, areas: tuple[str, ...]) -> None:
    assert touched(text) == areas
    assert touched(text.upper()) == areas


@pytest.mark.parametrize(
    ("topic", "nations"),
    [
        ("health", {Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND}),
        ("policing", {Nation.ENGLAND, Nation.SCOTLAND, Nation.NORTHERN_IRELAND}),
        ("benefits", {Nation.ENGLAND, Nation.NORTHERN_IRELAND}),
        ("defence", set()),
        ("immigration", set()),
    ],
)
def test_a_nation_answers_for_what_is_decided_there(topic: str, nations: set[Nation]) -> None:
    assert {nation for nation in Nation if answerer(topic, nation) is Answerer.NATION} == nations
    assert answerer(topic, None) is Answerer.ORGANISATION


def test_every_policy_area_names_its_law_and_its_words() -> None:
    assert all(topic.source and topic.words and topic.label for topic in TOPICS.values())
