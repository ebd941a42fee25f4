from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import photographs as photo
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFile, ImageFilter
from weasyprint import HTML

from leaflets.domain.press.picture import PictureRefused, crop_to
from leaflets.domain.press.printing import PressSpec
from leaflets.domain.template import Frame
from leaflets.press.colour import most_ink_percent, profile_bytes
from leaflets.press.picture import Normalised, normalise, proxy_crop, rendition
from leaflets.press.png_data import check_png_rows
from leaflets.press.rgb_spaces import adobe_rgb, display_p3

SPEC = PressSpec()
NEWSPRINT = PressSpec(ink_limit_percent=240)
FRAME = Frame(60, 40)
MIDDLE = (0.5, 0.5)
TOLERANCE = 3.0  # ΔE 1976: less than anybody sees in a photograph, more than 8 bits and JPEG take


def settled(content: bytes | Path, folder: Path) -> Normalised:
    path = content
    if isinstance(content, bytes):
        path = folder / "original"
        path.write_bytes(content)
    assert isinstance(path, Path)
    return normalise(path, folder / "out")


def on_paper(path: Path) -> list[tuple[int, ...]]:
    """The colours of a CMYK rendition as a viewer with the press profile shows them."""
    with Image.open(path) as inks:
        assert inks.mode == "CMYK"
        screen = ImageCms.profileToProfile(
            inks,
            ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes("fogra39"))),
            ImageCms.createProfile("sRGB"),
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    return photo.middles(screen)


def sixteen_bits(folder: Path) -> bytes:
    """A 16-bit RGB PNG, which Pillow reads and does not write."""
    pixels = np.asarray(photo.patches()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    return photo.png(*photo.SIZE, zlib.compress(rows), depth=16)


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, format_, **options)
    return content.getvalue()


def press_cmyk() -> Image.Image:
    return photo.converted(photo.patches(), profile_bytes("fogra39"), "CMYK")


COLOURFUL = {
    "sRGB JPEG": lambda folder: encoded(photo.patches(), "JPEG", quality=95),
    "sRGB PNG": lambda folder: encoded(photo.patches(), "PNG"),
    "sRGB WebP": lambda folder: encoded(photo.patches(), "WEBP", lossless=True),
    "sRGB TIFF": lambda folder: encoded(photo.patches(), "TIFF", compression="tiff_deflate"),
    "sRGB with its profile": lambda folder: encoded(
        photo.patches(),
        "JPEG",
        quality=95,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    ),
    "Adobe RGB JPEG": lambda folder: encoded(
        photo.converted(photo.patches(), adobe_rgb()), "JPEG", quality=95, icc_profile=adobe_rgb()
    ),
    "Adobe RGB TIFF": lambda folder: encoded(
        photo.converted(photo.patches(), adobe_rgb()), "TIFF", icc_profile=adobe_rgb()
    ),
    "Adobe RGB by EXIF alone": lambda folder: encoded(
        photo.converted(photo.patches(), adobe_rgb()), "JPEG", quality=95, exif=camera_exif()
    ),
    "Display P3 PNG": lambda folder: encoded(
        photo.converted(photo.patches(), display_p3()), "PNG", icc_profile=display_p3()
    ),
    "Display P3 WebP": lambda folder: encoded(
        photo.converted(photo.patches(), display_p3()), "WEBP", lossless=True, icc_profile=display_p3()
    ),
    "palette PNG": lambda folder: encoded(photo.patches().quantize(16), "PNG"),
    "16-bit PNG": sixteen_bits,
    "CMYK JPEG with its profile": lambda folder: encoded(
        press_cmyk(), "JPEG", quality=95, icc_profile=profile_bytes("fogra39")
    ),
    "CMYK JPEG with no profile": lambda folder: encoded(press_cmyk(), "JPEG", quality=95),
    "CMYK JPEG not from Adobe": lambda folder: without_adobe(press_cmyk()),
    "CMYK TIFF with no profile": lambda folder: encoded(press_cmyk(), "TIFF"),
    "sRGB whose profile is rubbish": lambda folder: encoded(photo.patches(), "PNG", icc_profile=b"rubbish" * 50),
    "sRGB whose profile is for CMYK": lambda folder: encoded(
        photo.patches(), "PNG", icc_profile=profile_bytes("fogra39")
    ),
}


def without_adobe(inks: Image.Image) -> bytes:
    """A JPEG that holds inks as they are, and no APP14 segment to say otherwise (ITU T.872, 6.5.3)."""
    content = encoded(ImageChops.invert(inks), "JPEG", quality=95)  # Pillow turns inks round as it writes
    at = content.index(b"\xff\xee\x00\x0eAdobe")
    return content[:at] + content[at + 16 :]


def camera_exif() -> Image.Exif:
    exif = photo.secrets()
    exif.get_ifd(0x8769)[0xA001] = 0xFFFF
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    return exif


@pytest.mark.parametrize("kind", COLOURFUL)
def test_colours_survive_from_any_file_to_the_screen_and_to_paper(kind: str, tmp_path: Path) -> None:
    found = settled(COLOURFUL[kind](tmp_path), tmp_path)
    with Image.open(found.proxy) as proxy:
        assert proxy.mode == "RGB"
        assert photo.furthest(photo.middles(proxy), photo.PATCHES) < TOLERANCE
    made = rendition(found.master, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    assert photo.furthest(on_paper(made.path), photo.PATCHES) < TOLERANCE
    proof = proxy_crop(found.master, FRAME, MIDDLE, SPEC, tmp_path / "proof.jpg")
    with Image.open(proof.path) as screen:
        assert photo.furthest(photo.middles(screen), photo.PATCHES) < TOLERANCE


@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_grey_pictures_stay_grey(mode: str, format_: str, tmp_path: Path) -> None:
    grey = photo.patches().convert("L")
    picture = Image.fromarray(np.asarray(grey).astype("u2") * 257) if mode == "I;16" else grey.convert(mode)
    found = settled(encoded(picture, format_), tmp_path)
    wanted = [(value,) * 3 for value in photo.middles(picture.convert("L") if mode != "I;16" else grey)]
    with Image.open(found.master) as master, Image.open(found.proxy) as proxy:
        assert master.mode == "L"
        if mode != "1":  # a dither has no colour in the middle
            assert photo.furthest(photo.middles(proxy), wanted) < TOLERANCE
    made = rendition(found.master, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    if mode != "1":
        assert photo.furthest(on_paper(made.path), wanted) < TOLERANCE


def test_wide_colours_reach_the_press_wider_than_a_screen_shows_them(tmp_path: Path) -> None:
    cyan = Image.new("RGB", photo.SIZE, (0, 160, 200))  # in Adobe RGB: outside sRGB, inside coated offset
    wide = settled(encoded(cyan, "PNG", icc_profile=adobe_rgb()), tmp_path)
    with Image.open(wide.master) as master:
        assert max(abs(a - b) for a, b in zip(photo.middles(master)[0], (0, 160, 200), strict=True)) <= 1
        assert master.info["icc_profile"] == adobe_rgb()
    made = rendition(wide.master, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    from_screen = rendition(wide.proxy, FRAME, MIDDLE, SPEC, tmp_path / "screen.jpg")
    with Image.open(made.path) as inks, Image.open(from_screen.path) as duller:
        assert photo.middles(inks)[0][0] > photo.middles(duller)[0][0] + 30  # more cyan


def test_a_picture_already_in_the_inks_of_this_press_keeps_its_own_separation(tmp_path: Path) -> None:
    black_only = Image.new("CMYK", photo.SIZE, (0, 0, 0, 200))
    found = settled(encoded(black_only, "JPEG", quality=95, icc_profile=profile_bytes("fogra39")), tmp_path)
    made = rendition(found.master, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    with Image.open(made.path) as inks:
        assert photo.middles(inks)[0] == (0, 0, 0, 200)


def test_what_is_transparent_prints_as_paper(tmp_path: Path) -> None:
    indexed = photo.with_hole(photo.patches()).quantize(16)
    for content in (
        encoded(photo.with_hole(photo.patches()), "PNG"),
        encoded(photo.with_hole(photo.patches()), "WEBP", lossless=True),
        encoded(photo.with_hole(photo.patches()), "TIFF"),
        encoded(indexed, "PNG"),
    ):
        found = settled(content, tmp_path)
        with Image.open(found.master) as master:
            assert photo.middles(master)[1] == (255, 255, 255)
            assert photo.furthest(photo.middles(master)[2:], photo.PATCHES[2:]) < TOLERANCE


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation: int, format_: str, tmp_path: Path) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = photo.patches().transpose(undo[orientation]) if orientation in undo else photo.patches()
    exif = photo.secrets()
    exif[0x0112] = orientation
    found = settled(encoded(lying, format_, exif=exif), tmp_path)
    assert (found.width_px, found.height_px) == photo.SIZE
    with Image.open(found.proxy) as proxy:
        assert photo.furthest(photo.middles(proxy), photo.PATCHES) < TOLERANCE
    # a crop straight from the upload knows it too
    made = rendition(tmp_path / "original", FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    assert photo.furthest(on_paper(made.path), photo.PATCHES) < TOLERANCE


@pytest.mark.parametrize(
    ("name", "size", "top_left"),
    [
        ("phone.heic", (480, 320), (200, 30, 30)),
        ("phone-on-its-side.heic", (320, 480), (30, 30, 200)),
        ("phone-without-profile.heic", (480, 320), (200, 30, 30)),  # names Display P3 by code points
    ],
)
def test_a_phone_s_heic_comes_out_upright_and_in_its_colours(
    name: str, size: tuple[int, int], top_left: tuple[int, int, int], tmp_path: Path
) -> None:
    found = settled(photo.DATA / name, tmp_path)
    with Image.open(found.proxy) as proxy, Image.open(found.master) as master:
        assert proxy.size == size
        assert photo.furthest([proxy.getpixel((30, 30))], [in_srgb(top_left)]) < TOLERANCE
        assert master.info["icc_profile"] == display_p3()


def in_srgb(p3: tuple[int, int, int]) -> tuple[int, ...]:
    """Display P3 to sRGB by the primaries of SMPTE EG 432-1, without any colour library."""
    rgb = np.array(p3) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.48657, 0.26567, 0.19822], [0.22897, 0.69174, 0.07929], [0.0, 0.04511, 1.04394]])
    from_xyz = np.linalg.inv(np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]))
    out = np.clip(from_xyz @ to_xyz @ linear, 0, 1)
    return tuple(
        int(v) for v in np.round(255 * np.where(out <= 0.0031308, 12.92 * out, 1.055 * out ** (1 / 2.4) - 0.055))
    )


def test_nothing_of_owner_place_or_camera_is_left_in_any_byte(tmp_path: Path) -> None:
    exif = photo.secrets()
    place = exif.tobytes()[-24:]
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + photo.SECRET.encode() + b"</x:xmpmeta>"
    originals = {
        "a.jpg": {"exif": exif, "comment": photo.SECRET, "xmp": xmp},
        "a.png": {"exif": exif},
        "a.webp": {"exif": exif, "xmp": xmp},
        "a.tif": {"exif": exif, "compression": "tiff_lzw"},
    }
    paths = [photo.saved(photo.patches(), tmp_path / name, **how) for name, how in originals.items()]
    for path in [*paths, photo.DATA / "phone.heic"]:
        before = path.read_bytes()
        assert photo.SECRET.encode() in before or b"Secret Model" in before
        found = settled(path, tmp_path)
        made = rendition(found.master, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
        proof = proxy_crop(found.master, FRAME, MIDDLE, SPEC, tmp_path / "proof.jpg")
        for out in (found.master, found.proxy, made.path, proof.path):
            after = out.read_bytes()
            for secret in (photo.SECRET.encode(), b"Secret Model", b"Exif", b"xmpmeta", place):
                assert secret not in after, (path.name, out.name, secret)
            with Image.open(out) as image:
                assert not image.getexif()
                assert "comment" not in image.info


def test_the_screen_proxy_is_at_most_1600_pixels_long(tmp_path: Path) -> None:
    found = settled(encoded(photo.noise((3000, 2000)), "JPEG"), tmp_path)
    with Image.open(found.proxy) as proxy:
        assert proxy.size == (1600, 1067)
    assert (found.width_px, found.height_px) == (3000, 2000)


@pytest.mark.parametrize(
    ("size", "focus", "box"),
    [
        ((600, 400), (0.5, 0.5), (0, 0, 600, 400)),
        ((1200, 400), (0.5, 0.5), (300, 0, 900, 400)),
        ((1200, 400), (0.0, 0.9), (0, 0, 600, 400)),
        ((1200, 400), (0.9, 0.5), (600, 0, 1200, 400)),
        ((600, 1000), (0.5, 0.3), (0, 100, 600, 500)),
        ((600, 1000), (-3.0, 7.0), (0, 600, 600, 1000)),
    ],
)
def test_a_crop_keeps_the_focus_in_the_middle_as_far_as_the_edges_allow(
    size: tuple[int, int], focus: tuple[float, float], box: tuple[float, ...]
) -> None:
    assert crop_to(*size, FRAME, focus).box == pytest.approx(box)


def test_a_rendition_shows_what_the_focus_points_at(tmp_path: Path) -> None:
    wide = Image.new("RGB", (3000, 500), (225, 190, 170))
    ImageDraw.Draw(wide).rectangle((2500, 0, 3000, 500), fill=(40, 40, 40))
    path = photo.saved(wide, tmp_path / "wide.jpg", quality=95)
    made = rendition(path, FRAME, (0.95, 0.5), SPEC, tmp_path / "print.jpg")
    colours = on_paper(made.path)
    assert photo.furthest([colours[0], colours[2]], [(225, 190, 170), (40, 40, 40)]) < TOLERANCE


@pytest.mark.parametrize(
    ("spec", "size", "wanted"),
    [
        (SPEC, (2400, 1600), (709, 472)),  # 60 × 40 mm at 300 ppi
        (NEWSPRINT, (2400, 1600), (354, 236)),  # at 150 ppi
        (SPEC, (600, 400), (600, 400)),  # never enlarged
    ],
)
def test_a_rendition_has_the_resolution_of_the_press_and_never_more(
    spec: PressSpec, size: tuple[int, int], wanted: tuple[int, int], tmp_path: Path
) -> None:
    path = photo.saved(photo.noise(size), tmp_path / "a.jpg", quality=95)
    made = rendition(path, FRAME, MIDDLE, spec, tmp_path / "print.jpg")
    assert (made.width_px, made.height_px) == wanted
    assert made.ppi == pytest.approx(size[0] / 60 * 25.4)
    with Image.open(made.path) as inks:
        assert (inks.mode, inks.size) == ("CMYK", wanted)
        assert inks.info["dpi"] == pytest.approx((wanted[0] / 60 * 25.4,) * 2, abs=1)
        assert all((h, v) == (1, 1) for _, h, v, _ in inks.layer)  # no chroma subsampling


@pytest.mark.parametrize("limit", [300, 280, 240])
def test_total_ink_stays_within_the_limit(limit: int, tmp_path: Path) -> None:
    dark = photo.noise((1200, 800)).point(lambda value: value // 3)
    heavy = Image.merge("CMYK", [Image.new("L", (1200, 800), 250)] * 4)
    for name, picture in {"dark": dark, "heavy": heavy}.items():
        path = photo.saved(picture, tmp_path / f"{name}.jpg", quality=95)
        made = rendition(path, FRAME, MIDDLE, PressSpec(ink_limit_percent=limit), tmp_path / "print.jpg")
        with Image.open(made.path) as inks:
            # An area that a press sees, and then single pixels, which JPEG's rounding lifts a little.
            assert limit - 30 < most_ink_percent(inks.filter(ImageFilter.BoxBlur(1))) <= limit, name
            assert most_ink_percent(inks) <= limit + 8


def test_a_rendition_in_a_pdf_has_the_right_colours_in_two_viewers(tmp_path: Path) -> None:
    found = settled(encoded(photo.patches(), "PNG"), tmp_path)
    made = rendition(found.master, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    style = "@page{size:60mm 40mm;margin:0}body{margin:0}img{width:60mm;display:block}"
    page = f'<style>{style}</style><img src="{made.path.as_uri()}">'
    pdf = tmp_path / "page.pdf"
    HTML(string=page).write_pdf(pdf, full_fonts=False)
    with pikepdf.open(pdf) as opened:
        (image,) = opened.pages[0].get_images().values()
        assert (image.ColorSpace, image.Filter) == ("/DeviceCMYK", "/DCTDecode")
        assert image.read_raw_bytes() == made.path.read_bytes()  # not compressed a second time
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-singlefile", pdf, tmp_path / "poppler"], check=True)
    with pypdfium2.PdfDocument(pdf) as document:
        pdfium = document[0].render(scale=100 / 72).to_pil()
    with Image.open(tmp_path / "poppler.png") as poppler:
        # These viewers turn inks into colours by rough formulae; inverted inks would be ΔE 60 and more away.
        assert photo.furthest(photo.middles(poppler.convert("RGB")), photo.PATCHES) < 30
        assert min(photo.middles(poppler.convert("RGB"))[0]) >= 254  # paper
    assert photo.furthest(photo.middles(pdfium.convert("RGB")), photo.PATCHES) < 30


def test_a_proof_shows_a_colour_that_inks_cannot_reach_as_the_press_will_print_it(tmp_path: Path) -> None:
    neon = photo.saved(Image.new("RGB", photo.SIZE, (0, 255, 0)), tmp_path / "neon.png")
    made = rendition(neon, FRAME, MIDDLE, SPEC, tmp_path / "print.jpg")
    proof = proxy_crop(neon, FRAME, MIDDLE, SPEC, tmp_path / "proof.jpg")
    with Image.open(proof.path) as screen:
        shown = photo.middles(screen)
    assert photo.furthest(shown, on_paper(made.path)) < TOLERANCE
    assert photo.furthest(shown, [(0, 255, 0)] * 6) > 30
    assert (proof.width_px, proof.height_px) == (354, 236)


def refusal(content: bytes, folder: Path) -> str:
    with pytest.raises(PictureRefused) as caught:
        settled(content, folder)
    assert not (folder / "out").exists()
    return caught.value.code


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_cut_short_is_refused_and_leaves_nothing(format_: str, tmp_path: Path) -> None:
    how = {"compression": "tiff_lzw"} if format_ == "TIFF" else {}
    content = encoded(photo.noise(photo.SIZE), format_, **how)
    assert refusal(content[: len(content) * 2 // 3], tmp_path) in ("picture-truncated", "picture-damaged")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_a_png_with_all_its_rows_is_whole_in_every_mode(mode: str, tmp_path: Path) -> None:
    file = tmp_path / "whole.png"
    Image.new(mode, (301, 203)).save(file)
    check_png_rows(file)
    content = file.read_bytes()
    end = content.index(b"IDAT") - 4
    rows = zlib.decompress(content[end + 8 : content.index(b"IEND") - 8])
    file.write_bytes(content[:end] + photo.chunk(b"IDAT", zlib.compress(rows[:-1])) + photo.chunk(b"IEND", b""))
    with pytest.raises(PictureRefused, match="end"):
        check_png_rows(file)


def test_what_cannot_be_decoded_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    heic = (photo.DATA / "phone.heic").read_bytes()
    hostile = {
        b"%PDF-1.7": "picture-damaged",
        b"": "picture-damaged",
        heic[:-900]: "picture-damaged",
        photo.png(300, 300, b"not deflated"): "picture-damaged",
        photo.png(300, 300, b""): "picture-truncated",
        photo.png(
            300, 300, b"", extra=photo.chunk(b"iCCP", b"a\0\0" + photo.deflated_zeros(64 << 20))
        ): "picture-damaged",
        photo.png(300, 300, zlib.compress(bytes(300 * (1 + 300 * 3) // 2))): "picture-truncated",
        photo.png(12_100, 10_000, zlib.compress(b"")): "picture-too-many-pixels",
        photo.png(30_000, 30_000, zlib.compress(b"")): "picture-too-many-pixels",
        photo.tiff_header(30_000, 30_000): "picture-too-many-pixels",
        encoded(Image.new("RGB", (1, 1)), "PNG"): "picture-too-small",
        encoded(Image.new("F", photo.SIZE), "TIFF"): "picture-format",
        encoded(photo.patches(), "WEBP", save_all=True, append_images=[photo.noise(photo.SIZE)]): "picture-animated",
        encoded(photo.patches(), "PNG", save_all=True, append_images=[photo.noise(photo.SIZE)]): "picture-animated",
    }
    for content, code in hostile.items():
        assert refusal(content, tmp_path) == code


def test_pillow_s_own_settings_are_as_they_were_afterwards(tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    refusal(b"", tmp_path)
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    assert before[0] is not None


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_whatever_bytes_come_there_is_a_master_or_a_refusal(format_: str, tmp_path: Path) -> None:
    dice = random.Random(20270506)
    whole = encoded(photo.noise((300, 220)), format_, exif=photo.secrets())
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(min(len(content), 700)) if dice.random() < 0.7 else dice.randrange(len(content))
            content[at : at + dice.choice((0, 1, 2, 4))] = dice.randbytes(dice.choice((1, 2, 4)))
        with suppress(PictureRefused):
            assert settled(bytes(content), tmp_path).master.is_file()


MEASURE = """
import json, resource, sys
from pathlib import Path
from leaflets.domain.errors import LeafletsError
from leaflets.press.picture import normalise
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if most := int(sys.argv[3]) << 20:
    most += int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
try:
    found = normalise(Path(sys.argv[1]), Path(sys.argv[2]))
    said = [found.width_px, found.height_px]
except LeafletsError as error:
    said = error.code
print(json.dumps({"said": said, "mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}))
"""


def measured(path: Path, most_mb: int = 0) -> dict[str, object]:
    command = [sys.executable, "-c", MEASURE, str(path), str(path.parent / "out"), str(most_mb)]
    found: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def test_a_100_megapixel_jpeg_is_made_a_master_of_half_its_size_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    photo.patches((300, 200)).resize((12_000, 8_400), Image.Resampling.NEAREST).save(path, quality=80)
    found = measured(path)
    assert found["said"] == [6000, 4200]
    assert float(str(found["mb"])) < 300


@pytest.mark.parametrize("how", [{"format": "JPEG", "progressive": True, "subsampling": 0}, {"format": "PNG"}])
def test_a_photo_that_needs_more_memory_than_there_is_is_told_so(how: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "heavy"
    photo.patches((300, 200)).resize((9_000, 6_000), Image.Resampling.NEAREST).save(path, **how)
    assert measured(path, most_mb=100)["said"] == "picture-too-heavy"


def test_a_png_that_unpacks_to_far_more_than_it_claims_costs_no_more_than_it_claims(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(photo.png(300, 300, photo.deflated_zeros(200 << 20)))
    assert float(str(measured(path)["mb"])) < 60


FULL_DISK = """
import resource, sys
from pathlib import Path
from leaflets.domain.errors import Unavailable
from leaflets.press.picture import normalise
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    normalise(Path(sys.argv[1]), Path(sys.argv[2]))
except Unavailable as error:
    print(error.code, list(Path(sys.argv[2]).iterdir()))
"""


def test_a_disk_that_fills_while_a_master_is_written_leaves_nothing(tmp_path: Path) -> None:
    path = photo.saved(photo.noise((1200, 800)), tmp_path / "a.jpg")
    command = [sys.executable, "-c", FULL_DISK, str(path), str(tmp_path / "out")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "disk []\n"
