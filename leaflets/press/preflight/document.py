"""Opening a PDF that may be anything, and the pages in it (ISO 32000-1, 7.5 and 7.7)."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

from leaflets.domain.errors import Invalid
from leaflets.press.preflight import objects
from leaflets.press.preflight.streams import Damaged, decoded

MAX_PAGES = 400
_UNPACKED_BYTES = 64 * 1024 * 1024

# What pikepdf has to say of a damaged file is asked for by `damage`, and is nothing for the console.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())


class Unreadable(Invalid):
    """No PDF, or one that nobody can open: locked with a password, or damaged beyond repair."""

    code = "unreadable"


@contextmanager
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """The document in these bytes, repaired where that is possible, and what it unpacks to bounded while it is open.

    Raises Unreadable when it is no PDF, asks for a password, has no pages, or is damaged beyond repair.
    """
    before = pikepdf.settings.set_qpdf_limits(
        flate_max_memory=_UNPACKED_BYTES,
        run_length_max_memory=_UNPACKED_BYTES,
        png_max_memory=_UNPACKED_BYTES,
        tiff_max_memory=_UNPACKED_BYTES,
    )
    try:
        with _open(pdf) as document:
            yield document
    finally:
        pikepdf.settings.set_qpdf_limits(**before)  # type: ignore[arg-type]  # the names are those it returned


def _open(pdf: bytes) -> pikepdf.Pdf:
    if b"%PDF-" not in pdf[:1024]:
        raise Unreadable("This file is not a PDF.", "Export the leaflet as PDF and choose that file.")
    try:
        document = pikepdf.open(io.BytesIO(pdf), suppress_warnings=True)
        count = len(document.pages)
    except pikepdf.PasswordError as error:
        raise Unreadable(
            "This PDF is locked with a password.", "Export it again without a password.", code="password"
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError) as error:
        raise Unreadable(
            "This PDF is damaged beyond repair.", "Export it again and check that it opens on your computer."
        ) from error
    if not count:
        raise Unreadable("This PDF has no pages.", "Export it again and check that it opens on your computer.")
    return document


def inherited(page: pikepdf.Object, key: str) -> object:
    """An attribute of a page, or of the nearest of its parents that has it (ISO 32000-1, 7.7.3.4)."""
    holder: object = page
    for _ in range(32):
        value = objects.entry(holder, key)
        if value is not None:
            return value
        holder = objects.entry(holder, "/Parent")
    return None


def content_of(page: pikepdf.Object) -> bytes:
    """A page's content streams as one. Raises Damaged or TooComplex."""
    parts = []
    for stream in objects.items(objects.entry(page, "/Contents")):
        if not isinstance(stream, pikepdf.Stream):
            raise Damaged
        parts.append(decoded(stream))
    return b"\n".join(parts)
