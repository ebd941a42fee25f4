"""A small campaign in a real database, for tests of services, storage and workers."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from weakref import WeakSet

from PIL import Image
from sqlalchemy import Engine, event

from leaflets.domain.leaflet import Edit, Saved
from leaflets.domain.permissions import Role
from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.template import Frame, Kind, Kit, Template, Voice, Zone
from leaflets.queue import Tickets
from leaflets.services import leaflets
from leaflets.services.organisation import campaigns, printing_houses
from leaflets.services.press import orders, proofs
from leaflets.services.roles import grants, people
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.migrations import is_current, migrate
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order, Proof
from leaflets.storage.printer import Printer
from leaflets.storage.session import Sessions, open_sessions

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
NOWHERE = "redis://127.0.0.1:1/0"
"""Nobody listens on port 1: a Redis that is away."""

TEMPLATE = Template(
    name="tiny",
    version="1.0",
    title="Tiny",
    description="Two zones.",
    purpose="Test",
    format=FORMATS["a6"],
    zones=(
        Zone("headline", Kind.LINE, "Headline", "One promise.", Voice.MESSAGE, "front", default="Hello", max_chars=60),
        Zone(
            "portrait",
            Kind.PICTURE,
            "Portrait",
            "You.",
            Voice.PERSONAL,
            "front",
            required=False,
            frame=Frame(50, 40),
            min_ppi=100,
        ),
        Zone("imprint", Kind.IMPRINT, "Imprint", "The law's.", Voice.SYSTEM, "back"),
    ),
    folder=Path(),
)
KIT = Kit("plain", "Plain", {}, {}, "logo.svg", Path())
MOST_STATEMENTS = 10_000


_OPENED: WeakSet[Engine] = WeakSet()
_FIRST: dict[str, Engine] = {}


def keep_warm(sessions: Sessions) -> None:
    """Keep connections open from one session to the next, until the test ends; and wait for no disk.

    Each test has engines of its own, and compiling what it asks would take longer than asking: what one engine has
    compiled serves all of its kind, as in a site that has run for a while.
    """
    engine = sessions.kw["bind"]
    _OPENED.add(engine)
    first = _FIRST.setdefault(engine.dialect.name, engine)
    first._compiled_cache.capacity = MOST_STATEMENTS
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    if engine.dialect.name == "sqlite":
        event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA synchronous=OFF"))


def close_connections() -> None:
    """Close what the scenes keep open from one session to the next: a test ends, and its database is dropped."""
    for engine in _OPENED:
        engine.dispose()


@dataclass
class Scene:
    """An agent, a helper and a stranger; one campaign, one printer. `redis_url` points nowhere unless given."""

    url: str
    redis_url: str = NOWHERE
    template: Template = TEMPLATE
    kit: Kit = KIT
    now: datetime = NOON
    sessions: Sessions = field(init=False)
    tickets: Tickets = field(init=False)
    agent: Person = field(init=False)
    helper: Person = field(init=False)
    stranger: Person = field(init=False)
    campaign: Campaign = field(init=False)
    printer: Printer = field(init=False)

    def __post_init__(self) -> None:
        if not is_current(self.url):
            migrate(self.url)
        self.sessions = open_sessions(self.url, clock=lambda: self.now)
        keep_warm(self.sessions)
        self.tickets = Tickets(self.redis_url)
        self._op_ids = itertools.count(1)
        by = {"actor": "a test", "now": self.now}
        with self.sessions() as session:
            self.agent, self.helper, self.stranger = (
                people.add_person(session, **by, name=name, email=f"{name.lower()}@example.org")
                for name in ("Agnes", "Henry", "Stella")
            )
            election = ElectionDetails("General election", "Harbour", "Thursday 6 May 2027", "Ada Quay")
            imprint = Imprint("", "", "Agnes Pier", "1 Quay Street, Harbour HR1 1AA", "Ada Quay")
            self.campaign = campaigns.start_campaign(
                session, **by, organisation="Plain", name="Ada", kit="plain", election=election, imprint=imprint
            )
            for person, role in ((self.agent, Role.AGENT), (self.helper, Role.HELPER)):
                grants.give(session, **by, campaign_id=self.campaign.id, person_id=person.id, role=role)
            assert self.campaign.node
            self.printer = printing_houses.add(
                session,
                **by,
                node_id=self.campaign.node.id,
                name="Press & Sons",
                address="2 Ink Lane, Harbour HR1 2BB",
            )
            for seen in (self.agent, self.helper, self.stranger, self.campaign):
                session.refresh(seen)  # they were written in transactions of their own before this one

    def leaflet(self) -> Leaflet:
        with self.sessions() as session:
            return leaflets.start_leaflet(
                session,
                actor=self.agent,
                now=self.now,
                campaign_id=self.campaign.id,
                template=self.template,
                kit=self.kit,
            )

    def save(self, leaflet_id: int, *edits: Edit, by: Person | None = None) -> Saved:
        with self.sessions() as session:
            return words.save_edits(session, actor=by or self.agent, now=self.now, leaflet_id=leaflet_id, edits=edits)

    def edit(
        self, value: object, base_version: int, *, zone: str = "headline", op_id: str = "", device: str = ""
    ) -> Edit:
        return Edit(op_id or f"operation-{next(self._op_ids)}", zone, value, base_version, device)

    def texts(self, leaflet_id: int) -> dict[str, object]:
        with self.sessions() as session:
            return leaflets.leaflet(session, actor=self.agent, leaflet_id=leaflet_id).values

    def order(self, leaflet_id: int, *, needed_in: timedelta = timedelta(days=2), quantity: int = 100) -> Order:
        with self.sessions() as session:
            return orders.place(
                session,
                actor=self.agent,
                now=self.now,
                tickets=self.tickets,
                leaflet_id=leaflet_id,
                template=self.template,
                printer_id=self.printer.id,
                quantity=quantity,
                needed_by=self.now + needed_in,
            )

    def order_standing(self, order_id: int) -> orders.Standing:
        with self.sessions() as session:
            return orders.standing(session, actor=self.agent, now=self.now, order_id=order_id)

    def proof(self, leaflet_id: int) -> Proof:
        with self.sessions() as session:
            return proofs.ask(session, actor=self.agent, now=self.now, tickets=self.tickets, leaflet_id=leaflet_id)

    def proof_standing(self, proof_id: int) -> proofs.ProofStanding:
        with self.sessions() as session:
            return proofs.standing(session, actor=self.agent, now=self.now, proof_id=proof_id)


def photo(width: int = 400, height: int = 320) -> io.BytesIO:
    """A JPEG as a camera might send it."""
    file = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(file, "JPEG")
    file.seek(0)
    return file


def half_a_png(width: int, height: int) -> io.BytesIO:
    """A PNG whose structure is sound and whose pixels break off half-way: only decoding it shows that."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((row % 256, 80, 160)) * width for row in range(height))
    pixels = zlib.compress(rows)
    chunks = ((b"IHDR", header), (b"IDAT", pixels[: len(pixels) // 2]), (b"IEND", b""))
    file = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    file.seek(0, io.SEEK_END)
    for kind, content in chunks:
        file.write(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content)))
    file.seek(0)
    return file
