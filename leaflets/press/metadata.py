"""What a PDF/X file says of itself: Info, XMP and output intent, in agreement with each other.

ISO 15930-7 (PDF/X-4) identifies itself in XMP; ISO 15930-4 (PDF/X-1a:2003) in Info. Both want a title, dates,
`Trapped`, a document ID and exactly one output intent of subtype GTS_PDFX.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from leaflets.domain.press.printing import Standard
from leaflets.press.colour import deflated_profile, press_profile
from leaflets.press.job import ContentName

PRODUCER = "Leaflets press"
VERSION_KEYS = {Standard.X4: "PDF/X-4", Standard.X1A: "PDF/X-1a:2003"}
CONTENT_NAMESPACE = "urn:leaflets:content:1#"
"""Of the two properties that name the content: ContentHash, its SHA-256, and Approval, the number of its approval."""
PDF_VERSIONS = {Standard.X4: "1.6", Standard.X1A: "1.4"}

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
    xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"
    xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
    xmlns:leaflets="{content_namespace}">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>
   <xmpMM:InstanceID>uuid:{document}</xmpMM:InstanceID>
   <xmpMM:RenditionClass>default</xmpMM:RenditionClass>
   <xmpMM:VersionID>1</xmpMM:VersionID>
   <pdf:Producer>{producer}</pdf:Producer>
   <pdf:Trapped>False</pdf:Trapped>
   {identification}{content}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
_IDENTIFICATION = {
    Standard.X4: "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>",
    Standard.X1A: "<pdfx:GTS_PDFXVersion>PDF/X-1a:2003</pdfx:GTS_PDFXVersion>",
}


def describe(
    pdf: Pdf, standard: Standard, title: str, now: datetime, document: UUID, content: ContentName | None = None
) -> None:
    """Write Info, XMP and the document ID, replacing whatever was there. Dates are written in UTC.

    Where the content has a name, the XMP carries it, so that the file can be held against its certificate.
    """
    when = now.astimezone(UTC)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    info = pdf.docinfo
    info["/Title"] = String(title)
    info["/Creator"] = String(PRODUCER)
    info["/Producer"] = String(PRODUCER)
    info["/CreationDate"] = String(when.strftime("D:%Y%m%d%H%M%S+00'00'"))
    info["/ModDate"] = String(when.strftime("D:%Y%m%d%H%M%S+00'00'"))
    info["/Trapped"] = Name("/False")
    if standard is Standard.X1A:
        info["/GTS_PDFXVersion"] = String(VERSION_KEYS[standard])
    packet = _XMP.format(
        title=escape(title),
        producer=PRODUCER,
        date=when.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        document=document,
        identification=_IDENTIFICATION[standard],
        content_namespace=CONTENT_NAMESPACE,
        content=_named(content) if content else "",
    )
    pdf.Root["/Metadata"] = pdf.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer["/ID"] = Array([String(document.bytes), String(document.bytes)])


def _named(content: ContentName) -> str:
    said = f"\n   <leaflets:ContentHash>{escape(content.content_hash)}</leaflets:ContentHash>"
    if content.approval is not None:
        said += f"\n   <leaflets:Approval>{content.approval}</leaflets:Approval>"
    return said


def intend(pdf: Pdf, profile: str) -> None:
    """Write the one output intent with its profile, which was deflated once and for all (14.11.5)."""
    press = press_profile(profile)
    stream = Stream(pdf, deflated_profile(profile))
    stream["/Filter"] = Name.FlateDecode
    stream["/N"] = 4
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(press.condition),
        OutputCondition=String(press.condition_name),
        Info=String(press.condition_name),
        DestOutputProfile=pdf.make_indirect(stream),
    )
    if press.registry:
        intent["/RegistryName"] = String(press.registry)
    pdf.Root["/OutputIntents"] = Array([intent])
