"""Setting type: with its reader of what was set (`layout_tree`), the only module that knows WeasyPrint.

A page of HTML goes in; lines with their places come out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from leaflets import typefaces
from leaflets.domain.errors import Invalid
from leaflets.domain.press.proof import ZonePlace
from leaflets.press.fetcher import NotFetched, fetch_font, fetch_for
from leaflets.press.job import PressJob
from leaflets.press.layout_tree import MM_PER_PX, letters_set, lines_of, places_of
from leaflets.press.lines import Rect, SetLine, letters_of
from leaflets.press.sheet import fit_sheet, font_faces, press_sheet

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

    @property
    def places(self) -> tuple[ZonePlace, ...]:
        """Where each zone stands on the pages."""
        return places_of(self.document)


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
            page.height = self._job.template.format.height_mm / MM_PER_PX
        panels = {
            panel.key: Rect(panel.x_mm, panel.y_mm, panel.x_mm + panel.width_mm, panel.y_mm + panel.height_mm)
            for panel in self._job.template.format.panels
        }
        lost = self._letters - letters_set(document)
        return Layout(dict(sizes_pt), tuple(lines_of(document, panels)), len(document.pages), lost, document)

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


_ANY_WORDS = "Printed and promoted by, 1234567890 £ – “”’"
_ANY_PAGE = (
    '<svg viewBox="0 0 9 9"><path fill="#123456" d="M0 0h9v9a1 1 0 0 1-9 0q1 1 2 2c1 1 2 2 3 3z"/></svg>'
    '<div style="display: flex; position: absolute; top: 0"><ul style="float: left"><li>{words}</ul></div>'
)


def warm_page() -> bytes:
    """Load the shipped fonts, once a process, and set a page in every face: 24 faces take longer than a leaflet.

    Returns its PDF, so that drawing a page can be warmed up as well.
    """
    fonts = _shipped_fonts()
    faces = (
        f"""<p style='font: {face.style} {face.weight} 9pt "{family.name}"; letter-spacing: 1%'>{_ANY_WORDS}</p>"""
        for family in typefaces.families().values()
        for face in family.faces
    )
    page = _ANY_PAGE.format(words=_ANY_WORDS) + "".join(faces)
    document = HTML(string=page).render(font_config=fonts)
    return bytes(document.write_pdf(uncompressed_pdf=True, pdf_version="1.6"))


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
