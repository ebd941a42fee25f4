"""What a claim costs when 50,000 orders are open, on SQLite and on PostgreSQL."""

from __future__ import annotations

import io
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from leaflets.bench.postgresql import running_postgresql
from leaflets.bench.ticket import bench_campaign
from leaflets.domain.press.schedule import Lane, WorkKind, WorkState, urgency
from leaflets.queue import Tickets
from leaflets.services.picture import pictures
from leaflets.services.press import press_queue
from leaflets.storage.blobs import Blobs
from leaflets.storage.migrations import migrate
from leaflets.storage.press import Work
from leaflets.storage.session import open_sessions, writing

OPEN = 50_000
NOWHERE = "redis://127.0.0.1:1/0"  # nobody needs a ticket here


def claim_figures(folder: Path, *, runs: int) -> dict[str, float]:
    """Milliseconds of one claim with its commit: the median and the worst of ten times `runs`, on each database."""
    figures = _claims(f"sqlite:///{folder / 'claim.db'}", "sqlite", folder, runs * 10)
    with running_postgresql(folder) as url:
        if url:
            figures |= _claims(url, "postgresql", folder, runs * 10)
    return figures


def _claims(url: str, name: str, folder: Path, claims: int) -> dict[str, float]:
    migrate(url)
    now = datetime.now(UTC)
    with open_sessions(url)() as session:
        _fill(session, folder, now)
        taken = []
        for number in range(claims):
            start = time.perf_counter()
            press_queue.claim(session, lane=Lane.PRESS, worker=f"bench:{number}", now=now + timedelta(seconds=number))
            taken.append((time.perf_counter() - start) * 1000)
    return {f"{name}_ms": statistics.median(taken), f"{name}_worst_ms": max(taken)}


def _fill(session: Session, folder: Path, now: datetime) -> None:
    """Rows of every class: due within days, long waiting, and lost. What a row asks for does not matter to a claim."""
    picture = _picture(session, folder, now)
    chance, rows = random.Random(1), []
    for _ in range(OPEN):
        placed = now - timedelta(hours=chance.uniform(0, 40))
        pressing = urgency(placed + timedelta(hours=chance.uniform(1, 200)), 2.0, placed)
        rows.append(
            {
                "lane": Lane.PRESS,
                "kind": WorkKind.PICTURE,
                "subject_id": picture,
                "needed_by": pressing.lost_at,
                "estimate_key": "bench",
                "estimate_s": 2.0,
                "urgent_at": pressing.urgent_at,
                "lost_at": pressing.lost_at,
                "state": WorkState.WAITING,
                "attempts": 0,
                "not_before": placed,
                "lease_owner": "",
                "stage": "",
                "fraction": 0.0,
                "reason": "",
                "inputs_hash": "",
                "created_at": placed,
            }
        )
    with writing(session):
        session.execute(insert(Work), rows)
    session.execute(text("ANALYZE"))
    session.commit()


def _picture(session: Session, folder: Path, now: datetime) -> int:
    agent, campaign = bench_campaign(session)
    upload = io.BytesIO()
    Image.new("RGB", (400, 300)).save(upload, "PNG")
    upload.seek(0)
    return pictures.receive(
        session,
        actor=agent,
        now=now,
        blobs=Blobs(folder / "claim"),
        tickets=Tickets(NOWHERE),
        campaign_id=campaign.id,
        upload=upload,
        filename="photo.png",
    ).id
