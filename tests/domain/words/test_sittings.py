from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.leaflet import Act
from leaflets.domain.words.sittings import MOST_EDITS, LogLine, sittings

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
AGNES, HENRY = 1, 2


def log(*lines: tuple[float, int, str]) -> list[LogLine]:
    """Edits (minutes after noon, who, zone), newest first."""
    made = [
        LogLine(number, zone, by, NOON + timedelta(minutes=minutes), Act.TYPED)
        for number, (minutes, by, zone) in enumerate(lines, 1)
    ]
    return made[::-1]


def cut(newest_first: list[LogLine], *, ends: tuple[int, ...] = ()) -> list[tuple[int, int]]:
    return [(one.first_id, one.last_id) for one in sittings(newest_first, ends=ends)]


def test_a_pause_of_ten_minutes_ends_a_sitting() -> None:
    assert cut(log((0, AGNES, "a"), (9, AGNES, "a"), (19, AGNES, "b"))) == [(3, 3), (1, 2)]


def test_another_person_begins_another_sitting_unless_both_write_at_the_same_minute() -> None:
    assert cut(log((0, AGNES, "a"), (3, HENRY, "b"))) == [(2, 2), (1, 1)]
    (together,) = sittings(log((0, AGNES, "a"), (0.5, HENRY, "b"), (0.7, AGNES, "a")))
    assert (together.people, together.zones) == ((AGNES, HENRY), ("a", "b"))


def test_a_named_moment_ends_a_sitting() -> None:
    assert cut(log((0, AGNES, "a"), (1, AGNES, "a"), (2, AGNES, "a")), ends=(2,)) == [(3, 3), (1, 2)]


def test_what_was_filled_in_or_brought_back_stands_alone() -> None:
    lines = log((0, AGNES, "a"), (0, AGNES, "b"), (1, AGNES, "a"), (2, AGNES, "a"), (2, AGNES, "b"), (3, AGNES, "a"))
    acts = [Act.TYPED, Act.RESTORE, Act.RESTORE, Act.TYPED, Act.FILL, Act.FILL]
    steps = ["keys", "back", "back", "more", "", ""]
    lines = [replace(line, act=act, step=step) for line, act, step in zip(lines, acts, steps, strict=True)]
    assert cut(lines) == [(6, 6), (4, 5), (3, 3), (1, 2)]


def test_each_version_that_was_brought_back_stands_alone() -> None:
    lines = [replace(line, act=Act.RESTORE, step=f"back-{line.id}") for line in log((0, AGNES, "a"), (1, AGNES, "a"))]
    assert cut(lines) == [(2, 2), (1, 1)]


def test_texts_that_were_kept_beside_others_are_counted_apart() -> None:
    lines = log((0, AGNES, "a"), (1, AGNES, "a"))
    (one,) = sittings([replace(lines[0], kept=True), lines[1]])
    assert (one.changes, one.kept) == (1, 1)


def test_a_long_sitting_is_cut_from_its_end() -> None:
    lines = log(*[(number / 600, AGNES, "a") for number in range(MOST_EDITS + 5)])
    assert [one.changes for one in sittings(lines)] == [MOST_EDITS, 5]


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from([AGNES, HENRY]), st.sampled_from("ab")), max_size=40))
def test_every_edit_is_in_one_sitting_and_in_order(gaps: list[tuple[float, int, str]]) -> None:
    minutes = 0.0
    lines = []
    for gap, by, zone in gaps:
        minutes += gap
        lines.append((minutes, by, zone))
    found = cut(log(*lines))
    assert [number for first, last in reversed(found) for number in range(first, last + 1)] == list(
        range(1, len(lines) + 1)
    )
