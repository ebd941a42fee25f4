"""The shipped library, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from leaflets.catalogue import Library, load_library
from leaflets.config import ROOT


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library(ROOT / "library")


@pytest.fixture(scope="session")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where cropped pictures are kept from one render to the next."""
    return tmp_path_factory.mktemp("crops")
