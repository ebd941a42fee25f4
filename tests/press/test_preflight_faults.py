"""One planted fault each: every fault is reported under its own code, and none on a clean file.

A fault is a function that spoils the clean document of `handmade`, or its bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import handmade
import pikepdf
import pytest
from handmade import MM, box, content, form, mm, picture, placed, shading, text, tile
from pikepdf import Array, Dictionary, Name, Stream, String

from leaflets.domain.press.printing import Standard
from leaflets.press.job import ContentName
from leaflets.press.preflight import Expectation, preflight
from leaflets.press.preflight.checks import CHECKS

Fault = Callable[[pikepdf.Pdf], object]
X4, X1A = Standard.X4, Standard.X1A


def resources(pdf: pikepdf.Pdf, page: int = 0) -> pikepdf.Object:
    return pdf.pages[page].obj.Resources


def named(category: str, name: str, value: Callable[[pikepdf.Pdf], object]) -> Fault:
    def spoil(pdf: pikepdf.Pdf) -> None:
        holder = resources(pdf)
        if f"/{category}" not in holder:
            holder[f"/{category}"] = Dictionary()
        holder[f"/{category}"][f"/{name}"] = value(pdf)

    return spoil


def drawn(operators: bytes, *before: Fault) -> Fault:
    """Draws on the first page, after what the fault needs is in place."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        for prepare in before:
            prepare(pdf)
        content(pdf, 0, operators)

    return spoil


def on_page(key: str, value: object) -> Fault:
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value)


def without(key: str) -> Fault:
    return lambda pdf: pdf.pages[0].obj.__delitem__(key)


def in_root(key: str, value: Callable[[pikepdf.Pdf], object]) -> Fault:
    return lambda pdf: pdf.Root.__setitem__(key, value(pdf))


def in_xmp(old: str, new: str) -> Fault:
    def spoil(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert old in packet
        pdf.Root.Metadata.write(packet.replace(old, new).encode())

    return spoil


def in_info(key: str, value: object = None) -> Fault:
    def spoil(pdf: pikepdf.Pdf) -> None:
        if value is None:
            del pdf.docinfo[key]
        else:
            pdf.docinfo[key] = value

    return spoil


def in_intent(key: str, value: Callable[[pikepdf.Pdf], object] | None = None) -> Fault:
    def spoil(pdf: pikepdf.Pdf) -> None:
        intent = pdf.Root.OutputIntents[0]
        if value is None:
            del intent[key]
        else:
            intent[key] = value(pdf)

    return spoil


def both(*faults: Fault) -> Fault:
    return lambda pdf: [fault(pdf) for fault in faults]


def coloured(space: Callable[[pikepdf.Pdf], object], operators: bytes) -> Fault:
    """An area in a colour space of its own."""
    return drawn(b"/Own cs %s scn %s" % (operators, box(60, 40, 20, 10)), named("ColorSpace", "Own", space))


def state(**entries: object) -> Fault:
    return named("ExtGState", "Own", lambda pdf: Dictionary(Type=Name.ExtGState, **entries))


def spot(pdf: pikepdf.Pdf, name: str) -> Array:
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([0, 1, 1, 0]), N=1)
    return Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, function])


def profile(pdf: pikepdf.Pdf, channels: int) -> Array:
    return Array([Name.ICCBased, pdf.make_stream(handmade.PROFILE.read_bytes(), N=channels)])


def shown_picture(make: Callable[[pikepdf.Pdf], object], width: float = 20, height: float = 20) -> Fault:
    return drawn(placed("Own", 60, 30, width, height), named("XObject", "Own", make))


def stored(data: bytes, filter_: str | None = None, **entries: object) -> Callable[[pikepdf.Pdf], Stream]:
    """A 240 × 240 grey picture, stored as told: 300 ppi on 20 mm."""

    def make(pdf: pikepdf.Pdf) -> Stream:
        stream = Stream(pdf, data)
        described = {"Width": 240, "Height": 240, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray, **entries}
        for key, value in {"Type": Name.XObject, "Subtype": Name.Image, **described}.items():
            stream[f"/{key}"] = value
        if filter_:
            stream.Filter = Name(f"/{filter_}")
        return stream

    return make


def soft_mask(pdf: pikepdf.Pdf, content_: bytes, space: object = Name.DeviceGray) -> Dictionary:
    group = Dictionary(S=Name.Transparency, CS=space)
    return Dictionary(S=Name.Luminosity, G=form(pdf, content_, Group=group))


def masked(content_: bytes, space: object = Name.DeviceGray) -> Fault:
    mask = named("ExtGState", "Own", lambda pdf: Dictionary(SMask=soft_mask(pdf, content_, space)))
    return drawn(b"q /Own gs .2 0 0 0 k %s Q" % box(60, 40, 20, 10), mask)


def drawn_letters(colour: bytes) -> Fault:
    def make(pdf: pikepdf.Pdf) -> Dictionary:
        glyph = pdf.make_stream(b"500 0 d0 %s 0 0 400 700 re f" % colour)
        return Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1000, 1000]), FirstChar=97, LastChar=97,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([500]), CharProcs=Dictionary(a=glyph),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a])), Resources=Dictionary(),
        )  # fmt: skip

    return drawn(b"BT 0 0 0 1 k /Own 12 Tf %s Td (aaa) Tj ET" % mm(60, 50), named("Font", "Own", make))


def not_embedded(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def a_loop(pdf: pikepdf.Pdf) -> Stream:
    loop = pdf.make_indirect(form(pdf, b"/Own Do"))
    loop.Resources.XObject = Dictionary(Own=loop)
    return loop


def a_bomb(pdf: pikepdf.Pdf) -> Stream:
    stream = Stream(pdf, zlib.compress(b"0 0 m " * 12_000_000, 9))
    stream.Filter, stream.Type, stream.Subtype = Name.FlateDecode, Name.XObject, Name.Form
    stream.BBox = Array([0, 0, 10, 10])
    return stream


def many_operators(pdf: pikepdf.Pdf) -> Stream:
    inner = form(pdf, b"0 0 m " * 10_000)
    for _ in range(3):
        inner = form(pdf, b"/I Do " * 60, Dictionary(XObject=Dictionary(I=inner)))
    return inner


def a_layer(*, hidden: bool) -> Fault:
    def spoil(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Notes")))
        off = Array([layer]) if hidden else Array([])
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Order=Array([layer]), OFF=off))

    return spoil


def annotation(pdf: pikepdf.Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 50, 90, 60]), Border=Array([0, 0, 0]))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def sized(width: float, height: float) -> Fault:
    """Another trim and bleed for the second page, on the same artwork and paper."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[1].obj
        page.MediaBox = Array([0, 0, (width + 6) * MM, (height + 6) * MM])
        page.BleedBox = page.MediaBox
        page.TrimBox = Array([3 * MM, 3 * MM, (3 + width) * MM, (3 + height) * MM])

    return spoil


def shifted(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    page.MediaBox = Array([-20, -20, *[float(side) + 20 for side in page.MediaBox[2:]]])


def tif(name: str) -> Dictionary:
    return Dictionary(S=Name(f"/{name}"))


WHITE = Dictionary(WhitePoint=Array([0.95, 1, 1.09]))
RED = b"1 0 0 rg "
LZW = bytes.fromhex("800b6050220c0c8501")  # the example of ISO 32000-1, 7.4.4.2
ONE_RED_PIXEL = b"q 1 0 0 1 %s cm BI /W 4 /H 4 /BPC 8 /CS /RGB ID %s EI Q" % (mm(60, 40), b"abc" * 16)

# Fault, standard, how, code
FAULTS: tuple[tuple[str, Standard, Fault, str], ...] = (
    # What the file says of itself
    ("no XMP claim", X4, in_xmp(handmade.X4_VERSION, ""), "pdfx-missing"),
    ("no Info claim", X1A, in_info("/GTS_PDFXVersion"), "pdfx-missing"),
    ("another standard", X4, in_xmp("PDF/X-4<", "PDF/X-3:2003<"), "pdfx-other"),
    ("no XMP", X4, lambda pdf: pdf.Root.__delitem__("/Metadata"), "xmp-missing"),
    ("broken XMP", X4, in_xmp("</x:xmpmeta>", ""), "xmp-broken"),
    ("XMP with entities", X4, in_xmp("<x:xmpmeta", '<!DOCTYPE x [<!ENTITY a "b">]><x:xmpmeta'), "xmp-broken"),
    ("no title", X1A, in_info("/Title"), "title-missing"),
    ("no creation date", X1A, in_info("/CreationDate"), "dates-missing"),
    ("no creation date anywhere", X4, both(
        in_info("/CreationDate"), in_xmp(' xmp:CreateDate="2027-04-01T09:30:00+01:00"', "")), "dates-missing"),
    ("a date that is none", X4, in_info("/ModDate", "yesterday"), "dates-missing"),
    ("two creation dates", X4, in_info("/CreationDate", "D:20270401093000Z"), "dates-differ"),
    ("trapping unknown", X4, both(
        in_info("/Trapped", Name.Unknown), in_xmp('"False"', '"Unknown"')), "trapped-missing"),
    # Output intent
    ("no output intent", X4, lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "intent-missing"),
    ("two output intents", X4, lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0]), "intent-several"),
    ("intent without a name", X4, in_intent("/OutputConditionIdentifier"), "intent-unnamed"),
    ("intent without profile", X4, in_intent("/DestOutputProfile"), "intent-without-profile"),
    ("profile for a screen", X4, in_intent(
        "/DestOutputProfile",
        lambda pdf: pdf.make_stream(b"\0" * 12 + b"mntrRGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 88, N=3),
    ), "intent-not-cmyk"),
    ("profile of noise", X4, in_intent("/DestOutputProfile", lambda pdf: pdf.make_stream(b"noise" * 99, N=4)),
     "intent-not-cmyk"),
    # Not for paper
    ("attachment", X4, in_root("/Names", lambda pdf: Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))),
     "attachment"),
    ("JavaScript", X4, in_root("/Names", lambda pdf: Dictionary(JavaScript=Dictionary(Names=Array([])))), "javascript"),
    ("JavaScript on opening", X4, in_root("/OpenAction", lambda pdf: tif("JavaScript")), "javascript"),
    ("action on opening", X4, in_root("/OpenAction", lambda pdf: tif("Launch")), "action"),
    ("action of a page", X4, on_page("/AA", Dictionary(O=Dictionary(S=Name.URI))), "action"),
    ("form field", X4, in_root("/AcroForm", lambda pdf: Dictionary(Fields=Array([Dictionary(T=String("x"))]))),
     "form-field"),
    ("link", X4, annotation, "annotation"),
    ("hidden layer", X4, a_layer(hidden=True), "layer-hidden"),
    ("layers in X-1a", X1A, a_layer(hidden=False), "layers"),
    # Boxes
    ("no trim", X4, without("/TrimBox"), "trim-missing"),
    ("both pages of another size", X4, both(sized(200, 148), lambda pdf: pdf.pages.__delitem__(0),
     lambda pdf: pdf.pages.append(pdf.pages[0])), "trim-size"),
    ("a box of nothing", X4, on_page("/CropBox", Array([0, 0, 0, 0])), "box-broken"),
    ("no bleed", X4, without("/BleedBox"), "bleed-missing"),
    ("little bleed", X4, on_page("/BleedBox", Array([MM, MM, 215 * MM, 153 * MM])), "bleed-too-small"),
    ("bleed past the page", X4, on_page("/BleedBox", Array([-9, 0, 216 * MM, 154 * MM])), "boxes-not-nested"),
    ("art box", X4, on_page("/ArtBox", Array([30, 30, 200, 200])), "art-box"),
    ("shifted page", X4, shifted, "media-box-origin"),
    ("crop box", X4, on_page("/CropBox", Array([5, 5, 600, 430])), "crop-box"),
    ("upside down", X4, on_page("/Rotate", 180), "page-rotated"),
    ("user unit", X4, on_page("/UserUnit", 1.0004), "user-unit"),
    ("area stops at the trim", X4, drawn(b".3 0 0 0 k " + box(0, 90, 30, 9)), "bleed-not-filled"),
    ("area stops in the bleed", X4, drawn(b".3 0 0 0 k " + box(60, -1.5, 30, 9)), "bleed-not-filled"),
    ("picture stops at the trim", X4, drawn(placed("Photo", 0, 40, 50, 35)), "bleed-not-filled"),
    # Colour, in every place where colour can be
    ("RGB area", X4, drawn(RED + box(60, 40, 20, 10)), "colour-rgb"),
    ("RGB line", X4, drawn(b"1 0 0 RG 1 w %s m %s l S" % (mm(60, 40), mm(80, 40))), "colour-rgb"),
    ("RGB text", X4, drawn(text(10, 50, 12, "voice", b"1 0 0 rg")), "colour-rgb"),
    ("RGB black text", X4, drawn(text(10, 50, 12, "voice", b"0 0 0 rg")), "colour-rgb"),
    ("RGB picture", X4, shown_picture(lambda pdf: picture(pdf, 240, 240, "RGB")), "colour-rgb"),
    ("RGB inline image", X4, drawn(ONE_RED_PIXEL), "colour-rgb"),
    ("RGB in a form", X4, drawn(b"/Own Do", named("XObject", "Own", lambda pdf: form(pdf, RED + box(60, 40, 20, 10)))),
     "colour-rgb"),
    ("RGB in a form in a form", X4, drawn(b"/Own Do", named("XObject", "Own", lambda pdf: form(
        pdf, b"/I Do", Dictionary(XObject=Dictionary(I=form(pdf, RED + box(60, 40, 20, 10))))))), "colour-rgb"),
    ("RGB in a tile", X4, drawn(b"/Pattern cs /Own scn " + box(60, 40, 20, 10),
     named("Pattern", "Own", lambda pdf: tile(pdf, RED + b"0 0 4 4 re f"))), "colour-rgb"),
    ("RGB gradient", X4, drawn(b"q %s W n /Own sh Q" % box(60, 40, 20, 10)[:-2],
     named("Shading", "Own", lambda pdf: shading(Name.DeviceRGB, [1, 0, 0], [0, 0, 1]))), "colour-rgb"),
    ("RGB gradient pattern", X4, drawn(b"/Pattern cs /Own scn " + box(60, 40, 20, 10), named(
        "Pattern", "Own", lambda pdf: Dictionary(
            PatternType=2, Shading=shading(Name.DeviceRGB, [1, 0, 0], [0, 0, 1])))), "colour-rgb"),
    ("RGB in a soft mask", X4, masked(RED + b"0 0 500 500 re f"), "colour-rgb"),
    ("RGB palette", X4, coloured(lambda pdf: Array([Name.Indexed, Name.DeviceRGB, 1, String("abcdef")]), b"1"),
     "colour-rgb"),
    ("RGB profile", X4, coloured(lambda pdf: profile(pdf, 3), b"1 0 0"), "colour-rgb"),
    ("calibrated RGB", X4, coloured(lambda pdf: Array([Name.CalRGB, WHITE]), b"1 0 0"), "colour-rgb"),
    ("Lab", X4, coloured(lambda pdf: Array([Name.Lab, WHITE]), b"50 0 0"), "colour-lab"),
    ("CMYK profile", X4, coloured(lambda pdf: profile(pdf, 4), b".1 0 0 0"), "colour-profiled"),
    ("CMYK profile in X-1a", X1A, coloured(lambda pdf: profile(pdf, 4), b".1 0 0 0"), "colour-profiled-x1a"),
    ("a default for CMYK", X4, drawn(b".2 0 0 0 k " + box(60, 40, 20, 10), named(
        "ColorSpace", "DefaultCMYK", lambda pdf: profile(pdf, 4))), "colour-profiled"),
    ("spot colour", X4, coloured(lambda pdf: spot(pdf, "Gold"), b"1"), "spot-colour"),
    ("registration colour", X4, coloured(lambda pdf: spot(pdf, "All"), b".5"), "registration-colour"),
    ("page blends in RGB", X4, on_page("/Group", Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)), "blend-rgb"),
    ("mask blends in RGB", X4, masked(b".5 g 0 0 500 500 re f", Name.DeviceRGB), "blend-rgb"),
    ("see-through in X-1a", X1A, drawn(b"q /Own gs .2 0 0 0 k %s Q" % box(60, 40, 20, 10), state(ca=0.5)),
     "transparency"),
    ("blend mode in X-1a", X1A, drawn(b"q /Own gs .2 0 0 0 k %s Q" % box(60, 40, 20, 10), state(BM=Name.Multiply)),
     "transparency"),
    ("soft mask in X-1a", X1A, masked(b".5 g 0 0 500 500 re f"), "transparency"),
    ("soft picture in X-1a", X1A, shown_picture(lambda pdf: picture(
        pdf, 240, 240, "L", SMask=picture(pdf, 240, 240, "L"))), "transparency"),
    ("group in X-1a", X1A, on_page("/Group", Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)), "transparency"),
    ("transfer function", X4, drawn(b"q /Own gs Q", state(TR=Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1))),
     "transfer-function"),
    # Overprint and ink
    ("white text overprints", X4, drawn(b"/Over gs " + text(60, 110, 24, "voice", b"0 0 0 0 k")), "white-overprints"),
    ("white area overprints", X4, drawn(b"/Over gs 0 0 0 0 k " + box(150, 110, 20, 10)), "white-overprints"),
    ("yellow text overprints", X4, drawn(b"/Over gs " + text(60, 110, 24, "voice", b"0 0 1 0 k")), "colour-overprints"),
    ("black text knocks out", X4, drawn(text(100 + 20, 110, 12, "voice", b"0 0 0 1.0 k")), "black-text-knocks-out"),
    ("rich black text", X4, drawn(text(10, 50, 12, "voice", b".6 .5 .5 1 k")), "black-text-of-four-inks"),
    ("black text of three inks", X4, drawn(text(10, 50, 12, "voice", b"1 1 1 0 k")), "black-text-of-four-inks"),
    ("too much ink", X4, drawn(b"1 .9 .8 .7 k " + box(60, 40, 20, 10)), "ink-over-limit"),
    ("ink piles up", X4, drawn(b"1 1 1 0 k %s /Over gs 0 0 0 1 k %s" % (box(60, 40, 20, 10), box(65, 42, 9, 5))),
     "ink-over-limit"),
    # Fonts and text
    ("font not embedded", X4, drawn(b"0 0 0 1 k BT /Own 12 Tf %s Td (abc) Tj ET" % mm(60, 50),
     named("Font", "Own", not_embedded)), "font-not-embedded"),
    ("composite font not embedded", X4, drawn(
        b"0 0 0 1 k BT /Own 12 Tf %s Td %s Tj ET" % (mm(60, 50), handmade.shown("voice")),
        named("Font", "Own", lambda pdf: handmade.font(pdf, embedded=False))), "font-not-embedded"),
    ("drawn font", X4, drawn_letters(b""), "font-drawn"),
    ("missing glyph", X4, drawn(b"0 0 0 1 k BT /F 12 Tf %s Td <0000> Tj ET" % mm(60, 50)), "glyph-missing"),
    ("tiny text", X4, drawn(text(10, 50, 5, "voice")), "type-too-small"),
    ("text made tiny by a matrix", X4, drawn(b"q .5 0 0 .5 %s cm %s Q" % (mm(20, 20), text(10, 50, 10, "voice"))),
     "type-too-small"),
    ("text made tiny by its own matrix", X4, drawn(
        b"/Over gs 0 0 0 1 k BT /F 1 Tf 5 0 0 5 %s Tm %s Tj ET" % (mm(20, 50), handmade.shown("voice"))),
     "type-too-small"),
    ("small tinted text", X4, drawn(text(10, 50, 7, "voice", b"0 0 0 .5 k")), "type-too-small-for-tint"),
    ("small white text", X4, drawn(text(60, 110, 7, "voice", b"0 0 0 0 k")), "type-too-small-reversed"),
    ("white text out of four inks", X4, drawn(b".4 .4 .4 .1 k %s %s" % (
        box(60, 30, 30, 20), text(62, 40, 9, "voice", b"0 0 0 0 k"))), "type-too-small-reversed"),
    ("white text out of a photo under a veil", X4, drawn(b"%s q /Own gs 0 0 0 1 k %s Q %s" % (
        placed("Photo", 60, 20, 50, 35), box(60, 20, 50, 35), text(62, 40, 9, "voice", b"0 0 0 0 k")), state(ca=0.1)),
     "type-too-small-reversed"),
    ("text over the edge", X4, drawn(text(-2, 60, 12, "voice")), "text-cut"),
    ("text at the edge", X4, drawn(text(3, 60, 12, "voice")), "text-near-trim"),
    ("text on the fold", X4, drawn(text(100, 60, 24, "voice")), "text-across-fold"),
    ("text by the fold", X4, drawn(text(106.5, 60, 12, "voice")), "text-near-fold"),
    ("hairline", X4, drawn(b"0 0 0 1 K .1 w %s m %s l S" % (mm(60, 40), mm(80, 40))), "hairline"),
    ("hairline by a matrix", X4, drawn(b".1 0 0 .1 0 0 cm 1 w 500 500 m 900 500 l S"), "hairline"),
    ("hairline of an area", X4, drawn(b"0 0 0 1 k " + box(60, 40, 20, 0.05)), "hairline"),
    # Pictures
    ("soft picture", X4, shown_picture(lambda pdf: picture(pdf, 240, 240), 35, 35), "picture-low-ppi"),
    ("blocky picture", X4, shown_picture(lambda pdf: picture(pdf, 100, 100), 35, 35), "picture-very-low-ppi"),
    ("stretched picture", X4, shown_picture(lambda pdf: picture(pdf, 240, 240), 20, 60), "picture-very-low-ppi"),
    ("needlessly fine picture", X4, shown_picture(lambda pdf: picture(pdf, 900, 900), 20, 20), "picture-high-ppi"),
    ("coarse line art", X4, shown_picture(stored(b"\x55" * 7200, BitsPerComponent=1)), "lineart-low-ppi"),
    ("cut JPEG", X4, shown_picture(stored(handmade.jpeg("L", 240, 240)[:-300], "DCTDecode")), "picture-damaged"),
    ("JPEG of noise", X4, shown_picture(stored(b"\xff\xd8" + b"noise" * 99 + b"\xff\xd9", "DCTDecode")),
     "picture-damaged"),
    ("short picture", X4, shown_picture(stored(zlib.compress(b"\xee" * 40_000), "FlateDecode")), "picture-damaged"),
    ("broken picture", X4, shown_picture(stored(zlib.compress(b"\xee" * 57_600)[:40], "FlateDecode")),
     "picture-damaged"),
    ("JPEG 2000", X4, shown_picture(stored(b"\xff\x4f\xff\x51" * 99, "JPXDecode")), "jpeg-2000"),
    ("JPEG 2000 in X-1a", X1A, shown_picture(stored(b"\xff\x4f\xff\x51" * 99, "JPXDecode")), "filter-not-allowed"),
    ("LZW in an inline image", X4, drawn(
        b"q 1 0 0 1 %s cm BI /W 4 /H 4 /BPC 8 /CS /G /F /LZW ID %s EI Q" % (mm(60, 40), LZW)), "filter-not-allowed"),
    ("LZW", X4, shown_picture(stored(LZW, "LZWDecode")), "filter-not-allowed"),
    ("picture with alternatives", X4, shown_picture(lambda pdf: picture(
        pdf, 240, 240, Alternates=Array([Dictionary()]))), "placeholder-picture"),
    ("OPI placeholder", X4, shown_picture(lambda pdf: picture(pdf, 240, 240, OPI=Dictionary())), "placeholder-picture"),
    ("PostScript", X4, drawn(b"/Own Do", named("XObject", "Own", lambda pdf: pdf.make_stream(
        b"showpage", Type=Name.XObject, Subtype=Name.PS))), "postscript"),
    # Damage and mischief
    ("missing picture", X4, drawn(b"/Nothing Do"), "resource-missing"),
    ("missing font", X4, drawn(b"BT /Nothing 12 Tf %s Td 0 0 0 1 k (abc) Tj ET" % mm(60, 50)), "resource-missing"),
    ("unknown operator", X4, drawn(b"1 2 frobnicate"), "content-broken"),
    ("wrong operands", X4, drawn(b"(a) (b) 0 0 re f"), "content-broken"),
    ("too few operands", X4, drawn(b"1 0 0 cm"), "content-broken"),
    ("unbalanced state", X4, drawn(b"q q q"), "content-broken"),
    ("form in itself", X4, drawn(b"/Own Do", named("XObject", "Own", a_loop)), "too-complex"),
    ("stream that unpacks to 72 MB", X4, drawn(b"/Own Do", named("XObject", "Own", a_bomb)), "too-complex"),
    ("forms multiplied", X4, drawn(b"/Own Do", named("XObject", "Own", many_operators)), "too-complex"),
)  # fmt: skip


@cache
def _clean(standard: Standard) -> bytes:
    return handmade.saved(handmade.made(standard), standard)


def _codes(pdf: bytes, expect: Expectation) -> set[str]:
    return {problem.code for problem in preflight(pdf, expect)}


@pytest.mark.parametrize("standard", Standard)
def test_a_clean_file_has_no_problem(standard: Standard) -> None:
    assert preflight(_clean(standard), handmade.expectation(standard)) == []


@pytest.mark.parametrize("standard", Standard)
def test_a_clean_file_is_judged_by_the_standard_it_names_when_nobody_asks_for_one(standard: Standard) -> None:
    assert preflight(_clean(standard), replace(handmade.expectation(standard), standard=None)) == []


@pytest.mark.parametrize(("standard", "fault", "code"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_planted_fault_is_found_under_its_own_code(standard: Standard, fault: Fault, code: str) -> None:
    pdf = handmade.made(standard)
    fault(pdf)
    assert _codes(handmade.saved(pdf, standard), handmade.expectation(standard)) == {code}


# Faults of the bytes, and of what was asked for
STORED: tuple[tuple[str, Standard, Callable[[pikepdf.Pdf], bytes], set[str]], ...] = (
    ("encrypted", X4, lambda pdf: handmade.saved(
        pdf, X4, encryption=pikepdf.Encryption(owner="owner", user="", R=4)), {"encrypted"}),
    ("encrypted with AES-256", X4, lambda pdf: handmade.saved(
        pdf, X4, force_version="", encryption=pikepdf.Encryption(owner="owner", user="")), {"encrypted"}),
    ("newer PDF", X4, lambda pdf: handmade.saved(pdf, X4, force_version="1.7"), {"pdf-version"}),
    ("newer PDF for X-1a", X1A, lambda pdf: handmade.saved(pdf, X1A, force_version="1.6"), {"pdf-version"}),
    ("no document ID", X4, lambda pdf: handmade.saved(pdf, X4).replace(b"/ID [", b"/XD ["), {"document-id-missing"}),
    ("lost cross-reference", X4, lambda pdf: handmade.saved(pdf, X4).replace(b"startxref\n", b"startxref\n99"),
     {"damaged"}),
    ("object streams in X-1a", X1A, lambda pdf: handmade.saved(
        pdf, X1A, force_version="1.5", object_stream_mode=pikepdf.ObjectStreamMode.generate),
     {"object-streams"}),
)  # fmt: skip


@pytest.mark.parametrize(("standard", "store", "codes"), [row[1:] for row in STORED], ids=[row[0] for row in STORED])
def test_a_fault_of_storage_is_found_under_its_own_code(
    standard: Standard, store: Callable[[pikepdf.Pdf], bytes], codes: set[str]
) -> None:
    assert _codes(store(handmade.made(standard)), handmade.expectation(standard)) == codes


def test_a_page_too_many_is_found() -> None:
    assert _codes(_clean(X4), replace(handmade.expectation(X4), pages=1)) == {"page-count"}


def test_another_size_than_ordered_is_found() -> None:
    assert _codes(_clean(X4), replace(handmade.expectation(X4), trim_mm=(148, 210))) == {"trim-size"}


def test_a_file_that_does_not_name_the_content_it_was_made_of_is_found() -> None:
    expect = replace(handmade.expectation(X4), content=ContentName("a" * 64, 3))
    assert _codes(_clean(X4), expect) == {"content-unnamed"}


def test_pages_of_two_sizes_are_found_when_no_size_is_asked_for() -> None:
    pdf = handmade.made(X4)
    sized(200, 148)(pdf)
    expect = replace(handmade.expectation(X4), trim_mm=None)
    assert _codes(handmade.saved(pdf, X4), expect) == {"page-sizes-differ"}


def test_rgb_in_a_drawn_glyph_is_found_beside_the_drawn_font() -> None:
    pdf = handmade.made(X4)
    drawn_letters(RED)(pdf)
    assert _codes(handmade.saved(pdf, X4), handmade.expectation(X4)) == {"colour-rgb", "font-drawn"}


def test_every_check_has_a_planted_fault() -> None:
    planted = {row[3] for row in FAULTS} | {code for row in STORED for code in row[3]}
    planted |= {"page-count", "page-sizes-differ", "content-unnamed"}  # planted above by what is asked for
    planted |= {"ink-estimated"}  # test_preflight: without poppler
    assert planted == set(CHECKS)
