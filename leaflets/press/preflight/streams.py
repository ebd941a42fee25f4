"""Decoding streams without trusting their size: a few bytes may unpack to gigabytes."""

from __future__ import annotations

import base64
import re
import zlib

import pikepdf

from leaflets.press.preflight import objects

LIMIT_BYTES = 48 * 1024 * 1024
_LZW_LIMIT_BYTES = 64 * 1024  # raw: LZW unpacks to at most 2,700 times its size


class TooComplex(Exception):
    """The file asks for more work than any leaflet needs."""


class Damaged(Exception):
    """A stream, or what it says of itself, makes no sense."""


def filters_of(stream: object) -> tuple[str, ...]:
    """The filters of a stream, in the order in which a reader undoes them; abbreviations written out."""
    found = objects.names(objects.entry(stream, "/Filter")) or objects.names(objects.entry(stream, "/F"))
    return tuple(_FULL_NAMES.get(filter_, filter_) for filter_ in found)


_FULL_NAMES = {
    "AHx": "ASCIIHexDecode",
    "A85": "ASCII85Decode",
    "LZW": "LZWDecode",
    "Fl": "FlateDecode",
    "RL": "RunLengthDecode",
    "CCF": "CCITTFaxDecode",
    "DCT": "DCTDecode",
}


def raw(stream: pikepdf.Stream) -> bytes:
    """The bytes of a stream as they are stored. Raises Damaged."""
    try:
        return stream.read_raw_bytes()
    except (pikepdf.PdfError, RuntimeError) as error:
        raise Damaged from error


def decoded(stream: pikepdf.Stream, limit: int = LIMIT_BYTES) -> bytes:
    """The bytes of a stream of text, glyphs or numbers.

    Raises TooComplex when there are more than `limit`, and Damaged when they cannot be decoded.
    """
    filters = filters_of(stream)
    if len(filters) > 8:
        raise TooComplex
    if any("Predictor" in str(objects.entry(stream, "/DecodeParms") or "") for _ in filters[:1]):
        return _by_qpdf(stream, limit)
    data = raw(stream)
    for filter_ in filters:
        if filter_ == "FlateDecode":
            data = inflated(data, limit)
        elif filter_ == "ASCII85Decode":
            data = _ascii85(data)
        elif filter_ == "ASCIIHexDecode":
            data = hexadecimal(data.split(b">")[0])
        elif filter_ in ("LZWDecode", "RunLengthDecode") and len(filters) == 1:
            return _by_qpdf(stream, limit)
        else:
            raise Damaged
        if len(data) > limit:
            raise TooComplex
    return data


def inflated(data: bytes, limit: int = LIMIT_BYTES) -> bytes:
    """Deflate undone. Raises Damaged when it ends too soon; nothing at all unpacks to nothing."""
    if not data:
        return b""
    unpacker = zlib.decompressobj()
    try:
        result = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise Damaged from error
    if len(result) > limit:
        raise TooComplex
    if not unpacker.eof:
        raise Damaged
    return result


def hexadecimal(data: bytes) -> bytes:
    """Hexadecimal digits as bytes; a missing last digit is 0 (ISO 32000-1, 7.3.4.3)."""
    try:
        return bytes.fromhex(data.decode("ascii"))
    except ValueError:
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", data)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _ascii85(data: bytes) -> bytes:
    try:
        return base64.a85decode(data.strip().removeprefix(b"<~").split(b"~>")[0])
    except ValueError as error:
        raise Damaged from error


def _by_qpdf(stream: pikepdf.Stream, limit: int) -> bytes:
    packed = raw(stream)
    if "LZWDecode" in filters_of(stream) and len(packed) > _LZW_LIMIT_BYTES:
        raise TooComplex
    if "FlateDecode" in filters_of(stream)[:1]:
        inflated(packed, limit)
    try:
        result = stream.read_bytes()
    except (pikepdf.PdfError, RuntimeError) as error:
        raise Damaged from error
    if len(result) > limit:
        raise TooComplex
    return result


def head(stream: pikepdf.Stream, count: int) -> bytes:
    """The first bytes of a stream that is plain or deflated, at little cost. Raises Damaged."""
    filters = filters_of(stream)
    data = raw(stream)
    if not filters:
        return data[:count]
    if filters != ("FlateDecode",):
        return decoded(stream)[:count]
    try:
        return zlib.decompressobj().decompress(data, count)
    except zlib.error as error:
        raise Damaged from error
