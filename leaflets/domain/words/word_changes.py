"""Two texts side by side, word by word: what stayed, what was added, what was taken out.

Words that occur once in both texts are the anchors (the patience method), so that long texts are compared in about
the time that reading them takes; between two anchors a short stretch is compared word by word and a long one that
shares nothing rare is a change as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, pairwise

from leaflets.domain.words.prose import Block
from leaflets.domain.words.prose import Span as Styled

_WORDS = re.compile(r"\w+(?:[’'.-]\w+)*|\s+|[^\w\s]")
_CLOSE_LOOK = 250_000  # words of one stretch times words of the other: 500 against 500


class Change(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of words that share their fate and their style."""

    change: Change
    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """The smallest thing that is compared: a word, a space or a mark, with its style."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


def compare_words(before: Sequence[Word], after: Sequence[Word]) -> tuple[Part, ...]:
    """What stayed, was added, was removed. Without the added parts it reads `before`, without the removed `after`.

    A word that became bold was removed and added.
    """
    fates: list[tuple[Change, Word]] = []
    old = new = 0
    for start_old, start_new, length in [*_stretches(before, after), (len(before), len(after), 0)]:
        fates += [(Change.REMOVED, word) for word in before[old:start_old]]
        fates += [(Change.ADDED, word) for word in after[new:start_new]]
        fates += [(Change.SAME, word) for word in before[start_old : start_old + length]]
        old, new = start_old + length, start_new + length
    return tuple(_parts(_without_islands(fates)))


def words_of(text: str) -> list[Word]:
    """Plain text, cut into words, spaces and marks; put together they are the text."""
    return [Word(word) for word in _WORDS.findall(text)]


def styled_words(blocks: Sequence[Block]) -> list[Word]:
    """Rich text cut alike: a new line before each paragraph but the first, a bullet before each item of a list."""
    words: list[Word] = []
    for block in blocks:
        for line in block.lines:
            words += words_of(("\n" if words else "") + ("• " if block.bulleted else ""))
            words += [
                replace(word, strong=span.strong, em=span.em, href=span.href) for span in line for word in _cut(span)
            ]
    return words


def _cut(span: Styled) -> list[Word]:
    return words_of(span.text)


def _stretches(before: Sequence[Word], after: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
    """Where both read alike: (place in `before`, place in `after`, words), in order and without overlap."""
    waiting = [(0, len(before), 0, len(after))]
    found: list[tuple[int, int, int]] = []
    while waiting:
        old, old_end, new, new_end = waiting.pop()
        head = _alike(before, after, old, new, min(old_end - old, new_end - new))
        old_at, new_at = old + head, new + head
        tail = _alike_at_end(before, after, old_end, new_end, min(old_end - old_at, new_end - new_at))
        found += [(old, new, head), (old_end - tail, new_end - tail, tail)]
        old_to, new_to = old_end - tail, new_end - tail
        if old_at == old_to or new_at == new_to:
            continue
        anchors = _anchors(before[old_at:old_to], after[new_at:new_to])
        if anchors:
            edges = [(-1, -1), *anchors, (old_to - old_at, new_to - new_at)]
            found += [(old_at + place, new_at + other, 1) for place, other in anchors]
            waiting += [
                (old_at + left[0] + 1, old_at + right[0], new_at + left[1] + 1, new_at + right[1])
                for left, right in pairwise(edges)
            ]
        elif (old_to - old_at) * (new_to - new_at) <= _CLOSE_LOOK:
            close = SequenceMatcher(None, before[old_at:old_to], after[new_at:new_to], autojunk=False)
            found += [(old_at + place, new_at + other, size) for place, other, size in close.get_matching_blocks()]
    return iter(sorted(each for each in found if each[2]))


def _alike(before: Sequence[Word], after: Sequence[Word], old: int, new: int, most: int) -> int:
    """How many words are the same from here on."""
    return next((n for n in range(most) if before[old + n] != after[new + n]), most)


def _alike_at_end(before: Sequence[Word], after: Sequence[Word], old_end: int, new_end: int, most: int) -> int:
    """How many words are the same before here."""
    return next((n for n in range(most) if before[old_end - 1 - n] != after[new_end - 1 - n]), most)


def _anchors(before: Sequence[Word], after: Sequence[Word]) -> list[tuple[int, int]]:
    """Places of words that occur once in each, as many as stand in the same order in both."""
    there = {word: place for place, word in enumerate(after)}
    once = {word for counted in (Counter(before),) for word, times in counted.items() if times == 1}
    once &= {word for word, times in Counter(after).items() if times == 1}
    pairs = [(place, there[word]) for place, word in enumerate(before) if word in once and not word.text.isspace()]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, in order of the first, whose second rises."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        slot = bisect_left(ends, second)
        before.append(last[slot - 1] if slot else -1)
        ends[slot : slot + 1] = [second]
        last[slot : slot + 1] = [number]
    run = []
    number = last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _without_islands(fates: list[tuple[Change, Word]]) -> list[tuple[Change, Word]]:
    """A space alone between two changes changes with them: "two words" became "another pair", not word by word."""
    groups = [(same, list(group)) for same, group in groupby(fates, lambda each: each[0] is Change.SAME)]
    settled: list[tuple[Change, Word]] = []
    for number, (same, group) in enumerate(groups):
        alone = same and 0 < number < len(groups) - 1 and all(word.text.isspace() for _, word in group)
        if alone and not any("\n" in word.text for _, word in group):
            settled += [(change, word) for change in (Change.REMOVED, Change.ADDED) for _, word in group]
        else:
            settled += group
    return settled


def _parts(fates: list[tuple[Change, Word]]) -> Iterator[Part]:
    """Neighbours of one fate and style together; between two same stretches the removed words before the added."""
    for same, group in groupby(fates, lambda each: each[0] is Change.SAME):
        changed = list(group)
        for change in (Change.SAME,) if same else (Change.REMOVED, Change.ADDED):
            alike = [word for fate, word in changed if fate is change]
            for (strong, em, href), run in groupby(alike, lambda word: (word.strong, word.em, word.href)):
                yield Part(change, "".join(word.text for word in run), strong, em, href)
