"""The elections below an office: their polling days, when postal votes go out, and whose orders follow a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.postal_votes import Announcement, PostalVotes
from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.press.schedule import WorkState
from leaflets.services.clock import almanac, elections
from leaflets.services.organisation import tree
from leaflets.services.press.open_orders import OPEN
from leaflets.storage.election import DispatchRow, ElectionRow, campaign_election
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.tree import Node

Look = Mapping[int, tuple[str, datetime]]
"""The state and the deadline of each open or held order, by its id."""


@dataclass(frozen=True)
class Posting:
    """The postal votes that plans of these places count with; or, where none can be counted, why not.

    `recorded` is what was recorded of the first dispatch and `recorder` who did it, where a council announced it and
    a person wrote it down.
    """

    places: tuple[Node, ...]
    postal_votes: PostalVotes | None
    why_not: str = ""
    recorded: DispatchRow | None = None
    recorder: str = ""


@dataclass(frozen=True)
class PollRow:
    """One election as an office sees it: `places` and `open_here` (orders not printed yet) are those below the office.

    `orders` are all that would follow if polling day moved.
    """

    row: ElectionRow
    places: tuple[Node, ...]
    postings: tuple[Posting, ...]
    orders: Look
    open_here: int
    may_change: bool

    @property
    def open_orders(self) -> int:
        """How many are waiting or on the press."""
        return sum(state in OPEN for state, _ in self.orders.values())

    @property
    def held_orders(self) -> int:
        """How many are held back."""
        return len(self.orders) - self.open_orders


@dataclass(frozen=True)
class Moved:
    """What a change did to the orders: how many got another deadline, were held, or went back into the queue."""

    deadlines: int
    held: int
    put_back: int


def below(session: Session, *, actor: Person, now: datetime, node_id: int) -> tuple[Node, list[PollRow]]:
    """An office's node and the elections of the campaigns there and below it, the next polling day first.

    Those whose day is over are left out, unless they are suspended: they wait for a new day. Raises `NotFound` or
    `Refused` for somebody who may not see the board.
    """
    node = tree.node(session, actor=actor, node_id=node_id)
    stands = (
        select(campaign_election.c.election_id, Node)
        .join(Campaign, Campaign.id == campaign_election.c.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(Node.path.startswith(node.path))
        .distinct()
    )
    places: dict[int, list[Node]] = {}
    for election_id, place in session.execute(stands):
        places.setdefault(election_id, []).append(place)
    current = (ElectionRow.polling_day >= now.date()) | (ElectionRow.suspended != "")
    wanted = (
        select(ElectionRow)
        .where(ElectionRow.id.in_(places), current)
        .order_by(ElectionRow.polling_day, ElectionRow.ref)
        .options(selectinload(ElectionRow.dispatches).joinedload(DispatchRow.node))
    )
    return node, [
        _poll_row(session, actor, node, row, sorted(places[row.id], key=lambda place: place.name))
        for row in session.scalars(wanted)
    ]


def one_below(session: Session, *, actor: Person, now: datetime, node_id: int, election_id: int) -> PollRow:
    """One of the elections `below`. Raises `NotFound` or `Refused`."""
    _, found = below(session, actor=actor, now=now, node_id=node_id)
    for poll in found:
        if poll.row.id == election_id:
            return poll
    raise NotFound("There is no such election on this board.", "Its day may be over, or it may have moved: look again.")


def moved_since(session: Session, before: Look) -> Moved:
    """What became of these orders since they were looked at."""
    rows = session.execute(select(Order.id, Order.state, Order.needed_by).where(Order.id.in_(before)))
    pairs = [(before[id_], (state, needed_by)) for id_, state, needed_by in rows]
    return Moved(
        deadlines=sum(was[1] != now[1] for was, now in pairs),
        held=sum(was[0] != WorkState.HELD and now[0] == WorkState.HELD for was, now in pairs),
        put_back=sum(was[0] == WorkState.HELD and now[0] in OPEN for was, now in pairs),
    )


def _poll_row(session: Session, actor: Person, office: Node, row: ElectionRow, places: Sequence[Node]) -> PollRow:
    follow = (
        select(Order.id, Order.state, Order.needed_by, Node.path)
        .join(Order.leaflet)
        .join(Leaflet.campaign)
        .outerjoin(Node, Node.id == Campaign.node_id)
        .where(Order.state.in_((*OPEN, WorkState.HELD)), elections.concerned(row))
    )
    orders = session.execute(follow).all()
    return PollRow(
        row=row,
        places=tuple(places),
        postings=_postings(session, row, places),
        orders={id_: (state, needed_by) for id_, state, needed_by, _ in orders},
        open_here=sum(state in OPEN and (path or "").startswith(office.path) for _, state, _, path in orders),
        may_change=elections.may_change(session, actor=actor, row=row),
    )


def _postings(session: Session, row: ElectionRow, places: Sequence[Node]) -> tuple[Posting, ...]:
    """What holds at the places, those with the same dates together; what councils announced first."""
    heard = almanac.heard(row)
    together: dict[tuple[Nation | None, tuple[Announcement, ...]], list[Node]] = {}
    for place in places:
        together.setdefault((place.law, almanac.said_at(heard, place)), []).append(place)
    found = [_posting(session, row, law, said, tuple(nodes)) for (law, said), nodes in together.items()]
    return tuple(sorted(found, key=lambda posting: posting.recorded is None))


def _posting(
    session: Session,
    row: ElectionRow,
    law: Nation | None,
    said: tuple[Announcement, ...],
    places: tuple[Node, ...],
) -> Posting:
    try:
        votes = almanac.poll(row.ref, law, row.nominations_close, "", said).postal_votes
    except Invalid as error:
        return Posting(places, None, str(error))
    of_these = [each for each in row.dispatches if each.announcement in said]
    used = [each for each in of_these if votes and votes.first.announced and each.first == votes.first.day]
    recorded = next(reversed(used or of_these), None)
    recorder = session.get(Person, recorded.recorded_by) if recorded and recorded.recorded_by else None
    return Posting(places, votes, "", recorded, recorder.name if recorder else "")
