"""What a file is, told from its first bytes: the pictures we take, and a name for everything else.

Sources of the rows: the file formats' own specifications, and WHATWG MIME Sniffing §6 for what browsers take as
HTML. The extension is never believed; it only ever makes a refusal clearer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leaflets.domain.press.picture import PictureRefused, refused

HEAD_BYTES = 4096

_EXPORT_PHOTO = "Save the photo inside it as a JPEG or PNG and upload that."
_EXPORT_PAGE = "If the photo is on a page of it, save the photo itself as a JPEG or PNG and upload that."
_NEVER = "Choose the photo itself: a JPEG, PNG, WebP, HEIC or TIFF file."


@dataclass(frozen=True, slots=True)
class Signature:
    """Bytes at the start of a file, and what a person calls such a file."""

    pattern: re.Pattern[bytes]
    code: str
    what: str
    remedy: str = ""


def _row(pattern: bytes, code: str, what: str, remedy: str) -> Signature:
    return Signature(re.compile(pattern, re.DOTALL), code, what, remedy)


# Byte-order mark, XML declaration, comments. Each step has one way to go, so that a file of comments costs linear time;
# without possessive groups, because Python before 3.11.5 loses matches in them.
_PRELUDE = rb"(?i)(\xef\xbb\xbf)?\s*+(<\?xml[^>]*+>\s*+)?(<!--([^-]|-(?!->))*-->\s*+)*"

PICTURES: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\xff\xd8\xff", re.DOTALL), "JPEG"),  # ITU T.81 B.1.1.3: SOI, then the next marker
    (re.compile(rb"\x89PNG\r\n\x1a\n", re.DOTALL), "PNG"),  # ISO/IEC 15948 5.2
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP"),  # RFC 9649 2.4
    # ISO/IEC 23008-12 B.4: the brands of still HEVC images; mif1 and msf1 say only "an image" and are looked into
    (re.compile(rb"....ftyp(?!.{0,60}avi[fs])(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL), "HEIF"),
    (re.compile(rb"(II\*\0|MM\0\*|II\+\0|MM\0\+)", re.DOTALL), "TIFF"),  # TIFF 6.0 §2; BigTIFF
)

OTHERS: tuple[Signature, ...] = (
    _row(rb"%PDF-", "picture-not-a-picture", "a PDF", _EXPORT_PAGE),
    _row(rb"(%!PS|\xc5\xd0\xd3\xc6)", "picture-not-a-picture", "an EPS or PostScript file", _EXPORT_PHOTO),
    _row(
        _PRELUDE + rb"(<!DOCTYPE svg[^>]*>\s*)?<(\w+:)?svg\b",
        "picture-not-a-picture",
        "an SVG drawing",
        "Save it as a PNG at least 2,000 pixels wide and upload that.",
    ),
    _row(
        _PRELUDE + rb"<(!doctype html|html|head|body|script|title|iframe)\b",
        "picture-not-a-picture",
        "a web page",
        "Open the page, save the photo itself, and upload that.",
    ),
    _row(rb"PK\x03\x04.{26}(word|\[Content_Types\])", "picture-not-a-picture", "a Word document", _EXPORT_PHOTO),
    _row(rb"PK\x03\x04.{26}ppt/", "picture-not-a-picture", "a PowerPoint file", _EXPORT_PHOTO),
    _row(
        rb"PK(\x03\x04|\x05\x06|\x07\x08)", "picture-not-a-picture", "a ZIP archive or Office document", _EXPORT_PHOTO
    ),
    _row(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "picture-not-a-picture", "an Office or Publisher file", _EXPORT_PHOTO),
    _row(rb"(7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x1f\x8b\x08)", "picture-not-a-picture", "an archive", _EXPORT_PHOTO),
    _row(rb"\{\\rtf", "picture-not-a-picture", "a text document", _EXPORT_PHOTO),
    _row(rb"(MZ|\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)", "picture-not-a-picture", "a program", _NEVER),
    _row(rb"#!", "picture-not-a-picture", "a script", _NEVER),
    _row(rb"GIF8[79]a.*NETSCAPE2\.0", "picture-animated", "", ""),  # the block that makes a GIF loop
    _row(
        rb"(GIF8[79]a)",
        "picture-format",
        "a GIF, with 256 colours at most",
        "Look for the original photo, usually a JPEG.",
    ),
    _row(rb"8BP[SB]", "picture-format", "a Photoshop file", "Save a copy as TIFF or JPEG and upload that."),
    _row(rb"....ftyp.{0,60}avi[fs]", "picture-format", "an AVIF picture", ""),
    _row(rb"....ftyp(crx )", "picture-format", "a camera's raw file", "Export it as a JPEG or TIFF and upload that."),
    _row(rb"(\x00\x00\x00\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51)", "picture-format", "a JPEG 2000 picture", ""),
    _row(rb"(\x00\x00\x00\x0cJXL \r\n\x87\n|\xff\x0a)", "picture-format", "a JPEG XL picture", ""),
    _row(rb"BM.{4}\x00\x00\x00\x00", "picture-format", "a bitmap (BMP)", ""),
    _row(rb"....ftyp", "picture-not-a-picture", "a film", "Pause it where it looks best, save that as a picture."),
    _row(rb"(\x1aE\xdf\xa3|RIFF....AVI )", "picture-not-a-picture", "a film", "Save a still picture from it."),
)

_HIDDEN_AT_HEAD: tuple[tuple[re.Pattern[bytes], str], ...] = (
    # ISO 32000-1 annex H note 13: readers accept the header anywhere in the first 1,024 bytes
    (re.compile(rb"%PDF-\d"), "also opens as a PDF"),
    # WHATWG MIME Sniffing 5.2: a browser reads at most 1,445 bytes to guess
    (re.compile(rb"(?i)<(script\b|!doctype html|html\b|iframe\b|\?php\b)"), "has a web page or a script hidden inside"),
)

_RUNS_WHEN_OPENED = re.compile(
    r"(?i)\.(html?|xhtml|svgz?|xml|js|mjs|php\d?|phtml|asp|aspx|jsp|exe|scr|bat|cmd|ps1|vbs|msi|dll|jar|apk|sh|py|"
    r"cgi|lnk|hta|pdf|eps|ps|ai|zip|docx?|docm|pptx?|xlsx?|xlsm)\Z"
)


def recognise(head: bytes, filename: str) -> str:
    """The name of the picture format that `head` begins; `PictureRefused` names anything else for what it is."""
    for pattern, format_ in PICTURES:
        if pattern.match(head):
            _no_disguise(head, filename)
            return format_
    for other in OTHERS:
        if other.pattern.match(head):
            raise _refuse(other, filename)
    # A PDF may start with up to a kilobyte of anything, and plenty do.
    if _HIDDEN_AT_HEAD[0][0].search(head[:1024]):
        raise _refuse(OTHERS[0], filename)
    raise refused("picture-not-a-picture", what="a kind of file that we do not know", remedy=_NEVER)


def _refuse(other: Signature, filename: str) -> PictureRefused:
    suffix = re.search(r"\.(jpe?g|png|webp|hei[cf]|tiff?)\Z", filename.strip(), re.IGNORECASE)
    name = f", although its name ends in {suffix[0].lower()}" if suffix else ""
    remedy = {"remedy": other.remedy} if other.remedy else {}
    return refused(other.code, what=other.what, name=name, **remedy)


def _no_disguise(head: bytes, filename: str) -> None:
    if suffix := _RUNS_WHEN_OPENED.search(filename.strip()):
        raise refused("picture-disguised", what=f"is named as something else ({suffix[0].lower()})")
    for pattern, what in _HIDDEN_AT_HEAD:
        if pattern.search(head[:1445]):
            raise refused("picture-disguised", what=what)
