"""`leaflets up`: the whole of Leaflets on one machine, in the foreground, until Ctrl-C.

Honcho runs the parts side by side and shows what each says. When one part ends, all end: a site whose press has died
in silence is worse than one that is plainly down.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from leaflets.cli.migrate import bring_up_to_date
from leaflets.config import ROOT, Config
from leaflets.redis_server import free_port, redis_command

SITE_PORT = 8000
REDIS_PORT = 6390  # not Redis's own 6379: a Redis that is there already is somebody else's
GUNICORN = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4"]
LEAFLETS = str(Path(sys.executable).with_name("leaflets"))
BEHIND = ["nice", "-n", "15"]
"""Words come first: on a machine that has more to do than it can, workers wait for the site and not the reverse."""

SITE = [*GUNICORN, "--log-level", "warning", "--no-control-socket", "--chdir", str(ROOT), "wsgi:app"]


def commands(bind: str) -> dict[str, list[str]]:
    """What runs beside Redis, each by its command: the site at that address, and a worker of each lane."""
    workers = {lane: [*BEHIND, LEAFLETS, "worker", lane] for lane in ("press", "proof")}
    return {"web": [*SITE, "--bind", bind], **workers}


@click.command()
@click.option("--demo", is_flag=True, help="With invented people, a demo campaign and a first PDF.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address that the site listens on.")
@click.option("--port", default=SITE_PORT, show_default=True, help="Its port; the next free one is used if taken.")
def up(demo: bool, host: str, port: int) -> None:
    """Start the site, a press worker, a proof worker and, unless LEAFLETS_REDIS_URL names one, a Redis."""
    from leaflets.catalogue import load_library

    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if demo:
        env["LEAFLETS_DEMO"] = "1"
    is_ours = not env.get("LEAFLETS_REDIS_URL")
    config = Config.from_env({**env, **_addresses(env, host, port, REDIS_PORT)})
    load_library(config.library_folder)  # a fault in it is said once, here, instead of by every part
    bring_up_to_date(config)
    # Chosen last, for the parts begin now: somebody else who starts could have what was free a while ago.
    free, redis_port = free_port(host, port), free_port("127.0.0.1", REDIS_PORT) if is_ours else 0
    if free != port:
        click.echo(f"Port {port} is taken; using {free}.")
    env |= _addresses(env, host, free, redis_port)
    address = f"http://{_site_at(host, free)}"
    parts: dict[str, list[str]] = {}
    if is_ours:
        log = config.data_folder / "redis.log"
        parts["redis"] = redis_command(redis_port, log)
        click.echo(f"Starting {parts['redis'][0]} on port {redis_port}; it writes to {log}.")
    parts |= commands(_site_at(host, free))
    parts["welcome"] = [LEAFLETS, "welcome", address]
    sys.exit(_run_together(parts, env))


def _site_at(host: str, port: int) -> str:
    return f"{f'[{host}]' if ':' in host else host}:{port}"


def _addresses(env: Mapping[str, str], host: str, port: int, redis_port: int) -> dict[str, str]:
    """Where people find the site and the parts find Redis, unless the settings say so."""
    ours = {
        "LEAFLETS_BASE_URL": f"http://{_site_at(host, port)}",
        "LEAFLETS_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
    }
    return {name: env.get(name) or value for name, value in ours.items()}


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
