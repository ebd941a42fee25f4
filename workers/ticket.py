"""What a ticket does: claim the most urgent row, make what it asks for, and end it, all in an RQ work horse.

A render that fails for a cause that may pass (disk, database, a busy machine) is tried again later; one that would
fail again stops at once, with its reason for the person who waits.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import structlog

from leaflets.domain.errors import LeafletsError, Unavailable
from leaflets.domain.press.problem import Level, Problem, has_errors
from leaflets.domain.press.proof import Look
from leaflets.domain.press.schedule import Lane, Stage, WorkKind
from leaflets.press import isolate
from leaflets.press.job import PageImage
from leaflets.press.picture import normalise
from leaflets.press.render import render_order, render_proof
from leaflets.services.press import press_queue
from leaflets.services.press.outcomes import Outcome, PictureDone, PrintDone, ProofDone, Stopped
from leaflets.services.press.press_queue import Claim, LeaseLost
from leaflets.storage.press import Proof
from workers.gather import drawn_pages, order_inputs, picture_original, proof_inputs
from workers.hold import Hold
from workers.room import Room, open_room, worker_name

BROKE = "Something broke on our side while this was made. Nothing you typed is lost."

_log = structlog.get_logger()


def do_next(lane: str) -> None:
    """Do the most urgent thing on a lane, if there is anything to do."""
    room = open_room()
    worker = worker_name(os.getpid()) + secrets.token_hex(4)
    with room.sessions() as session:
        claim = press_queue.claim(session, lane=Lane(lane), worker=worker, now=datetime.now(UTC))
    if claim is None:
        return
    log = _log.bind(work=claim.work_id, kind=claim.kind.value, subject=claim.subject_id, attempt=claim.attempt)
    try:
        outcome = _make(room, claim, log)
        with room.sessions() as session:
            press_queue.finish(session, claim=claim, now=datetime.now(UTC), outcome=outcome)
        log.info("work.ended", outcome=type(outcome).__name__)
    except LeaseLost as lost:
        log.warning("work.dropped", error=str(lost))
    except Exception as error:
        passing = isinstance(error, Unavailable | isolate.Stopped)
        log.warning("work.failed", error=str(error), exc_info=not passing)
        reason = str(error) if passing else BROKE
        with room.sessions() as session:
            again = press_queue.fail(session, claim=claim, now=datetime.now(UTC), reason=reason)
        log.info("work.waits" if again else "work.gave_up", again_at=again and again.isoformat())


def _make(room: Room, claim: Claim, log: structlog.typing.FilteringBoundLogger) -> Outcome:
    """What the claim asks for, made and stored; `Stopped` when trying again would not help."""
    try:
        return _MAKERS[claim.kind](room, claim, Hold(room.sessions, claim))
    except (Unavailable, LeaseLost, isolate.Stopped):
        raise
    except LeafletsError as error:
        log.info("work.refused", code=error.code, error=str(error))
        return Stopped(str(error))


def _print(room: Room, claim: Claim, hold: Hold) -> Outcome:
    with room.sessions() as session:
        inputs = order_inputs(session, room, claim.subject_id)
    printed = isolate.run_isolated(
        render_order,
        inputs,
        room.renditions,
        claim.asked_at,  # not the moment of this attempt: made again, the PDF is the same to the byte
        hold.enter,
        limits=_limits(room),
        watch=hold.watch,
    )
    if has_errors(printed.problems):
        return Stopped(_in_short(printed.problems), printed.problems)
    hold.enter(Stage.STORING)
    hold.watch()
    return PrintDone(room.blobs.put(printed.pdf), printed.pages, printed.problems, _kept(room, printed.images))


def _proof(room: Room, claim: Claim, hold: Hold) -> Outcome:
    with room.sessions() as session:
        proof = session.get_one(Proof, claim.subject_id)
        look, inputs, drawn = Look(proof.look), proof_inputs(session, room, proof), drawn_pages(session, room, proof)
    shown = isolate.run_isolated(
        render_proof,
        inputs,
        room.renditions,
        hold.enter,
        look=look,
        kept=drawn,
        limits=_limits(room),
        watch=hold.watch,
    )
    rows = ([asdict(row) for row in found] for found in (shown.copyfit, shown.places, shown.rooms))
    copyfit, places, rooms = rows
    return ProofDone(_kept(room, shown.pages), copyfit, shown.problems, places, rooms)


def _picture(room: Room, claim: Claim, hold: Hold) -> Outcome:
    with room.sessions() as session:
        original = picture_original(session, room, claim.subject_id)
    with _folder_beside(room) as folder:
        made = isolate.run_isolated(
            normalise, original, Path(folder), room.picture_limits, limits=_limits(room), watch=hold.watch
        )
        master, proxy = (room.blobs.put(path.read_bytes()) for path in (made.master, made.proxy))
    return PictureDone(master, proxy, made.width_px, made.height_px)


_MAKERS: dict[WorkKind, Callable[[Room, Claim, Hold], Outcome]] = {
    WorkKind.PRINT: _print,
    WorkKind.PROOF: _proof,
    WorkKind.PICTURE: _picture,
}


def _kept(room: Room, images: Iterable[PageImage]) -> list[dict[str, str | int]]:
    return [
        {
            "hash": image.kept or room.blobs.put(image.webp),
            "width_px": image.width_px,
            "height_px": image.height_px,
            "pixels": image.pixels,
        }
        for image in images
    ]


def _limits(room: Room) -> isolate.Limits:
    seconds = room.config.render_seconds
    return isolate.Limits(seconds=seconds, cpu_seconds=seconds, memory_mb=room.config.render_memory_mb)


def _folder_beside(room: Room) -> tempfile.TemporaryDirectory[str]:
    """A folder of its own on the disk of the blobs. Raises `Unavailable` when there is no room for one."""
    try:
        room.blobs.incoming.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=room.blobs.incoming, ignore_cleanup_errors=True)
    except OSError as error:
        raise Unavailable(f"The disk takes no more files ({error.strerror}).", "Free some space.") from error


def _in_short(problems: tuple[Problem, ...]) -> str:
    """One sentence for a list of errors: the first, and how many more there are."""
    errors = [problem for problem in problems if problem.level is Level.ERROR]
    more = len(errors) - 1
    return errors[0].message + (f" And {more} more." if more else "")
