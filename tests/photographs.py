"""Photographs made in code: six patches of known colours, saved in every way that a phone or a designer saves them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, TiffImagePlugin

DATA = Path(__file__).parent / "data" / "pictures"
"""HEICs, which we can read and not write: made once with pillow-heif, four patches in Display P3, EXIF with GPS."""

PATCHES = ((255, 255, 255), (40, 40, 40), (190, 70, 60), (80, 130, 70), (60, 80, 140), (225, 190, 170))
"""In sRGB, left to right and top to bottom; all of them inside the gamut of coated offset."""
SIZE = (480, 320)
SECRET = "Jane Secret's Phone"


def patches(size: tuple[int, int] = SIZE) -> Image.Image:
    """The six patches, three across and two down."""
    image = Image.new("RGB", (3, 2))
    image.putdata(PATCHES)
    return image.resize(size, Image.Resampling.NEAREST)


def middles(image: Image.Image) -> list[tuple[int, ...]]:
    """The colour in the middle of each patch, in the order of PATCHES."""
    width, height = image.size
    spots = [(width * (2 * x + 1) // 6, height * (2 * y + 1) // 4) for y in range(2) for x in range(3)]
    return [image.getpixel(spot) for spot in spots]


def converted(image: Image.Image, icc: bytes, mode: str = "RGB") -> Image.Image:
    """An sRGB picture in another colour space, relative colorimetric."""
    return ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode=mode,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def with_hole(image: Image.Image) -> Image.Image:
    """The picture with its second patch transparent."""
    clear = image.convert("RGBA")
    clear.paste((255, 0, 255, 0), (image.width // 3, 0, image.width * 2 // 3, image.height // 2))
    return clear


def lab(colours: list[tuple[int, ...]]) -> np.ndarray:
    """CIE L*a*b* of sRGB colours by the formulae of IEC 61966-2-1 and CIE 15, without any colour library."""
    rgb = np.array(colours, dtype=float)[:, :3] / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / (matrix @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def furthest(found: list[tuple[int, ...]], wanted: list[tuple[int, ...]] | tuple[tuple[int, ...], ...]) -> float:
    """The largest difference between two lists of sRGB colours, as CIE 1976 ΔE."""
    return float(np.linalg.norm(lab(found) - lab(list(wanted)), axis=1).max())


def secrets() -> Image.Exif:
    """EXIF with an owner's name and the place where the photo was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B] = "Maker", "Model", SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return exif


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    """Save, and return the path."""
    image.save(path, **options)
    return path


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """A picture that compresses as badly as a photograph."""
    grain = np.random.default_rng(seed).integers(0, 256, (size[1] // 4, size[0] // 4, 3), dtype=np.uint8)
    return Image.fromarray(grain).resize(size, Image.Resampling.BICUBIC)


def png(width: int, height: int, data: bytes, *, depth: int = 8, colour: int = 2, extra: bytes = b"") -> bytes:
    """A PNG of any claim: nothing checks that the data fits the header."""
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)),
            extra,
            chunk(b"IDAT", data),
            chunk(b"IEND", b""),
        )
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def deflated_zeros(size: int) -> bytes:
    """A zlib stream of that many zeros, a thousandth of their size."""
    squeeze = zlib.compressobj(9)
    block = bytes(1 << 20)
    parts = [squeeze.compress(block) for _ in range(size >> 20)]
    return b"".join((*parts, squeeze.flush()))


def tiff_header(width: int, height: int) -> bytes:
    """A TIFF whose one strip of eight bytes says that it holds the whole picture, deflated."""
    fields = TiffImagePlugin.ImageFileDirectory_v2()
    fields[256], fields[257], fields[258], fields[259], fields[262] = width, height, 8, 8, 1
    fields[273], fields[277], fields[278], fields[279] = 8, 1, height, 8
    out = io.BytesIO()
    fields.save(out)
    return out.getvalue() + bytes(64)
