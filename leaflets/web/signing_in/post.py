"""Letters that somebody waits for are sent at once, by a thread of the site; the sweeper sends whatever it could not.

The page is answered first, so an answer takes as long for an address that nobody has. The letter itself is a row
before anybody tries to send it: a site that dies in between, or a mail server that is away, loses none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from leaflets.domain.errors import LeafletsError
from leaflets.mail import MailServer
from leaflets.services import outbox
from leaflets.services.signing_in import sign_in
from leaflets.storage.session import Sessions

_log = structlog.get_logger("leaflets.web")


class Post:
    """Answers who asked for a link, and sends what waits, one round at a time. `server` is None where no mail goes."""

    def __init__(
        self, sessions: Sessions, server: MailServer | None, base_url: str, clock: Callable[[], datetime]
    ) -> None:
        self._sessions, self._server, self._base_url, self._clock = sessions, server, base_url, clock
        self._lock = Lock()
        self._wanted = self._running = False

    @property
    def goes_out(self) -> bool:
        """Whether this site has a mail server."""
        return self._server is not None

    def wake(self) -> None:
        """Send what waits now; returns at once. Call it after the commit."""
        with self._lock:
            self._wanted = True
            if self._running:
                return
            self._running = True
        Thread(target=self._rounds, name="post", daemon=True).start()

    def _rounds(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._running = False
                    return
                self._wanted = False
            self._round()

    def _send(self, session: Session, server: MailServer) -> int:
        now = self._clock()
        return outbox.send(session, server=server, base_url=self._base_url, now=now, secrets_alone=True)

    def _round(self) -> None:
        try:
            with self._sessions() as session:
                while sign_in.answer_requests(session, now=self._clock()):
                    pass
                while self._server and self._send(session, self._server):
                    pass
        except (LeafletsError, SQLAlchemyError) as error:  # away, locked, or another process sends the same
            _log.warning("post.later", error=str(error))
