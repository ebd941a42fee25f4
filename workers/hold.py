"""Holding a claim while a child renders: the lease is renewed, and the child's stage is told to whoever waits."""

from __future__ import annotations

import mmap
import time
from datetime import UTC, datetime

import structlog

from leaflets.domain.errors import Unavailable
from leaflets.domain.press.schedule import RENEW_EVERY, Stage
from leaflets.services.press import press_queue
from leaflets.services.press.press_queue import Claim
from leaflets.storage.session import Sessions

_STAGES = tuple(Stage)
_log = structlog.get_logger()


class Hold:
    """The lease of one claim. `enter` may be called on either side of a fork: one byte is shared."""

    def __init__(self, sessions: Sessions, claim: Claim) -> None:
        self._sessions = sessions
        self._claim = claim
        self._board = mmap.mmap(-1, 1)
        self._told = Stage.STARTING
        self._renewed = time.monotonic()

    def enter(self, stage: Stage) -> None:
        """Note that a stage begins; `watch` tells it."""
        self._board[0] = _STAGES.index(stage)

    def watch(self) -> None:
        """Renew the lease when it is time, or when there is a new stage to tell.

        Raises `LeaseLost` when the claim is somebody else's. A database that is away is tried again: the render
        goes on, for the lease may well outlast it.
        """
        stage = _STAGES[self._board[0]]
        if stage is self._told and time.monotonic() - self._renewed < RENEW_EVERY.total_seconds():
            return
        try:
            with self._sessions() as session:
                press_queue.renew(session, claim=self._claim, now=datetime.now(UTC), stage=stage)
        except Unavailable as error:
            _log.warning("lease.not_renewed", work=self._claim.work_id, error=str(error.__cause__ or error))
            return
        self._told, self._renewed = stage, time.monotonic()
