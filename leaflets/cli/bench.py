"""`leaflets bench`: our figures beside the peers', on the same work in the same run."""

from __future__ import annotations

import json
import logging
import signal
import tempfile
from pathlib import Path

import click
import structlog

# Row: figure, what it should reach, and whether more is better. Shown beside what was measured, never enforced.
AIMS = (
    ("print.ratio_vs_ghostscript", 10.0, True),
    ("print.ratio_vs_weasyprint", 3.0, True),
    ("print.none_made_ratio_vs_ghostscript", 1.0, True),
    ("proof.median_s", 0.25, False),
    ("proof.ratio_vs_weasyprint", 4.0, True),
    ("studio_proof.chromium_median_ms", 700.0, False),
    ("studio_proof.chromium_p95_ms", 1500.0, False),
    ("studio_proof.ratio_vs_usual_preview", 2.0, True),
    ("ticket.median_s", 0.05, False),
    ("claim.sqlite_ms", 10.0, False),
    ("claim.postgresql_ms", 10.0, False),
    ("approvals.sqlite_queue_of_nation_ms", 150.0, False),
    ("approvals.sqlite_review_ms", 150.0, False),
    ("approvals.sqlite_board_ms", 150.0, False),
    *(
        (f"approvals.{database}_{page}_page_ms", 150.0, False)
        for database in ("sqlite", "postgresql")
        for page in ("queue_of_region", "queue_of_nation", "queue_found", "review", "waiting", "record_of_nobody")
    ),
    ("approvals.postgresql_queue_of_nation_ms", 150.0, False),
    ("approvals.postgresql_review_ms", 150.0, False),
    ("approvals.postgresql_board_ms", 150.0, False),
    ("timetable.year_s", 1.0, False),
    ("simulate.edf_beyond_bound", 0.0, False),
    ("typing.one_p95_ms", 150.0, False),
    ("typing.fifty_p95_ms", 300.0, False),
    ("typing.fifty_failed", 0.0, False),
    ("typing.postgresql_fifty_p95_ms", 300.0, False),
    ("first_load.script_and_style_kb", 200.0, False),
    ("first_load.usable_s", 1.0, False),
    ("memory.print_peak_mb", 350.0, False),
)


@click.command()
@click.option("--runs", default=10, show_default=True, type=click.IntRange(3, 100), help="Counted runs of each.")
@click.option("--json", "as_json", is_flag=True, help="End with one JSON object of every figure and ratio.")
def bench(runs: int, as_json: bool) -> None:
    """Measure the press and the proofs against WeasyPrint, Ghostscript and Chromium. Takes a few minutes."""
    from leaflets.bench.figures import measure
    from leaflets.cli.up import commands

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it ends all that it started
    # The table is what is read; that its claims find no Redis to wake is nobody's news.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix="leaflets-bench-") as folder:
        figures = measure(Path(folder), commands, runs=runs)
    flat = {f"{group}.{name}": value for group, row in figures.items() for name, value in row.items()}
    aims = {name: (aim, more) for name, aim, more in AIMS}
    for name, value in flat.items():
        click.echo(f"{name:<40}{value:>10.3f}{_beside(value, *aims[name]) if name in aims else ''}")
    for name in aims.keys() - flat.keys():
        click.echo(f"{name:<40}{'–':>10}   not measured: its peer is not installed")
    if as_json:
        click.echo(json.dumps({name: round(value, 5) for name, value in flat.items()}))


def _beside(value: float, aim: float, more_is_better: bool) -> str:
    reached = value >= aim if more_is_better else value <= aim
    return f"   {'reaches' if reached else 'FALLS SHORT OF'} {'≥' if more_is_better else '≤'} {aim:g}"
