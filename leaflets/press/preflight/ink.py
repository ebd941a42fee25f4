"""How much ink lies on the paper: the page rendered to four plates by poppler, and each pixel's plates summed.

Poppler (GPL) runs as a process of its own, two at once, while the content is being read. Where it is missing or fails,
the sums of plain areas are judged instead, and a note says so.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from leaflets.press.preflight.expectation import Expectation
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import Box, PageFrame
from leaflets.press.preflight.scene import Kind, Scene

PPI = 60
_SPOT_PX = 3  # an area must be this wide and high to count: 1.3 mm at 60 ppi, wider than a stroke of text type
_MOST_PIXELS = 3000  # along the longer side
_SECONDS = 30
_MEMORY_BYTES = 1 << 30
_TOLERANCE_PERCENT = 5  # the plates come as JPEG in 256 steps
_LEAST_AREA_PT = 5.0


@dataclass(slots=True)
class Rendering:
    """Pages on their way to plates. `failure` says why there are none."""

    folder: Path | None = None
    processes: tuple[subprocess.Popen[bytes], ...] = ()
    failure: str = ""

    def plates(self, page: int, pages: int) -> Image.Image | None:
        """The four plates of a page that counts from 1, or None."""
        if self.folder is None:
            return None
        path = self.folder / f"page-{page:0{len(str(pages))}d}.jpg"
        if not path.exists():
            return None
        try:
            image = Image.open(path)
            image.load()
        except OSError:
            return None
        return image if image.mode == "CMYK" else None

    def wait(self) -> None:
        """Returns when poppler has finished; stops it when it takes too long."""
        until = time.monotonic() + _SECONDS
        for process in self.processes:
            try:
                code = process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _stop(process)
                self.failure = "rendering took too long"
            else:
                if code:
                    self.failure = self.failure or "the renderer could not read the file"


@contextmanager
def rendering(pdf: bytes, pages: int, longest_pt: float) -> Iterator[Rendering]:
    """Starts rendering in the background. `longest_pt` is the longest side of any page."""
    ppi = min(PPI, _MOST_PIXELS * 72 / max(longest_pt, 72.0))
    with ExitStack() as until_judged:
        try:
            rendered = _begun(pdf, pages, ppi, until_judged)
        except OSError as error:
            rendered = Rendering(failure=f"poppler could not be started ({(error.strerror or 'no reason').lower()})")
        yield rendered


def _begun(pdf: bytes, pages: int, ppi: float, until_judged: ExitStack) -> Rendering:
    program = shutil.which("pdftoppm")
    if program is None:
        return Rendering(failure="poppler is not installed")
    folder = Path(until_judged.enter_context(tempfile.TemporaryDirectory(prefix="leaflets-ink-")))
    (folder / "file.pdf").write_bytes(pdf)
    half = (pages + 1) // 2
    processes = []
    for first, last in ((1, half), (half + 1, pages)):
        if first <= last:
            processes.append(_start(program, folder, ppi, first, last))
            until_judged.callback(_stop, processes[-1])
    return Rendering(folder, tuple(processes))


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()


def _start(program: str, folder: Path, ppi: float, first: int, last: int) -> subprocess.Popen[bytes]:
    options = ("-jpegcmyk", "-overprint", "-q", "-r", f"{ppi:.3f}")
    process = subprocess.Popen(
        (program, *options, "-f", str(first), "-l", str(last), str(folder / "file.pdf"), str(folder / "page")),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for limit, most in ((resource.RLIMIT_AS, _MEMORY_BYTES), (resource.RLIMIT_CPU, _SECONDS)):
        try:
            resource.prlimit(process.pid, limit, (most, most))
        except (ProcessLookupError, PermissionError, ValueError):
            break  # it has ended already, or a stricter limit is in force
    return process


def check(rendered: Rendering, pages: list[tuple[PageFrame, Scene]], expect: Expectation, findings: Findings) -> None:
    """Notes the heaviest spot of each page above the limit, inside the bleed."""
    rendered.wait()
    failure = rendered.failure
    for frame, scene in pages:
        plates = None if failure else rendered.plates(frame.number, len(pages))
        if plates is None:
            failure = failure or "the renderer gave no plates"
            _check_areas(frame, scene, expect, findings)
        else:
            _check_plates(plates.rotate(frame.turned, expand=True), frame, expect, findings)
    if failure:
        findings.add("ink-estimated", what=failure)


def _check_plates(plates: Image.Image, frame: PageFrame, expect: Expectation, findings: Findings) -> None:
    scale = plates.width / (frame.media[2] - frame.media[0])
    left = max(0, round((frame.bleed[0] - frame.media[0]) * scale))
    top = max(0, round((frame.media[3] - frame.bleed[3]) * scale))
    right = min(plates.width, left + round((frame.bleed[2] - frame.bleed[0]) * scale))
    bottom = min(plates.height, top + round((frame.bleed[3] - frame.bleed[1]) * scale))
    if right - left < _SPOT_PX or bottom - top < _SPOT_PX:
        return
    total = coverage(plates.crop((left, top, right, bottom)))
    threshold = (expect.ink_limit_percent + _TOLERANCE_PERCENT) * 255 / 400
    if _most(total) <= threshold:
        return
    broad = total.filter(ImageFilter.MinFilter(_SPOT_PX))
    heaviest = _most(broad)
    if heaviest <= threshold:
        return
    box = _spot(broad, threshold)
    spot = (
        frame.bleed[0] + box[0] / scale,
        frame.bleed[3] - box[3] / scale,
        frame.bleed[0] + box[2] / scale,
        frame.bleed[3] - box[1] / scale,
    )
    found = heaviest * 400 / 255
    findings.add(
        "ink-over-limit", page=frame.number, place=frame.place(spot), found=found, expected=expect.ink_limit_percent
    )


def coverage(plates: Image.Image) -> Image.Image:
    """The sum of the four plates at each pixel: 255 stands for 400 %."""
    cyan, magenta, yellow, black = plates.split()
    return ImageChops.add(ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2), 2)


def _most(image: Image.Image) -> int:
    """The highest value in an image of one plate."""
    counts = image.histogram()
    return max((value for value in range(256) if counts[value]), default=0)


def _spot(broad: Image.Image, threshold: float) -> tuple[int, int, int, int]:
    """The box round the connected area that holds the heaviest pixel, found on a coarse grid of cells."""
    heaviest = _most(broad)
    peak = broad.point(lambda value: 255 if value >= heaviest else 0).getbbox() or (0, 0, 1, 1)
    cell = max(1, max(broad.size) // 160)
    over = broad.point(lambda value: 255 if value > threshold else 0).reduce(cell)
    pixels = over.load()
    assert pixels is not None
    row = next(x for x in range(peak[0], peak[2]) if broad.getpixel((x, peak[1])) == heaviest)
    start = (min(row // cell, over.width - 1), min(peak[1] // cell, over.height - 1))
    waiting, seen = [start], {start}
    while waiting:
        x, y = waiting.pop()
        for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if near not in seen and 0 <= near[0] < over.width and 0 <= near[1] < over.height and pixels[near]:
                seen.add(near)
                waiting.append(near)
    xs, ys = [x for x, _ in seen], [y for _, y in seen]
    return (
        min(xs) * cell,
        min(ys) * cell,
        min((max(xs) + 1) * cell, broad.width),
        min((max(ys) + 1) * cell, broad.height),
    )


def _check_areas(frame: PageFrame, scene: Scene, expect: Expectation, findings: Findings) -> None:
    for mark in scene.marks:
        if mark.inks is None or mark.inner or mark.kind not in (Kind.AREA, Kind.GRADIENT):
            continue
        found = sum(mark.inks) * 100
        if found > expect.ink_limit_percent + 0.5 and _wide(mark.box):
            findings.add(
                "ink-over-limit",
                page=frame.number,
                place=frame.place(mark.box),
                worse=found,
                found=found,
                expected=expect.ink_limit_percent,
            )


def _wide(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= _LEAST_AREA_PT
