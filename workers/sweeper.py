"""The sweep: what dead workers held is returned, what Redis forgot is ticketed again, and people are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from leaflets.catalogue import Library
from leaflets.domain.errors import LeafletsError
from leaflets.domain.press.schedule import Lane
from leaflets.mail import MailServer
from leaflets.queue import Tickets
from leaflets.services import audit_check, outbox, retention
from leaflets.services.clock import crossings
from leaflets.services.message import message_aftermath, message_uses
from leaflets.services.picture import uploads
from leaflets.services.press import press_queue, proof_sweep
from leaflets.services.review import absences, waiting
from leaflets.services.roles import access_requests
from leaflets.services.signing_in import sign_in
from leaflets.storage.blobs import Blobs
from leaflets.storage.session import Sessions

SWEEP_EVERY_S = 30.0
SWEEP_SOON_S = 1.0
"""While there is more to do than one sweep takes."""

FORGET_EVERY_S = 3600.0
MOST_TICKETS = 200
"""In one sweep and lane: a flushed Redis fills again within minutes, and no sweep keeps Redis busy for long."""

MOST_BATCHES = 10
"""In one sweep, of leaflets that are looked at for messages: a worker that is to stop, or leases, wait for it."""

ABANDONED_AFTER = timedelta(days=1)
"""No upload and no render takes this long: a file that is still being written then has lost its writer."""

_log = structlog.get_logger()


def sweep(sessions: Sessions, tickets: Tickets, blobs: Blobs, now: datetime) -> None:
    """One sweep. Any number of workers may sweep at once; a database or a Redis that is away is left for the next."""
    blobs.forget_abandoned((now - ABANDONED_AFTER).timestamp())
    try:
        with sessions() as session:
            swept = press_queue.sweep(session, now=now)
            uploads.forget_abandoned(session, now=now, blobs=blobs)
            removed = proof_sweep.sweep(session, now=now, blobs=blobs)
    except (LeafletsError, SQLAlchemyError) as error:  # the database, somebody who used what was to go
        _log.warning("sweep.later", error=str(error.__cause__ or error))
        return
    if removed:
        _log.info("sweep.old_proofs", removed=removed)
    if swept.returned or swept.gave_up:
        _log.warning("sweep.leases_expired", returned=swept.returned, gave_up=swept.gave_up)
    for lane in Lane:
        there = tickets.waiting(lane)
        if there is not None and (missing := swept.open[lane] - there) > 0:
            tickets.send(lane, number=min(missing, MOST_TICKETS))
            _log.info("sweep.ticketed", lane=lane.value, open=swept.open[lane], tickets=there)


def tell(sessions: Sessions, server: MailServer | None, base_url: str, now: datetime) -> None:
    """Look at what has crossed a line or waits too long for an answer, and send the letters that wait.

    Any number of workers may do so at once. Without a mail server, what people are told stays on the page.
    """
    try:
        with sessions() as session:
            if crossed := crossings.watch(session, now=now):
                _log.info("alerts.told", leaflets=crossed)
            if lent := absences.lend(session, now=now):
                _log.info("offices.lent", grants=lent)
            if (ran := waiting.run(session, now=now)) != waiting.Ran():
                _log.info("approvals.asked_again", reminded=ran.reminded, moved=ran.moved, deemed=ran.deemed)
            if asked := access_requests.move_on(session, now=now):
                _log.info("access.asked_again", requests=asked)
            sign_in.answer_requests(session, now=now)
            if server and (sent := outbox.send(session, server=server, base_url=base_url, now=now)):
                _log.info("mail.sent", letters=sent)
    except (LeafletsError, SQLAlchemyError) as error:  # the database, the mail server, another worker's same look
        _log.warning("tell.later", error=str(error))


def read_messages(sessions: Sessions, library: Library, now: datetime) -> bool:
    """Note which leaflets that were changed say a message, and deal with those that say one which ended.

    Whether there is more to do than one sweep takes. Any number of workers may do so at once.
    """
    try:
        for _ in range(MOST_BATCHES):
            with sessions() as session:
                looked = message_uses.sweep(session, templates=library.template)
                told = message_aftermath.carry_on(session, now=now, templates=library.template)
            if told:
                _log.info("messages.ended", leaflets=told)
            # Fewer than a batch: no more than what is written in just now, which is no reason to hurry.
            if looked < message_uses.MOST_AT_ONCE and told < message_aftermath.MOST_AT_ONCE:
                return False
    except (LeafletsError, SQLAlchemyError) as error:  # the database, another worker's same look
        _log.warning("messages.read_later", error=str(error))
        return False
    return True


def forget(sessions: Sessions, now: datetime) -> None:
    """Remove what nobody needs any more. Any number of workers may do so at once."""
    try:
        with sessions() as session:
            gone = retention.forget(session, now=now)
    except (LeafletsError, SQLAlchemyError) as error:
        _log.warning("forget.later", error=str(error))
        return
    if gone:
        _log.info("forget.gone", **gone)


def anchor(sessions: Sessions, data_folder: Path, now: datetime) -> None:
    """Note the head of the audit outside the database, and in the log: whoever alters the record later is found.

    Any number of workers may do so at once.
    """
    try:
        with sessions() as session:
            head = audit_check.anchor(session, data_folder=data_folder, now=now)
    except (LeafletsError, SQLAlchemyError, OSError, ValueError) as error:  # a full disk, a file that was tampered with
        _log.warning("audit.not_anchored", error=str(error))
        return
    if head:
        _log.info("audit.anchored", row=head.id, hash=head.hash)
