"""What whole pages cost a running site, from the request to its last byte, when much waits and much is on record."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from leaflets.bench.studio_house import PATIENCE_S, Commands, signed_in, wait_for
from leaflets.bench.ticket import running
from leaflets.domain.errors import Unavailable
from leaflets.redis_server import free_port
from leaflets.services.signing_in import sign_in
from leaflets.storage.session import open_sessions

FIRST_PORT = 6890

# Row: a page, who looks at it, where it stands. The people are those of leaflets.bench.approvals.
PAGES = (
    ("home", 1, "/"),
    ("queue_of_region", 2, "/approvals"),
    ("queue_of_nation", 1, "/approvals?whose=below"),
    ("queue_second", 1, "/approvals?whose=below&page=2"),
    ("queue_found", 1, "/approvals?whose=below&find=Seat+12"),
    ("review", 1, "/approvals/40"),
    ("waiting", 1, "/offices/1/waiting"),
    ("record", 3, "/offices/1/record"),
    ("record_of_nobody", 3, "/offices/1/record?who=nobody+has+this+name"),
    ("record_of_days", 3, "/offices/1/record?since=2020-01-01&until=2099-12-31"),
    ("places", 3, "/offices/1/places"),
    ("places_found", 3, "/offices/1/places?find=Seat+12"),
    ("people", 3, "/offices/1/people"),
    ("messages", 3, "/messages"),
    ("access", 3, "/access"),
)


def page_figures(folder: Path, commands: Commands, database_url: str, *, runs: int) -> dict[str, float]:
    """Milliseconds of each page, the median of `runs` and the worst, on a database that is filled.

    `commands` are those that `leaflets up` starts its parts with; there is no Redis, for these pages need none.
    """
    figures: dict[str, float] = {}
    with _site(folder, commands, database_url) as port:
        cookies = {who: _cookie(database_url, port, who) for who in sorted({who for _, who, _ in PAGES})}
        for name, who, path in PAGES:
            _look(port, cookies[who], path)  # everything is loaded then
            taken = [_look(port, cookies[who], path) for _ in range(runs)]
            figures |= {f"{name}_page_ms": statistics.median(taken), f"{name}_page_worst_ms": max(taken)}
    return figures


@contextmanager
def _site(folder: Path, commands: Commands, database_url: str) -> Iterator[int]:
    port = free_port("127.0.0.1", FIRST_PORT)
    settings = {
        "LEAFLETS_DEMO": "1",
        "LEAFLETS_DATA": str(folder),
        "LEAFLETS_DATABASE_URL": database_url,
        "LEAFLETS_REDIS_URL": "redis://127.0.0.1:1/0",
        "LEAFLETS_PROXIES": "1",
    }
    with running(commands(f"127.0.0.1:{port}")["web"], settings, folder / "pages.log"):
        wait_for(port)
        yield port


def _cookie(database_url: str, port: int, who: int) -> str:
    with open_sessions(database_url, pooled=False)() as session:
        code = sign_in.make_code(session, actor="leaflets bench", now=datetime.now(UTC), email=f"p{who}@bench.example")
    return signed_in(port, code, who)


def _look(port: int, cookie: str, path: str) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    start = time.perf_counter()
    line.request("GET", path, headers={"Cookie": cookie})
    answer = line.getresponse()
    answer.read()
    taken = (time.perf_counter() - start) * 1000
    line.close()
    if answer.status != 200:
        raise Unavailable(f"The bench was answered {answer.status} at {path}.", "See the log of its site.")
    return taken
