"""A file that comes in pieces: each is written where it belongs, and is on the disk before anybody says so."""

from __future__ import annotations

import os
from pathlib import Path

from leaflets.domain.errors import NotFound
from leaflets.intake.upload import CHUNK_BYTES, Readable, disk_errors_said, write_all


def write_piece(path: Path, offset: int, piece: Readable, most: int) -> int:
    """Write up to `most` bytes of `piece` at `offset`; returns how many came before it ended or was cut off.

    The same piece may be written twice, even at once: the same bytes land in the same place. Raises `NotFound` when
    what came before is not here any more, `Unavailable` when the disk cannot take it.
    """
    with disk_errors_said():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as out:
        if os.fstat(handle).st_size < offset:
            raise NotFound("What was sent of this file is not here any more.", "Send it once more from its start.")
        out.seek(offset)
        came = 0
        while came < most and (chunk := piece.read(min(CHUNK_BYTES, most - came))):
            with disk_errors_said():
                write_all(out, chunk)
            came += len(chunk)
        with disk_errors_said():
            os.fsync(handle)
    return came
