"""What a finished PDF itself says: the name of the content it was made of, and the words that stand on its pages.

Words are looked for letter by letter: spaces, line breaks and soft hyphens are no part of them, ligatures are the
letters they stand for, and a hyphen at the end of a line may be the words' own or the line's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2

from leaflets.press.job import ContentName
from leaflets.press.preflight import metadata
from leaflets.press.preflight.document import Unreadable, opened

_LINE_END = "\x02"  # a hyphen that ends a line
_TAKEN = "\x00"  # what was found already
_ENDS = re.compile("[\ufffe\x02]|[-\u2010\u00ad](?=[\r\n])")
_NO_LETTER = re.compile("[\\s\u00ad\u200b\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Held:
    """What came of holding lines of words against a paper.

    `missing` are the places, in the lines, of those that do not stand there; `rest` is what else stands there.
    """

    missing: tuple[int, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF as a reader has it. `content` is None where the file does not name what it was made of."""

    content: ContentName | None
    text: str

    def against(self, lines: Sequence[str]) -> Held:
        """Look for these lines. Each needs a place of its own, the longest first, and begins and ends with a word.

        So a headline is not found in a paragraph that repeats it, nor in a longer word.
        """
        letters, places = _letters_of(self.text)
        taken = [False] * len(self.text)
        missing = []
        for number in sorted(range(len(lines)), key=lambda each: -len(lines[each])):
            wanted = _letters_of(unicodedata.normalize("NFKC", lines[number]))[0]
            found = next((span for span in _finds(wanted, letters) if self._is_whole(places, *span, taken)), None)
            if found is None:
                missing.append(number)
                continue
            begin, end = found
            letters = f"{letters[:begin]}{_TAKEN * (end - begin)}{letters[end:]}"
            taken[places[begin] : places[end - 1] + 1] = [True] * (places[end - 1] + 1 - places[begin])
        return Held(tuple(sorted(missing)), self._rest(taken))

    def _is_whole(self, places: Sequence[int], begin: int, end: int, taken: Sequence[bool]) -> bool:
        """Whether no word of the text begins before these letters, or ends after them."""
        before, after = places[begin] - 1, places[end - 1] + 1
        opens = before < 0 or taken[before] or not (self.text[before].isalnum() and self.text[before + 1].isalnum())
        closes = (
            after >= len(self.text)
            or taken[after]
            or not (self.text[after].isalnum() and self.text[after - 1].isalnum())
        )
        return opens and closes

    def _rest(self, taken: Sequence[bool]) -> tuple[str, ...]:
        left = "".join("\n" if is_taken else letter for letter, is_taken in zip(self.text, taken, strict=True))
        return tuple(line for each in left.splitlines() if (line := each.strip()))


def read(pdf: bytes) -> Paper:
    """What this PDF says. Raises `Unreadable` when it is none, or is damaged."""
    with opened(pdf) as document:
        content = metadata.read(document).content
    try:
        with pypdfium2.PdfDocument(pdf) as pages:
            text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("The words of this PDF cannot be read.") from error
    return said(text, content)


def said(text: str, content: ContentName | None = None) -> Paper:
    """The paper on which this text stands, as it was read from the pages."""
    return Paper(content, unicodedata.normalize("NFKC", _ENDS.sub(_LINE_END, text)))


def _letters_of(text: str) -> tuple[str, list[int]]:
    """The letters without what stands between words, and where each stands in the text."""
    kept = [(letter, place) for place, letter in enumerate(text) if not _NO_LETTER.match(letter)]
    return "".join(letter for letter, _ in kept), [place for _, place in kept]


def _finds(wanted: str, letters: str) -> Iterator[tuple[int, int]]:
    """Where these letters begin and end, a hyphen at a line's end being theirs or the line's."""
    if not wanted:
        return
    begin = letters.find(wanted)
    while begin >= 0:
        yield begin, begin + len(wanted)
        begin = letters.find(wanted, begin + 1)
    if _LINE_END in letters:
        pattern = f"{_LINE_END}?".join(f"[-{_LINE_END}]" if each == "-" else re.escape(each) for each in wanted)
        yield from (found.span() for found in re.finditer(pattern, letters))
