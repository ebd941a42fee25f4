"""What was typed against what is there: tokens lost, tokens there twice, tokens out of order, and the very letters."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise


def plain(text: str) -> str:
    """A zone's text with its markup taken off and its spaces made one: what its words are."""
    text = re.sub(r"</(p|li|h\d)>|<br>", " ", text)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).replace("\xa0", " ").split())


@dataclass
class Written:
    """The keys that went into one zone after the words it began with, and when."""

    letter: str
    keys: list[tuple[str, float]] = field(default_factory=list)
    number: int = 0

    @property
    def text(self) -> str:
        return "".join(key for key, _ in self.keys)

    def next_token(self) -> str:
        self.number += 1
        return f" {self.letter}{self.number}"

    def add(self, key: str) -> None:
        self.keys.append((key, time.monotonic()))

    def reopened_with(self, shown: str, *, older_than_s: float, closed_at: float) -> bool:
        """The tab was closed and another shows this. Whether every key that was old enough is in it.

        Keys too young that are gone were never typed, as far as what comes next is concerned.
        """
        safe = sum(1 for _, at in self.keys if closed_at - at > older_than_s)
        for kept in range(len(self.keys), safe - 1, -1):
            if shown.endswith(plain("".join(key for key, _ in self.keys[:kept]))):
                del self.keys[kept:]
                return True
        return False


@dataclass(frozen=True)
class Verdict:
    """How many tokens were lost, are there twice, or in the wrong order. `differ`: the zones that hold another text."""

    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    differ: tuple[str, ...] = ()


def judge(zone: str, written: Written, found: str) -> Verdict:
    """Compare the words of one zone with the keys that were typed into it."""
    token = re.compile(rf"\b{written.letter}\d+\b")
    typed, there = token.findall(written.text), token.findall(plain(found))
    places = {each: deque(at for at, one in enumerate(typed) if one == each) for each in set(typed)}
    order = [places[each].popleft() for each in there if places.get(each)]
    return Verdict(
        lost=(Counter(typed) - Counter(there)).total(),
        duplicated=(Counter(there) - Counter(typed)).total(),
        reordered=sum(1 for one, next_ in pairwise(order) if next_ < one),
        differ=() if plain(found).endswith(plain(written.text)) else (zone,),
    )


def together(verdicts: list[Verdict]) -> Verdict:
    """The sum of several."""
    return Verdict(
        sum(each.lost for each in verdicts),
        sum(each.duplicated for each in verdicts),
        sum(each.reordered for each in verdicts),
        tuple(zone for each in verdicts for zone in each.differ),
    )
