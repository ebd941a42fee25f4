"""Preflight: reads the finished bytes of any PDF, not our intentions, and says what a printer would refuse.

    expectation   what the PDF should be
    checks        every check in one table: code, level, sentence, source
    document      opening it; Unreadable
    lexer → reader → scene
                  one reading of each page's content into a flat list of marks; what operators do is in graphics,
                  colouring, paths, placing and showing (all in interpreter), what they refer to in resources,
                  spaces and fonts
    metadata, intent, interactive, boxes, colour, pictures, type_rules, overprint, position, bleed, damage,
    ink (on the miniature)
                  each judges one aspect of the document, the boxes or the scene
    findings      brings the findings together into problems

Hostile files are bounded in depth, operators and unpacked size; see `streams` and `reader`.
"""

from __future__ import annotations

from itertools import islice

import pikepdf

from leaflets.domain.press.printing import Standard
from leaflets.domain.press.problem import Problem
from leaflets.press.preflight import (
    bleed,
    boxes,
    colour,
    damage,
    ink,
    intent,
    interactive,
    metadata,
    overprint,
    pictures,
    position,
    type_rules,
)
from leaflets.press.preflight.checks import CHECKS
from leaflets.press.preflight.document import MAX_PAGES, Unreadable, content_of, inherited, opened
from leaflets.press.preflight.expectation import Expectation
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame
from leaflets.press.preflight.grounds import Grounds
from leaflets.press.preflight.interpreter import reader_of
from leaflets.press.preflight.miniature import miniature
from leaflets.press.preflight.reader import Budget
from leaflets.press.preflight.scene import Scene
from leaflets.press.preflight.streams import Damaged, TooComplex

__all__ = ["Expectation", "Unreadable", "page_count", "preflight"]

_MALFORMED = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, RuntimeError)


def preflight(pdf: bytes, expect: Expectation) -> list[Problem]:
    """What is wrong with this PDF as a thing to print, errors first; an empty list when nothing is.

    Raises Unreadable when it is no PDF or cannot be opened.
    """
    findings = Findings()
    with opened(pdf) as document:
        _check(document, pdf, expect, findings)
    return findings.problems()


def page_count(pdf: bytes) -> int:
    """How many pages it has. Raises Unreadable as `preflight` does."""
    with opened(pdf) as document:
        return len(document.pages)


def _check(document: pikepdf.Pdf, pdf: bytes, expect: Expectation, findings: Findings) -> None:
    said = metadata.read(document)
    standard = expect.standard or said.standard
    try:
        _check_document(document, pdf, said, standard, expect, findings)
        frames = [
            boxes.frame_of(page.obj, number, expect, findings)
            for number, page in enumerate(islice(document.pages, MAX_PAGES), 1)
        ]
    except _MALFORMED:
        findings.add("damaged", what="its structure is broken")
        return
    boxes.compare(frames, findings)
    longest = max(
        side for frame in frames for side in (frame.media[2] - frame.media[0], frame.media[3] - frame.media[1])
    )
    light = miniature(pdf)
    with ink.rendering(light.pdf, len(frames), longest) as rendered:
        pages = _read_pages(document, frames, standard, expect, findings)
        damage.check(document, pages, light.broken, standard, findings)
        if not findings.has("too-complex"):  # poppler would choke on it too
            ink.check(rendered, pages, expect, findings)


def _check_document(
    document: pikepdf.Pdf,
    pdf: bytes,
    said: metadata.Metadata,
    standard: Standard,
    expect: Expectation,
    findings: Findings,
) -> None:
    if document.is_encrypted:
        findings.add("encrypted")
    count = len(document.pages)
    if count > MAX_PAGES:
        findings.add("too-complex", what=f"A file of {count} pages")
    if expect.pages is not None and count != expect.pages:
        findings.add("page-count", found=count, s="" if count == 1 else "s", expected=expect.pages)
    metadata.check(document, pdf, said, standard, findings)
    metadata.check_content(said, expect.content, findings)
    intent.check(document, standard, findings)
    interactive.check_document(document, standard, findings)


def _read_pages(
    document: pikepdf.Pdf, frames: list[PageFrame], standard: Standard, expect: Expectation, findings: Findings
) -> list[tuple[PageFrame, Scene]]:
    """Reads and judges each page; one that cannot be read is a finding and an empty scene."""
    budget, shared = Budget(), dict[object, object]()
    pages = []
    for frame, page in zip(frames, document.pages, strict=False):
        reader = reader_of(frame.media, budget, shared)
        try:
            interactive.check_page(page.obj, frame, findings)
            reader.blending_space(page.obj)
            reader.read(content_of(page.obj), inherited(page.obj, "/Resources"))
        except TooComplex:
            findings.add("too-complex", page=frame.number, what="This page")
        except Damaged:
            findings.add("content-broken", page=frame.number, what="they cannot be unpacked")
        except (*_MALFORMED, RecursionError):
            findings.add("damaged", page=frame.number, what="this page is broken")
        _judge(reader.scene, frame, standard, expect, findings)
        pages.append((frame, reader.scene))
    return pages


def _judge(scene: Scene, frame: PageFrame, standard: Standard, expect: Expectation, findings: Findings) -> None:
    """Everything that can be said of one page from what it paints."""
    grounds = Grounds(scene)
    colour.check(scene, frame, standard, findings)
    pictures.check(scene, frame, expect, findings)
    type_rules.check(scene, grounds, frame, findings)
    overprint.check(scene, grounds, frame, findings)
    position.check(scene, frame, expect, findings)
    bleed.check(scene, frame, expect, findings)
    for font in scene.fonts.values():
        if font.type3:
            findings.add("font-drawn", page=frame.number, key=font.name, what=font.name)
        elif not font.embedded:
            findings.add("font-not-embedded", page=frame.number, key=font.name, what=font.name)
    for sighting in scene.sightings:
        if CHECKS[sighting.code].only not in (None, standard):
            continue
        place = frame.place(sighting.box) if sighting.box else None
        key = "" if sighting.code == "content-broken" else sighting.what
        findings.add(sighting.code, page=frame.number, place=place, key=key, what=sighting.what)
