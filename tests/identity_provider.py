"""A real OpenID provider for tests: oidc-provider-mock, as a process of its own on a port of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

START_S = 60
_ADDRESS = re.compile(r"running on (http://\S+)")


@contextmanager
def provider(folder: Path, *users: Mapping[str, Any]) -> Iterator[str]:
    """A provider that knows these people by their claims (`sub` and others): its issuer."""
    log = folder / "provider.log"
    program = Path(sys.executable).with_name("oidc-provider-mock")
    known = [part for user in users for part in ("--user-claims", json.dumps(user))]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(program), "-p", "0", *known], stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield _issuer(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _issuer(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + START_S
    while not (found := _ADDRESS.search(log.read_text(errors="replace"))):
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"The provider did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    return found[1]
