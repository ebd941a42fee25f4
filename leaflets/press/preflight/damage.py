"""How the file is stored: pictures cut short, and compression that print standards forbid."""

from __future__ import annotations

import zlib

import pikepdf

from leaflets.domain.printing import Standard
from leaflets.press.preflight import objects, spaces
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame
from leaflets.press.preflight.scene import Scene
from leaflets.press.preflight.streams import filters_of

_FORBIDDEN = {
    Standard.X4: {"LZWDecode": "LZW"},
    Standard.X1A: {"LZWDecode": "LZW", "JBIG2Decode": "JBIG2", "JPXDecode": "JPEG 2000"},
}
_MAX_PIXELS_BYTES = 1 << 28
_CHUNK = 1 << 20


def check(document: pikepdf.Pdf, pages: list[tuple[PageFrame, Scene]], standard: Standard, findings: Findings) -> None:
    """Looks at every stream of the file once."""
    for thing in document.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        filters = filters_of(thing)
        for filter_ in filters:
            if filter_ in _FORBIDDEN[standard]:
                what = _FORBIDDEN[standard][filter_]
                findings.add("filter-not-allowed", key=what, what=what)
            elif filter_ == "JPXDecode":
                _on_page("jpeg-2000", thing, pages, findings)
        if objects.name(objects.entry(thing, "/Subtype")) == "Image" and not _whole(thing, filters):
            _on_page("picture-damaged", thing, pages, findings)
    if document.get_warnings():
        findings.add("damaged", what="it had to be repaired to be read")


def _on_page(code: str, image: pikepdf.Object, pages: list[tuple[PageFrame, Scene]], findings: Findings) -> None:
    """Notes a fault of a picture where it is placed, or for the whole file when it is nowhere placed."""
    identity = objects.identity(image)
    for frame, scene in pages:
        for mark in scene.marks:
            if mark.picture is not None and mark.picture.identity == identity:
                findings.add(code, page=frame.number, place=frame.place(mark.box), key=identity)
                return
    findings.add(code, key=identity)


def _whole(image: pikepdf.Stream, filters: tuple[str, ...]) -> bool:
    """Whether the data of a picture is all there, as far as can be told without decoding a JPEG."""
    if filters == ("DCTDecode",):
        data = image.read_raw_bytes()
        return data[:2] == b"\xff\xd8" and b"\xff\xd9" in data[-4096:]
    if filters == ("FlateDecode",) or not filters:
        return _enough(image, deflated=bool(filters))
    return True


def _enough(image: pikepdf.Stream, *, deflated: bool) -> bool:
    width = int(objects.number(objects.entry(image, "/Width")))
    height = int(objects.number(objects.entry(image, "/Height")))
    stencil = objects.truth(objects.entry(image, "/ImageMask"))
    bits = 1 if stencil else int(objects.number(objects.entry(image, "/BitsPerComponent"), 8))
    space = spaces.GREY if stencil else spaces.read(objects.entry(image, "/ColorSpace"))
    expected = (width * bits * space.channels + 7) // 8 * height
    if space is spaces.UNKNOWN or not 0 < expected <= _MAX_PIXELS_BYTES:
        return True
    data = image.read_raw_bytes()
    if not deflated:
        return len(data) >= expected
    unpacker, found, rest = zlib.decompressobj(), 0, data
    try:
        while rest and found < expected:
            found += len(unpacker.decompress(rest, _CHUNK))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return found >= expected
