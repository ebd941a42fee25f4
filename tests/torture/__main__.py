"""`python -m torture --moments 100 [--seed 7] [--postgresql]`: findings as one line of JSON at the end."""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from conftest import BROWSER_ARGS, RedisServer
from house import running
from playwright.sync_api import sync_playwright

from leaflets.bench.postgresql import running_postgresql
from torture.line import Line
from torture.run import torture

CHROMIUM = "/usr/bin/chromium"


def main() -> int:
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    asked = parser.parse_args()
    print(f"Seed {asked.seed}", file=sys.stderr, flush=True)
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="leaflets-torture-")))
        database: Path | Line = folder / "leaflets.db"
        urls = {}
        if asked.postgresql:
            url = cleanup.enter_context(running_postgresql(folder))
            if url is None:
                parser.error("PostgreSQL is not installed here.")
            socket_folder = url.rpartition("host=")[2]
            (folder / "pg").mkdir()
            database = Line(f"{socket_folder}/.s.PGSQL.5432", f"{folder}/pg/.s.PGSQL.5432")
            urls = {"database_url": url, "served_url": f"{url.rpartition('=')[0]}={folder}/pg"}
        redis = RedisServer(folder)
        redis.start()
        cleanup.callback(redis.stop)
        house = cleanup.enter_context(running(folder, redis.url, **urls))
        playwright = cleanup.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(BROWSER_ARGS))
        cleanup.callback(browser.close)
        findings = torture(
            house,
            redis,
            browser,
            database,
            moments=asked.moments,
            seed=asked.seed,
            tell=lambda words: print(words, file=sys.stderr, flush=True),
        )
    print(json.dumps(findings.as_json(), ensure_ascii=False), flush=True)
    return 0 if findings.good else 1


if __name__ == "__main__":
    sys.exit(main())
