"""Files by content hash: originals, renditions, page images and finished PDFs.

A file is there whole or not at all: it is written beside, brought to the disk, and then moved to its name.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from leaflets.domain.errors import NotFound, Unavailable

NAME = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of files named by the SHA-256 of their bytes, in 256 sub-folders."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"

    @property
    def incoming(self) -> Path:
        """Where whoever writes a file by themselves puts it before `adopt`: on the same disk."""
        return self._incoming

    def put(self, content: bytes) -> str:
        """Keep these bytes; returns their hash. Raises `Unavailable` when the disk is full or broken."""
        name = hashlib.sha256(content).hexdigest()
        with _disk_errors_said(), self._beside() as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            self._move(Path(file.name), name)
        return name

    def adopt(self, file: Path, name: str) -> None:
        """Keep a file of `incoming` that is on the disk already, under the hash that its writer counted."""
        try:
            with _disk_errors_said():
                self._move(file, name)
        finally:
            file.unlink(missing_ok=True)

    def forget_abandoned(self, before: float) -> None:
        """Remove what a writer that died left in `incoming` before that moment, in seconds since 1970."""
        for path in self._incoming.glob("*"):
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def path(self, name: str) -> Path:
        """Where the file of that hash lies. Raises `NotFound` when it is not here."""
        path = self._path(name)
        if not path.is_file():
            raise NotFound("That file is not here any more.", "Upload it, or ask for it, once more.")
        return path

    def read(self, name: str) -> bytes:
        """The bytes of that hash. Raises `NotFound`."""
        return self.path(name).read_bytes()

    def holds(self, name: str) -> bool:
        """Whether the file of that hash is here."""
        return self._path(name).is_file()

    def still(self, name: str) -> bool:
        """Whether the file of that hash is here; from now on it is as young as one that was put just now."""
        try:
            os.utime(self._path(name))
        except OSError:
            return False
        return True

    def remove_old(self, name: str, *, before: float) -> bool:
        """Remove the file of that hash if it was last put or used before that moment, in seconds since 1970.

        Whoever puts it at the same time wins: its age is looked at again once it is out of their way.
        """
        path, aside = self._path(name), self._incoming / f"{name}.{os.getpid()}.old"
        try:
            if path.stat().st_mtime >= before:
                return False
            self._incoming.mkdir(parents=True, exist_ok=True)
            path.rename(aside)
            if aside.stat().st_mtime >= before:
                aside.rename(path)
                return False
            aside.unlink()
        except OSError:  # gone already, or a disk that is away: the file stays, or the next writer replaces it
            return False
        return True

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NotFound("That is not the name of a file.", "Follow a link from the page instead.")
        return self._root / name[:2] / name[2:]

    def _move(self, file: Path, name: str) -> None:
        target = self._path(name)
        target.parent.mkdir(exist_ok=True)
        file.replace(target)
        _sync_folder(target.parent)

    @contextmanager
    def _beside(self) -> Iterator[IO[bytes]]:
        """A new file in `incoming`; nothing of it stays when the block fails."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as file:
            try:
                yield file
            finally:
                with suppress(OSError):
                    Path(file.name).unlink(missing_ok=True)


@contextmanager
def _disk_errors_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"The disk that keeps files cannot take this one ({error.strerror or error}).",
            "Free some space; nothing was half written, and what waits is tried again.",
            code="disk",
        ) from error


def _sync_folder(folder: Path) -> None:
    """A rename is safe only when its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
