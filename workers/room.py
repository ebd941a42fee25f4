"""What a worker needs at hand: the settings, the library, the database, the files. Opened once, before any fork."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leaflets.catalogue import Library, load_library
from leaflets.config import Config
from leaflets.domain.press.picture import PictureLimits
from leaflets.storage.blobs import Blobs
from leaflets.storage.session import Sessions, open_sessions


@dataclass(frozen=True, slots=True)
class Room:
    """The parts. `sessions` opens a new connection each time: none is ever used on both sides of a fork."""

    config: Config
    library: Library
    sessions: Sessions
    blobs: Blobs

    @property
    def renditions(self) -> Path:
        """The folder of cropped pictures: a cache, safe to empty."""
        return self.config.data_folder / "renditions"

    @property
    def picture_limits(self) -> PictureLimits:
        """The largest upload, as the settings say."""
        return PictureLimits.allowing(megabytes=self.config.upload_mb, megapixels=self.config.upload_megapixels)


@cache
def open_room() -> Room:
    """The room of this process, from its environment. Raises `Invalid` when a setting or the library is wrong."""
    config = Config.from_env()
    return Room(
        config=config,
        library=load_library(config.library_folder),
        sessions=open_sessions(config.database_url, pooled=False),
        blobs=Blobs(config.blobs_folder),
    )


def worker_name(pid: int) -> str:
    """How the name of every lease begins that the process `pid` of this machine holds."""
    return f"{socket.gethostname()}:{pid}:"
