"""Who can answer for an office: its approvers, without those who are away.

Whoever is away names somebody who answers meanwhile; they hold the role themselves for those days (absences.py), so
that whoever is asked may also do what they are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.permissions import APPROVERS
from leaflets.storage.grant import Grant
from leaflets.storage.people import Person
from leaflets.storage.review import Absence
from leaflets.storage.session import moment


@dataclass(frozen=True, slots=True)
class Rota:
    """Who sits in some offices, by the id of the node and by name, and on which days each of them is away."""

    holders: Mapping[int, list[Person]]
    away: Mapping[int, list[Absence]]

    def able(self, node_id: int, day: date) -> list[Person]:
        """Who can answer there on that day."""
        return [person for person in self.holders.get(node_id, ()) if not self._is_away(person, day)]

    def is_attended(self, node_id: int, days: Iterable[date]) -> bool:
        """Whether somebody can answer there on one of these days."""
        return any(self.able(node_id, day) for day in days)

    def _is_away(self, person: Person, day: date) -> bool:
        return any(each.first_day <= day <= each.last_day for each in self.away.get(person.id, ()))


def present(session: Session, people: Collection[Person], day: date) -> list[Person]:
    """Those of them who are not away on that day, in their order."""
    absent = select(Absence.person_id).where(
        Absence.person_id.in_([person.id for person in people]),
        Absence.ended_at.is_(None),
        Absence.first_day <= day,
        Absence.last_day >= day,
    )
    away = set(session.scalars(absent)) if people else set()
    return [person for person in people if person.id not in away]


def rota(session: Session, node_ids: Collection[int], since: date) -> Rota:
    """Who sits in these offices, and who of them is away from that day on. Two queries, however many there are."""
    held = (
        select(Grant.node_id, Person)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.node_id.in_(node_ids), Grant.role.in_(APPROVERS), Grant.holds(moment(session)))
        .order_by(Person.name, Person.id)
    )
    holders: dict[int, dict[int, Person]] = {}
    for node_id, person in session.execute(held):
        holders.setdefault(node_id or 0, {})[person.id] = person
    people = {person_id for each in holders.values() for person_id in each}
    absent = select(Absence).where(Absence.person_id.in_(people), Absence.ended_at.is_(None), Absence.last_day >= since)
    away: dict[int, list[Absence]] = {}
    for absence in session.scalars(absent):
        away.setdefault(absence.person_id, []).append(absence)
    return Rota({node_id: list(each.values()) for node_id, each in holders.items()}, away)
