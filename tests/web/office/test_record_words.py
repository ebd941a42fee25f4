from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leaflets.web.office.record_words import note_words, who_words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HASH = "0123456789ab" + "c" * 52


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("person 6: nation", "Noel Hart: national approver"),
        ("person 7: agent", "person 7: agent"),
        ("person 6", "Noel Hart"),
        ("submission 5", ""),
        ("comment 2: headline", "headline"),
        (f"submission 8: {HASH}", "content 0123456789ab…"),
        (f"approval 3: {HASH}, certificate {HASH}", "content 0123456789ab…, certificate 0123456789ab…"),
        ("headline v1, letter-heading v12", "headline, letter-heading"),
        ("workflow: [{'office': 'region'}]", "who is asked to approve"),
        ("waiting: 5000 by 2026-11-22T17:00:00.771230+00:00", "waiting: 5000 by 17:00"),
        ("She said: person 6 and comment 2 are wrong.", "She said: person 6 and comment 2 are wrong."),
        ("", ""),
    ],
)
def test_a_note_of_the_record_is_read_in_words(note: str, words: str) -> None:
    assert note_words(note, people={6: "Noel Hart"}, now=NOW) == words


def test_a_process_of_the_press_is_called_the_press() -> None:
    assert who_words("vm-2.local:22648:345e5f13") == "The press"
    assert who_words("Noel Hart") == "Noel Hart"
