"""A small run of `make torture`: a typist, and one trouble after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from house import running
from torture.run import torture


@pytest.mark.timeout(400)
def test_a_typist_loses_no_word_whatever_breaks_around_them(browser: Any, redis_server: Any, tmp_path: Path) -> None:
    told: list[str] = []
    with running(tmp_path, redis_server.url) as house:
        findings = torture(house, redis_server, browser, tmp_path / "leaflets.db", moments=6, seed=4, tell=told.append)
    assert findings.good, f"{findings.as_json()}\n" + "\n".join(told)
    assert (findings.moments, findings.errors) == (6, [])
    assert min(findings.edits, findings.typed) > 20
