"""Nobody can fail to hear it: what is told stands on the page until it was seen, and goes out by e-mail as chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.errors import Invalid
from leaflets.domain.notices import NOTICES, Notice, Pace, chosen, paces_of, posted_at
from leaflets.domain.permissions import TEAM
from leaflets.domain.words.characters import tidy_line
from leaflets.services.roles import grants
from leaflets.storage.alert import Alert, Letter, NoticeChoice
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.session import writing

SHOWN = 100
"""Alerts that a page reads; whoever has more sees the newest, and how many there are."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to be told: about a leaflet, about what is at `path`, or about a leaflet and to be read at `path`.

    `sentence` stands on the page and in the letter, `more` in the letter alone. `state` is a leaflet's standing.
    """

    people: Sequence[Person]
    kind: Notice
    subject: str
    sentence: str
    leaflet: Leaflet | None = None
    path: str = ""
    more: str = ""
    state: str = ""

    @property
    def leads_to(self) -> str:
        """Where on the site it is read."""
        return self.path or (f"/leaflets/{self.leaflet.id}" if self.leaflet else "/")

    @property
    def about(self) -> str:
        """The leaflet and its campaign; of anything else, what kind of thing it is."""
        if self.leaflet is None:
            return NOTICES[self.kind].label
        return f"{self.leaflet.title}, {self.leaflet.campaign.name}"


@dataclass(frozen=True, slots=True)
class Told:
    """Alerts that say the same of one leaflet, or of it and its places, to be read as one. The newest is first."""

    alerts: tuple[Alert, ...]

    @property
    def newest(self) -> Alert:
        """The one that is shown for all."""
        return self.alerts[0]

    @property
    def main(self) -> Leaflet | None:
        """The leaflet that is no place of another, where one of these alerts is about it."""
        return next((one.leaflet for one in self.alerts if one.leaflet and one.leaflet.main is None), None)

    @property
    def places(self) -> tuple[Leaflet, ...]:
        """The places that these alerts are about, each once."""
        return tuple({one.leaflet.id: one.leaflet for one in self.alerts if one.leaflet and one.leaflet.main}.values())

    @property
    def leaflets(self) -> int:
        """About how many leaflets these alerts are."""
        return len({one.leaflet_id for one in self.alerts})


def unseen(session: Session, *, actor: Person) -> list[Alert]:
    """What somebody was told and has not seen yet, the newest first; no more than `SHOWN`."""
    told = select(Alert).where(Alert.person_id == actor.id, Alert.seen_at.is_(None))
    with_leaflet = joinedload(Alert.leaflet).joinedload(Leaflet.main)
    return list(session.scalars(told.order_by(Alert.id.desc()).limit(SHOWN).options(with_leaflet)))


def how_many_unseen(session: Session, *, actor: Person) -> int:
    """How much somebody was told and has not seen yet."""
    told = select(func.count()).select_from(Alert).where(Alert.person_id == actor.id, Alert.seen_at.is_(None))
    return session.scalar(told) or 0


def together(told: Iterable[Alert]) -> list[Told]:
    """Those with the same sentence about one leaflet and its places as one, in the order of the first of each."""
    same: dict[tuple[int | str, str, str, str], list[Alert]] = {}
    for one in told:
        family = one.leaflet.variant_of_id or one.leaflet.id if one.leaflet else one.path
        same.setdefault((family, one.kind, one.state, one.sentence), []).append(one)
    return [Told(tuple(alerts)) for alerts in same.values()]


def seen(
    session: Session, *, actor: Person, now: datetime, alert_ids: Sequence[int] = (), up_to: int | None = None
) -> None:
    """Note that somebody has seen these, or all up to that one; what is not theirs, or was seen before, is left."""
    with writing(session):
        mine = update(Alert).where(Alert.person_id == actor.id, Alert.seen_at.is_(None))
        these = Alert.id.in_(alert_ids) if up_to is None else Alert.id <= up_to
        session.execute(mine.where(these).values(seen_at=now))


def settled(session: Session, *, now: datetime, kind: Notice, path: str) -> None:
    """Take what was told of it off everybody's pages, inside the transaction that settles it."""
    told = update(Alert).where(Alert.kind == kind, Alert.path == path, Alert.seen_at.is_(None))
    session.execute(told.values(seen_at=now))


def outdated(session: Session, *, now: datetime, kinds: Collection[Notice], leaflet_ids: Collection[int]) -> None:
    """Take what was told of these leaflets off everybody's pages, inside the transaction that makes it untrue."""
    told = update(Alert).where(Alert.leaflet_id.in_(leaflet_ids), Alert.kind.in_(kinds), Alert.seen_at.is_(None))
    if leaflet_ids:
        session.execute(told.values(seen_at=now))


def team(session: Session, campaign_id: int) -> list[Person]:
    """Everybody with a role in a campaign: the candidate's team and the agent."""
    return grants.holders(session, campaign_id=campaign_id, roles=TEAM)


def tell(
    session: Session,
    people: Iterable[Person],
    *,
    now: datetime,
    kind: Notice,
    subject: str,
    sentence: str,
    leaflet: Leaflet | None = None,
    path: str = "",
    more: str = "",
    state: str = "",
) -> None:
    """One alert and one letter to each, as each has chosen, inside the transaction of what is told. See `News`."""
    tell_all(session, [News(list(people), kind, subject, sentence, leaflet, path, more, state)], now=now)


def tell_all(session: Session, news: Sequence[News], *, now: datetime) -> None:
    """`tell` for many things at once: the database is asked a fixed number of times."""
    said = _said(session, {person.id for each in news for person in each.people})
    alerts, letters = [], []
    for each in news:
        for person in {person.id: person for person in each.people}.values():
            pace = chosen(each.kind, said.get((person.id, each.kind)))
            if pace is not Pace.NOWHERE:
                alerts.append(_alert(each, person, now))
            if goes := posted_at(pace, now):
                letters.append(_letter(each, person, now, goes))
    if alerts:
        session.execute(insert(Alert), alerts)
    if letters:
        session.execute(insert(Letter), letters)


def choices(session: Session, *, actor: Person) -> dict[Notice, Pace]:
    """How somebody hears of every kind of thing."""
    said = _said(session, {actor.id})
    return {kind: chosen(kind, said.get((actor.id, kind))) for kind in NOTICES}


def choose(session: Session, *, actor: Person, choices: dict[Notice, Pace]) -> None:
    """Choose how to hear of these kinds; letters that wait already go as they were to go.

    Raises `Invalid` for a choice that there is not: what is urgent stays on the page.
    """
    for kind, pace in choices.items():
        if pace not in paces_of(kind):
            raise Invalid(f"“{NOTICES[kind].words}” always stands on the page.", "Choose another way for it.")
    with writing(session):
        made = {row.kind: row for row in session.scalars(select(NoticeChoice).filter_by(person_id=actor.id))}
        for kind, pace in choices.items():
            if kind in made:
                made[kind].mail = pace
            elif pace is not NOTICES[kind].pace:
                session.add(NoticeChoice(person_id=actor.id, kind=kind, mail=pace))


def _said(session: Session, person_ids: set[int]) -> dict[tuple[int, str], str]:
    made = select(NoticeChoice).where(NoticeChoice.person_id.in_(person_ids))
    return {(row.person_id, row.kind): row.mail for row in session.scalars(made)}


def _alert(news: News, person: Person, now: datetime) -> dict[str, object]:
    return {
        "person_id": person.id,
        "leaflet_id": news.leaflet.id if news.leaflet else None,
        "path": news.path,
        "kind": news.kind,
        "state": news.state,
        "sentence": news.sentence,
        "told_at": now,
    }


def _letter(news: News, person: Person, now: datetime, goes: datetime) -> dict[str, object]:
    return {
        "person_id": person.id,
        "address": person.email,
        "subject": tidy_line(news.subject)[:200],
        "body": "\n\n".join(part for part in (news.about if news.leaflet else "", news.sentence, news.more) if part),
        "path": news.leads_to,
        "kind": news.kind,
        "about": news.about,
        "line": news.sentence,
        "message_id": str(uuid4()),
        "written_at": now,
        "not_before": goes,
    }
