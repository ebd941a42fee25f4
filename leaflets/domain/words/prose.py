"""Rich text as values: paragraphs and lists of spans, read from HTML and written back in one canonical form.

Only strong, em, links and line breaks live inside a paragraph or a list item. Other elements give up their mark-up
and keep their words; a numbered list becomes paragraphs that begin with their number. This is no defence against
hostile HTML: `leaflets.richtext` cleans first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from urllib.parse import quote, urlsplit

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
PARAGRAPH_TAGS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "pre", "tr", "dt", "dd"}
)
_SPACE = " \t\r\n\f"


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style. A line break inside a paragraph is a newline."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of one line of spans (`bulleted` is false) or a list of items."""

    lines: tuple[Line, ...]
    bulleted: bool = False


def safe_link(href: str) -> str:
    """The address with unsafe characters percent-encoded, or "" when its scheme is not one of `LINK_SCHEMES`."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    if parts.scheme not in LINK_SCHEMES or not (parts.netloc or parts.path):
        return ""
    return quote(href.strip(), safe="/:?#[]@!$&'()*+,;=~%")


@lru_cache(maxsize=256)  # a proof reads each text three times: to judge, to clean, to set
def read_html(html: str) -> tuple[Block, ...]:
    """Blocks of an HTML fragment, in canonical form: spaces collapsed, empty paragraphs gone, neighbours merged."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return tuple(reader.blocks)


def write_html(blocks: Iterable[Block]) -> str:
    """The one HTML form of these blocks."""
    written = []
    for block in blocks:
        lines = [_write_line(line) for line in block.lines]
        written.append(
            f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if block.bulleted else f"<p>{lines[0]}</p>"
        )
    return "".join(written)


def plain(blocks: Iterable[Block]) -> str:
    """Only the words: a line for each paragraph, list item and line break."""
    return "\n".join("".join(span.text for span in line) for block in blocks for line in block.lines)


def _write_line(line: Line) -> str:
    out = []
    for href, linked in groupby(line, lambda span: span.href):
        inner = []
        for strong, weighted in groupby(linked, lambda span: span.strong):
            words = "".join(f"<em>{_text(span.text)}</em>" if span.em else _text(span.text) for span in weighted)
            inner.append(f"<strong>{words}</strong>" if strong else words)
        out.append(f'<a href="{escape(href)}">{"".join(inner)}</a>' if href else "".join(inner))
    return "".join(out)


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


class _Reader(HTMLParser):
    """Collects one character at a time with its style, so that spaces can be settled between styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._line: list[Span] = []
        self._strong = self._em = 0
        self._links: list[str] = []
        self._lists: list[int | None] = []  # None for bullets, else the next number
        self._in_item = False

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """The standard library refuses sections that it does not know; here they are words like any other."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("strong", "b"):
            self._strong += 1
        elif tag in ("em", "i"):
            self._em += 1
        elif tag == "a":
            self._links.append(safe_link(dict(attrs).get("href") or ""))
        elif tag == "br":
            self._add("\n")
        elif tag in ("ul", "ol"):
            self.end_line()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self.end_line()
            self._in_item = True
        elif tag in PARAGRAPH_TAGS:
            self._end_paragraph()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("strong", "b"):
            self._strong = max(0, self._strong - 1)
        elif tag in ("em", "i"):
            self._em = max(0, self._em - 1)
        elif tag == "a" and self._links:
            self._links.pop()
        elif tag == "li":
            self.end_line()
        elif tag in ("ul", "ol"):
            self.end_line()
            if self._lists:
                self._lists.pop()
        elif tag in PARAGRAPH_TAGS:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        for character in data:
            self._add(" " if character in _SPACE else character)

    def _add(self, character: str) -> None:
        href = self._links[-1] if self._links else ""
        self._line.append(Span(character, bool(self._strong), bool(self._em), href))

    def _end_paragraph(self) -> None:
        if self._in_item:
            self._add("\n")
        else:
            self.end_line()

    def end_line(self) -> None:
        """End the paragraph or list item that is being read."""
        item = self._in_item
        pieces = _paragraphs(self._line, joined=item)
        self._line, self._in_item = [], False
        if item and pieces and (not self._lists or self._lists[-1] is None):
            before = self.blocks.pop().lines if self.blocks and self.blocks[-1].bulleted else ()
            self.blocks.append(Block((*before, pieces[0]), bulleted=True))
            return
        if item and pieces and self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            pieces = [_merge([Span(f"{number}. "), *pieces[0]])]
        self.blocks.extend(Block((line,)) for line in pieces)


def _paragraphs(characters: Sequence[Span], *, joined: bool) -> list[Line]:
    """Settle spaces and breaks; an empty line ends a paragraph unless `joined`."""
    settled: list[Span] = []
    for one in characters:
        if one.text == " " and (not settled or settled[-1].text in " \n"):
            continue
        if one.text == "\n":
            if settled and settled[-1].text == " ":
                settled.pop()
            if joined and (not settled or settled[-1].text == "\n"):
                continue
        settled.append(one)
    lines: list[list[Span]] = [[]]
    for position, one in enumerate(settled):
        following = settled[position + 1].text if position + 1 < len(settled) else ""
        if one.text == "\n" and (following == "\n" or not lines[-1]):
            if lines[-1]:
                lines.append([])
            continue
        lines[-1].append(one)
    return [merged for line in lines if (merged := _merge(_plain_spaces(_trim(line))))]


def _trim(line: list[Span]) -> list[Span]:
    start, end = 0, len(line)
    while start < end and line[start].text.isspace():
        start += 1
    while end > start and line[end - 1].text.isspace():
        end -= 1
    return line[start:end]


def _plain_spaces(line: list[Span]) -> list[Span]:
    """Let a space carry only the styles that both of its neighbours have: `<strong>a </strong>b` has a plain space."""
    out = list(line)
    for position, one in enumerate(line):
        if one.text.isspace() and 0 < position < len(line) - 1:
            before = out[position - 1]
            after = next((span for span in line[position + 1 :] if not span.text.isspace()), one)
            out[position] = replace(
                one,
                strong=before.strong and after.strong,
                em=before.em and after.em,
                href=before.href if before.href == after.href else "",
            )
    return out


def _merge(line: Iterable[Span]) -> Line:
    return tuple(
        Span("".join(span.text for span in run), *style)
        for style, run in groupby(line, lambda span: (span.strong, span.em, span.href))
    )
