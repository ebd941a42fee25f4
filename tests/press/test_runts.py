from __future__ import annotations

import pytest

from leaflets.press.runts import no_runts
from leaflets.template_language import kept


@pytest.mark.parametrize(
    ("typed", "bound"),
    [
        ("I’ll bring the bus back to Ferry Hill.", "I’ll bring the bus back to Ferry~Hill."),
        ("Mend the sea wall at Saltmarsh", "Mend the sea wall at Saltmarsh"),
        ("What we can do in it", "What we can do~in~it"),
        ("Vote", "Vote"),
        ("", ""),
    ],
)
def test_short_last_words_of_a_heading_stay_with_the_word_before(typed: str, bound: str) -> None:
    assert kept(typed) == bound.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("html", "bound"),
    [
        ("<p>because the 10.40 was cut.</p>", "<p>because the 10.40 was~cut.</p>"),
        (
            "<p>One two.</p><ul><li>a <strong>bus</strong></li></ul>",
            "<p>One~two.</p><ul><li>a <strong>bus</strong></li></ul>",
        ),
        ("<p>We <em>said so</em></p>", "<p>We <em>said~so</em></p>"),
        ("<p>It ends in neighbourhoods.</p>", "<p>It ends in neighbourhoods.</p>"),
    ],
)
def test_a_paragraph_does_not_end_with_one_short_word_on_its_own_line(html: str, bound: str) -> None:
    assert no_runts(html) == bound.replace("~", "\u00a0")
