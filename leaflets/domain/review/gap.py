"""The gaps of a message: what may differ in it from seat to seat, and nothing else.

All but one are filled with what the campaign itself is called by, letter for letter. {town} takes any place name: one
to three words with a capital, joined as places are ("Newcastle upon Tyne", "Ashby-de-la-Zouch"), in Latin letters and
no longer than `LONGEST_TOWN`. So nobody can put a figure, a sentence, a link or markup into a gap; the polling day
alone has digits, and they are the campaign's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from leaflets.domain.words.first_leaflet import short_area

LONGEST_TOWN = 32
MOST_CAPITALS = 3

NAME = re.compile(r"\{([^{}]*)\}")
"""A gap as it is written in a message."""

_JOINING = frozenset((
    "a", "am", "an", "and", "ar", "by", "cum", "de", "in", "juxta", "la", "le", "na", "nam", "nan", "near", "next",
    "of", "on", "over", "super", "the", "under", "upon", "with", "y", "yr",
))  # fmt: skip
_PARTS = re.compile(r", | and | & | with ", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
FREE = r"[^\W\d_]+(?:['-][^\W\d_]+)*(?: [^\W\d_]+(?:['-][^\W\d_]+)*){0,5}"
"""As an expression: what looks like a place name at first sight. `is_place_name` decides."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a campaign is called by: its candidate, its area, its polling day, and the offices above it."""

    candidate: str
    area: str
    polling_day: str = ""
    offices: tuple[str, ...] = ()


def _places(facts: Facts) -> tuple[str, ...]:
    """The short name first, which is what is put in; then the whole area, its parts, and the offices above."""
    known = (short_area(facts.area), facts.area, *_PARTS.split(facts.area), *facts.offices)
    return tuple(dict.fromkeys(name.strip() for name in known if name.strip()))


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: what it is for, and what may fill it for a campaign, the first of which is put in."""

    meaning: str
    known: Callable[[Facts], tuple[str, ...]]
    free: bool = False


GAPS: Mapping[str, Gap] = {
    "candidate": Gap("the candidate’s name", lambda facts: (facts.candidate,)),
    "first_name": Gap("the candidate’s first name", lambda facts: (facts.candidate.split(" ")[0],)),
    "area": Gap("the area, with its whole name", lambda facts: (facts.area,)),
    "area_short": Gap("what people call the area", lambda facts: (short_area(facts.area), facts.area)),
    "place": Gap("a place of the campaign: its area, a part of its name, its region", _places),
    "town": Gap("any town, village or estate: a name of up to three words", _places, free=True),
    "polling_day": Gap("the campaign’s polling day", lambda facts: (facts.polling_day,)),
}


def known(name: str, facts: Facts) -> tuple[str, ...]:
    """The campaign's own words for a gap, the one that is put in first; none where it has none."""
    return tuple(words for words in GAPS[name].known(facts) if words)


def is_place_name(words: str) -> bool:
    """Whether these words, with straight apostrophes, have the shape of a place's name, as described above."""
    names = words.split(" ")
    if len(words) > LONGEST_TOWN or not all(_WORDS.fullmatch(name) for name in names):
        return False
    capitals = [name for name in names if name not in _JOINING]
    bounded = len(capitals) <= MOST_CAPITALS and capitals[:1] == names[:1] and capitals[-1:] == names[-1:]
    return bounded and all(_is_name(name) for name in capitals)


def _is_name(word: str) -> bool:
    """A capital and then small letters; after a hyphen a capital or a joining word, after an apostrophe either."""
    first, *others = word.split("-")
    if not all(unicodedata.name(letter, "").startswith("LATIN ") for letter in word if letter.isalpha()):
        return False
    return _is_capitalised(first) and all(
        _is_capitalised(part) or part in _JOINING or part.islower() for part in others
    )


def _is_capitalised(part: str) -> bool:
    head, *tail = part.split("'")
    begins = head[:1].isupper() and (len(head) == 1 or head[1:].islower())
    return begins and all(piece.islower() or _is_capitalised(piece) for piece in tail)
