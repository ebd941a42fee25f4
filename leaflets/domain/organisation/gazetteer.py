"""Places as people write them: a few letters, without accents, with “&” for “and”, in Welsh, nearly right.

An entry fits when every word that was typed begins a word of it. Those that fit by their name come before those that
only lie in a place of that name; where none fits, the nearest are offered instead of nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from leaflets.domain.errors import Invalid

LONGEST = 120
"""Characters of what is typed that are read: no place's name is as long."""

OFFERED = 8
"""Entries that a list under a field shows at once."""

_NEAR = 0.75  # how alike two words are that differ in a slip of the fingers: “Harbuor”, “Tweed” and “Tweeed”
_COMPARED = 8  # words that are compared letter by letter, of a whole sentence that somebody pasted


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that can be chosen. `key` names it in a form, `detail` says what it is, `also` is what else finds it."""

    key: str
    name: str
    detail: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The entries that fit what was typed, the best first; `near` where none does, and these only resemble it."""

    entries: Sequence[Entry]
    near: bool = False

    @property
    def offered(self) -> Sequence[Entry]:
        """As many as a list shows."""
        return self.entries[:OFFERED]


class Unsettled(Invalid):
    """What was typed names no one place. `found` are those to choose from, if any."""

    def __init__(self, message: str, remedy: str, found: Found) -> None:
        super().__init__(message, remedy, code="place")
        self.found = found


def look_up(entries: Iterable[Entry], typed: str) -> Found:
    """The entries that fit; nothing typed fits none."""
    wanted = [word for word in plain_words(typed[:LONGEST]) if word != "and"]
    if not wanted:
        return Found(())
    whole = " ".join(wanted)
    ranked: list[tuple[int, int, Entry]] = []
    listed = list(entries)
    for order, entry in enumerate(listed):
        rank = _rank(wanted, whole, plain_words(entry.name), entry.also)
        if rank is not None:
            ranked.append((rank, order, entry))
    if ranked:
        return Found([entry for *_, entry in sorted(ranked, key=lambda each: each[:2])])
    return Found(_nearest(listed, wanted[:_COMPARED]), near=True)


def chosen(entries: Iterable[Entry], key: str) -> Entry | None:
    """The entry that a form names by its key, if it names one."""
    return next((entry for entry in entries if entry.key == key), None)


def settle(entries: Sequence[Entry], *, typed: str, key: str = "") -> Entry:
    """The entry that a form names: the one chosen by its `key`, where it fits what is typed; else the only one to fit.

    Raises `Unsettled`, with those to choose from.
    """
    named = chosen(entries, key)
    if not typed.strip():
        if named:
            return named
        raise Unsettled("It does not say yet where.", "Write the first letters, and choose.", Found(()))
    found = look_up(entries, typed)
    if named and (named in found.entries or named.name == typed.strip()):
        return named
    if len(found.entries) == 1 and not found.near:
        return found.entries[0]
    said = typed.strip()[:60]
    if found.near:
        remedy = "Choose one that is like it, or write it otherwise." if found.entries else "Write it otherwise."
        raise Unsettled(f"Nothing here is called “{said}”.", remedy, found)
    raise Unsettled(f"{len(found.entries)} of them fit “{said}”.", "Choose yours, or write more of its name.", found)


def plain_words(text: str) -> list[str]:
    """Words for comparing: small, without accents and apostrophes, “&” as “and”: `King’s Lynn & Môn` is 4 of them."""
    bare = text.casefold().replace("&", " and ")
    if not bare.isascii():
        split = unicodedata.normalize("NFKD", bare)
        bare = "".join(each for each in split if not unicodedata.combining(each))
    return re.findall(r"[^\W_]+", re.sub(r"['’`]", "", bare))


def _rank(wanted: Sequence[str], whole: str, named: Sequence[str], also: str) -> int | None:
    """How well an entry fits, 0 best; None where it does not."""
    if _all_begin(wanted, named):
        name = " ".join(word for word in named if word != "and")
        return 0 if name == whole else 1 if name.startswith(whole) else 2
    return 3 if _all_begin(wanted, [*named, *plain_words(also)]) else None


def _all_begin(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _nearest(entries: Sequence[Entry], wanted: Sequence[str]) -> list[Entry]:
    """Those with most of the words, or words that are nearly those: an old name, or a slip of the fingers."""
    likeness: dict[tuple[str, str], float] = {}
    scored: list[tuple[float, int, Entry]] = []
    for order, entry in enumerate(entries):
        words = plain_words(f"{entry.name} {entry.also}")
        score = sum(max((_alike(each, word, likeness) for word in words), default=0.0) for each in wanted)
        if score > 0:
            scored.append((-score, order, entry))
    return [entry for *_, entry in sorted(scored, key=lambda each: each[:2])[:OFFERED]]


def _alike(typed: str, word: str, known: dict[tuple[str, str], float]) -> float:
    """1 for a word that begins so, less for one that is nearly so, 0 for any other; short words must be right."""
    if len(typed) < 4:
        return 0.0
    if (typed, word) not in known:
        if word.startswith(typed):
            known[typed, word] = 1.0
        else:
            likeness = SequenceMatcher(None, typed, word[: len(typed) + 1], autojunk=False)
            close = likeness.real_quick_ratio() >= _NEAR and likeness.quick_ratio() >= _NEAR
            known[typed, word] = ratio if close and (ratio := likeness.ratio()) >= _NEAR else 0.0
    return known[typed, word]
