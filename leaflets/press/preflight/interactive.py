"""What belongs on a screen and not on paper: comments, links, forms, scripts, attachments and layers."""

from __future__ import annotations

import pikepdf

from leaflets.domain.press.printing import Standard
from leaflets.press.preflight import objects
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame, common

_ALLOWED = ("PrinterMark", "TrapNet", "Popup")
_PLAIN = {"Link": "link", "Widget": "form field", "FileAttachment": "file attachment", "Text": "note"}


def check_document(document: pikepdf.Pdf, standard: Standard, findings: Findings) -> None:
    """Notes forms, scripts, actions, attachments and layers of the whole file."""
    root = document.Root
    names = objects.entry(root, "/Names")
    if objects.entry(names, "/EmbeddedFiles") is not None or objects.entry(root, "/AF") is not None:
        findings.add("attachment")
    if objects.entry(names, "/JavaScript") is not None:
        findings.add("javascript")
    if objects.items(objects.entry(objects.entry(root, "/AcroForm"), "/Fields")):
        findings.add("form-field")
    _check_action(objects.entry(root, "/OpenAction"), findings)
    if objects.entry(root, "/AA") is not None:
        findings.add("action")
    layers = objects.entry(root, "/OCProperties")
    if layers is None:
        return
    if standard is Standard.X1A:
        findings.add("layers")
        return
    for hidden in objects.items(objects.entry(objects.entry(layers, "/D"), "/OFF")):
        label = objects.text(objects.entry(hidden, "/Name")) or "without a name"
        findings.add("layer-hidden", key=label, what=label)


def _check_action(action: object, findings: Findings) -> None:
    if not isinstance(action, pikepdf.Dictionary):
        return  # an array is a view to open at, not an action
    findings.add("javascript" if objects.name(objects.entry(action, "/S")) == "JavaScript" else "action")


def check_page(page: pikepdf.Object, frame: PageFrame, findings: Findings) -> None:
    """Notes annotations on or near the printed area, and actions of the page."""
    if objects.entry(page, "/AA") is not None:
        findings.add("action")
    for annotation in objects.items(objects.entry(page, "/Annots")):
        subtype = objects.name(objects.entry(annotation, "/Subtype"))
        rectangle = objects.box(objects.entry(annotation, "/Rect"))
        if subtype in _ALLOWED or rectangle is None:
            continue
        box = common(rectangle, frame.bleed)
        if box is not None:
            what = _PLAIN.get(subtype, "comment")
            findings.add("annotation", page=frame.number, place=frame.place(box), key=what, what=what)
