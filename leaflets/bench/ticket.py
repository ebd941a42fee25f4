"""How long a ticket lies before an idle worker starts on it: a real Redis, a real worker, a database of its own."""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from leaflets.domain.errors import Unavailable
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.press.schedule import WorkKind
from leaflets.queue import Tickets
from leaflets.redis_server import free_port, redis_command
from leaflets.services.organisation import campaigns
from leaflets.services.picture import pictures
from leaflets.services.press import press_queue
from leaflets.services.roles import grants, people
from leaflets.storage.blobs import Blobs
from leaflets.storage.migrations import migrate
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import open_sessions

PATIENCE_S = 30.0
FIRST_PORT = 6590


def ticket_figures(folder: Path, *, runs: int) -> dict[str, float]:
    """Seconds from the moment a row is written to the moment a worker claims it: median and worst of `runs`."""
    port = free_port("127.0.0.1", FIRST_PORT)
    settings = {
        "LEAFLETS_DEMO": "1",
        "LEAFLETS_DATA": str(folder / "ticket"),
        "LEAFLETS_DATABASE_URL": f"sqlite:///{folder / 'ticket.db'}",
        "LEAFLETS_REDIS_URL": f"redis://127.0.0.1:{port}/0",
    }
    migrate(settings["LEAFLETS_DATABASE_URL"])
    tickets = Tickets(settings["LEAFLETS_REDIS_URL"])
    blobs = Blobs(folder / "ticket" / "blobs")
    log = folder / "ticket.log"
    worker = [sys.executable, "-m", "workers", "proof"]
    with (
        open_sessions(settings["LEAFLETS_DATABASE_URL"], pooled=False)() as session,
        running(redis_command(port, folder / "redis.log"), {}, log),
        running(worker, settings, log),
    ):
        agent, campaign = bench_campaign(session)
        waits = []
        for number in range(runs + 1):
            photo = Image.new("RGB", (400, 300), (number * 9, 90, 120))
            upload = io.BytesIO()
            photo.save(upload, "PNG")
            upload.seek(0)
            picture = pictures.receive(
                session,
                actor=agent,
                now=datetime.now(UTC),
                blobs=blobs,
                tickets=tickets,
                campaign_id=campaign.id,
                upload=upload,
                filename="photo.png",
            )
            waits.append(_waited_s(session, picture.id))
    waits = waits[1:]  # the first one waited for the worker to come up
    return {"median_s": statistics.median(waits), "worst_s": max(waits)}


def bench_campaign(session: Session) -> tuple[Person, Campaign]:
    """Somebody who may send pictures, and where to."""
    actor, now = "leaflets bench", datetime.now(UTC)
    agent = people.add_person(session, actor=actor, now=now, name="Agent", email="agent@example.org")
    imprint, election = Imprint("", "", "", "", ""), ElectionDetails("", "", "", "")
    campaign = campaigns.start_campaign(
        session,
        actor=actor,
        now=now,
        organisation="Bench",
        name="Bench",
        kit="plain",
        election=election,
        imprint=imprint,
    )
    grants.give(session, actor=actor, now=now, campaign_id=campaign.id, person_id=agent.id, role=Role.AGENT)
    return agent, campaign


def _waited_s(session: Session, picture_id: int) -> float:
    """From the moment that the picture's work was written down to the moment that a worker claimed it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        session.rollback()  # the next look is a new one
        work = press_queue.latest(session, WorkKind.PICTURE, picture_id)
        if work and work.started_at and work.finished_at:
            return (work.started_at - work.created_at).total_seconds()
        time.sleep(0.02)
    raise Unavailable("The bench's worker does not answer.", "See what it says in `leaflets worker proof`.")


@contextmanager
def running(command: Sequence[str], settings: Mapping[str, str], log: Path) -> Iterator[None]:
    """A process of ours for as long as it is needed."""
    with log.open("ab") as said:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=said, stderr=said)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)
