from __future__ import annotations

from datetime import UTC, datetime

import pytest
from card import card_job

from leaflets.domain.errors import Invalid
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.press import paper
from leaflets.press.job import ContentName
from leaflets.press.run import print_leaflet

NOW = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
HEADLINE = "Efficient, affordable flats: “office” heat at £9,000 – Dŵr’s ŵyl"
SENTENCE = "The well-known self-employed far-fetched co-operative of Newcastle-upon-Tyne keeps its old ways. "
LONG = f"<p>{SENTENCE * 4}{HEADLINE}.</p>"


@pytest.fixture(scope="module", params=list(Standard))
def printed(request: pytest.FixtureRequest) -> paper.Paper:
    job = card_job(
        values={"headline": HEADLINE, "story": LONG},
        spec=PressSpec(standard=request.param),
        content=ContentName("ab" * 32, 7),
    )
    return paper.read(print_leaflet(job, now=NOW).pdf)


def test_a_finished_file_says_what_it_was_made_of_and_every_word_of_it(printed: paper.Paper) -> None:
    assert printed.content == ContentName("ab" * 32, 7)
    assert printed.against([HEADLINE, f"{SENTENCE * 4}{HEADLINE}."]).missing == ()


def test_every_letter_that_is_another_is_found(printed: paper.Paper) -> None:
    for place, letter in enumerate(HEADLINE):
        if letter.isspace():
            continue
        for other in ("", "x", "X", letter.swapcase() if letter.isalpha() else "7"):
            if other != letter:
                changed = f"{HEADLINE[:place]}{other}{HEADLINE[place + 1 :]}"
                assert printed.against([changed]).missing, (place, other)


def test_words_that_stand_twice_in_the_leaflet_stand_twice_on_paper(printed: paper.Paper) -> None:
    lines = [HEADLINE, f"{SENTENCE * 4}{HEADLINE}."]
    assert printed.against([*lines, HEADLINE]).missing == (2,)


@pytest.mark.parametrize(
    ("on_paper", "words", "stands"),
    [
        ("e\ufb01cient", "efficient", False),  # fi alone: an f is missing
        ("e\ufb03cient", "efficient", True),
        ("self-\r\nemployed", "self-employed", True),
        ("hyphen-\r\nation", "hyphenation", True),
        ("hyphen\ufffe\r\nation", "hyphenation", True),
        ("hyphen\u00adation", "hyphenation", True),
        ("hyphen-ation", "hyphenation", False),
        ("a  b\u00a0c", "a b c", True),
        ("re-form", "reform", False),
    ],
)
def test_line_ends_and_ligatures_are_no_other_words(on_paper: str, words: str, stands: bool) -> None:
    assert (paper.said(on_paper).against([words]).missing == ()) is stands


def test_what_was_added_to_the_words_is_left_over(printed: paper.Paper) -> None:
    held = paper.said("We will build homes on the green\nPrinted by Press & Sons").against(["We will build homes"])
    assert held == paper.Held((), ("on the green", "Printed by Press & Sons"))


@pytest.mark.parametrize("pdf", [b"", b"no PDF", b"%PDF-1.7 and nothing else"])
def test_what_is_no_pdf_is_said_in_words(pdf: bytes) -> None:
    with pytest.raises(Invalid):
        paper.read(pdf)
