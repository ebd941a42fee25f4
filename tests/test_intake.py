from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import photographs as photo
import pytest

from leaflets.domain.errors import Unavailable
from leaflets.domain.press.picture import PictureHeader, PictureLimits, PictureRefused
from leaflets.intake import inspect, receive

FORMATS = {
    "photo.jpg": {"quality": 90},
    "progressive.jpg": {"quality": 90, "progressive": True},
    "photo.png": {},
    "photo.webp": {"quality": 90},
    "lossless.webp": {"lossless": True},
    "photo.tif": {},
    "squeezed.tif": {"compression": "tiff_lzw"},
    "big.tif": {"big_tiff": True},
}


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("originals")
    picture = photo.patches()
    found = {name: photo.saved(picture, folder / name, **how).read_bytes() for name, how in FORMATS.items()}
    found["alpha.webp"] = photo.saved(
        photo.with_hole(picture), folder / "alpha.webp", exif=photo.secrets()
    ).read_bytes()
    found["phone.heic"] = (photo.DATA / "phone.heic").read_bytes()
    found["inks.jpg"] = photo.saved(picture.convert("CMYK"), folder / "inks.jpg").read_bytes()
    return found


def looked_at(content: bytes, filename: str = "photo.jpg", limits: PictureLimits | None = None) -> PictureHeader:
    return inspect(io.BytesIO(content), filename=filename, limits=limits)


def refusal(content: bytes, filename: str = "photo.jpg") -> PictureRefused:
    with pytest.raises(PictureRefused) as caught:
        looked_at(content, filename)
    error = caught.value
    assert error.message.endswith(".")
    assert error.remedy.endswith(".")
    assert "{" not in error.message + error.remedy
    return error


def test_every_format_is_recognised_with_its_size(originals: dict[str, bytes]) -> None:
    wanted = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF", "heic": "HEIF"}
    for name, content in originals.items():
        header = looked_at(content, name)
        assert (header.format, header.width_px, header.height_px) == (wanted[name.split(".")[1]], *photo.SIZE), name
        assert header.bytes == len(content)
    assert looked_at(originals["inks.jpg"]).mode == "CMYK"
    assert looked_at(originals["alpha.webp"]).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_and_tiff_pixel_is_taken(mode: str) -> None:
    picture = (
        photo.patches().convert("L").convert("I").convert(mode) if mode == "I;16" else photo.patches().convert(mode)
    )
    for format_ in ("PNG", "TIFF"):
        content = io.BytesIO()
        picture.save(content, format_)
        assert looked_at(content.getvalue()).width_px == photo.SIZE[0]


def test_a_harmless_wrong_extension_is_no_reason_to_refuse(originals: dict[str, bytes]) -> None:
    assert looked_at(originals["photo.png"], "IMG_0001.JPG").format == "PNG"
    assert looked_at(originals["phone.heic"], "photo.jpeg").format == "HEIF"
    assert looked_at(originals["photo.jpg"], "portrait from example.com").format == "JPEG"


def test_the_web_process_loads_no_image_library_to_inspect() -> None:
    program = "import sys, leaflets.intake; print('PIL' in sys.modules, 'pi_heif' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == (
        "False False\n"
    )


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "picture-empty"


def test_a_file_above_the_limit_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.write(b"\xff\xd8\xff\xe0")
        file.truncate(61_000_000)
    with pytest.raises(PictureRefused, match="61 MB, and 60 MB is the most") as caught:
        inspect(path, filename="large.jpg")
    assert caught.value.code == "picture-too-large-file"


@pytest.mark.parametrize(
    ("size", "code"),
    [((1, 1), "picture-too-small"), ((199, 900), "picture-too-small"), ((900, 200), None)],
)
def test_a_picture_with_a_side_below_the_least_is_refused_with_its_size(
    size: tuple[int, int], code: str | None
) -> None:
    content = io.BytesIO()
    photo.patches(size).save(content, "PNG")
    if code is None:
        assert looked_at(content.getvalue()).height_px == 200
    else:
        assert refusal(content.getvalue()).code == code
        assert f"{size[0]:,} × {size[1]:,} pixels" in refusal(content.getvalue()).message


def jpeg_that_claims(width: int, height: int, originals: dict[str, bytes]) -> bytes:
    content = bytearray(originals["photo.jpg"])
    at = content.index(b"\xff\xc0\x00\x11\x08") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def test_more_than_120_megapixels_are_refused_whatever_the_format(originals: dict[str, bytes]) -> None:
    bombs = {
        "png": photo.png(12_100, 10_000, zlib.compress(b"")),
        "huge png": photo.png(2**31 - 1, 2**31 - 1, zlib.compress(b"")),
        "jpeg": jpeg_that_claims(12_100, 10_000, originals),
        "tiff": photo.tiff_header(12_100, 10_000),
        "webp": originals["alpha.webp"].replace(struct.pack("<I", 479)[:3] + struct.pack("<I", 319)[:3], b"\xff" * 6),
        "heic": originals["phone.heic"].replace(struct.pack(">II", 480, 320), struct.pack(">II", 12_100, 10_000)),
        "thin png": photo.png(100_000, 300, zlib.compress(b"")),
    }
    for name, content in bombs.items():
        assert refusal(content).code == "picture-too-many-pixels", name
    assert "12,100 × 10,000 pixels" in refusal(bombs["png"]).message


MEASURE = """
import json, resource, sys
from pathlib import Path
from leaflets.domain.press.picture import PictureRefused
from leaflets.intake import inspect
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
codes = []
for name in sys.argv[1:]:
    try:
        inspect(Path(name), filename=name)
        codes.append("taken")
    except PictureRefused as refusal:
        codes.append(refusal.code)
print(json.dumps({"codes": codes, "kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before}))
"""


def test_no_hostile_file_costs_the_web_process_memory(tmp_path: Path, originals: dict[str, bytes]) -> None:
    jpeg = originals["photo.jpg"]
    scans = jpeg[jpeg.index(b"\xff\xda") : -2]
    hostile = {
        "bomb.png": photo.png(30_000, 30_000, photo.deflated_zeros(100 << 20)),
        "text.png": photo.png(300, 300, b"", extra=photo.chunk(b"zTXt", b"a\0\0" + photo.deflated_zeros(200 << 20))),
        "strips.tif": photo.tiff_header(30_000, 30_000),
        "fields.tif": b"II+\0\x08\0\0\0" + struct.pack("<Q", 16) + struct.pack("<Q", 2**60),
        "pieces.png": photo.png(300, 300, b"")[:-12] + photo.chunk(b"teXt", b"") * 200_000,
        "fill.jpg": b"\xff\xd8" + b"\xff" * 20_000_000,
        "scans.jpg": jpeg[:-2] + scans * 500 + b"\xff\xd9",
        "boxes.heic": originals["phone.heic"][:40] + b"\0\0\0\x08free" * 100_000,
        "long.heic": originals["phone.heic"][:28] + struct.pack(">I4s", 0x7FFFFFFF, b"meta"),
    }
    for name, content in hostile.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", MEASURE, *(str(tmp_path / name) for name in hostile)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert dict(zip(hostile, found["codes"], strict=True)) == {
        "bomb.png": "picture-too-many-pixels",
        "text.png": "taken",  # nothing is unpacked here; the worker's decoder has its own limit
        "strips.tif": "picture-too-many-pixels",
        "fields.tif": "picture-damaged",
        "pieces.png": "picture-damaged",
        "fill.jpg": "picture-truncated",
        "scans.jpg": "picture-damaged",
        "boxes.heic": "picture-damaged",
        "long.heic": "picture-truncated",
    }
    assert found["kb"] < 12_000


def office(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "words")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (
            b"%PDF-1.7\n%\xe2\xe3",
            "picture-not-a-picture",
            "This is a PDF, not a photo, although its name ends in .jpg.",
        ),
        (b"\x00" * 300 + b"%PDF-1.7", "picture-not-a-picture", "a PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "picture-not-a-picture", "EPS"),
        (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "picture-not-a-picture", "EPS"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "picture-not-a-picture", "an SVG drawing"),
        (b'<?xml version="1.0"?>\n<!-- by --> <!-- hand -->\n<svg:svg>', "picture-not-a-picture", "an SVG drawing"),
        (b"\n<!DOCTYPE html><p>", "picture-not-a-picture", "a web page"),
        (b"<script>alert(1)</script>", "picture-not-a-picture", "a web page"),
        (office("word/document.xml"), "picture-not-a-picture", "a Word document"),
        (office("ppt/slides.xml"), "picture-not-a-picture", "a PowerPoint file"),
        (office("photos/a.jpg"), "picture-not-a-picture", "a ZIP archive or Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "picture-not-a-picture", "an Office or Publisher file"),
        (b"MZ\x90\0", "picture-not-a-picture", "a program"),
        (b"\x7fELF\x02", "picture-not-a-picture", "a program"),
        (b"#!/bin/sh\n", "picture-not-a-picture", "a script"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2", "picture-not-a-picture", "a film"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "picture-format", "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "picture-format", "AVIF"),
        (b"8BPS\0\1", "picture-format", "a Photoshop file"),
        (b"II*\0\x10\0\0\0CR\2\0\0\0\0\0", "picture-format", "raw file"),
        (b"just words", "picture-not-a-picture", "do not know"),
        (b"\xff", "picture-not-a-picture", "do not know"),
    ],
)
def test_what_is_no_photo_is_called_by_its_name(content: bytes, code: str, says: str) -> None:
    error = refusal(content)
    assert (error.code, says in error.message) == (code, True), error.message


def test_a_file_of_comments_is_recognised_in_no_time() -> None:
    assert refusal(b"<!---->" * 580 + b"x").code == "picture-not-a-picture"


def test_a_still_gif_is_a_format_we_do_not_take_and_a_moving_one_an_animation() -> None:
    still, moving = io.BytesIO(), io.BytesIO()
    photo.patches().save(still, "GIF")
    photo.patches().save(moving, "GIF", save_all=True, append_images=[photo.noise(photo.SIZE)], loop=0)
    assert refusal(still.getvalue()).code == "picture-format"
    assert refusal(moving.getvalue()).code == "picture-animated"


@pytest.mark.parametrize("format_", ["WEBP", "PNG"])
def test_an_animation_is_refused(format_: str) -> None:
    content = io.BytesIO()
    photo.patches().save(content, format_, save_all=True, append_images=[photo.noise(photo.SIZE)])
    assert refusal(content.getvalue()).code == "picture-animated"


@pytest.mark.parametrize("name", [*FORMATS, "alpha.webp", "phone.heic", "inks.jpg"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.99])
def test_a_file_cut_short_is_refused(name: str, part: float, originals: dict[str, bytes]) -> None:
    content = originals[name]
    assert refusal(content[: int(len(content) * part)]).code == "picture-truncated"


def a_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return content.getvalue()


def with_comment(jpeg: bytes, comment: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + jpeg[2:]


@pytest.mark.parametrize(
    ("name", "disguise", "says"),
    [
        ("photo.jpg", lambda jpeg: jpeg + a_zip(), "ZIP"),
        ("photo.png", lambda png: png + a_zip(), "ZIP"),
        ("photo.webp", lambda webp: webp + a_zip(), "ZIP"),
        ("photo.tif", lambda tiff: tiff + a_zip(), "ZIP"),
        ("phone.heic", lambda heic: heic + struct.pack(">I4s", len(a_zip()) + 8, b"free") + a_zip(), "ZIP"),
        ("photo.jpg", lambda jpeg: jpeg + a_zip() + b"\0" * 70_000, "ZIP"),
        ("photo.jpg", lambda jpeg: jpeg + b"%PDF-1.4\n1 0 obj", "PDF"),
        ("photo.jpg", lambda jpeg: with_comment(jpeg, b"%PDF-1.4\n1 0 obj"), "PDF"),
        ("photo.jpg", lambda jpeg: jpeg + b"<html ><script>alert(1)</script>", "web page"),
        ("photo.jpg", lambda jpeg: with_comment(jpeg, b"<script>alert(1)</script>"), "web page"),
        ("photo.png", lambda png: png + b"\n<?php system($_GET[0]);", "script"),
        ("photo.jpg", lambda jpeg: jpeg + b"MZ" + bytes(80) + b"This program cannot be run in DOS mode", "program"),
    ],
)
def test_a_second_file_inside_or_behind_a_picture_is_refused(
    name: str, disguise: object, says: str, originals: dict[str, bytes]
) -> None:
    error = refusal(disguise(originals[name]), name)  # type: ignore[operator]
    assert (error.code, says in error.message) == ("picture-disguised", True), error.message


@pytest.mark.parametrize("filename", ["photo.html", "photo.jpg.exe", "photo.SVG", "me.php", "leaflet.pdf"])
def test_a_picture_named_as_something_that_opens_otherwise_is_refused(
    filename: str, originals: dict[str, bytes]
) -> None:
    assert refusal(originals["photo.jpg"], filename).code == "picture-disguised"


def test_what_phones_and_cameras_add_is_no_reason_to_refuse(originals: dict[str, bytes]) -> None:
    jpeg, heic = originals["photo.jpg"], originals["phone.heic"]
    film = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + random.Random(1).randbytes(3_000_000)
    samsung = b"\0\0\1\x0a\x0e\0\0\0Image_UTC_Data1718000000000SEFH\x6a\0\0\0\1\0\0\0SEFT"
    two_pictures = io.BytesIO()
    photo.patches().save(two_pictures, "MPO", save_all=True, append_images=[photo.noise(photo.SIZE)])
    for content in (
        jpeg + film,
        jpeg + samsung,
        jpeg + b"\0" * 4096,
        jpeg + b"\r\n",
        two_pictures.getvalue(),
        jpeg[:20] + b"\xff" * 300 + jpeg[20:],  # fill before a marker
        jpeg[:20] + b"\0" * 300 + jpeg[20:],  # a segment longer than its length says
        heic + struct.pack(">I4s", len(film) + 8, b"mpvd") + film,
        heic + struct.pack(">I4s", len(samsung) + 8, b"sefd") + samsung,
    ):
        assert looked_at(content).width_px == photo.SIZE[0]


def test_metadata_full_of_words_is_no_reason_to_refuse(tmp_path: Path) -> None:
    exif = photo.secrets()
    exif[0x010E] = "PK, a <b>bold</b> 100% photo; %PDF made from it"
    path = photo.saved(photo.patches(), tmp_path / "a.jpg", exif=exif, comment=b"hello", xmp=b"<x:xmpmeta></x:xmpmeta>")
    assert inspect(path, filename="a.jpg").format == "JPEG"


def test_whatever_bytes_come_there_is_an_answer_and_no_traceback(originals: dict[str, bytes]) -> None:
    dice = random.Random(20270506)
    for name, whole in originals.items():
        for _ in range(150):
            content = bytearray(whole)
            for _ in range(dice.randint(1, 6)):
                at = dice.randrange(min(len(content), 700)) if dice.random() < 0.8 else dice.randrange(len(content))
                content[at : at + dice.choice((0, 1, 2, 4))] = dice.randbytes(dice.choice((1, 2, 4)))
            with suppress(PictureRefused):
                assert looked_at(bytes(content), name).width_px > 0


def test_an_upload_is_saved_with_its_hash(tmp_path: Path, originals: dict[str, bytes]) -> None:
    received = receive(io.BytesIO(originals["photo.jpg"]), tmp_path / "incoming")
    assert received.path.read_bytes() == originals["photo.jpg"]
    assert received.sha256 == hashlib.sha256(originals["photo.jpg"]).hexdigest()
    assert received.bytes == len(originals["photo.jpg"])


class Endless:
    """An upload that never stops."""

    given = 0

    def read(self, count: int, /) -> bytes:
        self.given += count
        return bytes(count)


def test_the_settings_count_megabytes_as_the_refusals_do(originals: dict[str, bytes]) -> None:
    limits = PictureLimits.allowing(megabytes=60, megapixels=120)
    assert limits == PictureLimits()
    with pytest.raises(PictureRefused, match=r"480 × 320 pixels, more than we can take \(0 megapixels\)"):
        looked_at(originals["photo.jpg"], limits=PictureLimits.allowing(megabytes=60, megapixels=0))


def test_an_upload_without_end_is_stopped_at_the_limit_and_leaves_nothing(tmp_path: Path) -> None:
    endless = Endless()
    with pytest.raises(PictureRefused) as caught:
        receive(endless, tmp_path, PictureLimits(max_bytes=1_000_000))
    assert caught.value.code == "picture-too-large-file"
    assert "more than 1 MB" in caught.value.message
    assert endless.given == 1_000_001
    assert list(tmp_path.iterdir()) == []


def test_an_empty_upload_and_a_broken_line_leave_nothing(tmp_path: Path) -> None:
    class BrokenLine:
        def read(self, count: int, /) -> bytes:
            raise ConnectionResetError("gone")

    with pytest.raises(PictureRefused, match="empty"):
        receive(io.BytesIO(b""), tmp_path)
    with pytest.raises(ConnectionResetError):
        receive(BrokenLine(), tmp_path)
    assert list(tmp_path.iterdir()) == []


FULL_DISK = """
import io, resource, sys
from pathlib import Path
from leaflets.domain.errors import Unavailable
from leaflets.intake import receive
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    receive(io.BytesIO(bytes(1_000_000)), Path(sys.argv[1]))
except Unavailable as error:
    print(error.code, error.message, len(list(Path(sys.argv[1]).iterdir())))
"""


def test_a_disk_that_fills_while_an_upload_is_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert found == "disk-full The disk of this site is full, so your photo could not be kept. 0\n"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Unavailable) as caught:
        receive(io.BytesIO(b"x"), tmp_path / "file" / "incoming")
    assert caught.value.code == "disk-unwritable"
