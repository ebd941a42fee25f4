"""Content that WeasyPrint seldom or never writes: drawn by hand, so that each rule is seen on its own."""

from __future__ import annotations

from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from leaflets.domain.errors import Invalid
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.press.matrix import IDENTITY
from leaflets.press.separation import Separation

SHIFT = (1.0, 0.0, 0.0, 1.0, 10.0, 20.0)


@pytest.fixture
def pdf() -> pikepdf.Pdf:
    return pikepdf.new()


def _separated(
    pdf: pikepdf.Pdf, drawing: bytes, resources: dict[str, Any] | None = None, spec: PressSpec | None = None
) -> tuple[list[str], Dictionary]:
    """The instructions of the rewritten drawing, one string each, and its resources."""
    given = pdf.make_indirect(Dictionary(resources or {}))
    content, used = Separation(pdf, spec or PressSpec()).separate_page(drawing, given, IDENTITY)
    return content.decode().splitlines(), used


def test_an_operator_inside_a_string_is_text(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1)
    lines, _ = _separated(
        pdf, rb"BT /F 9 Tf (1 0 0 rg \) (nested) ET) Tj <31203020> Tj ET", {"/Font": Dictionary(F=font)}
    )
    assert lines[-1] == "ET"
    assert r"(1 0 0 rg \) \(nested\) ET) Tj" in lines or r"(1 0 0 rg \) (nested) ET) Tj" in lines
    assert not any(line.endswith((" k", " rg")) for line in lines)


@pytest.mark.parametrize(
    ("screen", "ink"),
    [
        (b"0 0 0 rg", "0 0 0 1 k"),
        (b"1 1 1 rg", "0 0 0 0 k"),
        (b"0.5 0.5 0.5 rg", "0 0 0 0.5 k"),
        (b"0.25 g", "0 0 0 0.75 k"),
        (b"0 G", "0 0 0 1 K"),
        (b"/DeviceRGB CS 1 1 1 SCN", "0 0 0 0 K"),
        (b"/DeviceCMYK cs 0.1 0.2 0.3 0.4 sc", "0.1 0.2 0.3 0.4 k"),
        (b"/DeviceGray cs", "0 0 0 1 k"),
        (b"/press cs 0 1 1 0 scn", "0 1 1 0 k"),
        (b"/lab cs 0 0 0 scn", "0 0 0 1 k"),
    ],
)
def test_every_way_to_name_black_white_or_ink_becomes_ink(pdf: pikepdf.Pdf, screen: bytes, ink: str) -> None:
    spaces = Dictionary(
        press=Array([Name.ICCBased, pikepdf.Stream(pdf, b"", N=4)]),
        lab=Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))]),
    )
    lines, used = _separated(pdf, screen, {"/ColorSpace": spaces})
    assert lines == [ink]
    assert "/ColorSpace" not in used


def test_a_screen_colour_goes_through_the_profile_and_keeps_the_ink_limit(pdf: pikepdf.Pdf) -> None:
    (line,), _ = _separated(pdf, b"0.9 0.1 0.1 rg")
    cyan, magenta, yellow, black = (float(part) for part in line.split()[:4])
    assert cyan < 0.1
    assert min(magenta, yellow) > 0.8
    assert black < 0.1
    (dark,), _ = _separated(pdf, b"0.05 0.0 0.1 rg", spec=PressSpec(ink_limit_percent=200))
    assert 1.9 < sum(float(part) for part in dark.split()[:4]) <= 2.001


def test_a_spot_colour_is_left_to_its_plate(pdf: pikepdf.Pdf) -> None:
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    spaces = Dictionary(all=Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))
    lines, used = _separated(pdf, b"/all cs 1 scn 0 0 5 5 re f", {"/ColorSpace": spaces})
    assert lines == ["/all cs", "1 scn", "0 0 5 5 re", "f"]
    assert "/all" in used.ColorSpace


@pytest.mark.parametrize(
    "space",
    [
        Array([Name.Separation, Name("/Gold"), Name.DeviceRGB, Dictionary()]),
        Array([Name("/Mystery"), 1]),
        Array([Name.Pattern, Name.DeviceRGB]),
    ],
)
def test_a_colour_no_rule_can_ink_is_refused(pdf: pikepdf.Pdf, space: Array) -> None:
    with pytest.raises(Invalid) as refusal:
        _separated(pdf, b"/odd cs 1 scn", {"/ColorSpace": Dictionary(odd=space)})
    assert refusal.value.code == "colour-space-unknown"


def test_an_inline_image_becomes_a_picture_in_ink(pdf: pikepdf.Pdf) -> None:
    pixels = b"\xff\x00\x00(rg"
    lines, used = _separated(pdf, b"q BI /W 2 /H 1 /CS /RGB /BPC 8 ID " + pixels + b"\nEI Q 0 g")
    assert lines == ["q", "/Inline0 Do", "Q", "0 0 0 1 k"]
    picture = used.XObject["/Inline0"]
    assert picture.ColorSpace == Name.DeviceCMYK
    assert len(picture.read_bytes()) == 8
    assert picture.read_bytes()[0] < 30


def test_black_rules_overprint_by_their_printed_width(pdf: pikepdf.Pdf) -> None:
    def overprints(drawing: bytes) -> bool:
        return any(line.startswith("/Overprint") for line in _separated(pdf, b"0 0 0 1 k 0 0 0 1 K " + drawing)[0])

    assert overprints(b"0 0 300 2 re f")
    assert not overprints(b"0 0 300 3 re f")
    assert overprints(b".5 0 0 .5 0 0 cm 0 0 300 5 re f")
    assert overprints(b".7 .7 -.7 .7 0 0 cm 0 0 300 2 re f")  # turned by 45 degrees
    assert overprints(b"2 w 0 0 m 300 300 l S")
    assert not overprints(b"3 w 0 0 m 300 300 l S")
    assert not overprints(b"2 0 0 2 0 0 cm 2 w 0 0 m 300 300 l S")
    assert overprints(b"0 0 100 100 re 1 1 98 98 re f*")
    assert not overprints(b"0 0 100 100 re 1 1 98 98 re f")  # filled: the frame is a solid
    assert not overprints(b"0 0 100 100 re 5 5 90 90 re f*")
    assert not overprints(b"0 0 0 0 k 0 0 300 2 re f")
    assert not overprints(b"0 0 0 .9 k 0 0 300 2 re f")
    assert not overprints(b"1 1 1 1 k 0 0 300 2 re f")


def test_overprinting_ends_where_the_next_object_begins(pdf: pikepdf.Pdf) -> None:
    lines, used = _separated(
        pdf, b"0 0 0 1 k q 0 0 300 2 re f 0 0 0 0 k 0 0 300 2 re f Q 0 0 300 300 re f 0 0 300 1 re f"
    )
    assert lines == [
        "0 0 0 1 k",
        "q",
        "/OverprintFill gs",
        "0 0 300 2 re",
        "f",
        "0 0 0 0 k",
        "/KnockOut gs",
        "0 0 300 2 re",
        "f",
        "Q",
        "0 0 300 300 re",
        "f",
        "/OverprintFill gs",
        "0 0 300 1 re",
        "f",
    ]
    assert used.ExtGState.OverprintFill.unparse() == b"<< /OP false /OPM 1 /Type /ExtGState /op true >>"


def test_overprinting_asked_for_by_the_page_itself_is_dropped(pdf: pikepdf.Pdf) -> None:
    states = Dictionary(o=Dictionary(OP=True, op=True, OPM=1, LW=2))
    lines, used = _separated(pdf, b"/o gs 0 0 0 0 k 0 0 9 9 re f", {"/ExtGState": states})
    assert "/o gs" in lines
    assert used.ExtGState.o.unparse() == b"<< /LW 2 >>"


def test_see_through_black_does_not_overprint(pdf: pikepdf.Pdf) -> None:
    states = Dictionary(half=Dictionary(ca=0.5))
    lines, _ = _separated(pdf, b"/half gs 0 0 300 1 re f 0 0 0 1 k 0 0 300 1 re f", {"/ExtGState": states})
    assert not any("Overprint" in line for line in lines)


def test_resources_nobody_uses_are_left_behind(pdf: pikepdf.Pdf) -> None:
    picture = pdf.make_stream(b"\0" * 3, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    picture.ColorSpace = Name.DeviceRGB
    _, used = _separated(pdf, b"q Q", {"/XObject": Dictionary(unused=picture)})
    assert len(used.keys()) == 0


def test_an_unbalanced_page_is_closed_before_the_slug(pdf: pikepdf.Pdf) -> None:
    assert _separated(pdf, b"q q 0 g")[0][-2:] == ["Q", "Q"]
    with pytest.raises(Invalid) as refusal:
        _separated(pdf, b"q Q Q 0 g")
    assert refusal.value.code == "damaged-pdf"


@pytest.mark.parametrize("drawing", [b"/gone Do", b"/gone gs", b"BT /gone 9 Tf ET", b"1 0 rg", b"(x rg", b"/a /b rg"])
def test_a_page_that_makes_no_sense_is_refused(pdf: pikepdf.Pdf, drawing: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        _separated(pdf, drawing)
    assert refusal.value.code == "damaged-pdf"


def test_a_form_that_draws_itself_ends(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"1 0 0 rg /me Do", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(me=form))
    _separated(pdf, b"/me Do", {"/XObject": Dictionary(me=form)})
    assert b"rg" not in form.read_bytes()


def test_a_luminosity_mask_becomes_grey_and_an_alpha_mask_ink(pdf: pikepdf.Pdf) -> None:
    def group() -> pikepdf.Stream:
        form = pdf.make_stream(b"1 0 0 rg 0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        form.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        return form

    for kind, colour, space in ((Name.Luminosity, b" g", Name.DeviceGray), (Name.Alpha, b" k", Name.DeviceCMYK)):
        mask = Dictionary(S=kind, G=group())
        _separated(pdf, b"/m gs", {"/ExtGState": Dictionary(m=Dictionary(SMask=mask))})
        assert colour in mask.G.read_bytes()
        assert space == mask.G.Group.CS


def test_a_pattern_shared_by_two_pages_moves_once(pdf: pikepdf.Pdf) -> None:
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([0, 0, 1, 0]))
    pattern = Dictionary(PatternType=2, Shading=shading, Matrix=Array([1, 0, 0, 1, 5, 5]))
    resources = pdf.make_indirect(Dictionary(Pattern=Dictionary(p=pattern)))
    separation = Separation(pdf, PressSpec())
    for _ in range(2):
        _, used = separation.separate_page(b"/Pattern cs /p scn 0 0 9 9 re f", resources, SHIFT)
    assert [float(part) for part in used.Pattern.p.Matrix] == [1, 0, 0, 1, 15, 25]


def _gradient(pdf: pikepdf.Pdf, start: list[float], end: list[float]) -> Any:
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=start, C1=end, N=1)
    shading = pdf.make_indirect(
        Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 1, 0], Function=function)
    )
    _separated(pdf, b"/s sh", {"/Shading": Dictionary(s=shading)})
    assert shading.ColorSpace == Name.DeviceCMYK
    return shading.Function


def test_a_grey_gradient_is_black_ink_alone(pdf: pikepdf.Pdf) -> None:
    function = _gradient(pdf, [0, 0, 0], [1, 1, 1])
    assert [float(part) for part in function.C0] == [0, 0, 0, 1]
    assert [float(part) for part in function.C1] == [0, 0, 0, 0]


def test_a_colour_gradient_is_sampled_through_the_profile(pdf: pikepdf.Pdf) -> None:
    function = _gradient(pdf, [1, 1, 1], [0, 0, 1])
    assert (function.FunctionType, list(function.Size)) == (0, [33])
    samples = function.read_bytes()
    assert len(samples) == 33 * 4
    assert samples[:4] == b"\0\0\0\0"
    assert samples[-4] > 200


def test_a_mesh_in_screen_colours_is_refused(pdf: pikepdf.Pdf) -> None:
    mesh = pdf.make_stream(b"", ShadingType=4, ColorSpace=Name.DeviceRGB)
    with pytest.raises(Invalid) as refusal:
        _separated(pdf, b"/s sh", {"/Shading": Dictionary(s=mesh)})
    assert refusal.value.code == "gradient-unsupported"


def test_a_type_3_font_is_inked_and_its_glyphs_do_not_overprint(pdf: pikepdf.Pdf) -> None:
    glyph = pdf.make_stream(b"500 0 d0 1 0 0 rg 0 0 400 400 re f")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, CharProcs=Dictionary(a=glyph), FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0])
    )
    lines, _ = _separated(pdf, b"0 0 0 1 k BT /E 9 Tf (a) Tj ET", {"/Font": Dictionary(E=font)})
    assert b" rg" not in glyph.read_bytes()
    assert b" k" in glyph.read_bytes()
    assert not any("Overprint" in line for line in lines)


def test_opaque_states_and_groups_go_for_pdf_x_1a(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Group = Dictionary(S=Name.Transparency)
    resources = {"/XObject": Dictionary(x=form), "/ExtGState": Dictionary(a=Dictionary(ca=1, CA=1))}
    spec = PressSpec(standard=Standard.X1A)
    lines, used = _separated(pdf, b"/a gs /x Do", resources, spec)
    assert lines == ["/x Do"]
    assert "/ExtGState" not in used
    assert "/Group" not in form
