"""The project stands alone: what is committed names no package registry, no CDN and no folder of one machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Written so that this file does not contain what it looks for.
HOSTS = r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(?:org|com)|un[p]kg\.com|js[d]elivr\.net|cdn[j]s|fonts\.g[o]ogle"
PATHS = r"(?<![\w.$}-])/(?:home|root|Users|work|mnt)/\w"


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Every tracked text file by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    texts = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts[name] = content.decode(errors="replace")
    assert "pyproject.toml" in texts
    return texts


def _lines_with(pattern: str, tracked: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in tracked.items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_file_names_a_registry_or_a_cdn(tracked: dict[str, str]) -> None:
    assert _lines_with(HOSTS, tracked) == []


def test_no_file_names_a_folder_of_one_machine(tracked: dict[str, str]) -> None:
    assert _lines_with(PATHS, tracked) == []


def test_every_locked_package_has_a_hash(tracked: dict[str, str]) -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-setup.lock"):
        pins = re.split(r"\n(?=[a-z0-9])", tracked[name].strip())
        assert len(pins) > 5
        assert [pin.split(" ")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_pre_commit_and_ci_run_what_a_developer_runs(tracked: dict[str, str]) -> None:
    assert "entry: make lint" in tracked[".pre-commit-config.yaml"]
    assert "repo: http" not in tracked[".pre-commit-config.yaml"]
    assert "make test" in tracked[".ci/run"]


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_every_file_that_the_documents_name_is_there(page: str, tracked: dict[str, str]) -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", tracked[page])
    tree = re.findall(r"^(?:  )?(\w[\w.]*/?)(?: \w+/)* {2,}\w", tracked[page], re.MULTILINE)
    named = [name if (ROOT / name.rstrip("/")).exists() else f"leaflets/{name}" for name in tree]
    named += [f"leaflets/{name}" for name in re.findall(r"`((?:domain|press)/[\w/.*]+)`", tracked[page])]
    assert linked or named
    assert [name for name in (*linked, *named) if not list(ROOT.glob(name.rstrip("/")))] == []
