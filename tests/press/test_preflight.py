"""Preflight on files that are no PDF, on damage at random, on machines without poppler, and on our own press's work."""

from __future__ import annotations

import errno
import io
import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from unittest import mock

import handmade
import pikepdf
import pytest
from handmade import box, content, text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image

from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.domain.press.problem import Level, Place, has_errors
from leaflets.press.finish import finish
from leaflets.press.preflight import Expectation, Unreadable, ink, page_count, preflight
from leaflets.press.preflight.checks import CHECKS
from leaflets.press.preflight.interpreter import reader_of
from leaflets.press.preflight.lexer import instructions
from leaflets.press.preflight.reader import Budget
from leaflets.press.preflight.streams import TooComplex

X4 = Standard.X4
NO_POPPLER = {"PATH": ""}


def test_what_is_no_pdf_is_refused() -> None:
    for noise in (b"", b"hello", b"\x89PNG\r\n\x1a\n" + b"\0" * 999):
        with pytest.raises(Unreadable, match="not a PDF"):
            preflight(noise, Expectation())


def test_a_pdf_locked_with_a_password_is_refused() -> None:
    locked = handmade.saved(handmade.made(X4), X4, encryption=pikepdf.Encryption(owner="owner", user="user", R=4))
    with pytest.raises(Unreadable, match="password") as refused:
        preflight(locked, Expectation())
    assert refused.value.code == "password"


def test_a_pdf_without_pages_is_refused() -> None:
    buffer = io.BytesIO()
    pikepdf.new().save(buffer)
    with pytest.raises(Unreadable, match="no pages"):
        page_count(buffer.getvalue())


def test_a_pdf_cut_in_its_first_bytes_is_refused() -> None:
    with pytest.raises(Unreadable, match="damaged beyond repair"):
        preflight(handmade.saved(handmade.made(X4), X4)[:90], Expectation())


def test_a_pdf_cut_near_its_end_is_repaired_and_reported() -> None:
    whole = handmade.saved(handmade.made(X4), X4)
    problems = preflight(whole[: whole.rindex(b"xref")], handmade.expectation(X4))
    assert "damaged" in {problem.code for problem in problems}


def test_places_are_in_millimetres_from_the_top_left_of_the_trim() -> None:
    pdf = handmade.made(X4)
    content(pdf, 1, b"1 0 0 rg " + box(60, 40, 20, 10))
    (problem,) = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    assert (problem.page, problem.place) == (2, Place(60.0, 98.0, 20.0, 10.0))


def test_many_marks_with_one_fault_are_one_problem_that_counts_them() -> None:
    pdf = handmade.made(X4)
    for number in range(9):
        content(pdf, 0, text(10, 30 + 5 * number, 5 - number / 10, "voice"))
    (problem,) = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    assert "4.2 pt" in problem.message
    assert "9 places on this page" in problem.message


def test_the_heaviest_spot_of_ink_is_found_where_it_lies() -> None:
    pdf = handmade.made(X4)
    content(pdf, 0, b"1 .9 .8 .7 k %s 1 .9 .8 .5 k %s" % (box(60, 40, 20, 10), box(100, 10, 10, 20)))
    (problem,) = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    place = problem.place
    assert place is not None
    assert [place.x_mm, place.y_mm, place.width_mm, place.height_mm] == pytest.approx([60, 98, 20, 10], abs=2.5)
    assert "340 %" in problem.message


@pytest.mark.parametrize("side_px", [400, 600], ids=["small", "large"])
@pytest.mark.parametrize("inverted", [True, False])
def test_the_ink_of_pictures_is_measured_whichever_way_round_they_are_stored(side_px: int, inverted: bool) -> None:
    """Large JPEGs are measured on a copy a quarter as wide; both ways must agree on what is dark."""
    dark = Image.new("CMYK", (side_px, side_px), (255, 255, 255, 255) if inverted else (0, 0, 0, 0))
    light = 0 if inverted else 255
    dark.paste((light,) * 4, (0, 0, side_px // 2, side_px))
    buffer = io.BytesIO()
    dark.save(buffer, "JPEG", quality=95)
    pdf = handmade.made(X4)
    stored = handmade.picture(pdf, side_px, side_px)
    stored.write(buffer.getvalue(), filter=Name.DCTDecode)
    if not inverted:
        del stored.Decode
    pdf.pages[0].obj.Resources.XObject.Own = stored
    content(pdf, 0, handmade.placed("Own", 40, 20, side_px / 12, side_px / 12))
    (problem,) = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    place = problem.place
    assert (problem.code, place is not None) == ("ink-over-limit", True)
    assert place is not None
    half = side_px / 24
    assert [place.x_mm, place.y_mm, place.width_mm] == pytest.approx([40 + half, 128 - 2 * half, half], abs=2.5)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_ink_is_found_where_it_lies_on_a_page_that_is_turned(turn: int) -> None:
    pdf = handmade.made(X4)
    content(pdf, 0, b"1 .9 .8 .7 k " + box(60, 40, 20, 10))
    pdf.pages[0].obj.Rotate = turn
    problems = preflight(handmade.saved(pdf, X4), replace(handmade.expectation(X4), trim_mm=None))
    (place,) = [problem.place for problem in problems if problem.code == "ink-over-limit"]
    assert place is not None
    assert [place.x_mm, place.y_mm, place.width_mm, place.height_mm] == pytest.approx([60, 98, 20, 10], abs=2.5)


def test_the_limit_of_ink_is_the_printers() -> None:
    pdf = handmade.made(X4)
    content(pdf, 0, b"1 .9 .7 .2 k " + box(60, 40, 20, 10))
    spoilt = handmade.saved(pdf, X4)
    assert preflight(spoilt, handmade.expectation(X4)) == []
    newsprint = replace(handmade.expectation(X4), ink_limit_percent=240)
    assert {problem.code for problem in preflight(spoilt, newsprint)} == {"ink-over-limit"}


def test_plates_are_summed_the_right_way_round() -> None:
    plates = Image.new("CMYK", (4, 4), (255, 128, 0, 64))
    total = ink.coverage(plates).getpixel((1, 1))
    assert isinstance(total, int)
    assert total * 400 / 255 == pytest.approx((255 + 128 + 64) * 100 / 255, abs=2)


def test_without_poppler_areas_are_added_up_and_a_note_says_so() -> None:
    pdf = handmade.made(X4)
    clean = handmade.saved(pdf, X4)
    content(pdf, 0, b"1 .9 .8 .7 k " + box(60, 40, 20, 10))
    with mock.patch.dict(os.environ, NO_POPPLER):
        (note,) = preflight(clean, handmade.expectation(X4))
        problems = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    assert (note.code, note.level) == ("ink-estimated", Level.NOTE)
    assert [problem.code for problem in problems] == ["ink-over-limit", "ink-estimated"]


def test_what_a_file_calls_its_things_cannot_play_tricks_on_the_reader() -> None:
    pdf = handmade.made(X4)
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("\x1b[2J\n{page}" + "x" * 999)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    (problem,) = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    assert problem.code == "layer-hidden"
    assert problem.message.isprintable()
    assert len(problem.message) < 250


def test_every_row_of_the_table_is_complete() -> None:
    for check in CHECKS.values():
        assert check.sentence.endswith("."), check.code
        assert check.source, check.code


@cache
def _small() -> bytes:
    """The clean file with a stub of a profile, so that damage strikes what matters."""
    pdf = handmade.made(X4)
    stub = b"\0" * 12 + b"prtrCMYKLab " + b"\0" * 12 + b"acsp" + b"\0" * 88
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(stub, N=4)
    for page in pdf.pages:
        page.obj.Resources.XObject.Photo = handmade.picture(pdf, 12, 8)
    return handmade.saved(pdf, X4)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    damage=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=12),
    kept=st.one_of(st.just(1.0), st.floats(0.05, 1)),
)
def test_damage_at_random_is_reported_or_refused_and_never_a_traceback(
    damage: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(_small())
    for where, noise in damage:
        start = int(where * (len(data) - len(noise)))
        data[start : start + len(noise)] = noise
    with mock.patch.dict(os.environ, NO_POPPLER), suppress(Unreadable):
        preflight(bytes(data[: int(len(data) * kept)]), handmade.expectation(X4))


_WORDS = (
    *(b"q Q cm w gs g rg k cs scn m l c re f S n W BT ET Tf Tj TJ Td Tm Tr Ts Tz ' \" Do BI ID EI sh BX EX".split()),
    *(
        b"0 1 -1 .5 1e9 99999999999999999999 - + . (a) (\\ ( ) <41 <4> << >> [ ] /F /Over /Photo /Dots % { \n".split(
            b" "
        )
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_WORDS), st.binary(max_size=3)), max_size=60))
def test_no_content_however_senseless_stops_the_reader(words: list[bytes]) -> None:
    page = b" ".join(words)
    assert all(isinstance(operator, bytes) for operator, _ in instructions(page))
    with suppress(TooComplex):
        reader_of((0, 0, 500, 500), Budget(5000), {}).read(page, _open().pages[0].obj.Resources)


@cache
def _open() -> pikepdf.Pdf:
    return handmade.made(X4)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pdf: pdf.pages[0].obj.__setitem__("/Resources", pikepdf.String("none")),
        lambda pdf: pdf.pages[0].obj.__setitem__("/Contents", Array([1, Name.X, Dictionary()])),
        lambda pdf: pdf.pages[0].obj.__setitem__("/Annots", pikepdf.String("none")),
        lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([Name.X, 0, 1e30, -1e30])),
        lambda pdf: pdf.pages[0].obj.Resources.__setitem__("/Font", Array([])),
        lambda pdf: pdf.pages[0].obj.Resources.Font.F.__setitem__("/DescendantFonts", Name.X),
        lambda pdf: pdf.pages[0].obj.Resources.XObject.Photo.__setitem__("/Width", Array([])),
        lambda pdf: pdf.pages[0].obj.Resources.XObject.Photo.__setitem__("/ColorSpace", Array([Array([])])),
        lambda pdf: pdf.Root.__setitem__("/OutputIntents", 7),
        lambda pdf: pdf.Root.__setitem__("/Names", Array([1, 2])),
        lambda pdf: pdf.Root.__setitem__("/OCProperties", pikepdf.String("x")),
        lambda pdf: pdf.trailer.__setitem__("/Info", Array([])),
    ],
)
def test_an_object_of_the_wrong_kind_is_survived(spoil: object) -> None:
    pdf = handmade.made(X4)
    spoil(pdf)  # type: ignore[operator]
    with mock.patch.dict(os.environ, NO_POPPLER):
        preflight(handmade.saved(pdf, X4), handmade.expectation(X4))


def test_content_that_paints_everything_everywhere_ends_in_time() -> None:
    pdf = handmade.made(X4)
    pdf.pages[0].contents_add(b"0 0 600 400 re f " * 60_000)
    with mock.patch.dict(os.environ, NO_POPPLER):
        problems = preflight(handmade.saved(pdf, X4), handmade.expectation(X4))
    assert not has_errors([problem for problem in problems if problem.code != "bleed-not-filled"])


RAW = """<html lang="en-GB"><style>
@color-profile --press { src: url(%s); components: c, m, y, k }
@page { size: 148mm 210mm; margin: 0; bleed: 3mm } body { margin: 0; color: device-cmyk(0 0 0 1); font: 11pt serif }
section { position: relative; width: 148mm; height: 210mm; break-after: page }
section > * { position: absolute; margin: 0 }
div { left: -3mm; top: -3mm; width: 154mm; height: 63mm; background: device-cmyk(1 .6 0 .2) }
h1 { left: 10mm; top: 20mm; color: device-cmyk(0 0 0 0) } p { left: 10mm; top: 80mm; width: 128mm }
</style><section><div></div><h1>Trains that turn up</h1><p>Every street deserves a voice.</p></section>
<section><p>Printed and promoted by nobody at all.</p></section></html>"""


@pytest.mark.parametrize("standard", Standard)
@pytest.mark.parametrize("marks", [False, True], ids=["plain", "marks"])
def test_what_our_own_press_finishes_is_clean(standard: Standard, marks: bool, tmp_path: Path) -> None:
    import weasyprint

    html = weasyprint.HTML(string=RAW % handmade.PROFILE.as_uri())
    raw = html.write_pdf(pdf_variant=f"pdf/{standard.value}", output_intent="--press", uncompressed_pdf=True)
    spec = PressSpec(standard=standard, marks=marks)
    now = datetime(2027, 4, 1, 9, 30, tzinfo=UTC)
    pdf = finish(raw, FORMATS["a5"], spec, title="Trains", job_name="Trains", now=now)
    assert preflight(pdf, Expectation.of(FORMATS["a5"], spec)) == []


def test_what_poppler_leaves_behind_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    preflight(handmade.saved(handmade.made(X4), X4), handmade.expectation(X4))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_for_the_renderer_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    clean = handmade.saved(handmade.made(X4), X4)
    monkeypatch.setattr(Path, "write_bytes", full)
    (note,) = preflight(clean, handmade.expectation(X4))
    assert note.code == "ink-estimated"
    assert "no space left" in note.message


def test_a_renderer_that_hangs_is_stopped_and_a_note_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "pdftoppm"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(ink, "_SECONDS", 1)
    (note,) = preflight(handmade.saved(handmade.made(X4), X4), handmade.expectation(X4))
    assert "took too long" in note.message
