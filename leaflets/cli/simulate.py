"""`leaflets simulate`: the press queue of a general election, under our policy and under others."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leaflets.simulation.table import Election, Row

POLICIES = ("edf", "plain-edf", "rq-lanes", "fifo")
SHORTEST_LEAD_MIN = 30


@click.command()
@click.option("--seats", default=650, show_default=True, type=click.IntRange(1, 650), help="Constituencies.")
@click.option("--workers", default=3, show_default=True, type=click.IntRange(1, 256), help="Press workers.")
@click.option(
    "--load",
    default=0.98,
    show_default=True,
    type=click.FloatRange(0, 5, min_open=True),
    help="Demand over capacity in the fullest stretch of time.",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    type=click.Choice(POLICIES),
    help="edf is the press's own. Repeat for several; all when left out, one with --json.",
)
@click.option("--seed", default=1, show_default=True, help="The first seed.")
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(1, 10_000), help="How many, from --seed on.")
@click.option(
    "--shortest-lead",
    default=SHORTEST_LEAD_MIN,
    show_default=True,
    type=click.IntRange(0, 600),
    help="Minutes before a cut-off after which orders get the next one.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a seed and policy, one a line.")
def simulate(
    seats: int,
    workers: int,
    load: float,
    policies: tuple[str, ...],
    seed: int,
    seeds: int,
    shortest_lead: int,
    as_json: bool,
) -> None:
    """Play a general election's print orders through, and count the deadlines that are missed.

    The bound is a number of missed deadlines that no schedule can beat, not even one that knows the future and may
    interrupt renders.
    """
    from leaflets.simulation.table import play_elections, rows

    chosen = policies or (POLICIES[:1] if as_json else POLICIES)
    elections = play_elections(
        range(seed, seed + seeds),
        seats=seats,
        workers=workers,
        load=load,
        policies=chosen,
        shortest_lead=timedelta(minutes=shortest_lead),
    )
    given = {"seats": seats, "workers": workers, "load": load}
    if as_json:
        for each in elections:
            for result in each.results.values():
                more = {"utilisation": each.utilisation, "render_scale": each.render_scale}
                click.echo(json.dumps(given | {"seed": each.seed} | asdict(result) | more))
        return
    click.echo(_table(elections, rows(elections)))


def _table(elections: Sequence[Election], rows: Sequence[Row]) -> str:
    seeds = len(elections)
    used = sum(each.utilisation for each in elections) / seeds
    head = f"{seeds} election{'s' if seeds > 1 else ''}, {rows[0].orders:,} orders, {used:.0%} of all the time used"
    lines = [f"{'':<20}{'missed':>9}{'worst late':>12}{'wait, median':>14}{'95 %':>9}{'99 %':>9}"]
    lines.append(f"{'no schedule beats':<20}{rows[0].bound:>9,}")
    lines += [
        f"{row.policy:<20}{row.missed:>9,}{_span(row.worst_lateness_s):>12}{_span(row.wait_p50_s):>14}"
        f"{_span(row.wait_p95_s):>9}{_span(row.wait_p99_s):>9}"
        for row in rows
    ]
    beyond = [
        f"{row.policy} missed more than the bound in {row.beyond_bound} of {seeds}." for row in rows if row.beyond_bound
    ]
    return "\n".join([head, "", *lines, "", *(beyond or ["Nobody missed more than the bound."])])


def _span(seconds: float) -> str:
    """`12 s`, `3 min`, `2.5 h`."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"
