"""What a PDF says of itself: standard, version, title, dates, trapping and ID, in its Info dictionary and XMP."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import pikepdf

from leaflets.domain.press.printing import Standard
from leaflets.press.job import ContentName
from leaflets.press.metadata import CONTENT_NAMESPACE
from leaflets.press.preflight import objects
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.streams import Damaged, TooComplex, decoded

TITLES = {Standard.X4: "PDF/X-4", Standard.X1A: "PDF/X-1a:2003"}
_VERSIONS = {Standard.X4: (1, 6), Standard.X1A: (1, 4)}

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XMP_VERSION = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
_XMP_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_XMP_TRAPPED = "{http://ns.adobe.com/pdf/1.3/}Trapped"
_XMP_DATES = {
    "/CreationDate": "{http://ns.adobe.com/xap/1.0/}CreateDate",
    "/ModDate": "{http://ns.adobe.com/xap/1.0/}ModifyDate",
}
_CONTENT_HASH, _APPROVAL = f"{{{CONTENT_NAMESPACE}}}ContentHash", f"{{{CONTENT_NAMESPACE}}}Approval"
_DATE_NAMES = {"/CreationDate": "created", "/ModDate": "last changed"}


@dataclass(frozen=True, slots=True)
class Metadata:
    """Both places where a PDF speaks of itself. `xmp` is None when there is none, or none that can be read."""

    info: dict[str, str] = field(default_factory=dict)
    xmp: dict[str, str] | None = None
    xmp_broken: bool = False

    @property
    def claim(self) -> str:
        """The standard that the file says it follows, or the empty string."""
        info = self.info.get("/GTS_PDFXConformance") or self.info.get("/GTS_PDFXVersion", "")
        return (self.xmp or {}).get(_XMP_VERSION) or info

    @property
    def content(self) -> ContentName | None:
        """Which content the file says that it prints; None where it says nothing of ours."""
        said = self.xmp or {}
        content_hash, approval = said.get(_CONTENT_HASH, ""), said.get(_APPROVAL, "")
        if not content_hash:
            return None
        return ContentName(content_hash, int(approval) if approval.isascii() and approval.isdigit() else None)

    @property
    def standard(self) -> Standard:
        """The standard to judge by when nobody asked for one."""
        return Standard.X1A if self.claim.startswith("PDF/X-1") else Standard.X4


def read(document: pikepdf.Pdf) -> Metadata:
    """The metadata of a document."""
    info = objects.entry(document.trailer, "/Info")
    stated = {f"/{key}": objects.text(value) or objects.name(value) for key, value in objects.pairs(info)}
    stream = objects.entry(document.Root, "/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return Metadata(stated)
    try:
        return Metadata(stated, _properties(decoded(stream, 1 << 21)))
    except (Damaged, TooComplex, ElementTree.ParseError, UnicodeError, ValueError):
        return Metadata(stated, None, xmp_broken=True)


def _properties(packet: bytes) -> dict[str, str]:
    """The simple properties of an XMP packet, by expanded name. Entities are refused: they can blow up."""
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        raise ValueError
    found: dict[str, str] = {}
    for described in ElementTree.fromstring(packet.strip(b"\0\t\r\n ")).iter(_RDF + "Description"):
        found.update(described.attrib)
        for child in described:
            found[child.tag] = (child.text or "").strip() or "".join(child.itertext()).strip()
    return found


def check_content(said: Metadata, expected: ContentName | None, findings: Findings) -> None:
    """Notes where a file does not name the content that it was made of."""
    if expected is not None and said.content != expected:
        findings.add("content-unnamed")


def check(document: pikepdf.Pdf, pdf: bytes, said: Metadata, standard: Standard, findings: Findings) -> None:
    """Notes what the standard asks a file to say and this one does not."""
    title = TITLES[standard]
    _check_claim(said, standard, findings)
    _check_version(document, pdf, standard, findings)
    if said.xmp_broken:
        findings.add("xmp-broken")
    elif said.xmp is None and standard is Standard.X4:
        findings.add("xmp-missing", standard=title)
    xmp = said.xmp or {}
    if not (said.info.get("/Title") or (standard is Standard.X4 and xmp.get(_XMP_TITLE))):
        findings.add("title-missing")
    if not {said.info.get("/Trapped"), xmp.get(_XMP_TRAPPED)} & {"True", "False"}:
        findings.add("trapped-missing", standard=title)
    if len(objects.items(objects.entry(document.trailer, "/ID"))) != 2:
        findings.add("document-id-missing", standard=title)
    for key, expanded in _XMP_DATES.items():
        _check_dates(said.info.get(key, ""), xmp.get(expanded, ""), key, standard, findings)


def _check_version(document: pikepdf.Pdf, pdf: bytes, standard: Standard, findings: Findings) -> None:
    """Encryption and object streams raise the version themselves, and are told by their own names."""
    packed = standard is Standard.X1A and re.search(rb"/Type\s*/(?:ObjStm|XRef)\b", pdf) is not None
    version = tuple(int(part) for part in re.findall(r"\d+", document.pdf_version)[:2])
    if packed:
        findings.add("object-streams")
    elif version > _VERSIONS[standard] and not document.is_encrypted:
        findings.add("pdf-version", found=document.pdf_version, standard=TITLES[standard])


def _check_claim(said: Metadata, standard: Standard, findings: Findings) -> None:
    title = TITLES[standard]
    if standard is Standard.X1A:
        info = said.info.get("/GTS_PDFXVersion", "")
        claim = said.info.get("/GTS_PDFXConformance", info) if info else ""
        family = "PDF/X-1a"
    else:
        claim, family = (said.xmp or {}).get(_XMP_VERSION, ""), "PDF/X-4"
    if claim.startswith(family):
        return
    other = claim or said.claim
    if other and not other.startswith(family):
        findings.add("pdfx-other", found=other, standard=title)
    elif not said.xmp_broken and (said.xmp is not None or standard is Standard.X1A):
        findings.add("pdfx-missing", standard=title)


def _check_dates(info: str, xmp: str, key: str, standard: Standard, findings: Findings) -> None:
    """PDF/X-1a keeps its dates in Info; PDF/X-4 in the XMP, and Info may repeat them."""
    what = _DATE_NAMES[key]
    stated, repeated = _pdf_date(info), _iso_date(xmp)
    enough = stated or (standard is Standard.X4 and repeated and not info)
    if not enough:
        findings.add("dates-missing", key=key, what=what, standard=TITLES[standard])
    elif info and xmp and stated != repeated:
        findings.add("dates-differ", key=key, what=what)


_PDF_DATE = re.compile(
    r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z[0']*|([+-])(\d\d)'?(\d\d)?'?)?$"
)  # ISO 32000-1, 7.9.4


def _pdf_date(value: str) -> datetime | None:
    found = _PDF_DATE.match(value.strip())
    if found is None:
        return None
    parts = [
        int(part) if part else default for part, default in zip(found.groups()[:6], (1, 1, 1, 0, 0, 0), strict=True)
    ]
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    try:
        zone = timezone(-offset if found[7] == "-" else offset)
        return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=zone)
    except ValueError:
        return None


def _iso_date(value: str) -> datetime | None:
    try:
        stated = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    aware = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return aware.replace(microsecond=0)
