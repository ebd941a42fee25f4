"""Writing an upload to disk: a chunk at a time, hashed on the way, nothing left behind when it fails."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from leaflets.domain.errors import Unavailable
from leaflets.domain.press.picture import PictureLimits, check_file_size

CHUNK_BYTES = 1 << 18
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Readable(Protocol):
    """Anything with `read(count)`: a file, a request's stream."""

    def read(self, count: int, /) -> bytes:
        """At most `count` bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """A file on our disk, flushed to it. Whoever asked for it moves or deletes `path`."""

    path: Path
    sha256: str
    bytes: int


def receive(upload: Readable, folder: Path, limits: PictureLimits | None = None) -> Received:
    """Save `upload` to a new file in `folder` and hash it.

    Reads no more than one byte beyond the limit. Raises `PictureRefused` for an empty or too large file and
    `Unavailable` when the disk cannot take it; whatever is raised, no file stays behind.
    """
    limits = limits or PictureLimits()
    with disk_errors_said():
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".upload-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb", buffering=0) as out:
            digest, size = _copy(upload, out, limits)
        return Received(path, digest, size)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _copy(upload: Readable, out: BinaryIO, limits: PictureLimits) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := upload.read(min(CHUNK_BYTES, limits.max_bytes + 1 - size)):
        size += len(chunk)
        if size > limits.max_bytes:
            break
        digest.update(chunk)
        with disk_errors_said():
            write_all(out, chunk)
    check_file_size(size, limits)
    with disk_errors_said():
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def write_all(out: BinaryIO, chunk: bytes) -> None:
    """Write a chunk to an unbuffered file, which may take it in parts."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[out.write(rest) :]


@contextmanager
def disk_errors_said() -> Iterator[None]:
    """Only our own writes: an error of the upload's stream is the web server's to tell."""
    try:
        yield
    except OSError as error:
        full = error.errno in _NO_ROOM
        raise Unavailable(
            "The disk of this site is full, so your photo could not be kept."
            if full
            else "This site could not write your photo to its disk.",
            "Nothing else is lost. Tell whoever runs the site, and upload the photo again later.",
            code="disk-full" if full else "disk-unwritable",
        ) from error
