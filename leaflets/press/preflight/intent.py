"""The output intent: the printing condition that the colours were made for (ISO 32000-1, 14.11.5)."""

from __future__ import annotations

import pikepdf

from leaflets.domain.press.printing import Standard
from leaflets.press.preflight import objects
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.metadata import TITLES
from leaflets.press.preflight.streams import Damaged, head

_HEADER_BYTES = 128


def check(document: pikepdf.Pdf, standard: Standard, findings: Findings) -> None:
    """Notes what is wrong with the PDF/X output intent."""
    intents = [
        intent
        for intent in objects.items(objects.entry(document.Root, "/OutputIntents"))
        if objects.name(objects.entry(intent, "/S")) == "GTS_PDFX"
    ]
    if not intents:
        findings.add("intent-missing", standard=TITLES[standard])
        return
    if len(intents) > 1:
        findings.add("intent-several", found=len(intents))
        return
    intent = intents[0]
    if not objects.text(objects.entry(intent, "/OutputConditionIdentifier")):
        findings.add("intent-unnamed")
    profile = objects.entry(intent, "/DestOutputProfile")
    registered = objects.text(objects.entry(intent, "/RegistryName"))
    if isinstance(profile, pikepdf.Stream):
        _check_profile(profile, findings)
    elif standard is Standard.X4 or not registered:
        findings.add("intent-without-profile")


def _check_profile(profile: pikepdf.Stream, findings: Findings) -> None:
    """ICC.1, 7.2: the device class is at byte 12, the colour space at 16, the signature acsp at 36."""
    try:
        header = head(profile, _HEADER_BYTES)
    except Damaged:
        header = b""
    if header[36:40] != b"acsp":
        findings.add("intent-not-cmyk", what="its profile cannot be read")
    elif header[16:20] != b"CMYK":
        findings.add("intent-not-cmyk", what=f"it is for {header[16:20].decode('latin-1').strip()}")
    elif header[12:16] != b"prtr":
        findings.add("intent-not-cmyk", what="its profile is not for a press")
