"""Setting type: the only module that knows WeasyPrint. A page of HTML goes in; lines with their places come out.

WeasyPrint's layout tree (`Page._page_box`) is private: pyproject pins the major version, and
tests/press/test_overset.py measures a planted overflow through it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from leaflets import typefaces
from leaflets.domain.errors import Invalid
from leaflets.press.fetcher import NotFetched, fetch_font, fetch_for
from leaflets.press.job import PressJob
from leaflets.press.lines import Rect, SetLine, letters, letters_of
from leaflets.press.sheet import fit_sheet, font_faces, press_sheet

_MM_PER_PX = 25.4 / 96
_PT_PER_PX = 0.75
_MISSING_GLYPH = ".notdef glyph rendered"


@dataclass(frozen=True, slots=True)
class Layout:
    """A leaflet laid out at these sizes, ready to be written as a PDF.

    `lost` counts, by zone, the letters and digits of the page of HTML that were set nowhere.
    """

    sizes_pt: Mapping[str, float]
    lines: tuple[SetLine, ...]
    pages: int
    lost: Mapping[str, int]
    document: Document = field(repr=False, compare=False)


class Typesetter:
    """Sets one job, as often as copyfit asks; what does not change between layouts is read once.

    `remarks` are WeasyPrint's own warnings, each once, for the designer of the template.
    """

    def __init__(self, job: PressJob, html: str) -> None:
        self._job = job
        self._fonts = _shipped_fonts()
        self._fetcher = _Fetcher(job)
        self._images: dict[str, Any] = {}
        self.remarks: dict[str, None] = {}
        with self._listening(), _refusing():
            self._html = HTML(string=html, url_fetcher=self._fetcher, base_url="about:blank")
            self._letters = letters_of(self._html.etree_element)
            self._sheets = [
                self._css(press_sheet(job.template.format, job.kit, job.purpose, job.spec.bleed_mm)),
                self._css(_style(job)),
            ]

    def lay_out(self, sizes_pt: Mapping[str, float]) -> Layout:
        """The job with each copyfit group at that size. Raises `Invalid` when the template asks for too much."""
        with self._listening(), _refusing():
            document = self._html.render(
                font_config=self._fonts, stylesheets=[*self._sheets, self._css(fit_sheet(sizes_pt))], cache=self._images
            )
        for page in document.pages:
            page.height = self._job.template.format.height_mm / _MM_PER_PX
        panels = {
            panel.key: Rect(panel.x_mm, panel.y_mm, panel.x_mm + panel.width_mm, panel.y_mm + panel.height_mm)
            for panel in self._job.template.format.panels
        }
        lines = tuple(
            line
            for number, page in enumerate(document.pages, 1)
            for line in _lines(page._page_box, _Around(number, "", Rect(0, 0, 0, 0), (), panels))
        )
        lost = self._letters - _letters_set(document)
        return Layout(dict(sizes_pt), lines, len(document.pages), lost, document)

    def pdf(self, layout: Layout) -> bytes:
        """The raw PDF of a layout, nothing deflated: `press.finish` deflates what is worth it."""
        with self._listening(), _refusing():
            return bytes(layout.document.write_pdf(uncompressed_pdf=True, pdf_version="1.6"))

    def _css(self, text: str) -> CSS:
        return CSS(string=text, font_config=self._fonts, url_fetcher=self._fetcher, base_url="about:blank")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        listener = _Listener(self.remarks)
        logger = logging.getLogger("weasyprint")
        logger.addHandler(listener)
        try:
            yield
        finally:
            logger.removeHandler(listener)


def load_fonts() -> None:
    """Load the shipped fonts, once a process: 24 faces take longer than a leaflet."""
    _shipped_fonts()


class _Listener(logging.Handler):
    def __init__(self, remarks: dict[str, None]) -> None:
        super().__init__(logging.WARNING)
        self._remarks = remarks

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if not message.startswith(_MISSING_GLYPH):  # `overset.type_problems` tells the person whose words they are
            self._remarks.setdefault(message)


class _Fetcher(URLFetcher):  # type: ignore[misc]
    """WeasyPrint's door to the world, with only our own schemes in it."""

    def __init__(self, job: PressJob) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._job = job

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        try:
            content, media_type = fetch_for(self._job, url)
        except NotFetched as refused:
            raise FatalURLFetchingError(str(refused)) from refused
        return URLFetcherResponse(url, content, {"Content-Type": media_type} if media_type else {})


class _FontFetcher(URLFetcher):  # type: ignore[misc]
    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        return URLFetcherResponse(url, fetch_font(typefaces.families(), url), {"Content-Type": "font/woff2"})


@lru_cache(maxsize=1)
def _shipped_fonts() -> FontConfiguration:
    configuration = FontConfiguration()
    faces = font_faces(typefaces.families().values())
    CSS(string=faces, font_config=configuration, url_fetcher=_FontFetcher())
    return configuration


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn WeasyPrint's fatal error, which is no Exception, into ours."""
    try:
        yield
    except FatalURLFetchingError as fatal:
        cause = fatal.__cause__
        raise (cause if isinstance(cause, Invalid) else Invalid(str(fatal))) from None
    except RecursionError:
        raise Invalid("The template's boxes are nested too deeply to be set.", "Make the template simpler.") from None


def _style(job: PressJob) -> str:
    try:
        return (job.template.folder / "style.css").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{job.template.ref}/style.css cannot be read.", "Install the template again.") from None


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a box: its zone, its block's content box, and the boxes of definite height that it sits in."""

    page: int
    zone: str
    column: Rect
    frames: tuple[Rect, ...]
    panels: Mapping[str, Rect]


def _lines(box: Any, around: _Around) -> Iterator[SetLine]:
    """Every line of type in this box and below, in the order of the tree."""
    if isinstance(box, boxes.LineBox):
        line = _line(box, around)
        if line:
            yield line
    inside = _enter(box, around)
    for child in getattr(box, "children", ()):
        # A placeholder stands where an absolute box was taken out of the flow; it holds that box.
        yield from _lines(getattr(child, "_box", child), inside)


def _enter(box: Any, around: _Around) -> _Around:
    if isinstance(box, boxes.BlockContainerBox):
        left, top = box.content_box_x(), box.content_box_y()
        around = replace(around, column=_rect(left, top, left + box.width, top + box.height))
    element = getattr(box, "element", None)
    if element is None or _is_generated(box):
        return around
    zone = element.get("data-zone", around.zone)
    frames = around.frames
    panel = element.get("data-panel")
    if panel in around.panels:
        frames = (around.panels[panel],)
    elif isinstance(box, boxes.BlockLevelBox) and _is_definite(box.style):
        frames = (*frames, _border_box(box))
    return replace(around, zone=zone, frames=frames)


def _is_generated(box: Any) -> bool:
    """Whether the style sheet made it: a bullet, or the content of ::before and ::after."""
    return "::" in str(box.element_tag or "")


def _is_definite(style: Any) -> bool:
    height, most = style["height"], style["max_height"]
    if height != "auto" and getattr(height, "unit", "%") != "%":
        return True
    if most.unit != "%" and most.value != float("inf"):
        return True
    return bool(style["position"] == "absolute" and style["top"] != "auto" and style["bottom"] != "auto")


def _border_box(box: Any) -> Rect:
    left, top = box.border_box_x(), box.border_box_y()
    return _rect(left, top, left + box.border_width(), top + box.border_height())


def _rect(left: float, top: float, right: float, bottom: float) -> Rect:
    return Rect(left * _MM_PER_PX, top * _MM_PER_PX, right * _MM_PER_PX, bottom * _MM_PER_PX)


def _line(line: Any, around: _Around) -> SetLine | None:
    texts = [box for box in _texts(line) if box.text.strip()]
    if not texts:
        return None
    left = min(box.position_x for box in texts)
    right = max(box.position_x + box.width for box in texts)
    runs = tuple(
        (box.style["font_family"][0], round(box.style["font_size"] * _PT_PER_PX, 2), box.text) for box in texts
    )
    box = _rect(left, line.position_y, right, line.position_y + line.height)
    return SetLine(around.page, around.zone or _inline_zone(line), box, around.column, around.frames, runs)


def _inline_zone(line: Any) -> str:
    """The zone of the first word, where a zone is a part of a line."""
    for child in line.children:
        if isinstance(child, boxes.InlineBox):
            return str(child.element.get("data-zone", "")) or _inline_zone(child)
    return ""


def _texts(box: Any) -> Iterator[Any]:
    """The text boxes of one line; an inline block in it has lines of its own."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from _texts(child)


def _letters_set(document: Document) -> Counter[str]:
    """How many letters and digits each zone has on the pages."""
    found: Counter[str] = Counter()

    def count(box: Any, zone: str) -> None:
        if _is_generated(box):
            return
        element = getattr(box, "element", None)
        zone = zone if element is None else element.get("data-zone", zone)
        if isinstance(box, boxes.TextBox):
            found[zone] += letters(box.text)
        for child in getattr(box, "children", ()):
            count(getattr(child, "_box", child), zone)

    for page in document.pages:
        count(page._page_box, "")
    return found
