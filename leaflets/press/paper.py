"""What a finished PDF itself says: the name of the content it was made of, and the words that stand on its pages.

Words are looked for letter by letter: spaces, line breaks and soft hyphens are no part of them, ligatures are the
letters they stand for, and a hyphen at the end of a line may be the words' own or the line's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2

from leaflets.press.job import ContentName
from leaflets.press.preflight import metadata
from leaflets.press.preflight.document import Unreadable, opened

_LINE_END = "\x02"  # a hyphen that ends a line
_ENDS = re.compile("[\ufffe\x02]|[-\u2010\u00ad](?=[\r\n])")
_NO_LETTER = re.compile("[\\s\u00ad\u200b\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF as a reader has it. `content` is None where the file does not name what it was made of."""

    content: ContentName | None
    text: str

    def lacks(self, lines: Iterable[str]) -> list[str]:
        """Those of these lines of words that stand nowhere on its pages."""
        return [line for line in lines if not self._holds(_letters(line))]

    def _holds(self, letters: str) -> bool:
        if letters in self.text:
            return True
        if _LINE_END not in self.text:
            return False
        pattern = f"{_LINE_END}?".join(f"[-{_LINE_END}]" if each == "-" else re.escape(each) for each in letters)
        return re.search(pattern, self.text) is not None


def read(pdf: bytes) -> Paper:
    """What this PDF says. Raises `Unreadable` when it is none, or is damaged."""
    with opened(pdf) as document:
        content = metadata.read(document).content
    try:
        with pypdfium2.PdfDocument(pdf) as pages:
            text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("The words of this PDF cannot be read.") from error
    return Paper(content, _letters(_ENDS.sub(_LINE_END, text)))


def _letters(words: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", words))
