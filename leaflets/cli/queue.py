"""`leaflets queue`: the open print orders in the order of the press, and whether all make it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from leaflets.domain.press.forecast import Expected, Outlook

LONDON = ZoneInfo("Europe/London")
SHOWN = 50


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="With so many press workers; as many as this machine has processors when left out.",
)
@click.option("--all", "everything", is_flag=True, help=f"All orders, not only the first {SHOWN}.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, with every order.")
def queue(workers: int | None, everything: bool, as_json: bool) -> None:
    """The open print orders: place, expected finish, deadline; who is at risk, and how many workers would do."""
    from leaflets.config import Config
    from leaflets.services.press import press_queue
    from leaflets.storage.session import open_sessions

    now = datetime.now(UTC)
    with open_sessions(Config.from_env().database_url)() as session:
        seen = press_queue.outlook(session, now=now, workers=workers or os.cpu_count() or 1)
    click.echo(_as_json(seen, now) if as_json else _as_table(seen, SHOWN if not everything else len(seen.orders)))


def _as_json(seen: Outlook, now: datetime) -> str:
    return json.dumps(
        {
            "at": now.isoformat(),
            "workers": seen.workers,
            "workers_needed": seen.workers_needed,
            "everything_makes_it": seen.everything_makes_it,
            "orders": [
                {
                    "order": each.number,
                    "place": each.place,
                    "expected_finish": each.finish.isoformat(),
                    "needed_by": each.needed_by.isoformat(),
                    "at_risk": each.at_risk,
                    "late": each.late,
                }
                for each in seen.orders
            ],
        },
        indent=2,
    )


def _as_table(seen: Outlook, most: int) -> str:
    if not seen.orders:
        return "No print order is open."
    lines = [f"{'place':>6}  {'order':>7}  {'expected finish':<19}  {'needed by':<19}"]
    lines += [_line(each) for each in seen.orders[:most]]
    if len(seen.orders) > most:
        lines.append(f"… and {len(seen.orders) - most:,} more; --all shows them.")
    return "\n".join([*lines, "", *_verdict(seen)])


def _line(each: Expected) -> str:
    remark = "  late" if each.late else "  at risk" if each.at_risk else ""
    place = str(each.place) if each.place else "now"
    return f"{place:>6}  {each.number:>7}  {_moment(each.finish):<19}  {_moment(each.needed_by):<19}{remark}"


def _verdict(seen: Outlook) -> list[str]:
    workers = f"{seen.workers} worker{'' if seen.workers == 1 else 's'}"
    if not seen.at_risk:
        enough = "" if seen.workers_needed == seen.workers else f" {seen.workers_needed} would do."
        return [f"Everything makes it with {workers}.{enough}"]
    names = ", ".join(str(each.number) for each in seen.at_risk[:20]) + (", …" if len(seen.at_risk) > 20 else "")
    said = [f"With {workers}, {len(seen.at_risk)} of {len(seen.orders)} are late or at risk: {names}."]
    if seen.workers_needed is None:
        said.append("More workers alone do not help: move a deadline, or take orders elsewhere.")
    elif seen.workers_needed > seen.workers:
        said.append(f"{seen.workers_needed} workers would do.")
    else:
        said.append("More workers would not help: these were ordered too late.")
    return said


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day:>2} {local:%b} {local:%H:%M:%S}"
