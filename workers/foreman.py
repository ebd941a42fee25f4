"""One worker of one lane: a stock RQ worker at work, and a foreman beside it who sweeps and keeps it going.

The foreman is the process that is started and stopped. It has no threads and never talks to the RQ worker, its
child, but by signals; so the sweep goes on while a long render runs, while Redis is away, and when the RQ worker has
died and is started again. Nothing of RQ is subclassed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError

from leaflets.domain.press.schedule import Lane
from leaflets.mail import MailServer
from leaflets.queue import Tickets, queue_of
from leaflets.services.press import press_queue
from workers.room import Room, open_room, worker_name
from workers.sweeper import (
    FORGET_EVERY_S,
    SWEEP_EVERY_S,
    SWEEP_SOON_S,
    anchor,
    forget,
    read_messages,
    sweep,
    tell,
)

MAINTENANCE_S = 30  # RQ looks for jobs whose horse died; its default of ten minutes is an evening lost
LONGEST_WAIT_S = 5.0
LOOK_EVERY_S = 0.2
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
LINUX_PR_SET_PDEATHSIG = 1  # prctl(2)

_log = structlog.get_logger()


class Foreman:
    """Keeps one RQ worker of `lane` at work until SIGTERM or SIGINT, and sweeps every `sweep_every_s` seconds."""

    def __init__(self, lane: Lane, *, sweep_every_s: float = SWEEP_EVERY_S) -> None:
        self._lane = lane
        self._sweep_every_s = sweep_every_s
        self._stopping = False
        self._child = 0
        self._wait_s = 0.0

    def run(self) -> int:
        """Work until stopped; the render that runs is finished first. Returns the exit code."""
        room = open_room()
        _warm_up()
        tickets = Tickets(room.config.redis_url)
        smtp_url = room.config.smtp_url
        mail_server = MailServer(smtp_url, room.config.mail_from) if smtp_url else None
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        next_sweep, next_start, next_forget = 0.0, 0.0, 0.0
        while not (self._stopping and not self._child):
            now = time.monotonic()
            if self._child and self._has_ended():
                next_start = now + self._wait_s
                self._wait_s = min(LONGEST_WAIT_S, max(1.0, self._wait_s * 2))
            if not self._child and not self._stopping and now >= next_start:
                self._child = _fork(lambda: _work(room, self._lane))
                if self._stopping:  # told while we forked, when there was no child to pass it on to
                    os.kill(self._child, signal.SIGTERM)
            if now >= next_sweep and not self._stopping:
                has_more = _sweep(room, tickets, mail_server)
                next_sweep = time.monotonic() + (SWEEP_SOON_S if has_more else self._sweep_every_s)
            if now >= next_forget and not self._stopping:
                forget(room.sessions, datetime.now(UTC))
                next_forget = time.monotonic() + FORGET_EVERY_S
            time.sleep(LOOK_EVERY_S)
        return 0

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        """The first signal asks the RQ worker to finish what it does; a second one, to drop it (RQ's own rule)."""
        self._stopping = True
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, number)

    def _has_ended(self) -> bool:
        pid, status = os.waitpid(self._child, os.WNOHANG)
        if pid == 0:
            return False
        if not self._stopping:
            _log.warning("worker.ended", lane=self._lane.value, status=os.waitstatus_to_exitcode(status))
        self._child = 0
        return True


def _sweep(room: Room, tickets: Tickets, mail_server: MailServer | None) -> bool:
    """Whether there is more to do than one sweep takes."""
    sweep(room.sessions, tickets, room.blobs, datetime.now(UTC))
    tell(room.sessions, mail_server, room.config.base_url, datetime.now(UTC))
    has_more = read_messages(room.sessions, room.library, datetime.now(UTC))
    anchor(room.sessions, room.config.data_folder, datetime.now(UTC))
    return has_more


def _fork(work: Callable[[], None]) -> int:
    """Run `work` in a child that is told to stop when we die, however we die."""
    parent = os.getpid()
    # A signal that comes while we fork waits until it can reach the right one of the two.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        return child
    status = 1
    try:
        os.setpgrp()  # Ctrl-C reaches the foreman alone, who passes it on once
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(LINUX_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == parent:
            work()
        status = 0
    except BaseException:
        _log.exception("worker.failed")
    finally:
        os._exit(status)


def _work(room: Room, lane: Lane) -> None:
    """The RQ worker: one queue, JSON, until it is told to stop or Redis goes away in a way it cannot mend."""
    from rq import Worker

    connection = Redis.from_url(room.config.redis_url)
    _wait_for(connection, room.config.redis_url)
    queue = queue_of(lane, connection)

    def give_back(_job: object, pid: int, _status: int, _usage: object) -> None:
        """The horse was killed, perhaps for want of memory: what it held need not wait for the end of its lease."""
        with room.sessions() as session:
            press_queue.give_back(session, worker=worker_name(pid), now=datetime.now(UTC))

    worker = Worker(
        [queue],
        connection=connection,
        serializer=queue.serializer,
        maintenance_interval=MAINTENANCE_S,
        work_horse_killed_handler=give_back,
    )
    worker.max_connection_wait_time = LONGEST_WAIT_S
    worker.log_job_description = False
    try:
        worker.work(logging_level="WARNING")
    except RedisError as error:  # gone for longer than RQ waits, or gone while the worker takes its leave
        _log.warning("redis.gone", error=str(error))


def _wait_for(connection: Redis, url: str) -> None:
    """Return when Redis answers; say so when it does not, and when it does again."""
    wait_s, away = 0.5, False
    while True:
        try:
            connection.ping()
        except RedisError as error:
            _log.warning("redis.away", url=url.rpartition("@")[2], error=str(error), again_in_s=wait_s)
            away = True
            time.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)
        else:
            if away:
                _log.info("redis.back")
            return


def _warm_up() -> None:
    """Load before forking what every render needs: WeasyPrint alone takes 0.6 s, the fonts longer."""
    import workers.ticket  # noqa: F401
    from leaflets.press.run import preload

    preload()
