"""Whether the press can be reached, asked at most every few seconds: a page never waits for Redis twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from leaflets.queue import Tickets

ASK_EVERY = timedelta(seconds=5)


class PressWatch:
    """Remembers the last answer of Redis for `ASK_EVERY`."""

    def __init__(self, tickets: Tickets, clock: Callable[[], datetime]) -> None:
        self._tickets, self._clock = tickets, clock
        self._asked_at: datetime | None = None
        self._away = False

    def is_away(self) -> bool:
        """Whether proofs and PDFs have to wait at the moment."""
        now = self._clock()
        if self._asked_at is None or now - self._asked_at >= ASK_EVERY:
            self._asked_at, self._away = now, not self._tickets.answers()
        return self._away
