"""A real WeasyPrint page with everything a template may hold, finished, and read back by other means."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint
from PIL import Image, ImageChops, ImageDraw, ImageStat
from weasyprint.urls import URLFetcher, URLFetcherResponse

from leaflets.domain.errors import Invalid
from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.press.colour import profile_bytes
from leaflets.press.finish import finish

A5 = FORMATS["a5"]
NOW = datetime(2027, 4, 1, 9, 30, tzinfo=UTC)
POINTS_PER_MM = 72 / 25.4
X4, X4_MARKS = PressSpec(), PressSpec(marks=True)
X1A, X1A_MARKS = PressSpec(standard=Standard.X1A), PressSpec(standard=Standard.X1A, marks=True)

PAGE = """<html lang="en-GB"><head><title>Raw</title><style>
@color-profile --press { src: url(press:icc); components: c, m, y, k }
@page { size: 148mm 210mm; margin: 0; bleed: 3mm; marks: none }
body { margin: 0; color: device-cmyk(0 0 0 1); font: 10pt sans-serif }
.side { position: relative; width: 148mm; height: 210mm; break-after: page }
.side > * { position: absolute; margin: 0 }
</style></head><body><section class="side">%s</section><section class="side">%s</section></body></html>"""

FRONT = """
<div style="left:-3mm; top:-3mm; width:154mm; height:60mm; background:device-cmyk(1 .6 0 .2)"></div>
<h1 style="left:10mm; top:8mm; color:device-cmyk(0 0 0 0)">White on colour</h1>
<p style="left:10mm; top:25mm">Black on colour (1 0 0 rg) Tj</p>
<p style="left:10mm; top:62mm">Body with a <a href="https://example.org/" style="color:inherit">link</a>, D&#373;r.
 <span style="color:#3c3c3c">Grey.</span> <span style="color:#c00">Red.</span></p>
<div style="left:10mm; top:70mm; width:50mm; height:12mm; background:device-cmyk(0 0 0 1)"></div>
<p style="left:12mm; top:73mm; color:device-cmyk(0 0 0 0)">Reversed</p>
<div style="left:10mm; top:85mm; width:50mm; border-top:.5pt solid device-cmyk(0 0 0 1)"></div>
<div style="left:10mm; top:88mm; width:50mm; height:8mm;
 border:1pt solid device-cmyk(0 0 0 1); border-radius:2mm"></div>
<svg style="left:10mm; top:100mm" xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100">
 <defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient>
 <pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse">
 <circle cx="5" cy="5" r="3" fill="#00a060"/></pattern></defs>
 <rect width="40" height="40"/><circle cx="70" cy="20" r="20" fill="#e4003b"/>
 <rect x="100" width="40" height="40" fill="url(#g)"/>
 <rect x="150" width="40" height="40" fill="url(#p)" stroke="black"/>
 <line x1="0" y1="60" x2="200" y2="60" stroke="#000" stroke-width=".5"/>
 <text y="90" font-size="14">SVG text</text></svg>
<img src="press:rgb.jpg" style="left:80mm; top:62mm; width:30mm">
<img src="press:rgb.png" style="left:112mm; top:62mm; width:30mm">
<img src="press:grey.jpg" style="left:80mm; top:90mm; width:30mm">
<img src="press:neutral.png" style="left:112mm; top:90mm; width:30mm">
<div style="left:80mm; top:120mm; width:30mm; height:20mm;
 background:linear-gradient(to right, #00467f, #ffd200)"></div>
<div style="left:112mm; top:120mm; width:30mm; height:20mm;
 background:linear-gradient(to right, black, white)"></div>
<img src="press:cutout.png" style="left:10mm; top:150mm; width:30mm">
"""
SEE_THROUGH = """
<div style="left:60mm; top:150mm; width:30mm; height:20mm; background:device-cmyk(1 0 0 0); opacity:.5">Half</div>
<div style="left:95mm; top:150mm; width:30mm; height:20mm; background:rgba(0, 128, 0, .5)"></div>
<div style="left:60mm; top:175mm; width:30mm; height:20mm;
 background:linear-gradient(to right, red, rgba(0, 0, 255, .2))"></div>
<img src="press:fade.png" style="left:95mm; top:175mm; width:30mm">
"""
BACK = """
<h2 style="left:10mm; top:10mm">Second side</h2>
<img src="press:cmyk.jpg" style="left:-3mm; top:60mm; width:154mm; height:80mm; object-fit:cover">
<div style="left:10mm; top:30mm; width:60mm; height:20mm; background:device-cmyk(0 1 1 0)"></div>
"""


def _picture(mode: str, size: tuple[int, int]) -> Image.Image:
    bands = [
        Image.radial_gradient("L").rotate(90 * turn).resize(size)
        for turn in range(len(Image.new(mode, (1, 1)).getbands()))
    ]
    bands = [ImageChops.offset(band, 40 * turn) for turn, band in enumerate(bands)]
    return Image.merge(mode, bands) if len(bands) > 1 else bands[0]


def _file(picture: Image.Image, format_: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_, quality=92)
    return buffer.getvalue()


def _cutout() -> Image.Image:
    large = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(large).ellipse((30, 30, 570, 570), fill=(200, 30, 60, 255))
    return large.resize((300, 300), Image.Resampling.LANCZOS)


def _fade() -> Image.Image:
    picture = Image.new("RGBA", (128, 64), (10, 90, 200, 255))
    picture.putalpha(Image.linear_gradient("L").resize((128, 64)))
    return picture


FILES = {
    "icc": profile_bytes("fogra39"),
    "rgb.jpg": _file(_picture("RGB", (300, 200)), "JPEG"),
    "rgb.png": _file(_picture("RGB", (150, 100)), "PNG"),
    "neutral.png": _file(_picture("L", (150, 100)).convert("RGB"), "PNG"),
    "grey.jpg": _file(_picture("L", (300, 200)), "JPEG"),
    "cmyk.jpg": _file(_picture("CMYK", (600, 400)).point(lambda value: value // 3), "JPEG"),
    "cutout.png": _file(_cutout(), "PNG"),
    "fade.png": _file(_fade(), "PNG"),
}


class _Files(URLFetcher):
    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        return URLFetcherResponse(url, FILES[url.partition(":")[2]])


def _typeset(front: str, variant: str = "pdf/x-4", page: str = PAGE) -> bytes:
    document = weasyprint.HTML(string=page % (front, BACK), url_fetcher=_Files(), base_url="press:")
    pdf: bytes = document.write_pdf(pdf_variant=variant, output_intent="--press", uncompressed_pdf=True)
    return pdf


@pytest.fixture(scope="module")
def see_through() -> bytes:
    return _typeset(FRONT + SEE_THROUGH)


@pytest.fixture(scope="module")
def solid() -> bytes:
    return _typeset(FRONT, "pdf/x-1a")


def _finished(raw: bytes, spec: PressSpec) -> bytes:
    return finish(raw, A5, spec, title="Hello & <welcome>", job_name="Harbour ward, Dŵr", now=NOW)


@pytest.fixture(scope="module", params=[X4, X4_MARKS, X1A, X1A_MARKS], ids=["x4", "x4-marks", "x1a", "x1a-marks"])
def made(request: pytest.FixtureRequest, see_through: bytes, solid: bytes) -> tuple[PressSpec, bytes]:
    spec: PressSpec = request.param
    return spec, _finished(solid if spec.standard is Standard.X1A else see_through, spec)


@pytest.fixture
def pdf(made: tuple[PressSpec, bytes]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(made[1]), attempt_recovery=False) as opened:
        yield opened


def _streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    return (thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream))


def _drawings(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Stream]:
    """Every content stream: pages, forms, tiling patterns."""
    yield from (page.obj.Contents for page in pdf.pages)
    yield from (
        stream for stream in _streams(pdf) if stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1
    )


def _millimetres(box: Any) -> list[float]:
    return [float(edge) / POINTS_PER_MM for edge in box]


def test_the_file_is_sound(made: tuple[PressSpec, bytes], pdf: pikepdf.Pdf, tmp_path: Path) -> None:
    assert pdf.check_pdf_syntax() == []
    assert pdf.get_warnings() == []
    if shutil.which("qpdf"):
        (tmp_path / "made.pdf").write_bytes(made[1])
        subprocess.run(["qpdf", "--check", tmp_path / "made.pdf"], check=True, capture_output=True)


def test_the_same_job_made_again_is_the_same_file(
    made: tuple[PressSpec, bytes], see_through: bytes, solid: bytes
) -> None:
    spec, first = made
    assert _finished(solid if spec.standard is Standard.X1A else see_through, spec) == first


def test_every_page_has_exact_boxes_at_the_origin(made: tuple[PressSpec, bytes], pdf: pikepdf.Pdf) -> None:
    margin = 15.0 if made[0].marks else 3.0
    assert len(pdf.pages) == 2
    for page in pdf.pages:
        assert "/ArtBox" not in page.obj
        assert "/CropBox" not in page.obj
        assert _millimetres(page.obj.MediaBox) == pytest.approx([0, 0, 148 + 2 * margin, 210 + 2 * margin], abs=0.005)
        assert _millimetres(page.obj.TrimBox) == pytest.approx([margin, margin, margin + 148, margin + 210], abs=0.005)
        assert _millimetres(page.obj.BleedBox) == pytest.approx(
            [margin - 3, margin - 3, margin + 151, margin + 213], abs=0.005
        )


def test_no_stream_sets_a_colour_outside_cmyk_and_grey(pdf: pikepdf.Pdf) -> None:
    drawings = list(_drawings(pdf))
    assert len(drawings) > 3
    for drawing in drawings:
        for step in pikepdf.parse_content_stream(drawing):
            operator = str(step.operator)
            assert operator not in ("rg", "RG", "sc", "SC", "BI")
            if operator in ("cs", "CS"):
                assert step.operands[0] == "/Pattern"


def test_no_object_names_another_colour_space(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            for key in ("/ColorSpace", "/CS"):
                if key in thing:
                    assert thing[key] in ("/DeviceCMYK", "/DeviceGray"), repr(thing)
        assert not re.search(rb"/(DeviceRGB|CalRGB|Lab|ICCBased|CalGray|Indexed)\b", thing.unparse())


def test_shadings_give_as_many_parts_as_their_space_has(pdf: pikepdf.Pdf) -> None:
    shadings = [
        shading
        for drawing in _drawings(pdf)
        if "/Resources" in drawing
        for shading in drawing.Resources.get("/Shading", pikepdf.Dictionary()).as_dict().values()
    ]
    assert shadings
    for shading in shadings:
        wanted = {"/DeviceCMYK": 4, "/DeviceGray": 1}[str(shading.ColorSpace)]
        for function in shading.Function.Functions:
            assert len(function.get("/C0", function.get("/Range", [])[::2] if "/Range" in function else [])) == wanted


def test_there_is_one_output_intent_with_the_whole_profile(pdf: pikepdf.Pdf) -> None:
    (intent,) = list(pdf.Root.OutputIntents)
    assert intent.S == "/GTS_PDFX"
    assert str(intent.OutputConditionIdentifier) == "FOGRA39"
    assert str(intent.RegistryName) == "http://www.color.org"
    assert intent.DestOutputProfile.N == 4
    assert intent.DestOutputProfile.read_bytes() == profile_bytes("fogra39")


def test_info_and_xmp_agree(made: tuple[PressSpec, bytes], pdf: pikepdf.Pdf) -> None:
    info, xmp = pdf.docinfo, pdf.Root.Metadata.read_raw_bytes().decode()
    assert str(info["/CreationDate"]) == str(info["/ModDate"]) == "D:20270401093000+00'00'"
    for key in ("CreateDate", "ModifyDate", "MetadataDate"):
        assert f"<xmp:{key}>2027-04-01T09:30:00+00:00</xmp:{key}>" in xmp
    assert info["/Trapped"] == "/False"
    assert "<pdf:Trapped>False</pdf:Trapped>" in xmp
    assert str(info["/Title"]) == "Hello & <welcome>"
    assert "Hello &amp; &lt;welcome&gt;" in xmp
    assert re.search(r"<xmpMM:DocumentID>uuid:[0-9a-f-]{36}<", xmp)
    assert len(pdf.trailer.ID) == 2
    if made[0].standard is Standard.X4:
        assert pdf.pdf_version == "1.6"
        assert "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" in xmp
        assert "/GTS_PDFXVersion" not in info
    else:
        assert pdf.pdf_version == "1.4"
        assert str(info["/GTS_PDFXVersion"]) == "PDF/X-1a:2003"
        assert "/GTS_PDFXConformance" not in info


def test_nothing_interactive_is_left(see_through: bytes, made: tuple[PressSpec, bytes], pdf: pikepdf.Pdf) -> None:
    with pikepdf.open(io.BytesIO(see_through)) as raw:
        assert "/Annots" in raw.pages[0].obj
        assert "/Outlines" in raw.Root
    assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/Lang", "/Metadata", "/OutputIntents"}
    for page in pdf.pages:
        assert set(page.obj.keys()) == {
            "/Type", "/Parent", "/MediaBox", "/BleedBox", "/TrimBox", "/Resources", "/Contents",
        }  # fmt: skip
    assert b"example.org" not in made[1]
    assert not pdf.is_encrypted


def test_pdf_x_1a_holds_nothing_of_later_versions(see_through: bytes, solid: bytes) -> None:
    assert b"/Group" in solid
    made = _finished(solid, X1A_MARKS)
    assert b"/ObjStm" not in made
    with pikepdf.open(io.BytesIO(made)) as pdf:
        for thing in pdf.objects:
            assert not re.search(rb"/(SMask|Group|ca|CA|BM)\b", thing.unparse()), repr(thing)
        masked = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and "/Mask" in thing]
        assert [picture.Mask.ImageMask for picture in masked] == [True]  # the cut-out, its edge hardened
    with pytest.raises(Invalid, match="see-through") as refusal:
        _finished(see_through, X1A)
    assert refusal.value.code == "transparency"
    for found in ("page 1: a colour or group at 50% opacity", "page 1: a mask", "page 1: a picture that fades out"):
        assert found in refusal.value.message
    assert "PDF/X-4" in refusal.value.remedy


def test_cmyk_photos_pass_through_byte_for_byte(pdf: pikepdf.Pdf) -> None:
    photos = [stream.read_raw_bytes() for stream in _streams(pdf) if stream.get("/Filter") == "/DCTDecode"]
    assert FILES["cmyk.jpg"] in photos
    assert FILES["grey.jpg"] in photos
    assert FILES["rgb.jpg"] not in photos


def test_a_picture_of_neutral_pixels_prints_in_black_alone(pdf: pikepdf.Pdf) -> None:
    lossless = [
        stream for stream in _streams(pdf) if stream.get("/Subtype") == "/Image" and stream.Filter == "/FlateDecode"
    ]
    greys = [picture for picture in lossless if picture.get("/ColorSpace") == "/DeviceGray" and picture.Width == 150]
    assert [picture.read_bytes() for picture in greys] == [_picture("L", (150, 100)).tobytes()]


def test_fonts_are_the_typesetters_and_small(see_through: bytes) -> None:
    def programs(content: bytes) -> set[bytes]:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            descriptors = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
            return {
                thing[key].read_bytes() for thing in descriptors for key in ("/FontFile2", "/FontFile3") if key in thing
            }

    made = _finished(see_through, X4)
    assert programs(made) == programs(see_through)
    assert len(made) < len(see_through) - 200_000  # the profile and the fonts deflated


def _inked(
    drawing: pikepdf.Stream, resources: pikepdf.Dictionary
) -> Iterator[tuple[str, str, tuple[float, ...] | None, bool, bool]]:
    """Each painting instruction: operator, text or path, its fill colour, and whether fills and strokes overprint."""
    fill: tuple[float, ...] | None = None
    over = (False, False)
    stack = []
    path: list[str] = []
    for step in pikepdf.parse_content_stream(drawing):
        operator = str(step.operator)
        if operator == "q":
            stack.append((fill, over))
        elif operator == "Q":
            fill, over = stack.pop()
        elif operator == "k":
            fill = tuple(float(part) for part in step.operands)
        elif operator == "cs":
            fill = None
        elif operator == "gs":
            state = resources.ExtGState[str(step.operands[0])]
            if "/OP" in state:
                assert state.OPM == 1
                over = (bool(state.op), bool(state.OP))
        elif operator in ("re", "m", "l", "c"):
            path.append(" ".join(str(part) for part in step.operands))
        elif operator in ("f", "f*", "B", "S", "TJ", "Tj", "Do", "sh"):
            yield operator, " ".join(path), fill, *over
            path = []
        elif operator == "n":
            path = []


def test_only_black_text_and_fine_rules_overprint(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    painted = list(_inked(page.Contents, page.Resources))
    texts = [(fill, over) for operator, _, fill, over, _ in painted if operator == "TJ"]
    assert ((0, 0, 0, 1), True) in texts
    assert ((0, 0, 0, 0), False) in texts
    assert all(over == (fill == (0, 0, 0, 1)) for fill, over in texts)
    shapes = [(path, fill, over) for operator, path, fill, over, _ in painted if operator in ("f", "f*", "B")]
    assert all(fill == (0, 0, 0, 1) for _, fill, over in shapes if over)
    black = [over for _, fill, over in shapes if fill == (0, 0, 0, 1)]
    # overprinting: the .5 pt border, the round frame, the SVG line; knocking out: the large solid, the SVG square
    assert black.count(True) == 3
    assert black.count(False) >= 2
    assert all(not over and not stroke for operator, _, _, over, stroke in painted if operator in ("Do", "sh"))


def test_overprint_does_not_leak_into_forms_or_patterns(pdf: pikepdf.Pdf) -> None:
    for drawing in _drawings(pdf):
        if "/BBox" in drawing:
            for operator, _, fill, over, _ in _inked(drawing, drawing.Resources):
                assert not over or (fill == (0, 0, 0, 1) and operator in ("TJ", "f", "f*"))


def _rendered(content: bytes, page: int, box: str) -> Image.Image:
    with pypdfium2.PdfDocument(content) as document:
        sheet = document[page]
        left, bottom, right, top = getattr(sheet, f"get_{box}box")()
        low, base, far, high = sheet.get_mediabox()
        crop = (left - low, bottom - base, far - right, high - top)
        return sheet.render(scale=1, crop=crop).to_pil().convert("RGB")


@pytest.mark.parametrize("page", [0, 1])
def test_the_page_looks_as_it_was_typeset(
    page: int, made: tuple[PressSpec, bytes], see_through: bytes, solid: bytes
) -> None:
    raw = solid if made[0].standard is Standard.X1A else see_through
    before, after = _rendered(raw, page, "trim"), _rendered(made[1], page, "trim")
    assert abs(before.width - after.width) <= 1
    difference = ImageChops.difference(before, after.resize(before.size))
    # page 1 holds screen colours, which the viewer shows a little duller in ink, and gradients the raw file has broken
    assert max(ImageStat.Stat(difference).mean) < (14 if page == 0 else 1.5)


def test_gradients_go_from_colour_to_colour(made: tuple[PressSpec, bytes]) -> None:
    page = _rendered(made[1], 0, "trim")
    ends = [page.getpixel((round(x * POINTS_PER_MM), round(130 * POINTS_PER_MM))) for x in (81, 109)]
    assert ends[0][2] > 90 > ends[0][0]
    assert min(ends[1][:2]) > 170
    assert ends[1][2] < 100
    greys = [page.getpixel((round(x * POINTS_PER_MM), round(130 * POINTS_PER_MM))) for x in (114, 127, 140)]
    assert greys[0][0] < 80 < greys[1][0] < 190 < greys[2][0]


def test_marks_stay_outside_the_bleed_and_change_nothing_inside(see_through: bytes) -> None:
    plain, marked = _finished(see_through, X4), _finished(see_through, X4_MARKS)
    for page in (0, 1):
        before, after = _rendered(plain, page, "bleed"), _rendered(marked, page, "bleed")
        difference = ImageChops.difference(before, after.resize(before.size)).convert("L")
        assert ImageStat.Stat(difference).mean[0] < 2  # edges fall differently on the pixels, nothing else


def test_the_slug_names_the_job_the_side_and_the_day(see_through: bytes) -> None:
    with pypdfium2.PdfDocument(_finished(see_through, X4_MARKS)) as document:
        words = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    for number, text in enumerate(words, 1):
        assert f"Harbour ward, Dŵr · side {number} of 2 · 1 April 2027, 09:30 UTC" in text
        assert "A5 flat · 148 × 210 mm + 3 mm bleed · PDF/X-4 · FOGRA39" in text


def test_crop_marks_point_at_the_trim_in_all_four_inks(see_through: bytes) -> None:
    with pikepdf.open(io.BytesIO(_finished(see_through, X4_MARKS))) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
    slug = content[content.rindex(b"1 1 1 1 K 1 1 1 1 k") :]
    lines = re.findall(rb"(-?[\d.]+) (-?[\d.]+) m (-?[\d.]+) (-?[\d.]+) l S", slug)
    strokes = {tuple(float(part) for part in line) for line in lines}
    for corner in ((0, -4, 0, -9), (148, 214, 148, 219), (-4, 210, -9, 210), (152, 0, 157, 0)):
        assert corner in strokes
    assert all(not (-4 < x < 152 and -4 < y < 214) for x1, y1, x2, y2 in strokes for x, y in ((x1, y1), (x2, y2)))


def test_folds_are_marked_on_the_side_they_are_on() -> None:
    sheet = PAGE.replace("148mm 210mm", "297mm 210mm").replace("width: 148mm", "width: 297mm")
    made = finish(_typeset(FRONT, page=sheet), FORMATS["a4-to-dl"], X4_MARKS, title="DL", job_name="", now=NOW)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        sides = [page.obj.Contents.read_bytes() for page in pdf.pages]
    assert all(f"{x:.3f} -4.000 m {x:.3f} -9.000 l S".encode() in sides[0] for x in (97, 197))
    assert all(f"{x:.3f} 214.000 m {x:.3f} 219.000 l S".encode() in sides[1] for x in (100, 200))
    assert b"\n97.000 -4.000 m" not in sides[1]


def test_a_finished_pdf_comes_back_as_it_is(made: tuple[PressSpec, bytes]) -> None:
    assert _finished(made[1], made[0]) == made[1]


def test_a_pdf_finished_otherwise_is_not_finished_again(see_through: bytes) -> None:
    done = _finished(see_through, X4)
    for other in (X4_MARKS, X1A):
        with pytest.raises(Invalid, match="other settings") as refusal:
            _finished(done, other)
        assert refusal.value.code == "already-finished"


@pytest.mark.parametrize(
    "damage", ["empty", "not a pdf", "cut in half", "a page's stream garbled", "a page without a drawing"]
)
def test_a_damaged_pdf_is_refused_with_a_remedy(damage: str, see_through: bytes) -> None:
    broken = {
        "empty": b"",
        "a page without a drawing": see_through.replace(b"/Contents ", b"/Kontents ", 1),
        "not a pdf": b"GIF89a" + b"\0" * 500,
        "cut in half": see_through[: len(see_through) // 2],
        "a page's stream garbled": see_through.replace(
            b"/DeviceCMYK cs\n1 0.6 0 0.2 scn", b"/DeviceCMYK cs\n1 0.6 0 (.2 scn"
        ),
    }[damage]
    with pytest.raises(Invalid) as refusal:
        _finished(broken, X4)
    assert refusal.value.code == "damaged-pdf"
    assert refusal.value.remedy


def test_a_page_of_another_size_is_refused(see_through: bytes) -> None:
    with pytest.raises(Invalid, match=r"148\.0 × 210\.0 mm, but A6 card is 105 × 148 mm") as refusal:
        finish(see_through, FORMATS["a6"], X4, title="", job_name="", now=NOW)
    assert refusal.value.code == "trim-wrong"


def test_too_little_bleed_is_refused(see_through: bytes) -> None:
    with pytest.raises(Invalid, match=r"3\.0 mm of bleed; the printer asks for 5 mm") as refusal:
        _finished(see_through, PressSpec(bleed_mm=5))
    assert refusal.value.code == "bleed-missing"
