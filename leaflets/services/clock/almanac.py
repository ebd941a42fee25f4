"""What plans are counted from, read once for any number of leaflets: the database is asked a fixed number of times."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.durations import DURATIONS, Days, Durations, PrinterDays
from leaflets.domain.clock.election import Nation, nation_of, parse_election
from leaflets.domain.clock.landing import Aim, Landing, Poll
from leaflets.domain.clock.plan import plan_for_several
from leaflets.domain.clock.postal_votes import Announcement, PostalVotes, postal_votes
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.clock.standing import Plan
from leaflets.domain.clock.statute.rule import Event
from leaflets.domain.clock.timetable import Timetable, timetable
from leaflets.domain.clock.working_days import Skips, WorkingDays, working_days
from leaflets.domain.errors import Invalid
from leaflets.services.organisation import houses_known
from leaflets.storage.durations import DurationSetting, PrinterHours
from leaflets.storage.election import ElectionRow
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign
from leaflets.storage.printer import Printer
from leaflets.storage.tree import Node

Heard = Mapping[int, Sequence[Announcement]]
"""What councils announced, by the node for which it was recorded."""


@dataclass(frozen=True)
class Planned:
    """A leaflet and its plan; or, where none can be counted, why not and what to do, as one text."""

    leaflet: Leaflet
    plan: Plan | None
    why_not: str = ""

    @property
    def campaign(self) -> Campaign:
        """Whose leaflet it is."""
        return self.leaflet.campaign

    @property
    def node(self) -> Node | None:
        """Where its campaign stands."""
        return self.leaflet.campaign.node


@dataclass(frozen=True)
class Almanac:
    """Durations by node, printers' days by printer, and every plan that was counted already at this moment.

    `offered` are the ids of the printers that may be ordered from, by node, where remedies are sought.
    """

    now: datetime
    durations: Mapping[int, Durations]
    printers: Mapping[int, PrinterDays]
    offered: Mapping[int, Sequence[int]]
    with_remedies: bool
    _counted: dict[object, Plan] = field(default_factory=dict)
    _heard: dict[int, Heard] = field(default_factory=dict)

    def planned(self, leaflet: Leaflet, *, printer_id: int | None = None) -> Planned:
        """The plan of one leaflet, with the printer given or else its own."""
        try:
            return Planned(leaflet, self._plan(leaflet, printer_id or leaflet.printer_id))
        except Invalid as error:
            return Planned(leaflet, None, str(error))

    def _plan(self, leaflet: Leaflet, printer_id: int | None) -> Plan:
        campaign, node = leaflet.campaign, leaflet.campaign.node
        served = leaflet.elections or campaign.elections
        elections = [row for row in served if row.polling_day >= self.now.date()] or served  # the rest is over
        if not elections:
            raise Invalid(
                "Nothing can be counted back yet: the election of this campaign is not known.",
                "Ask whoever looks after this site to enter it.",
            )
        law = node.law if node else None
        counted_from = tuple(
            (row.ref, law, row.nominations_close, row.suspended, self._said(row, node)) for row in elections
        )
        aim = Aim(Landing(leaflet.landing), leaflet.landing_on)
        done = frozenset(Step(each.step) for each in leaflet.steps_done)
        printer = self.printers.get(printer_id, PrinterDays()) if printer_id else PrinterDays()
        lengths = self.durations.get(node.id, DURATIONS) if node else DURATIONS
        others = tuple(id_ for id_ in self.offered.get(node.id, ()) if id_ != printer_id) if node else ()
        key = (aim, leaflet.route, counted_from, done, printer_id, id(lengths), others)
        if key not in self._counted:
            polls = tuple(poll(*each) for each in counted_from)
            self._counted[key] = plan_for_several(
                aim,
                Route(leaflet.route),
                polls=polls,
                durations=lengths,
                printer_days=printer,
                calendar=calendar_of(polls[0].timetable.nation),
                now=self.now,
                done=done,
                other_printers=[self.printers[id_] for id_ in others],
                seek_remedies=self.with_remedies,
            )
        return self._counted[key]

    def _said(self, row: ElectionRow, node: Node | None) -> tuple[Announcement, ...]:
        if row.id not in self._heard:
            self._heard[row.id] = heard(row)
        return said_at(self._heard[row.id], node)


def almanac(session: Session, campaigns: Sequence[Campaign], *, now: datetime, with_remedies: bool = True) -> Almanac:
    """An almanac for the leaflets of these campaigns, whose nodes are loaded."""
    nodes = {campaign.node.id: campaign.node for campaign in campaigns if campaign.node}
    at = _durations_at(session, list(nodes.values()))
    offered: dict[int, list[int]] = {}
    if with_remedies:
        found = houses_known.offered_at_each(session, list(nodes.values()))
        offered = {node_id: [house.id for house in houses] for node_id, houses in found.items()}
    days = _printer_days(session, {campaign.organisation_id for campaign in campaigns})
    return Almanac(now, at, days, offered, with_remedies)


def plans(session: Session, *conditions: ColumnElement[bool], now: datetime) -> list[Planned]:
    """The plans, without remedies, of every leaflet that meets the conditions on it, its campaign and its node."""
    wanted = (
        select(Leaflet)
        .join(Leaflet.campaign)
        .outerjoin(Campaign.node)
        .where(*conditions)
        .order_by(Leaflet.id)
        .options(
            joinedload(Leaflet.campaign).joinedload(Campaign.node),
            joinedload(Leaflet.campaign).selectinload(Campaign.elections).selectinload(ElectionRow.dispatches),
            selectinload(Leaflet.elections).selectinload(ElectionRow.dispatches),
            selectinload(Leaflet.steps_done),
        )
    )
    found = session.scalars(wanted).unique().all()
    book = almanac(session, [leaflet.campaign for leaflet in found], now=now, with_remedies=False)
    return [book.planned(leaflet) for leaflet in found]


def poll(
    ref: str, law: Nation | None, nominations_close: date | None, suspended: str, said: tuple[Announcement, ...]
) -> Poll:
    """One election as the plan takes it. Raises `Invalid` where the clock does."""
    dates = timetable_of(ref, law, nominations_close)
    return Poll(dates, _postal_votes(dates, said), suspended)


@lru_cache(maxsize=4096)
def timetable_of(ref: str, law: Nation | None, nominations_close: date | None = None) -> Timetable:
    """The statutory dates of an election by its id, kept: they never change. Raises `Invalid`."""
    election = parse_election(ref)
    return timetable(election, nation_of(election, law), bank_holidays(), nominations_close=nominations_close)


def calendar_of(law: Nation) -> WorkingDays:
    """The working days that a leaflet is planned by: the nation's own."""
    return working_days(bank_holidays(), law, Skips.OWN)


def _postal_votes(dates: Timetable, said: tuple[Announcement, ...]) -> PostalVotes:
    """Of several councils in one seat, the one that posts first counts."""
    nominations = dates.of(Event.NOMINATIONS)
    by_council: dict[str, list[Announcement]] = {}
    for each in said:
        by_council.setdefault(each.council, []).append(each)
    spreads = [
        postal_votes(
            dates.election.polling_day,
            calendar_of(dates.nation),
            nominations_close=nominations.day if nominations else None,
            announcements=announcements,
        )
        for announcements in by_council.values() or ([],)
    ]
    return min(spreads, key=lambda each: each.earliest_plausible)


def heard(row: ElectionRow) -> Heard:
    """What councils said of a poll as it stands, by node; what was said of a former polling day is history."""
    by_node: dict[int, list[Announcement]] = {}
    for said in reversed(row.dispatches):  # of two that were said on one day, the one recorded last counts
        if said.for_polling_day == row.polling_day:
            by_node.setdefault(said.node_id, []).append(said.announcement)
    return by_node


def said_at(by_node: Heard, node: Node | None) -> tuple[Announcement, ...]:
    """What holds of that at a node: said there or above it."""
    way_down = node.way_down if node else []
    return tuple(said for node_id in way_down for said in by_node.get(node_id, ()))


def _durations_at(session: Session, nodes: Collection[Node]) -> Mapping[int, Durations]:
    """What holds at each of these nodes, by node id: the nearest setting on the way up, else the default."""
    above = {each for node in nodes for each in node.way_down}
    settings: dict[int, dict[str, Days]] = {}
    for row in session.scalars(select(DurationSetting).where(DurationSetting.node_id.in_(above))):
        settings.setdefault(row.node_id, {})[row.name] = row.days
    return {node.id: _on_the_way(node, settings) for node in nodes}


def _printer_days(session: Session, organisation_ids: Collection[int]) -> Mapping[int, PrinterDays]:
    """When every printer of these organisations works and how long it takes, by its id."""
    ours = Printer.organisation_id.in_(organisation_ids)
    hours = select(PrinterHours).join(Printer, Printer.id == PrinterHours.printer_id).where(ours)
    rows = {row.printer_id: row for row in session.scalars(hours)}
    printers = session.execute(select(Printer.id, Printer.name).where(ours))
    return {id_: rows[id_].days_of(name) if id_ in rows else PrinterDays(name) for id_, name in printers}


def _on_the_way(node: Node, settings: Mapping[int, Mapping[str, Days]]) -> Durations:
    merged: dict[str, Days] = {}
    for node_id in node.way_down:
        merged |= settings.get(node_id, {})
    return DURATIONS.with_days(**merged) if merged else DURATIONS
