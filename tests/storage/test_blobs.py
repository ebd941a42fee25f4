import hashlib
import os
import resource
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from leaflets.domain.errors import NotFound, Unavailable
from leaflets.storage.blobs import Blobs


def test_a_file_is_kept_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    name = blobs.put(b"a leaflet")
    assert name == hashlib.sha256(b"a leaflet").hexdigest()
    assert blobs.put(b"a leaflet") == name
    assert blobs.read(name) == b"a leaflet"
    assert [path.name for path in blobs.incoming.iterdir()] == []


def test_a_file_written_elsewhere_is_moved_in(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    blobs.incoming.mkdir()
    upload = blobs.incoming / "upload"
    upload.write_bytes(b"a photo")
    name = hashlib.sha256(b"a photo").hexdigest()
    blobs.adopt(upload, name)
    assert blobs.read(name) == b"a photo"
    assert not upload.exists()


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63 + "/"])
def test_what_is_not_here_is_not_found_whatever_its_name(tmp_path: Path, name: str) -> None:
    blobs = Blobs(tmp_path)
    with pytest.raises(NotFound):
        blobs.path(name)


def _fill(folder: Path) -> tuple[str, str, list[str]]:
    """In a process of its own, where no file may grow beyond 10 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    blobs = Blobs(folder)
    try:
        blobs.put(os.urandom(50_000))
    except Unavailable as error:
        return error.message, error.remedy, [path.name for path in folder.rglob("*") if path.is_file()]
    return "", "", []


def test_a_disk_that_fills_is_said_and_keeps_no_half_file(tmp_path: Path) -> None:
    with get_context("spawn").Pool(1) as process:
        message, remedy, files = process.apply(_fill, (tmp_path,))
    assert "disk" in message
    assert remedy
    assert files == []


def test_what_a_dead_writer_left_is_removed_and_what_is_being_written_is_not(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    kept = blobs.put(b"whole")
    for name in ("old", "new"):
        (blobs.incoming / name).write_bytes(b"half")
    (blobs.incoming / "old-folder").mkdir()
    yesterday = time.time() - 86_400
    for name in ("old", "old-folder"):
        os.utime(blobs.incoming / name, (yesterday, yesterday))
    blobs.forget_abandoned(before=yesterday + 1)
    assert [path.name for path in blobs.incoming.iterdir()] == ["new"]
    assert blobs.holds(kept)
