"""Every figure of the bench, measured in one run; also the ones that fall short."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from leaflets.bench import peers
from leaflets.bench.approvals import approval_figures
from leaflets.bench.claim import claim_figures
from leaflets.bench.clock import clock_figures
from leaflets.bench.page import peers_page
from leaflets.bench.proof_figures import proof_figures
from leaflets.bench.studio_house import Commands
from leaflets.bench.ticket import ticket_figures
from leaflets.bench.timing import Timing, in_turn, peak_memory_mb
from leaflets.bench.typing_figures import typing_figures
from leaflets.bench.work import Work, prepare
from leaflets.domain.press.printing import Purpose
from leaflets.domain.press.proof import Look
from leaflets.press.render import render_order, render_print, render_proof

Figures = dict[str, dict[str, float]]


def measure(folder: Path, commands: Commands, *, runs: int) -> Figures:
    """Print and proof beside their peers, and the memory of a render. Files go to `folder`. Seconds and megabytes.

    `commands` are those that `leaflets up` starts its parts with.
    """
    work = prepare(folder)
    made = folder / "renditions"
    html = peers_page(work, folder / "page.html")
    figures = _print(work, html, made, runs)
    figures["proof"] = _proof(work, html, made, runs)
    figures["memory"] = {  # before this process, of which each render is a child, has grown by what it measures
        "print_peak_mb": peak_memory_mb(lambda: _to_print(work, made)),
        "proof_peak_mb": peak_memory_mb(lambda: _to_proof(work, made)),
    }
    figures["studio_proof"] = proof_figures(folder / "studio-proof", commands, runs=runs)
    figures["ticket"] = ticket_figures(folder, runs=runs)
    figures["claim"] = claim_figures(folder, runs=runs)
    figures["approvals"] = approval_figures(folder, commands, runs=runs)
    figures |= clock_figures(seeds=runs)
    figures |= typing_figures(folder, commands, runs=runs)
    return figures


def _to_print(work: Work, cache: Path) -> None:
    """A print-ready PDF: pictures placed, set, finished and judged."""
    printed = render_print(work.inputs(Purpose.PRINT), cache, datetime.now(UTC))
    (work.folder / "ours.pdf").write_bytes(printed.pdf)


def _to_proof(work: Work, cache: Path) -> None:
    render_proof(work.inputs(Purpose.PROOF), cache)


def _print(work: Work, html: Path, made: Path, runs: int) -> Figures:
    never = (work.folder / f"none-made-{number}" for number in itertools.count())
    contenders: dict[str, Callable[[], object]] = {
        "print": lambda: _to_print(work, made),
        "print_none_made": lambda: _to_print(work, next(never)),
        "order": lambda: render_order(work.inputs(Purpose.PRINT), made, datetime.now(UTC)),
        "weasyprint": lambda: peers.weasyprint_as_it_comes(html, work.folder / "weasyprint.pdf"),
    }
    if peers.ghostscript_found():
        contenders["ghostscript"] = lambda: peers.weasyprint_then_ghostscript(html, work.folder / "ghostscript.pdf")
    if peers.chromium_path():
        contenders["chromium"] = lambda: peers.chromium_prints(html, work.folder / "chromium.pdf")
    timed = in_turn(contenders, runs=runs, warm_up=1)
    ours = timed.pop("print")
    none_made = timed.pop("print_none_made")
    order = timed.pop("order")
    figures: Figures = {
        "print": {
            "median_s": ours.median_s,
            "none_made_median_s": none_made.median_s,
            "with_page_images_median_s": order.median_s,
        },
        "peers": {f"{name}_median_s": timing.median_s for name, timing in timed.items()},
    }
    figures["print"] |= _ratios(ours, timed)
    figures["print"] |= _ratios(none_made, timed, prefix="none_made_")
    return figures


def _proof(work: Work, html: Path, made: Path, runs: int) -> dict[str, float]:
    timed = in_turn(
        {
            "proof": lambda: _to_proof(work, made),
            "weasyprint": lambda: peers.weasyprint_and_page_images(html, work.folder / "preview.pdf", Look.SCREEN.ppi),
        },
        runs=runs,
    )
    ours = timed.pop("proof")
    return {"median_s": ours.median_s, "peer_median_s": timed["weasyprint"].median_s} | _ratios(ours, timed)


def _ratios(ours: Timing, others: dict[str, Timing], *, prefix: str = "") -> dict[str, float]:
    """How many times longer each of the others took."""
    return {f"{prefix}ratio_vs_{name}": ours.ratio_over(timing) for name, timing in others.items()}
