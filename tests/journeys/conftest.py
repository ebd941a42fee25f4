"""The whole of Leaflets, as it runs in earnest: gunicorn, Redis, a press worker and a proof worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from scene import Scene

from leaflets.catalogue import load_library
from leaflets.config import ROOT

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


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, _redis_of_the_session: Any) -> Iterator[House]:
    """Started once; each journey begins with a leaflet of its own."""
    folder = tmp_path_factory.mktemp("house")
    library = load_library(LIBRARY)
    scene = Scene(
        f"sqlite:///{folder / 'leaflets.db'}",
        _redis_of_the_session.url,
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
        for part in (gunicorn, ["workers", "press"], ["workers", "proof"]):
            process = subprocess.Popen(
                [sys.executable, "-m", *part], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            cleanup.callback(process.wait, 30)
            cleanup.callback(process.terminate)
        end = time.monotonic() + 60
        while not _answers(address):
            if time.monotonic() > end:
                pytest.fail(f"The site did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        yield House(address, scene)


@pytest.fixture(scope="session")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait as a camera might give it, sharp enough for its zone."""
    from scene import photo

    file = tmp_path_factory.mktemp("photos") / "portrait.jpg"
    file.write_bytes(photo(1200, 1600).getvalue())
    return file
