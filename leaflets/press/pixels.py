"""Any picture file as plain pixels: upright, opaque, 8 bits a channel, with the colour profile they are to be read by.

What comes out is in mode L, RGB or CMYK. Grey is always the grey of sRGB. RGB without a profile is sRGB; CMYK
without a profile is taken as made for the press.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pi_heif
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageFile, PngImagePlugin

from leaflets.domain.errors import LeafletsError
from leaflets.domain.press.picture import PictureLimits, PictureRefused, check_dimensions, refused
from leaflets.press.rgb_spaces import adobe_rgb, display_p3

pi_heif.register_heif_opener(thumbnails=False)

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")
_WHITE = 255
_HEAVY_PIXELS = 30_000_000
_MOST_PROFILE_BYTES = 8 << 20
# TIFF 6.0 §8, Orientation: what turns each value upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = (5, 6, 7, 8)
# ICC.1:2022 table 19: the signature of a profile's data colour space, by the mode of the pixels it fits.
_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}
_NOT_PHOTOS = {
    "I": "a picture of measurements, not of colours",
    "F": "a picture of measurements, not of colours",
    "LAB": "a picture in Lab colours",
}
_P3_PRIMARIES = 12  # ITU-T H.273 table 2, SMPTE EG 432-1
_DCF_OPTIONAL = "R03"  # DCF 2.0, CIPA DC-009: the interoperability index of a file in Adobe RGB
_PATCHES = bytes((0, 0, 0, 255, 255, 255, 128, 128, 128, 200, 30, 30, 30, 200, 30, 30, 30, 200, 240, 200, 170))


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture. `profile` is an ICC profile that fits its mode, or None as the module says."""

    image: Image.Image
    profile: bytes | None


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture file whose header has been read. Width and height are those of the upright picture."""

    image: Image.Image
    width_px: int
    height_px: int
    orientation: int

    def pixels(self, scale: float = 1.0) -> Pixels:
        """Decode; a JPEG to the smallest of 1/1, 1/2, 1/4, 1/8 of its size that is not below `scale`."""
        self.image.draft(None, (round(self.image.width * scale), round(self.image.height * scale)))
        self.image.load()
        icc = self.image.info.get("icc_profile") or _named_space(self.image)
        image = _opaque(_plain(self.image))
        if self.orientation in _UPRIGHT:
            image = image.transpose(_UPRIGHT[self.orientation])
        return _settled(image, icc)


@contextmanager
def open_picture(path: Path, limits: PictureLimits | None = None) -> Iterator[PictureFile]:
    """Open a picture, and turn whatever goes wrong while it is open into a `PictureRefused`."""
    size: tuple[int, int] | None = None
    try:
        with _our_rules(), Image.open(path, formats=_FORMATS) as image:
            size = image.size
            check_dimensions(*size, limits or PictureLimits())
            if getattr(image, "is_animated", False) and image.format in ("PNG", "WEBP"):
                raise refused("picture-animated")
            yield _file(image)
    except LeafletsError:
        raise
    except Exception as error:  # decoders raise whatever they like: OSError, SyntaxError, ValueError, zlib.error …
        raise _refusal(error, size) from error


def _refusal(error: Exception, size: tuple[int, int] | None) -> PictureRefused:
    """What to say of a picture that could not be decoded.

    Out of memory, libjpeg and libwebp report the same as for damage, so of a large picture both are said.
    """
    if "truncated" in str(error):
        return refused("picture-truncated")
    if size and (isinstance(error, MemoryError) or size[0] * size[1] > _HEAVY_PIXELS):
        return refused("picture-too-heavy", width=size[0], height=size[1])
    return refused("picture-damaged")


@contextmanager
def _our_rules() -> Iterator[None]:
    """Pillow's settings are global: ours hold here and nobody else's are changed.

    Our limit on pixels instead of its own; half a photo is an error, although WeasyPrint sets that it is none; a PNG
    may bring a press profile, which is larger than Pillow expects; and remarks on odd metadata are of no interest.
    """
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK
    Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
    PngImagePlugin.MAX_TEXT_CHUNK = _MOST_PROFILE_BYTES
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.MAX_TEXT_CHUNK = before


def to_srgb(pixels: Pixels) -> Image.Image:
    """RGB or grey pixels as a screen shows them. CMYK is the press's business."""
    if pixels.profile is None:
        return pixels.image.convert("RGB")
    return _converted(pixels.image, pixels.profile)


def _file(image: Image.Image) -> PictureFile:
    if image.format == "TIFF":
        return PictureFile(image, *image.size, 1)  # Pillow turns TIFFs itself, and says the upright size
    orientation = _exif(image).get(ExifTags.Base.Orientation, 1)
    width, height = reversed(image.size) if orientation in _ON_ITS_SIDE else image.size
    return PictureFile(image, width, height, orientation)


def _exif(image: Image.Image) -> Image.Exif:
    """What the header says. `getexif` would decode a PNG, and hide from us that it cannot be decoded."""
    exif = Image.Exif()
    with suppress(Exception):  # a broken EXIF block must not cost anybody their photo
        exif.load(image.info.get("exif") or b"")
    return exif


def _named_space(image: Image.Image) -> bytes | None:
    """The profile of a space that the picture names without bringing it."""
    nclx = image.info.get("nclx_profile") or {}
    if nclx.get("color_primaries") == _P3_PRIMARIES:
        return display_p3()
    with suppress(Exception):
        if _exif(image).get_ifd(ExifTags.IFD.Interop).get(1) == _DCF_OPTIONAL:
            return adobe_rgb()
    return None


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits a channel, and for inks 0 as no ink."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 257).convert("L")
    if image.mode in _NOT_PHOTOS:
        raise refused("picture-format", what=_NOT_PHOTOS[image.mode])
    if image.mode == "CMYK" and image.format in ("JPEG", "MPO") and "adobe" not in image.info:
        return ImageChops.invert(image)  # Pillow takes every CMYK JPEG for one of Adobe's, which hold 255 less the ink
    return image


def _opaque(image: Image.Image) -> Image.Image:
    """Flatten on white: paper is white."""
    if image.has_transparency_data:
        image = image.convert("LA" if image.mode in ("L", "LA", "La", "1") else "RGBA")
        flat = Image.new(image.mode[:-1], image.size, _WHITE if image.mode == "LA" else (_WHITE,) * 3)
        flat.paste(image, mask=image.getchannel("A"))
        return flat
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _settled(image: Image.Image, icc: bytes | None) -> Pixels:
    """Keep the profile only when it fits, works, and says something that the mode does not say already."""
    if not icc or not _usable(image.mode, icc):
        return Pixels(image, None)
    if image.mode == "L":
        return Pixels(_converted(image, icc).getchannel(0), None)
    if image.mode == "RGB" and _is_srgb(icc):
        return Pixels(image, None)
    return Pixels(image, icc)


def _usable(mode: str, icc: bytes) -> bool:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if profile.profile.xcolor_space != _SPACES[mode]:
            return False
        _converted(Image.new(mode, (1, 1)), icc)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    return True


def _is_srgb(icc: bytes) -> bool:
    """By what it does to colours: the many profiles called sRGB differ in their bytes."""
    before = Image.frombytes("RGB", (len(_PATCHES) // 3, 1), _PATCHES)
    after = _converted(before, icc).tobytes()
    return all(abs(a - b) <= 1 for a, b in zip(_PATCHES, after, strict=True))


def _converted(image: Image.Image, icc: bytes) -> Image.Image:
    made = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.createProfile("sRGB"),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert made is not None  # only an in-place transform returns nothing
    return made
