"""Two clean PDFs made by hand, independent of our press: a PDF/X-4 and a PDF/X-1a:2003 with a bit of everything.

A5 landscape, two pages, a fold down the middle. `content(pdf, page, operators)` adds to a page.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from leaflets.domain.press.printing import Standard
from leaflets.press.preflight import Expectation

MM = 72 / 25.4
BLEED = 3 * MM
WIDTH, HEIGHT = 210 * MM, 148 * MM
ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "leaflets/press/profiles/ISOcoated_v2_300_bas.icc"
TEXT = "Every street deserves a voice 2027 HambugenW"

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
 pdf:Trapped="False" xmp:CreateDate="2027-04-01T09:30:00+01:00" xmp:ModifyDate="2027-04-01T09:30:00+01:00">
{version}<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A clean leaflet</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
X4_VERSION = "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"


def expectation(standard: Standard) -> Expectation:
    return Expectation(trim_mm=(210, 148), standard=standard, pages=2, folds_mm=((105,), (105,)))


@functools.cache
def _font_file() -> tuple[bytes, dict[str, int], dict[int, int]]:
    """A subset of a shipped font, and the glyph number and width of its characters."""
    font = TTFont(ROOT / "static/fonts/archivo/archivo-400-normal.woff2")
    font.flavor = None
    subsetter = Subsetter(Options(notdef_outline=True, hinting=False, layout_features=[]))
    subsetter.populate(text=TEXT)
    subsetter.subset(font)
    scale = 1000 / font["head"].unitsPerEm
    numbers = {chr(code): font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
    widths = {font.getGlyphID(glyph): round(width * scale) for glyph, (width, _) in font["hmtx"].metrics.items()}
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue(), numbers, widths


def shown(text: str) -> bytes:
    """The text as the operand of Tj in font F."""
    numbers = _font_file()[1]
    return b"<" + b"".join(b"%04x" % numbers[letter] for letter in text) + b">"


def font(pdf: pikepdf.Pdf, *, embedded: bool = True) -> pikepdf.Object:
    data, numbers, widths = _font_file()
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/ABCDEF+Handmade"), Flags=4, FontBBox=Array([0, -200, 1000, 800]),
        ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=700, StemV=80,
    )  # fmt: skip
    if embedded:
        descriptor.FontFile2 = pdf.make_stream(data, Length1=len(data))
    codes = "".join(f"<{number:04x}> <{ord(letter):04x}>\n" for letter, number in numbers.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(numbers)} beginbfchar\n{codes}endbfchar endcmap end"
    )
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/ABCDEF+Handmade"), CIDToGIDMap=Name.Identity,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), DW=1000, W=Array([0, Array([widths[i] for i in sorted(widths)])]),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/ABCDEF+Handmade"), Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pdf.make_stream(cmap.encode()),
        )
    )  # fmt: skip


def jpeg(mode: str, width: int, height: int) -> bytes:
    """A picture that is light everywhere: no ink limit is near."""
    band = Image.linear_gradient("L").resize((width, height)).point(lambda value: value // 3)
    channels = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    picture = band if channels == 1 else Image.merge(mode, [band] * channels)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def picture(pdf: pikepdf.Pdf, width: int, height: int, mode: str = "CMYK", **entries: Any) -> Stream:
    space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}[mode]
    inverted = {"Decode": Array([1, 0] * 4)} if mode == "CMYK" else {}
    described = {
        "Type": Name.XObject, "Subtype": Name.Image, "Width": width, "Height": height, "BitsPerComponent": 8,
        "ColorSpace": space, "Filter": Name.DCTDecode, **inverted, **entries,
    }  # fmt: skip
    stream = Stream(pdf, jpeg(mode, width, height))
    for key, value in described.items():
        stream[f"/{key}"] = value
    return stream


def form(pdf: pikepdf.Pdf, content: bytes, resources: pikepdf.Object | None = None, **entries: Any) -> Stream:
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 1000, 1000]),
        Resources=resources or Dictionary(),
        **entries,
    )


def tile(pdf: pikepdf.Pdf, content: bytes) -> Stream:
    return pdf.make_stream(
        content, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=Array([0, 0, 10, 10]),
        XStep=10, YStep=10, Resources=Dictionary(),
    )  # fmt: skip


def shading(space: pikepdf.Object, first: Sequence[float], last: Sequence[float]) -> Dictionary:
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array(first), C1=Array(last), N=1)
    return Dictionary(
        ShadingType=2, ColorSpace=space, Coords=Array([0, 0, 100, 0]), Function=function, Extend=Array([True, True])
    )


def mm(*lengths: float) -> bytes:
    """Lengths from the bottom left of the trim, as operands."""
    return b" ".join(b"%.3f" % (length * MM) for length in lengths)


def box(x: float, y: float, width: float, height: float) -> bytes:
    return mm(x, y, width, height) + b" re f\n"


def text(x: float, y: float, size: float, words: str, colour: bytes = b"0 0 0 1 k") -> bytes:
    """Black text overprints, other text knocks out."""
    state = b"/Over gs " if colour == b"0 0 0 1 k" else b""
    return b"q %sBT %s /F %.2f Tf %s Td %s Tj ET Q\n" % (state, colour, size, mm(x, y), shown(words))


def placed(name: str, x: float, y: float, width: float, height: float) -> bytes:
    return b"q %s 0 0 %s %s cm /%s Do Q\n" % (mm(width), mm(height), mm(x, y), name.encode())


def content(pdf: pikepdf.Pdf, page: int, operators: bytes) -> None:
    """Adds operators to a page; lengths count from the bottom left corner of the trim."""
    stream = b"q 1 0 0 1 %.3f %.3f cm %s Q\n" % (BLEED, BLEED, operators)
    pdf.pages[page].contents_add(stream)


def made(standard: Standard) -> pikepdf.Pdf:
    """The clean document, open for mischief."""
    pdf = pikepdf.new()
    letters = font(pdf)
    for _ in range(2):
        page = pdf.add_blank_page(page_size=(WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED))
        page.obj.TrimBox = Array([BLEED, BLEED, BLEED + WIDTH, BLEED + HEIGHT])
        page.obj.BleedBox = Array([0, 0, WIDTH + 2 * BLEED, HEIGHT + 2 * BLEED])
        page.obj.Resources = Dictionary(
            Font=Dictionary(F=letters),
            ExtGState=Dictionary(Over=Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)),
            XObject=Dictionary(
                Photo=picture(pdf, 591, 413), Grey=picture(pdf, 236, 236, "L"),
                Rule=form(pdf, b"0 0 0 1 K 1 w 0 0 m 80 0 l S"),
            ),
            Pattern=Dictionary(Dots=tile(pdf, b".2 0 0 0 k 2 2 4 4 re f")),
            Shading=Dictionary(Dawn=shading(Name.DeviceCMYK, [0.1, 0, 0, 0], [0.4, 0.2, 0, 0])),
            ColorSpace=Dictionary(Black=Array([Name.Separation, Name.Black, Name.DeviceCMYK, Dictionary(
                FunctionType=2, Domain=Array([0, 1]), C0=Array([0, 0, 0, 0]), C1=Array([0, 0, 0, 1]), N=1)])),
        )  # fmt: skip
    outside = b"1 .6 0 .2 k " + box(-3, 100, 216, 51) + text(10, 120, 24, "Every street", b"0 0 0 0 k")
    outside += text(10, 80, 10, "Every street deserves a voice") + text(120, 80, 6, "deserves a voice")
    outside += placed("Photo", 163, -3, 50, 35) + placed("Grey", 120, 20, 20, 20)
    outside += b"q 1 0 0 1 %s cm /Rule Do Q\n" % mm(10, 70)
    inside = b"q %s W n /Pattern cs /Dots scn %s Q\n" % (box(10, 10, 40, 30)[:-2], box(10, 10, 40, 30))
    inside += b"q %s W n /Dawn sh Q\n" % box(120, 10, 40, 30)[:-2]
    inside += b"/Black cs .5 scn " + box(10, 50, 40, 10) + b"0 g " + box(10, 65, 40, 10)
    inside += text(10, 120, 12, "deserves a voice")
    inside += b"q 1 0 0 1 %s cm BI /W 4 /H 4 /BPC 8 /CS /G ID 0123456789abcdef EI Q\n" % mm(60, 60)
    content(pdf, 0, outside)
    content(pdf, 1, inside)
    if standard is Standard.X4:
        _add_transparency(pdf)
    _describe(pdf, standard)
    return pdf


def _add_transparency(pdf: pikepdf.Pdf) -> None:
    resources = pdf.pages[1].obj.Resources
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    resources.ExtGState.Half = Dictionary(Type=Name.ExtGState, ca=0.5, BM=Name.Multiply)
    mask = form(pdf, b"0.5 g 0 0 1000 1000 re f", Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))
    resources.ExtGState.Masked = Dictionary(Type=Name.ExtGState, SMask=Dictionary(S=Name.Luminosity, G=mask))
    content(
        pdf, 1, b"q /Half gs .3 0 .3 0 k %s Q q /Masked gs 0 .3 0 0 k %s Q" % (box(150, 60, 9, 9), box(165, 60, 9, 9))
    )
    pdf.pages[1].obj.Group = group


def _describe(pdf: pikepdf.Pdf, standard: Standard) -> None:
    info = {
        "/Title": "A clean leaflet",
        "/CreationDate": "D:20270401093000+01'00'",
        "/ModDate": "D:20270401093000+01'00'",
    }
    for key, value in info.items():
        pdf.docinfo[key] = value
    pdf.docinfo["/Trapped"] = Name("/False")
    version = X4_VERSION if standard is Standard.X4 else ""
    if standard is Standard.X1A:
        pdf.docinfo["/GTS_PDFXVersion"] = "PDF/X-1a:2003"
    pdf.Root.Metadata = pdf.make_stream(XMP.format(version=version).encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.Root.OutputIntents = Array([
        Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"),
            RegistryName=String("http://www.color.org"), DestOutputProfile=pdf.make_stream(PROFILE.read_bytes(), N=4),
        )
    ])  # fmt: skip


def saved(pdf: pikepdf.Pdf, standard: Standard, **options: Any) -> bytes:
    buffer = io.BytesIO()
    settings: dict[str, Any] = {
        "force_version": "1.4" if standard is Standard.X1A else "1.6",
        "object_stream_mode": pikepdf.ObjectStreamMode.disable,
        "compress_streams": False,
        **options,
    }
    pdf.save(buffer, fix_metadata_version=False, **settings)
    return buffer.getvalue()
