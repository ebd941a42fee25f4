"""The whole of Leaflets, as it runs in earnest: gunicorn, a press worker and a proof worker, on a real Redis."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from scene import Scene

from leaflets.catalogue import load_library
from leaflets.config import ROOT

START_S = 150  # seconds; a busy machine takes a while to import everything
LIBRARY = ROOT / "tests" / "data" / "library"


@dataclass(frozen=True)
class House:
    """A running site; `scene` looks into its database."""

    address: str
    scene: Scene


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def running(folder: Path, redis_url: str) -> Iterator[House]:
    """A house that keeps everything in `folder`, started now and stopped at the end."""
    library = load_library(LIBRARY)
    scene = Scene(
        f"sqlite:///{folder / 'leaflets.db'}",
        redis_url,
        template=library.template("card"),
        kit=library.kit("plain"),
        now=datetime.now(UTC),
    )
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEAFLETS_")} | {
        "LEAFLETS_DEMO": "1",
        "LEAFLETS_DATABASE_URL": scene.url,
        "LEAFLETS_REDIS_URL": scene.redis_url,
        "LEAFLETS_DATA": str(folder / "data"),
        "LEAFLETS_LIBRARY": str(LIBRARY),
        "LEAFLETS_BASE_URL": address,
    }
    gunicorn = ["gunicorn", "wsgi:app", "--chdir", str(ROOT), "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    log = folder / "log"
    with ExitStack() as cleanup:
        output = cleanup.enter_context(log.open("ab"))
        parts = []
        for part in (gunicorn, ["workers", "press"], ["workers", "proof"]):
            process = subprocess.Popen(
                [sys.executable, "-m", *part], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            parts.append(process)
            cleanup.callback(process.wait, 30)
            cleanup.callback(process.terminate)
        end = time.monotonic() + START_S
        while not _answers(address):
            if time.monotonic() > end or any(process.poll() is not None for process in parts):
                pytest.fail(f"The site did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        yield House(address, scene)
