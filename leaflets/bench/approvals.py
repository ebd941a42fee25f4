"""What the pages of approvals cost when 5,000 leaflets wait and 200,000 changes are on record, on both databases."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.orm import Session

from leaflets.bench.office_pages import page_figures
from leaflets.bench.postgresql import running_postgresql
from leaflets.bench.studio_house import Commands
from leaflets.domain.audit_chain import Entry
from leaflets.domain.leaflet import hash_of
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import ElectionDetails
from leaflets.domain.review.approval import Asks, Office, Stage, State, ZoneState, words_hash
from leaflets.domain.template import Kind
from leaflets.services.review import review_queue, under_review, waiting_board
from leaflets.services.review.review_queue import Whose
from leaflets.storage.audit import note
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet, Revision
from leaflets.storage.migrations import migrate
from leaflets.storage.people import Campaign, Organisation, Person
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.session import open_sessions, writing
from leaflets.storage.tree import Node

LEAFLETS, AUDIT_ROWS = 5_000, 200_000
SEATS, REGIONS = 650, 12
ZONES = 3
_SHARED = 40  # leaflets that say the same in their first zone
_AT_ONCE, _NOTED_AT_ONCE = 1_000, 20_000


def approval_figures(folder: Path, commands: Commands, *, runs: int) -> dict[str, float]:
    """Milliseconds of what the pages of approvals ask of the services, and of the whole pages, on each database.

    The median of `runs`; the worst too of whole pages; and how many statements a question is. `commands` are those that
    `leaflets up` starts its parts with.
    """
    figures = _pages(folder, commands, f"sqlite:///{folder / 'approvals.db'}", "sqlite", runs)
    with running_postgresql(folder) as url:
        if url:
            figures |= _pages(folder, commands, url, "postgresql", runs)
    return figures


def _pages(folder: Path, commands: Commands, url: str, name: str, runs: int) -> dict[str, float]:
    migrate(url)
    now = datetime.now(UTC)
    sessions = open_sessions(url)
    with sessions() as session:
        fill(session, now, leaflets=LEAFLETS, audit_rows=AUDIT_ROWS)
    figures: dict[str, float] = {}
    for page, ask in pages(now).items():
        taken = []
        for _ in range(runs):
            with sessions() as session:
                start = time.perf_counter()
                ask(session)
                taken.append((time.perf_counter() - start) * 1000)
        figures[f"{name}_{page}_ms"] = statistics.median(taken)
        figures[f"{name}_{page}_statements"] = float(statements(sessions(), ask))
    whole = page_figures(folder, commands, url, runs=runs)
    return figures | {f"{name}_{page}": value for page, value in whole.items()}


def pages(now: datetime) -> dict[str, Callable[[Session], object]]:
    """What each page asks of the services, in a database that `fill` has filled."""
    return {
        "queue_of_nation": lambda session: review_queue.queue(
            session, actor=_sits(session, Role.NATION), now=now, whose=Whose.BELOW, page=3
        ),
        "queue_of_region": lambda session: review_queue.queue(session, actor=_sits(session, Role.REGION), now=now),
        "review": lambda session: under_review.reading(
            session, actor=_sits(session, Role.NATION), submission_id=_SHARED
        ),
        "board": lambda session: waiting_board.board(session, actor=_sits(session, Role.NATION), now=now, node_id=1),
    }


def statements(session: Session, ask: Callable[[Session], object]) -> int:
    """How many statements somebody's question comes to."""
    asked: list[str] = []

    def count(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    try:
        with session:
            ask(session)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(asked)


def fill(session: Session, now: datetime, *, leaflets: int, audit_rows: int) -> None:
    """One organisation with an office in its nation and in every region, and so many leaflets that wait for a region.

    For an empty database. Ids are counted from 1.
    """
    with writing(session):
        session.add(Organisation(id=1, name="Bench", created_at=now))
        session.add_all(
            Person(id=n, name=f"Person {n}", email=f"p{n}@bench.example", created_at=now) for n in (1, 2, 3)
        )
        session.flush()
        _insert(session, Node, _nodes(now))
        session.add_all(
            Grant(person_id=person, role=role, node_id=node, giver="bench", given_at=now)
            for person, role, node in ((1, Role.NATION, 1), (2, Role.REGION, 3), (3, Role.ADMINISTRATOR, 1))
        )
        _insert(session, Campaign, (_campaign(n, now) for n in range(SEATS)))
        _insert(session, Leaflet, (_leaflet(n, now) for n in range(leaflets)))
        _insert(session, Revision, (_revision(n, now) for n in range(leaflets)))
        _insert(session, Submission, (_submission(n, now) for n in range(leaflets)))
        _insert(session, ReviewZone, (_zone(n, zone) for n in range(leaflets) for zone in range(ZONES)))
    for start in range(0, audit_rows, _NOTED_AT_ONCE):
        with writing(session):
            for n in range(start, min(start + _NOTED_AT_ONCE, audit_rows)):
                note(session, _note(n, leaflets, now))
    session.execute(text("ANALYZE"))
    session.commit()


def _insert(session: Session, table: type, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while part := list(islice(left, _AT_ONCE)):
        session.execute(insert(table), part)


def _sits(session: Session, role: Role) -> Person:
    return session.scalars(select(Person).join(Grant, Grant.person_id == Person.id).where(Grant.role == role)).one()


def _region(n: int) -> int:
    """The node of the region in which the n-th seat lies."""
    return 3 + n % REGIONS


def _seat(n: int) -> int:
    return 3 + REGIONS + n


def _nodes(now: datetime) -> Iterable[dict[str, Any]]:
    common = {"organisation_id": 1, "code": "", "area": "", "created_at": now}
    yield {"id": 1, "tier": Tier.ORGANISATION, "name": "Bench", "parent_id": None, "nation": "", "path": "/1/"} | common
    england = {"nation": "england"} | common
    yield {"id": 2, "tier": Tier.NATION, "name": "England", "parent_id": 1, "path": "/1/2/"} | england
    for n in range(REGIONS):
        region = {"id": _region(n), "tier": Tier.REGION, "name": f"Region {n}", "parent_id": 2}
        yield region | {"path": f"/1/2/{_region(n)}/"} | england
    for n in range(SEATS):
        seat = {"id": _seat(n), "tier": Tier.SEAT, "name": f"Seat {n}", "parent_id": _region(n)}
        yield seat | {"path": f"/1/2/{_region(n)}/{_seat(n)}/"} | england


def _campaign(n: int, now: datetime) -> dict[str, Any]:
    return {
        "id": n + 1,
        "organisation_id": 1,
        "node_id": _seat(n),
        "name": f"Campaign {n}",
        "kit": "bench",
        "election_title": "General election",
        "election_area": f"Seat {n}",
        "polling_day": "",
        "candidate": f"Candidate {n}",
        "promoter": "Agent",
        "promoter_address": "1 Street",
        "on_behalf_of": f"Candidate {n}",
        "on_behalf_of_address": "",
        "created_at": now,
    }


def _leaflet(n: int, now: datetime) -> dict[str, Any]:
    election = ElectionDetails("General election", f"Seat {n % SEATS}", "", f"Candidate {n % SEATS}")
    return {
        "id": n + 1,
        "campaign_id": n % SEATS + 1,
        "title": f"Leaflet {n}",
        "template_name": "introduction",
        "template_version": "1.0.0",
        "kit": "hearth-and-field",
        "election_title": election.title,
        "election_area": election.area,
        "polling_day": "",
        "candidate": election.candidate,
        "landing": "before-postal-votes",
        "route": "hand-delivery",
        "language": "",
        "place": "",
        "local_zones": [],
        "created_by": 1,
        "created_at": now,
        "changed_at": now,
    }


def _revision(n: int, now: datetime) -> dict[str, Any]:
    content = {"values": {f"zone-{zone}": _words(n, zone) for zone in range(ZONES)}}
    return {
        "id": n + 1,
        "leaflet_id": n + 1,
        "content_hash": hash_of([n, content]),
        "content": content,
        "created_by": 1,
        "created_at": now,
    }


def _submission(n: int, now: datetime) -> dict[str, Any]:
    region = _region(n % SEATS)
    sent = now - timedelta(minutes=n)
    return {
        "id": n + 1,
        "leaflet_id": n + 1,
        "revision_id": n + 1,
        "state": State.WAITING,
        "stages": [{**Stage(Office.REGION, Asks.MESSAGES).as_json(), "office_id": region}],
        "stage": 0,
        "asked_of_id": region,
        "asked_since": sent,
        "decide_by": now + timedelta(hours=n * 7 % 400) if n % 9 else None,
        "reminded": 0,
        "moved": 0,
        "note": "",
        "sent_by": 1,
        "sent_at": sent,
        "ended_because": "",
    }


def _words(n: int, zone: int) -> str:
    return f"What everybody says {n % (LEAFLETS // _SHARED)}" if zone == 0 else f"What {n} says in {zone}"


def _zone(n: int, zone: int) -> dict[str, Any]:
    words = _words(n, zone)
    return {
        "submission_id": n + 1,
        "stage": 0,
        "zone": f"zone-{zone}",
        "label": f"Zone {zone}",
        "zone_kind": Kind.LINE,
        "words": words,
        "words_hash": words_hash(Kind.LINE, words),
        "topics": [],
        "state": ZoneState.WAITING,
    }


def _note(n: int, leaflets: int, now: datetime) -> Entry:
    return Entry(
        at=now - timedelta(seconds=AUDIT_ROWS - n),
        person_id=1,
        who="Person 1",
        campaign_id=n % SEATS + 1,
        node_id=_seat(n % SEATS),
        what="words saved",
        subject="leaflet",
        subject_id=n % leaflets + 1,
        was="",
        became=f"zone-1 v{n}",
    )
