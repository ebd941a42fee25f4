"""A PostgreSQL of the bench's own, where the machine has one: on a socket in a folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_S = 30.0


@contextmanager
def running_postgresql(folder: Path) -> Iterator[str | None]:
    """The URL of an empty database on a server with the settings it comes with; `None` where none is installed.

    It refuses to run as root, so root starts it as the user postgres. What it says goes to `folder`/postgresql.log.
    """
    programs = _programs()
    if programs is None:
        yield None
        return
    as_user: dict[str, Any] = {}
    home = Path(tempfile.mkdtemp(prefix="leaflets-pg-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        os.chown(home, account.pw_uid, account.pw_gid)
    data = home / "data"
    try:
        with (folder / "postgresql.log").open("wb") as log:
            streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "cwd": home}
            create = [
                str(programs / "initdb"),
                "-D",
                str(data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ]
            subprocess.run(create, check=True, **streams, **as_user)
            options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={home}"]
            server = subprocess.Popen([str(programs / "postgres"), "-D", str(data), *options], **streams, **as_user)
            try:
                _wait(programs, home)
                yield f"postgresql+psycopg://postgres@/postgres?host={home}"
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(timeout=PATIENCE_S)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path | None:
    """The folder of the newest server that is installed."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    folders.sort(key=lambda each: float(each.parent.name))
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    return next((each for each in reversed(folders) if (each / "postgres").exists()), None)


def _wait(programs: Path, home: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while subprocess.run([programs / "pg_isready", "-q", "-h", home], check=False).returncode:
        if time.monotonic() > end:
            raise TimeoutError("PostgreSQL did not start; see postgresql.log.")
        time.sleep(0.1)
