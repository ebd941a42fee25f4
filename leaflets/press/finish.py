"""The last stage of the press: a typeset PDF becomes one that a printer accepts, PDF/X-4 or PDF/X-1a:2003."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from pikepdf import Dictionary, Name, ObjectStreamMode, Page, Pdf, PdfError, Stream, StreamDecodeLevel

from leaflets.domain.errors import Invalid
from leaflets.domain.press.geometry import Format
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.press.boxes import Boxes, as_array, page_boxes, shift_into
from leaflets.press.colour import press_profile
from leaflets.press.job import ContentName
from leaflets.press.matrix import IDENTITY
from leaflets.press.metadata import PDF_VERSIONS, PRODUCER, VERSION_KEYS, describe, intend
from leaflets.press.separation import Separation
from leaflets.press.slug import Slug

_CATALOGUE_KEYS = frozenset(("/Type", "/Pages", "/Lang"))
_PAGE_KEYS = frozenset(("/Type", "/Parent"))
_FONT_STREAMS = frozenset(("/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/CIDToGIDMap", "/CIDSet"))

_WRONG_OBJECT = (PdfError, AttributeError, KeyError, TypeError, ValueError, IndexError)
"""What pikepdf raises when an object of a garbled file is missing or of another kind than the standard says."""


def finish(
    raw_pdf: bytes,
    format_: Format,
    spec: PressSpec,
    *,
    title: str,
    job_name: str,
    now: datetime,
    content: ContentName | None = None,
) -> bytes:
    """A PDF that a printer accepts as it is, from what the typesetter wrote.

    `raw_pdf` is WeasyPrint's uncompressed PDF with its trim and bleed boxes. The result has its boxes at 0,0, every
    object in CMYK or grey, solid black text and fine rules overprinting, one output intent, agreeing metadata with the
    name of its `content`, a slug with marks when `spec.marks`, and nothing interactive. CMYK pictures and fonts are
    passed on untouched. A PDF that this function finished to the same spec comes back as it is.

    Raises `Invalid`: the PDF is damaged (`damaged-pdf`), of another size (`trim-wrong`), lacks bleed
    (`bleed-missing`), was finished to another spec (`already-finished`), or is see-through where PDF/X-1a forbids
    it (`transparency`).
    """
    title = _printable(title or job_name or format_.label)
    job_name = _printable(job_name) or title
    with _opened(raw_pdf) as pdf:
        try:
            if _is_finished(pdf, format_, spec):
                return raw_pdf
            return _finished(pdf, format_, spec, title, job_name, now, content)
        except _WRONG_OBJECT as error:
            raise _damaged(str(error)) from error


def _finished(
    pdf: Pdf, format_: Format, spec: PressSpec, title: str, job_name: str, now: datetime, content: ContentName | None
) -> bytes:
    boxes = page_boxes(format_, spec.bleed_mm, marks=spec.marks)
    separation = Separation(pdf, spec)
    slug = Slug(pdf, format_, boxes, spec, job_name, now) if spec.marks else None
    said = f"{title}\n{job_name}\n{now.isoformat()}\n{spec}\n{content}"
    drawings = hashlib.blake2b(said.encode(), digest_size=16)
    for number, page in enumerate(pdf.pages, 1):
        drawings.update(_finish_page(pdf, page, number, format_, boxes, spec, separation, slug))
    if separation.opaque_only:
        _refuse_transparency(separation)
    for key in set(pdf.Root.keys()) - _CATALOGUE_KEYS:
        del pdf.Root[key]
    intend(pdf, spec.profile)
    describe(pdf, spec.standard, title, now, UUID(bytes=drawings.digest(), version=4), content)
    _deflate_fonts(separation.fonts)
    return _written(pdf, spec.standard)


def _opened(raw_pdf: bytes) -> Pdf:
    try:
        pdf = Pdf.open(io.BytesIO(raw_pdf), attempt_recovery=False)
        broken = not len(pdf.pages) or bool(pdf.get_warnings())
    except (PdfError, ValueError) as error:
        raise _damaged(str(error)) from error
    if broken:
        raise _damaged("it has no pages, or parts of it are missing")
    return pdf


def _printable(text: str) -> str:
    """The text without control characters, which neither XMP nor a slug can carry."""
    return "".join(letter for letter in text if letter.isprintable())


def _damaged(why: str) -> Invalid:
    return Invalid(
        f"The typeset PDF is damaged: {why}.",
        "Make the proof again; if it happens twice, send the leaflet to support.",
        code="damaged-pdf",
    )


def _is_finished(pdf: Pdf, format_: Format, spec: PressSpec) -> bool:
    """Whether this PDF went through `finish` with the same spec. Raises `Invalid` when it was another spec."""
    if str(pdf.docinfo.get("/Producer", "")) != PRODUCER:
        return False
    metadata = pdf.Root.Metadata.read_bytes()
    boxes = page_boxes(format_, spec.bleed_mm, marks=spec.marks)
    same_paper = str(pdf.Root.OutputIntents[0].Info) == press_profile(spec.profile).condition_name
    same_standard = f">{VERSION_KEYS[spec.standard]}<".encode() in metadata
    same_sheet = all(
        page.obj.get("/TrimBox") == as_array(boxes.trim) and page.obj.get("/MediaBox") == as_array(boxes.media)
        for page in pdf.pages
    )
    if not (same_paper and same_standard and same_sheet):
        raise Invalid(
            "This PDF is already finished for the press, but with other settings.",
            "Finish the typeset pages again with the new settings.",
            code="already-finished",
        )
    return True


def _finish_page(
    pdf: Pdf,
    page: Page,
    number: int,
    format_: Format,
    boxes: Boxes,
    spec: PressSpec,
    separation: Separation,
    slug: Slug | None,
) -> bytes:
    """Finish one page in place and return its drawing."""
    right, up = shift_into(boxes, page, format_, spec.bleed_mm, number)
    shift = (*IDENTITY[:4], right, up)
    page.contents_coalesce()
    typeset, resources = separation.separate_page(
        page.Contents.read_bytes(), page.obj.get("/Resources", Dictionary()), shift
    )
    left, low, far, high = boxes.bleed
    drawing = b"q\n%.4f %.4f %.4f %.4f re W n\n1 0 0 1 %.6f %.6f cm\n0 0 0 1 k\n0 0 0 1 K\n%b\nQ\n" % (
        left, low, far - left, high - low, right, up, typeset,
    )  # fmt: skip
    if slug:
        drawing += slug.drawing(number, len(pdf.pages))
        slug.add_resources(resources)
    for key in set(page.obj.keys()) - _PAGE_KEYS:
        del page.obj[key]
    page.obj["/MediaBox"] = as_array(boxes.media)
    page.obj["/BleedBox"] = as_array(boxes.bleed)
    page.obj["/TrimBox"] = as_array(boxes.trim)
    page.obj["/Resources"] = resources
    page.obj["/Contents"] = _deflated(pdf, drawing)
    return drawing


def _refuse_transparency(separation: Separation) -> None:
    if not separation.transparencies:
        return
    found = "; ".join(f"page {each.page}: {each.what}" for each in separation.transparencies)
    raise Invalid(
        f"PDF/X-1a cannot hold anything see-through, and this leaflet does ({found}).",
        "Choose PDF/X-4 if the printer takes it, or make the colours solid and give pictures a background.",
        code="transparency",
    )


def _deflated(pdf: Pdf, content: bytes) -> Stream:
    stream = Stream(pdf, zlib.compress(content))
    stream["/Filter"] = Name.FlateDecode
    return pdf.make_indirect(stream)


def _deflate_fonts(fonts: Iterable[Any]) -> None:
    """Deflate what is worth it and not yet done: font programs and their maps."""
    for font in fonts:
        descendants = list(font.get("/DescendantFonts", []))
        descriptors = [each["/FontDescriptor"] for each in (font, *descendants) if "/FontDescriptor" in each]
        for holder in (font, *descendants, *descriptors):
            for key in _FONT_STREAMS & set(holder.keys()):
                stream = holder[key]
                if isinstance(stream, Stream) and "/Filter" not in stream:
                    stream.write(zlib.compress(stream.read_raw_bytes()), filter=Name.FlateDecode)


def _written(pdf: Pdf, standard: Standard) -> bytes:
    """The file. PDF/X-1a is PDF 1.4, which knows no object streams."""
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        force_version=PDF_VERSIONS[standard],
        object_stream_mode=ObjectStreamMode.generate if standard is Standard.X4 else ObjectStreamMode.disable,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        fix_metadata_version=False,
        deterministic_id=True,  # the same job made again is the same file, and is kept once
    )
    return buffer.getvalue()
