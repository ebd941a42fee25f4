"""How the file is stored: pictures cut short, and compression that print standards forbid."""

from __future__ import annotations

import zlib

import pikepdf

from leaflets.domain.press.printing import Standard
from leaflets.press.preflight import objects, spaces
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame
from leaflets.press.preflight.scene import Mark, Scene
from leaflets.press.preflight.streams import Damaged, filters_of, raw

_FORBIDDEN = {
    Standard.X4: {"LZWDecode": "LZW"},
    Standard.X1A: {"LZWDecode": "LZW", "JBIG2Decode": "JBIG2", "JPXDecode": "JPEG 2000"},
}
_MAX_PIXELS_BYTES = 1 << 28
_CHUNK = 1 << 20


Placed = dict[tuple[int, ...], tuple[PageFrame, Mark]]
"""Where each picture is placed first, by the identity of the image."""


def check(
    document: pikepdf.Pdf,
    pages: list[tuple[PageFrame, Scene]],
    broken: frozenset[tuple[int, int]],
    standard: Standard,
    findings: Findings,
) -> None:
    """Looks at every stream of the file once. `broken` are the pictures that could not be decoded."""
    placed = {
        mark.picture.identity: (frame, mark)
        for frame, scene in reversed(pages)
        for mark in reversed(scene.marks)
        if mark.picture is not None
    }
    for thing in document.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        filters = filters_of(thing)
        for filter_ in filters:
            if filter_ in _FORBIDDEN[standard]:
                what = _FORBIDDEN[standard][filter_]
                findings.add("filter-not-allowed", key=what, what=what)
            elif filter_ == "JPXDecode":
                _on_page("jpeg-2000", thing, placed, findings)
        is_picture = objects.name(objects.entry(thing, "/Subtype")) == "Image"
        if is_picture and (thing.objgen in broken or not _whole(thing, filters)):
            _on_page("picture-damaged", thing, placed, findings)
    if document.get_warnings():
        findings.add("damaged", what="it had to be repaired to be read")


def _on_page(code: str, image: pikepdf.Stream, placed: Placed, findings: Findings) -> None:
    """Notes a fault of a picture where it is placed first, or for the whole file when it is nowhere placed."""
    identity = objects.identity(image) or ()
    if identity in placed:
        frame, mark = placed[identity]
        findings.add(code, page=frame.number, place=frame.place(mark.box), key=identity)
    else:
        findings.add(code, key=identity)


def _whole(image: pikepdf.Stream, filters: tuple[str, ...]) -> bool:
    """Whether the data of a picture is all there, as far as its length and ends can tell."""
    if len(filters) > 1 or filters[:1] not in ((), ("DCTDecode",), ("FlateDecode",)):
        return True
    try:
        data = raw(image)
    except Damaged:
        return False
    if filters == ("DCTDecode",):
        return data[:2] == b"\xff\xd8" and b"\xff\xd9" in data[-4096:]
    return _enough(image, data, deflated=bool(filters))


def _enough(image: pikepdf.Stream, data: bytes, *, deflated: bool) -> bool:
    width = int(objects.number(objects.entry(image, "/Width")))
    height = int(objects.number(objects.entry(image, "/Height")))
    stencil = objects.truth(objects.entry(image, "/ImageMask"))
    bits = 1 if stencil else int(objects.number(objects.entry(image, "/BitsPerComponent"), 8))
    space = spaces.GREY if stencil else spaces.read(objects.entry(image, "/ColorSpace"))
    expected = (width * bits * space.channels + 7) // 8 * height
    if space is spaces.UNKNOWN or not 0 < expected <= _MAX_PIXELS_BYTES:
        return True
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
