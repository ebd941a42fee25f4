"""Rich text as it is stored and typed: a small safe HTML, and a light markup for plain forms.

HTML: p, br, strong, em, ul, li, and a[href] with http, https, mailto or tel. Markup: **bold**, *italic*,
[words](https://address), lines that begin with "- ", an empty line between paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt

from leaflets.domain.words import prose
from leaflets.domain.words.characters import tidy_text

_STRUCTURE = {"br", "strong", "b", "em", "i", "ul", "ol", "li", "a", *prose.PARAGRAPH_TAGS}
_CLEANER = nh3.Cleaner(
    tags=_STRUCTURE,
    attributes={"a": {"href"}},
    url_schemes=set(prose.LINK_SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_MARKUP = MarkdownIt("zero", {"html": False, "breaks": True}).enable(["emphasis", "link", "list", "newline", "escape"])
_SPECIAL = re.compile(r"([\\*_\[\]])")
_LINE_START = re.compile(r"^(\d+)?([-+.)])(?=\s|$)", re.MULTILINE)


def clean(html: str) -> str:
    """Safe HTML in its one canonical form, whatever was given. Words survive; scripts and styles do not.

    Bold and italic by other names are kept as strong and em; text outside a paragraph gets one; a numbered list
    becomes paragraphs that begin with their number. Cleaning what is clean changes nothing.
    """
    return prose.write_html(prose.read_html(_CLEANER.clean(tidy_text(html))))


def from_markup(text: str) -> str:
    """Canonical HTML of what somebody typed in light markup. HTML typed by hand stays visible as text."""
    return clean(_MARKUP.render(tidy_text(text)))


def to_markup(html: str) -> str:
    """Light markup of rich text, such that `from_markup` gives the same words and, but for rare cases, style.

    A line whose emphasis begins or ends within a word next to punctuation has no markup: it loses the emphasis.
    """
    return "\n\n".join(_block_markup(block) for block in prose.read_html(clean(html)))


def plain(html: str) -> str:
    """Only the words of rich text: a line for each paragraph, list item and line break."""
    return prose.plain(prose.read_html(clean(html)))


def _block_markup(block: prose.Block) -> str:
    if not block.bulleted:
        return _line_markup(block.lines[0])
    return "\n".join("- " + _line_markup(line).replace("\n", "\n  ") for line in block.lines)


def _line_markup(line: prose.Line) -> str:
    written = _spans_markup(line)
    if prose.read_html(clean(_MARKUP.render(written))) == (prose.Block((line,)),):
        return written
    return _spans_markup([prose.Span(span.text, href=span.href) for span in line])


def _spans_markup(line: Iterable[prose.Span]) -> str:
    written = ""
    for span in line:
        stars = "**" * span.strong + "*" * span.em
        words = stars + _SPECIAL.sub(r"\\\1", span.text) + stars
        written += f"[{words}](<{span.href}>)" if span.href else words
    return _LINE_START.sub(r"\1\\\2", written)
