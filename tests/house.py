"""The whole of Leaflets, as it runs in earnest: gunicorn, a press worker and a proof worker, on a real Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import BrowserContext
from ports import free_port
from scene import Scene

from leaflets.catalogue import load_library
from leaflets.config import ROOT
from leaflets.domain.signing_in import Way
from leaflets.services.roles import people
from leaflets.services.signing_in import signed_in

START_S = 150  # seconds; a busy machine takes a while to import everything
LIBRARY = ROOT / "tests" / "data" / "library"
SECRET_KEY = "x" * 32


@dataclass
class Part:
    """One program of the house, which a test may kill and start again."""

    command: list[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a group of its own, so that nothing of it outlives a kill."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, or kill it and everything that it started."""
        if self.process is None:
            return
        if how is signal.SIGKILL:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


@dataclass(frozen=True)
class House:
    """A running site; `scene` looks into its database. `parts` are "web", "press" and "proof"."""

    address: str
    scene: Scene
    parts: Mapping[str, Part] = field(default_factory=dict)

    def sign_in(self, context: BrowserContext, name: str) -> None:
        """Give a browser the cookie of somebody who signed in there before: what comes after is the matter."""
        with self.scene.sessions() as session:
            person = people.person_by_email(session, f"{name.lower()}@example.org")
            assert person is not None, f"There is nobody called {name}."
            token = signed_in.begin(session, now=datetime.now(UTC), person_id=person.id, way=Way.LINK)
        context.add_cookies([{"name": "session", "value": _sealed({"_user_id": token}), "url": self.address}])

    def kill(self, name: str) -> None:
        """End a part as a crash would."""
        self.parts[name].end(signal.SIGKILL)

    def start(self, *names: str) -> None:
        """Start parts, and wait until the site answers."""
        for name in names:
            self.parts[name].start()
        end = time.monotonic() + START_S
        while not _answers(self.address):
            if time.monotonic() > end or any(part.process and part.process.poll() for part in self.parts.values()):
                log = self.parts["web"].log
                pytest.fail(f"The site did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.05)


def _sealed(session: Mapping[str, str]) -> str:
    """What a browser keeps of a visit, as the site seals it."""
    site = Flask("leaflets")
    site.secret_key = SECRET_KEY
    seal = SecureCookieSessionInterface().get_signing_serializer(site)
    assert seal is not None
    return str(seal.dumps(dict(session)))


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def running(
    folder: Path,
    redis_url: str,
    *,
    shelf: Path = LIBRARY,
    template: str = "card",
    kit: str = "plain",
    database_url: str = "",
    served_url: str = "",
    host: str = "127.0.0.1",
    settings: Mapping[str, str] | None = None,
) -> Iterator[House]:
    """A house that keeps everything in `folder`, started now and stopped at the end; its library is `shelf`.

    Its database is SQLite there, or the one at `database_url`, which its programs reach at `served_url` if given.
    `host` is how people call this machine; `settings` are more of the environment.
    """
    library = load_library(shelf)
    scene = Scene(
        database_url or f"sqlite:///{folder / 'leaflets.db'}",
        redis_url,
        template=library.template(template),
        kit=library.kit(kit),
        now=datetime.now(UTC),
    )
    port = free_port()
    address = f"http://{host}:{port}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEAFLETS_")} | {
        "LEAFLETS_DEMO": "1",
        "LEAFLETS_SECRET_KEY": SECRET_KEY,
        "LEAFLETS_DATABASE_URL": served_url or scene.url,
        "LEAFLETS_REDIS_URL": scene.redis_url,
        "LEAFLETS_DATA": str(folder / "data"),
        "LEAFLETS_LIBRARY": str(shelf),
        "LEAFLETS_BASE_URL": address,
        **(settings or {}),
    }
    gunicorn = ["gunicorn", "wsgi:app", "--chdir", str(ROOT), "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    gunicorn.append("--no-control-socket")  # all houses would share one, in the home of whoever runs the tests
    commands = {"web": gunicorn, "press": ["workers", "press"], "proof": ["workers", "proof"]}
    house = House(address, scene, {name: Part(command, env, folder / "log") for name, command in commands.items()})
    with ExitStack() as cleanup:
        for part in house.parts.values():
            cleanup.callback(part.end)
        house.start(*house.parts)
        yield house
