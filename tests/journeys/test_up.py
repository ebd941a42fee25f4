"""`leaflets up --demo`, which `make run` runs: everything starts, a PDF comes out, and Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pikepdf
import pytest
from ports import free_port

from leaflets.cli.up import SITE


@pytest.fixture
def clean_env(tmp_path: Path) -> dict[str, str]:
    """The environment of a stranger, with the data folder out of the way."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("LEAFLETS_")}
    return {**env, "LEAFLETS_DATA": str(tmp_path)}


def _lines_until(process: subprocess.Popen[str], said: str) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if said in line:
            return


def test_one_command_starts_everything_makes_a_pdf_and_stops_cleanly(clean_env: dict[str, str], tmp_path: Path) -> None:
    leaflets = Path(sys.executable).with_name("leaflets")
    with closing(socket.create_server(("127.0.0.1", free_port()))) as taken:
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [leaflets, "up", "--demo", "--port", str(port)],
            env=clean_env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            said = "".join(_lines_until(process, "Ctrl-C stops everything"))
            assert f"Port {port} is taken" in said
            address = re.search(r"Open (http://127\.0\.0\.1:\d+)", said)
            assert address, said
            with urlopen(address[1]) as page:
                assert page.status == 200
            with pikepdf.open(tmp_path / "first-leaflet.pdf") as pdf:
                assert len(pdf.pages) >= 2
                assert [str(intent.S) for intent in pdf.Root.OutputIntents] == ["/GTS_PDFX"]
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=120)
        finally:
            process.terminate()
    assert process.returncode == 0, rest
    assert "Everything is stopped." in rest
    started = [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", said)]
    assert len(started) == 5
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_a_site_without_settings_stops_with_one_clear_line(clean_env: dict[str, str]) -> None:
    result = subprocess.run(
        [*SITE, "--workers", "1", "--bind", f"127.0.0.1:{free_port()}"],
        cwd=Path(__file__).parents[2],
        env=clean_env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode != 0
    assert "leaflets: LEAFLETS_SECRET_KEY is not set" in result.stderr
    assert "Traceback" not in result.stderr


def test_up_without_settings_stops_before_anything_starts(clean_env: dict[str, str]) -> None:
    leaflets = Path(sys.executable).with_name("leaflets")
    result = subprocess.run([leaflets, "up"], env=clean_env, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("leaflets: LEAFLETS_SECRET_KEY is not set")
    assert "started" not in result.stdout
