"""Real workers on a real library, database and Redis; each test starts and kills its own processes."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from scene import Scene
from sqlalchemy import update
from warm import processes, work

from leaflets.catalogue import load_library
from leaflets.config import ROOT
from leaflets.domain.press.schedule import Stage, WorkState
from leaflets.storage.blobs import Blobs
from leaflets.storage.press import Work
from leaflets.storage.session import writing

LIBRARY = ROOT / "tests" / "data" / "library"
SLOW = """
{% for row in range(110) %}{% for column in range(30) %}
<i style="position: absolute; left: {{ column * 4 }}mm; top: {{ row * 2 }}mm; width: 1mm; height: 1mm"></i>
{% endfor %}{% endfor %}
"""


@dataclass
class Press:
    """A scene with workers that can be started, stopped and killed."""

    scene: Scene
    folder: Path
    redis_url: str
    running: list[BaseProcess] = field(default_factory=list)

    @property
    def blobs(self) -> Blobs:
        return Blobs(self.folder / "data" / "blobs")

    def start(self, lane: str = "press") -> BaseProcess:
        """A worker of that lane."""
        env = {
            "LEAFLETS_SECRET_KEY": "x" * 32,
            "LEAFLETS_DATABASE_URL": self.scene.url,
            "LEAFLETS_REDIS_URL": self.redis_url,
            "LEAFLETS_DATA": str(self.folder / "data"),
            "LEAFLETS_LIBRARY": str(self.folder / "library"),
            "LEAFLETS_BASE_URL": "http://leaflets.example.org",
        }
        worker = processes.Process(target=work, args=(lane, env, str(self.folder / "worker.log")))
        worker.start()
        self.running.append(worker)
        return worker

    def running_since(self, stage: Stage, **subject: object) -> Work:
        """The row of work as soon as a worker has come to that stage of it."""

        def there() -> Work | None:
            work = self.work(**subject)
            return work if work.state == WorkState.RUNNING and work.stage == stage else None

        return self.until(there, what=f"{subject} is {stage}")

    def kill(self, worker: BaseProcess) -> None:
        """The foreman, its RQ worker, the horse and its render, at one blow, as when a machine loses power."""
        for pid in reversed(_family(worker.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        worker.join()

    def kill_holder(self, work: Work) -> None:
        """Kill, whole, the worker that holds the lease of a row."""
        horse = int(work.lease_owner.split(":")[1])
        self.kill(next(worker for worker in self.running if horse in _family(worker.pid)))

    def limit_files(self, worker: BaseProcess, most_bytes: int) -> None:
        """From now on no file of the worker's grows beyond `most_bytes`, as on a disk that is full.

        The soft limit alone: a render in its child sets its own, and is not what this is about.
        """
        self.until(lambda: len(_family(worker.pid)) > 1, what="the RQ worker is there")
        for pid in _family(worker.pid):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))

    def work(self, **subject: object) -> Work:
        with self.scene.sessions() as session:
            return session.query(Work).filter_by(**subject).order_by(Work.id.desc()).first()

    def families(self, pids: set[int]) -> set[int]:
        """These processes and all that they started."""
        return {each for pid in pids for each in _family(pid)}

    def until(self, true: Callable[[], object], *, what: str, seconds: float = 120) -> Any:
        """Wait until something is true, and fail with the workers' log when it never is."""
        end = time.monotonic() + seconds
        while not (found := true()):
            if time.monotonic() > end:
                log = self.folder / "worker.log"
                pytest.fail(f"Never came true: {what}.\n{log.read_text() if log.exists() else ''}")
            time.sleep(0.02)
        return found

    def ended(self, **subject: object) -> Work:
        """The row of work once it has ended."""
        ends = (WorkState.DONE, WorkState.FAILED, WorkState.SUPERSEDED)
        self.until(lambda: self.work(**subject).state in ends, what=f"{subject} ends")
        return self.work(**subject)

    def let_leases_run_out(self) -> None:
        """As if a minute had passed since the last renewal."""
        with self.scene.sessions() as session, writing(session):
            past = datetime.now(UTC) - timedelta(seconds=1)
            session.execute(update(Work).where(Work.state == WorkState.RUNNING).values(lease_until=past))

    def let_back_off_pass(self) -> None:
        """As if the pause after a failed attempt were over."""
        with self.scene.sessions() as session, writing(session):
            session.execute(update(Work).where(Work.state == WorkState.WAITING).values(not_before=datetime.now(UTC)))


def _family(pid: int) -> list[int]:
    """A process and all its descendants, eldest first."""
    family = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            family += _family(int(child))
    return family


@pytest.fixture
def drill_orders(request: pytest.FixtureRequest) -> int:
    """How many orders the drills place."""
    return int(request.config.getoption("--drill-orders"))


@pytest.fixture(scope="session")
def _warm_server() -> None:
    """The process that workers are forked from, with everything loaded. It finds modules by PYTHONPATH alone."""
    processes.set_forkserver_preload(["warm"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        forkserver.ensure_running()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The tests' library, and in it a card that takes a second or two to set."""
    copy = tmp_path / "library"
    shutil.copytree(LIBRARY, copy)
    slow = copy / "slow" / "1.0.0"
    shutil.copytree(copy / "card" / "1.0.0", slow)
    page = slow / "template.html"
    page.write_text(page.read_text().replace('data-panel="front">', 'data-panel="front">' + SLOW))
    return copy


def _open_press(url: str, redis_url: str, library: Path, tmp_path: Path, template: str) -> Press:
    loaded = load_library(library)
    scene = Scene(url, redis_url, loaded.template(template), loaded.kit("plain"), now=datetime.now(UTC))
    return Press(scene, tmp_path, redis_url)


@pytest.fixture
def make_press(_warm_server: None, library: Path, tmp_path: Path) -> Iterator[Callable[..., Press]]:
    """Opens a press on a database and a Redis; whatever it started is gone after the test."""
    opened: list[Press] = []

    def make(url: str, redis_url: str, *, template: str = "card") -> Press:
        opened.append(_open_press(url, redis_url, library, tmp_path, template))
        return opened[-1]

    yield make
    for press in opened:
        for worker in press.running:
            if worker.is_alive():
                press.kill(worker)
