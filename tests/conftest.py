"""The real parts that tests run against: PostgreSQL, Redis, Chromium, and a database of either kind.

Each server starts once a session, when the first test asks for it, in a folder of its own and on a socket or a
port nobody else uses. Nothing here touches a server that was running before.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest
import redis
from hypothesis import HealthCheck, settings
from mail_server import Letterbox
from PIL import Image, ImageChops
from ports import free_port
from scene import close_connections

from leaflets.redis_server import redis_command
from leaflets.storage.migrations import migrate

# A busy machine is no bug: no example fails for taking long. And what was sound yesterday is sound today: the examples
# are the same until the test or what it tests changes; `--hypothesis-profile search` looks at others each time.
_patient: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("search", **_patient, derandomize=False)
settings.register_profile("leaflets", **_patient, derandomize=True)
settings.load_profile("leaflets")

GOLDEN_LEVELS = 40  # a pixel differs when a channel is further off than antialiasing explains
GOLDEN_SHARE = 0.004  # of the pixels may differ: another FreeType moves an edge, never a word

PATIENCE_MS = 60_000  # with a page of a busy machine; what is there is seen at once

BROWSER_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


SLOWEST_FIRST = ("journeys", "workers", "cli", "storage", "simulation", "press", "library", "web", "services")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose tests start programs, end with the pure ones: no worker waits long for another."""
    places = {folder: place for place, folder in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: min((places[part] for part in item.path.parts if part in places), default=len(places)))


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_connections()


def _program(*names: str, folders: tuple[str, ...] = ()) -> str:
    """The path of the first program that is installed; the test fails, and says why, when there is none."""
    for name in names:
        for folder in (None, *folders):
            if found := shutil.which(name, path=folder):
                return found
    pytest.fail(f"{' or '.join(names)} is not installed: `make test` installs everything that the tests need.")


def _wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, *, seconds: float = 150
) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"{process.args} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes], signal_: int) -> None:
    if process.poll() is None:
        process.send_signal(signal_)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# Golden pages -----------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--goldens", action="store_true", help="draw the golden images again instead of comparing")
    parser.addoption("--drill-orders", default="40", help="orders in the drills of the press; `make drill` takes 500")


@pytest.fixture
def golden_folder() -> Path:
    """Where the golden images are kept."""
    return Path(__file__).with_name("goldens")


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path, golden_folder: Path) -> Callable[[str, Image.Image], None]:
    """Compares a page with its golden image: `golden("introduction-front", image)`. Mark the test `golden`."""

    def compare(name: str, page: Image.Image) -> None:
        kept, page = golden_folder / f"{name}.webp", page.convert("RGB")
        if request.config.getoption("--goldens"):
            golden_folder.mkdir(exist_ok=True)
            page.save(kept, quality=90, method=6)
            return
        page.save(seen := tmp_path / f"{name}.png")
        assert kept.exists(), f"There is no golden image yet: look at {seen}, then `make goldens`."
        with Image.open(kept) as expected:
            assert page.size == expected.size, f"The page has another size: {seen}"
            off = ImageChops.difference(page, expected.convert("RGB")).split()
        worst = ImageChops.lighter(ImageChops.lighter(off[0], off[1]), off[2]).histogram()
        share = sum(worst[GOLDEN_LEVELS:]) / (page.width * page.height)
        assert share <= GOLDEN_SHARE, f"{share:.2%} of {kept.name} changed: look at {seen}, then `make goldens`."

    return compare


# PostgreSQL -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostgresServer:
    """A running PostgreSQL that listens on a socket in `folder` and nowhere else."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own; it refuses to run as root, so root starts it as the user postgres."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    initdb = _program("initdb", folders=tuple(map(str, folders)))
    as_user: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="leaflets-pg-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "log"
    with ExitStack() as cleanup:
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        output: IO[bytes] = cleanup.enter_context(log.open("wb"))
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output, "cwd": folder}
        create = [initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        if subprocess.run(create, check=False, **streams, **as_user).returncode:
            pytest.fail(f"initdb failed:\n{log.read_text(errors='replace')[-2000:]}")
        # Nothing of it outlives the session: no need to wait for the disk.
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
        settings |= {"synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(Path(initdb).resolve().with_name("postgres")), "-D", str(data), *options]
        process = subprocess.Popen(server, **streams, **as_user)
        cleanup.callback(_stop, process, signal.SIGINT)
        running = PostgresServer(folder)
        _wait_until(running.answers, process, log)
        yield running


def _database_name(request: pytest.FixtureRequest) -> str:
    return re.sub(r"\W+", "_", request.node.name.lower())[:40].strip("_") + f"_{time.monotonic_ns()}"


@contextmanager
def _postgres_database(server: PostgresServer, name: str, template: str = "template0") -> Iterator[str]:
    with server.connect() as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {template}')
    yield server.url(name)
    with server.connect() as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'leaflets.db'}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database; dropped after the test."""
    with _postgres_database(postgres, _database_name(request)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and nothing in it, to copy: migrating takes longer than a test."""
    file = tmp_path_factory.mktemp("migrated") / "leaflets.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgres: PostgresServer) -> str:
    """The same on the server of this session, to use as a template."""
    with postgres.connect() as connection:
        connection.execute("CREATE DATABASE migrated TEMPLATE template0")
    migrate(postgres.url("migrated"))
    return "migrated"


@pytest.fixture
def migrated_sqlite_url(migrated_file: Path, sqlite_url: str) -> str:
    """The URL of a new SQLite database with every table."""
    shutil.copy(migrated_file, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a new database with every table: on SQLite, and again on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("migrated_sqlite_url")
        return
    template, server = request.getfixturevalue("migrated_template"), request.getfixturevalue("postgres")
    with _postgres_database(server, _database_name(request), template) as url:
        yield url


# Mail -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def box() -> Iterator[Letterbox]:
    """A mail server of this module, and all that it took."""
    with Letterbox() as opened:
        yield opened


# Redis ------------------------------------------------------------------------------------------------------------


class RedisServer:
    """A Redis of our own on a port of the loopback, which a test may stop, kill and start again.

    It keeps nothing on disk: what was in it is gone after a stop, as when a machine is lost.
    """

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._databases = count(1)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self._folder / "redis.log"
        log.touch()
        self._process = subprocess.Popen(redis_command(self.port, log), cwd=self._folder, stdin=subprocess.DEVNULL)
        _wait_until(self.answers, self._process, log)

    def answers(self) -> bool:
        with closing(redis.Redis.from_url(self.url)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def next_database(self) -> str:
        """The URL of a database in it that nobody else was given, of the fifteen that Redis has beside the first."""
        return f"redis://127.0.0.1:{self.port}/{next(self._databases)}"

    def flush(self) -> None:
        with closing(redis.Redis.from_url(self.url)) as client:
            client.flushall()

    def stop(self, signal_: int = signal.SIGTERM) -> None:
        if self._process is not None:
            _stop(self._process, signal_)
            self._process = None


@pytest.fixture(scope="session")
def _redis_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_url(_redis_of_the_session: RedisServer) -> str:
    """The URL of a running Redis with nothing in it."""
    _redis_of_the_session.flush()
    return _redis_of_the_session.url


@pytest.fixture(scope="session")
def redis_of_houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for houses that run as long as a module or the session, each with a database of its own in it.

    Two that shared one would take each other's tickets, and find nothing to do.
    """
    server = RedisServer(tmp_path_factory.mktemp("redis-of-houses"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A running Redis for this test alone, for tests that take it away: `stop()`, `stop(signal.SIGKILL)`, `start()`."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


# Chromium ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    return _program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A running Chromium under Playwright; take a fresh `browser.new_context()` in each test."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_ARGS))
        open_context = running.new_context

        def patient(**how: Any) -> Any:
            context = open_context(**how)
            context.set_default_timeout(PATIENCE_MS)
            return context

        running.new_context = patient
        yield running
        running.close()
