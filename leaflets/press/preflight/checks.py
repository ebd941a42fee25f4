"""Every check of preflight: its stable code, how serious it is, what a person reads, and where the rule comes from.

ISO 15930-7 is PDF/X-4 and ISO 15930-4 is PDF/X-1a:2003; ISO 32000-1 is PDF itself. GWG is the Ghent Workgroup's
2015 specification for sheet-fed CMYK. "Printers" are the published artwork rules of UK printers: 3 mm bleed, 5 mm
safe area, 100 % black type; type sizes are those of newspaper printers, who have the most to lose.
"""

from __future__ import annotations

from dataclasses import dataclass

from leaflets.domain.press.printing import Standard
from leaflets.domain.press.problem import Level

_E, _W, _N = Level.ERROR, Level.WARNING, Level.NOTE


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `sentence` is filled with the facts of a finding; it says what is wrong and what to do.

    `only` names the standard that asks for it, where the other does not.
    """

    code: str
    level: Level
    sentence: str
    source: str
    only: Standard | None = None


_ROWS = (
    # The file
    Check("damaged", _E, "The file is damaged ({what}): export it again from the design program.", "ISO 32000-1, 7.5"),
    Check("encrypted", _E, "The file is encrypted, which printers cannot accept: export it again without any password "
          "or restriction.", "ISO 15930-4 and -7, encryption"),
    Check("too-complex", _E, "{what} asks for far more work than a leaflet should, so it could not be checked: "
          "simplify the artwork or export it again.", "our own limit"),
    Check("pdf-version", _W, "The file is written as PDF {found}, newer than {standard} is based on: export it as "
          "{standard}.", "ISO 15930-7 on PDF 1.6; ISO 15930-4 on PDF 1.4"),
    Check("pdfx-missing", _E, "The file does not say that it follows a print standard: export it as {standard}.",
          "ISO 15930-7, GTS_PDFXVersion in the XMP; ISO 15930-4, in the Info dictionary"),
    Check("pdfx-other", _E, "The file says it is {found}, but {standard} is asked for: export it as {standard}.",
          "ISO 15930-7 and -4, GTS_PDFXVersion"),
    Check("xmp-missing", _E, "The file has no XMP metadata: export it as {standard}, which writes it.",
          "ISO 15930-7, XMP metadata"),
    Check("xmp-broken", _E, "The file's XMP metadata cannot be read: export it again.", "ISO 15930-7, XMP metadata"),
    Check("content-unnamed", _E, "The file does not name the content that was approved, so nobody could hold it "
          "against its certificate: order the leaflet again.", "our own, leaflets.press.metadata"),
    Check("title-missing", _E, "The file has no title: give the document a title and export it again.",
          "ISO 15930-4, Info keys; ISO 15930-7, dc:title"),
    Check("dates-missing", _E, "The file does not say when it was {what}: export it again as {standard}.",
          "ISO 15930-4 and -7, CreationDate and ModDate"),
    Check("dates-differ", _E, "The file gives two different dates for when it was {what}: export it again in one go.",
          "ISO 15930-7, Info and XMP agree"),
    Check("trapped-missing", _E, "The file does not say whether it is trapped: export it as {standard}, with Trapped "
          "set to False.", "ISO 15930-4 and -7, Trapped is True or False"),
    Check("document-id-missing", _E, "The file has no document ID, so two versions could be confused: export it "
          "again as {standard}.", "ISO 15930-4 and -7, ID in the trailer"),
    Check("object-streams", _E, "The file is packed in a way that PDF/X-1a does not know (object streams): export it "
          "as PDF/X-1a:2003.", "ISO 15930-4 on PDF 1.4; object streams are PDF 1.5", Standard.X1A),
    Check("page-count", _E, "The file has {found} page{s}, but the leaflet has {expected}: send exactly {expected}.",
          "the order"),
    Check("page-sizes-differ", _E, "This page is {found}, but the first is {expected}: make all pages the same size.",
          "Printers: one sheet, one size"),
    # Output intent
    Check("intent-missing", _E, "The file does not name the printing condition it was made for: export it as "
          "{standard} with FOGRA39 as its output intent.", "ISO 15930-4 and -7, GTS_PDFX output intent"),
    Check("intent-several", _E, "The file names {found} printing conditions, so none of them counts: export it with "
          "one output intent.", "ISO 15930-4 and -7, exactly one GTS_PDFX output intent"),
    Check("intent-unnamed", _E, "The output intent does not name its printing condition: export the file again with "
          "FOGRA39.", "ISO 15930-4 and -7, OutputConditionIdentifier"),
    Check("intent-without-profile", _E, "The output intent carries no colour profile: export the file again with the "
          "profile embedded.", "ISO 15930-7, DestOutputProfile; ISO 15930-4, profile or registry name"),
    Check("intent-not-cmyk", _E, "The output intent is not for a CMYK press ({what}): export the file again with the "
          "printer's CMYK profile, such as FOGRA39.", "ISO 15930-4 and -7, an output profile (prtr)"),
    # Things that do not belong on paper
    Check("attachment", _E, "A file is attached to the PDF: remove it, because it cannot be printed.",
          "ISO 15930-4, file specifications; GWG"),
    Check("javascript", _E, "The file contains JavaScript: remove it and export the file again.",
          "ISO 15930-4 and -7, actions"),
    Check("action", _E, "The file does something when it is opened or clicked: remove its actions and export it "
          "again.", "ISO 15930-4 and -7, actions"),
    Check("form-field", _E, "The file has a form to fill in on screen: flatten the form before exporting.",
          "ISO 15930-4 and -7, forms"),
    Check("annotation", _E, "A {what} lies on the printed area, and comments and links cannot be printed: remove it.",
          "ISO 15930-4 and -7, annotations outside the BleedBox only"),
    Check("layers", _E, "The file has layers, which PDF/X-1a does not know: flatten the layers and export it again.",
          "ISO 15930-4 on PDF 1.4; optional content is PDF 1.5", Standard.X1A),
    Check("layer-hidden", _W, "The layer “{what}” is switched off, so what it holds will not print: delete the layer "
          "or switch it on.", "GWG, optional content"),
    # Boxes
    Check("trim-missing", _E, "The page does not say where it will be cut: export it with a TrimBox (“crop and bleed "
          "settings” in most programs).", "ISO 15930-4 and -7, TrimBox"),
    Check("trim-size", _E, "The finished page is {found}, but the leaflet is {expected}: set the right page size and "
          "export it again.", "the order"),
    Check("box-broken", _E, "The {what} of the page makes no sense: export the file again.", "ISO 32000-1, 14.11.2"),
    Check("bleed-missing", _E, "The page does not say how far its bleed goes: export it with {expected:g} mm of "
          "bleed.", "ISO 32000-1, 14.11.2; GWG; Printers"),
    Check("bleed-too-small", _E, "The bleed is {found:.1f} mm, but {expected:g} mm are needed: extend the artwork past "
          "the edge and export it with {expected:g} mm of bleed.", "Printers: 3 mm bleed"),
    Check("boxes-not-nested", _E, "The {what} of the page sticks out of the {outer}: export the file again.",
          "ISO 15930-4 and -7, boxes nest"),
    Check("art-box", _E, "The page has both a TrimBox and an ArtBox, and may have only one: remove the ArtBox.",
          "ISO 15930-4 and -7, TrimBox or ArtBox"),
    Check("media-box-origin", _W, "The page does not start at 0, 0, which some imposition programs get wrong: export "
          "it again with an unshifted page.", "Printers"),
    Check("crop-box", _W, "The page has a CropBox smaller than the page, which may hide bleed and marks: remove it.",
          "GWG: CropBox absent or equal to MediaBox"),
    Check("page-rotated", _W, "The page is turned by {found} degrees, which some imposition programs miss: turn the "
          "artwork itself.", "GWG, page rotation"),
    Check("user-unit", _E, "The page is scaled by a UserUnit of {found:g}, which many presses ignore: export it at "
          "its real size.", "GWG: UserUnit absent or 1"),
    Check("bleed-not-filled", _E, "Artwork stops {found:.1f} mm past the {side} edge instead of {expected:g} mm, so a "
          "white line may show after cutting: extend it into the bleed.", "Printers: 3 mm bleed"),
    # Colour
    Check("colour-rgb", _E, "{thing} is in screen colours (RGB), which a press cannot print as you see them: convert "
          "it to CMYK.", "ISO 15930-4; GWG"),
    Check("colour-lab", _E, "{thing} is in Lab colours: convert it to CMYK.", "ISO 15930-4; GWG"),
    Check("colour-profiled", _W, "{thing} carries a colour profile of its own, so its inks may shift: convert it to "
          "plain CMYK or black.", "GWG: device colours with one output intent"),
    Check("colour-profiled-x1a", _E, "{thing} carries a colour profile of its own, which PDF/X-1a forbids: convert it "
          "to plain CMYK or black.", "ISO 15930-4, device colours only", Standard.X1A),
    Check("spot-colour", _E, "{thing} uses the spot colour “{what}”, which would be a fifth printing plate: convert "
          "it to CMYK.", "Printers: leaflets are printed in four inks"),
    Check("registration-colour", _E, "{thing} uses the registration colour, which prints all inks solid: use plain "
          "black instead.", "GWG: “All” for marks only"),
    Check("blend-rgb", _E, "See-through artwork is blended in screen colours (RGB): set the transparency blend space "
          "to CMYK and export the file again.", "ISO 15930-7, transparency blending spaces; GWG"),
    Check("transparency", _E, "The page has {what}, and PDF/X-1a knows no transparency: flatten it on export.",
          "ISO 15930-4, transparency", Standard.X1A),
    Check("transfer-function", _E, "The artwork changes its own ink densities (a transfer function): remove it and "
          "export the file again.", "ISO 15930-4 and -7, TR and TR2"),
    Check("white-overprints", _E, "White {thing} is set to overprint, so it will disappear on the press: switch "
          "overprint off for it.", "GWG: white knocks out"),
    Check("colour-overprints", _W, "{thing} overprints the colour behind it and will mix with it: switch overprint "
          "off for it.", "GWG, overprint"),
    Check("black-text-knocks-out", _W, "Black text on a coloured background does not overprint, so white edges may "
          "show round the letters: set it to overprint.", "GWG: black text overprints"),
    Check("black-text-of-four-inks", _E, "Black text of {size:.1f} pt is built of several inks and may look blurred: "
          "use black alone (0/0/0/100).", "Printers: text 100 % K only; GWG"),
    Check("ink-over-limit", _E, "The inks add up to {found:.0f} % here, and the paper takes {expected} %: use less ink "
          "in the dark parts or convert with the printer's profile.", "ISO 12647-2; the printer's profile"),
    Check("ink-estimated", _N, "The ink was added up from areas and colours, not measured on the rendered page, "
          "because {what}: pictures were not measured.", "our own limit"),
    # Fonts and text
    Check("font-not-embedded", _E, "The font {what} is not in the file, so another may be printed instead: embed all "
          "fonts and export the file again.", "ISO 15930-4 and -7, fonts embedded"),
    Check("font-drawn", _W, "The font {what} may print roughly: use an OpenType font instead.",
          "GWG, Type 3 fonts"),
    Check("glyph-missing", _E, "A character in the font {what} has no glyph, so a box will be printed in its place: "
          "choose a font that has the character.", "ISO 32000-1, 9.7.6.3, .notdef"),
    Check("type-too-small", _E, "Text of {size:.1f} pt is too small to read and to print: make it 6 pt or larger.",
          "Printers: single-colour type 6 pt or larger"),
    Check("type-too-small-for-tint", _W, "Text of {size:.1f} pt in a tint or in several inks may look ragged: make it "
          "8 pt or larger, or use one solid ink.", "Printers: tinted type 8 pt or larger"),
    Check("type-too-small-reversed", _W, "White text of {size:.1f} pt may fill in with ink here: make it "
          "{expected} pt or larger.", "Printers: white-out type 8 pt, out of four colours 10 pt, or larger"),
    Check("text-cut", _E, "Text lies {found:.1f} mm from the {side} edge and may be cut off: move it at least "
          "{expected:g} mm inside.", "Printers: cutting is true to 1–2 mm"),
    Check("text-near-trim", _W, "Text lies {found:.1f} mm from the {side} edge: move it at least {expected:g} mm "
          "inside, where no cut can reach it.", "Printers: 5 mm safe area"),
    Check("text-across-fold", _W, "Text runs across the fold at {found:g} mm: keep it on one panel.",
          "Printers: nothing that matters on a fold"),
    Check("text-near-fold", _W, "Text lies {gap:.1f} mm from the fold at {found:g} mm: keep it at least "
          "{expected:g} mm away.", "Printers: 3 mm either side of a fold"),
    Check("hairline", _W, "A line is only {size:.2f} pt thick and may vanish on the press: make it 0.25 pt or "
          "thicker.", "Printers: 0.25 pt"),
    # Pictures
    Check("picture-low-ppi", _W, "A picture has {found:.0f} pixels an inch at its printed size and will look soft: use "
          "a larger original, {expected} or more.", "GWG: warning below 225 ppi; the printer"),
    Check("picture-very-low-ppi", _E, "A picture has only {found:.0f} pixels an inch at its printed size and will look "
          "blocky: use a larger original, {expected} or more.", "GWG: error below 150 ppi; the printer"),
    Check("picture-high-ppi", _W, "A picture has {found:.0f} pixels an inch, more than any press can show: reduce it "
          "to 300 to make the file smaller.", "Printers: 300 ppi at size; no press shows more than 450"),
    Check("lineart-low-ppi", _W, "A black-and-white picture has {found:.0f} pixels an inch and will show steps: use "
          "550 or more.", "GWG: 550 ppi for one-bit images"),
    Check("picture-damaged", _E, "A picture is damaged and would print incompletely: place the original again and "
          "export the file.", "ISO 32000-1, 8.9"),
    Check("jpeg-2000", _W, "A picture is stored as JPEG 2000, which some presses cannot read: export with JPEG or ZIP "
          "compression.", "GWG; ISO 15930-7 allows it"),
    Check("filter-not-allowed", _E, "A part of the file is compressed with {what}, which print standards forbid: "
          "export the file with JPEG and ZIP compression.", "ISO 15930-4: no LZW, JBIG2, JPEG 2000; -7: no LZW"),
    Check("placeholder-picture", _E, "A picture only points to another file or has alternatives: place the real "
          "picture and export the file again.", "ISO 15930-4 and -7, OPI, Ref and Alternates"),
    Check("postscript", _E, "The artwork contains PostScript code: export it again without it.",
          "ISO 15930-4 and -7, PostScript XObjects"),
    Check("resource-missing", _E, "The page uses a {what} that is not in the file, so something will be missing in "
          "print: export the file again.", "ISO 32000-1, 7.8.3"),
    Check("content-broken", _E, "The drawing instructions of the page are broken ({what}): export the file again.",
          "ISO 32000-1, 7.8.2; ISO 15930-4 and -7"),
)  # fmt: skip

CHECKS: dict[str, Check] = {row.code: row for row in _ROWS}
