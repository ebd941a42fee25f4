"""Characters that people do not see and paper cannot hold.

What is removed carries no words: control characters (Unicode category Cc), lone surrogates (Cs), and the marks that
turn the direction of writing or hide it (Unicode Technical Report 36, "Bidirectional Text Spoofing").
"""

from __future__ import annotations

import re
import unicodedata

# Row: the characters, and what each of them would do on a leaflet.
_HIDDEN = {
    "\u061c\u200e\u200f": "marks that flip the direction of neighbours",
    "\u202a-\u202e": "embeddings and overrides: 'right' can be made to read 'thgir'",
    "\u2066-\u2069": "isolates: the same, newer",
    "\u200b\ufeff": "spaces without width, left over by copying",
    "\ufff9-\ufffb": "annotation anchors",
    "\U000e0000-\U000e007f": "tags: hidden letters",
}
# The flags of England, Scotland and Wales are spelled with tags (Unicode Technical Standard 51, "Emoji Tag Sequences").
_FLAG = "\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f"
_REMOVED = re.compile(f"({_FLAG})|[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff{''.join(_HIDDEN)}]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\n]+")


def tidy_text(text: str) -> str:
    """The same words with one kind of line end, in Unicode form NFC, without characters that nobody sees."""
    return unicodedata.normalize("NFC", _REMOVED.sub(r"\1", _LINE_ENDS.sub("\n", text)))


def tidy_line(text: str) -> str:
    """The same words on one line: as `tidy_text`, with each run of spaces, tabs and line ends made one space."""
    return _SPACES.sub(" ", tidy_text(text)).strip()


def hidden_characters(text: str) -> tuple[str, ...]:
    """The characters that `tidy_text` would remove, each once, as U+hhhh."""
    return tuple(dict.fromkeys(f"U+{ord(found[0]):04X}" for found in _REMOVED.finditer(text) if not found[1]))
