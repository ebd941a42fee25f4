"""Colour on the way to the press: ICC profiles by name, and the transforms between screens and inks.

Every conversion is relative colorimetric with black point compensation (ISO 12647-2 proofs are made so), from
sRGB (IEC 61966-2-1) unless the picture brings a profile of its own. Inks are fractions 0..1 in the order cyan,
magenta, yellow, black; screen colours are fractions 0..1 of red, green, blue.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageCms, ImageMath

from leaflets.domain.errors import Invalid

Inks = tuple[float, float, float, float]
Rgb = tuple[float, float, float]

BLACK: Inks = (0.0, 0.0, 0.0, 1.0)

_RELATIVE = ImageCms.Intent.RELATIVE_COLORIMETRIC
_COMPENSATE = ImageCms.Flags.BLACKPOINTCOMPENSATION
_FOLDER = Path(__file__).parent / "profiles"
_ICC_REGISTRY = "http://www.color.org"


@dataclass(frozen=True, slots=True)
class PressProfile:
    """An ICC profile of a printing condition, and how an output intent names it (ISO 15930-7, 6.2.2).

    `condition` is the OutputConditionIdentifier; `registry` is empty when no registry knows the condition.
    """

    key: str
    path: Path
    condition: str
    condition_name: str
    registry: str
    licence: str


PROFILES: dict[str, PressProfile] = {
    "fogra39": PressProfile(
        key="fogra39",
        path=_FOLDER / "ISOcoated_v2_300_bas.icc",
        condition="FOGRA39",  # ICC characterization data registry
        condition_name="Offset on coated paper, ISO 12647-2:2004, 300 % total ink (ISO Coated v2 300 %, basICColor)",
        registry=_ICC_REGISTRY,
        licence="zlib, © 2007-2010 basICColor GmbH",
    ),
}


def press_profile(name: str) -> PressProfile:
    """The profile of that name, or the one in the file at that path when a printer gave theirs.

    Raises `Invalid` when there is none, or when the file is not a CMYK output profile.
    """
    known = PROFILES.get(name)
    if known:
        return known
    path = Path(name)
    if path.suffix.lower() not in (".icc", ".icm") or not path.is_file():
        raise Invalid(
            f"There is no press profile called “{name}”.",
            f"Use {', '.join(PROFILES)}, or give the path of the printer's .icc file.",
            code="unknown-profile",
        )
    return _profile_in_file(path)


@lru_cache(maxsize=16)
def _profile_in_file(path: Path) -> PressProfile:
    content = path.read_bytes()
    # ICC.1:2022, 7.2: device class at 12..16, colour space of data at 16..20, signature at 36..40.
    if content[36:40] != b"acsp" or content[12:16] != b"prtr" or content[16:20] != b"CMYK":
        raise Invalid(
            f"{path.name} is not a CMYK printing profile.",
            "Ask the printer for the ICC output profile of their press and paper.",
            code="profile-not-cmyk",
        )
    described = ImageCms.getProfileDescription(ImageCms.getOpenProfile(str(path))).strip() or path.stem
    return PressProfile(str(path), path, "Custom", described, "", "as the printer gave it")


@lru_cache(maxsize=16)
def profile_bytes(name: str) -> bytes:
    """The ICC profile itself."""
    return press_profile(name).path.read_bytes()


@lru_cache(maxsize=16)
def deflated_profile(name: str) -> bytes:
    """The profile as a FlateDecode stream holds it.

    Squeezing a megabyte costs 0.1 s, so a worker calls `warm` before it forks and no render ever pays for it.
    """
    return zlib.compress(profile_bytes(name), 9)


def warm(name: str = "fogra39") -> None:
    """Build what every render with this profile needs, once per process."""
    deflated_profile(name)
    mixed_inks((0.5, 0.25, 0.75), name)


@lru_cache(maxsize=16)
def _to_press(name: str, source: bytes | None, mode: str) -> ImageCms.ImageCmsTransform:
    origin = ImageCms.createProfile("sRGB") if source is None else ImageCms.ImageCmsProfile(io.BytesIO(source))
    press = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes(name)))
    return ImageCms.buildTransform(origin, press, mode, "CMYK", _RELATIVE, _COMPENSATE)


@lru_cache(maxsize=16)
def _to_screen(name: str) -> ImageCms.ImageCmsTransform:
    press = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes(name)))
    return ImageCms.buildTransform(press, ImageCms.createProfile("sRGB"), "CMYK", "RGB", _RELATIVE, _COMPENSATE)


def picture_to_inks(picture: Image.Image, profile: str, source: bytes | None = None) -> Image.Image:
    """A picture as the press prints it, in mode CMYK (0 is no ink).

    `picture` is in mode RGB, L, CMYK or LAB. `source` is its own ICC profile; without one RGB and L are taken as
    sRGB, and CMYK as already made for this press and returned as it is. Raises `Invalid` when the profile does
    not fit the picture.
    """
    if picture.mode == "CMYK" and (source is None or source == profile_bytes(profile)):
        return picture
    if picture.mode == "L" and source is None:
        picture = picture.convert("RGB")
    try:
        return _applied(_to_press(profile, source, picture.mode), picture)
    except (ImageCms.PyCMSError, OSError) as error:
        raise Invalid(
            f"The colour profile inside a picture cannot be used: {error}.",
            "Save the picture as sRGB and send it again.",
            code="picture-profile-unusable",
        ) from error


def picture_to_screen(picture: Image.Image, profile: str) -> Image.Image:
    """How a CMYK picture (0 is no ink) printed in this condition looks on a screen, in sRGB."""
    return _applied(_to_screen(profile), picture)


def _applied(transform: ImageCms.ImageCmsTransform, picture: Image.Image) -> Image.Image:
    """As `ImageCms.applyTransform`, which also writes the output profile out each time: 6 ms for a single colour."""
    made = Image.new(transform.output_mode, picture.size)
    transform.transform.apply(picture.getim(), made.getim())
    return made


def is_neutral(rgb: Rgb) -> bool:
    """Whether a screen colour is a pure grey: the three channels agree to half a step of 8 bits."""
    return max(rgb) - min(rgb) < 0.5 / 255


@lru_cache(maxsize=4096)
def mixed_inks(rgb: Rgb, profile: str) -> Inks:
    """The inks of one screen colour through the profile, greys included (as inside photos and gradients)."""
    pixel = Image.new("RGB", (1, 1), (_byte(rgb[0]), _byte(rgb[1]), _byte(rgb[2])))
    return _fractions(picture_to_inks(pixel, profile).tobytes())


def neutral_inks(rgb: Rgb) -> Inks:
    """A pure grey in black ink alone."""
    return (0.0, 0.0, 0.0, round(1 - sum(rgb) / 3, 4))


def srgb_of_lab(lightness: float, a: float, b: float) -> Rgb:
    """A CIE L*a*b* colour, relative to its own white, in sRGB, clipped to what a screen shows (IEC 61966-2-1).

    Its white becomes the white of the screen by scaling XYZ: exact for D65, hardly visible for D50.
    """
    middle = (lightness + 16) / 116
    xyz = [
        _unlab(value) * d65
        for value, d65 in zip((middle + a / 500, middle, middle - b / 200), (0.95047, 1.0, 1.08883), strict=True)
    ]
    linear = (
        3.2404542 * xyz[0] - 1.5371385 * xyz[1] - 0.4985314 * xyz[2],
        -0.9692660 * xyz[0] + 1.8760108 * xyz[1] + 0.0415560 * xyz[2],
        0.0556434 * xyz[0] - 0.2040259 * xyz[1] + 1.0572252 * xyz[2],
    )
    red, green, blue = (_companded(min(1.0, max(0.0, part))) for part in linear)
    return (red, green, blue)


def most_ink_percent(picture: Image.Image) -> int:
    """The heaviest pixel of a CMYK picture (0 is no ink): the sum of its four inks in percent, rounded down."""
    cyan, magenta, yellow, black = picture.split()
    total = ImageMath.lambda_eval(
        lambda inks: inks["c"] + inks["m"] + inks["y"] + inks["k"], c=cyan, m=magenta, y=yellow, k=black
    )
    return int(total.getextrema()[1]) * 100 // 255


def _byte(fraction: float) -> int:
    return round(min(1.0, max(0.0, fraction)) * 255)


def _fractions(pixel: bytes) -> Inks:
    cyan, magenta, yellow, black = (round(value / 255, 4) for value in pixel)
    return (cyan, magenta, yellow, black)


def _unlab(value: float) -> float:
    return float(value**3) if value > 6 / 29 else 3 * (6 / 29) ** 2 * (value - 4 / 29)


def _companded(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
