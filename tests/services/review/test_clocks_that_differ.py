"""Two machines whose clocks are five seconds apart: what came before what is said by the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from reviewing import WORDED, Desk
from sqlalchemy import select

from leaflets.domain.errors import Conflict
from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State
from leaflets.services.message import message_aftermath, message_due, message_ends, message_making, message_uses
from leaflets.services.message.message_making import Draft
from leaflets.services.roles import grants
from leaflets.storage.message import Message, MessageDue, MessageUse

BUS = "We will bring the bus back"
FAST, SLOW = timedelta(seconds=5), timedelta(seconds=-5)


@contextmanager
def on(desk: Desk, skew: timedelta) -> Iterator[None]:
    """On a machine whose clock is so much ahead."""
    desk.scene.now += skew
    yield
    desk.scene.now -= skew


def make(desk: Desk) -> Message:
    with desk.sessions() as session:
        draft = Draft("headline", BUS, why="People wait for it.")
        return message_making.make(session, actor="a test", now=desk.now, node_id=desk.clock.region.id, draft=draft)


def withdraw(desk: Desk, made: Message) -> None:
    with desk.sessions() as session:
        said: dict[str, Any] = {"actor": desk.rita, "now": desk.now, "because": "It is not so."}
        message_ends.withdraw(session, **said, message_id=made.id, templates=lambda _ref: WORDED)


def deal(desk: Desk) -> int:
    with desk.sessions() as session:
        return message_aftermath.carry_on(session, now=desk.now, templates=lambda _ref: WORDED)


def sweep(desk: Desk) -> int:
    with desk.sessions() as session:
        return message_uses.sweep(session, templates=lambda _ref: WORDED)


@pytest.mark.parametrize("writers", [FAST, SLOW])
def test_who_wrote_what_is_sent_is_known_whatever_their_clock_said(desk: Desk, writers: timedelta) -> None:
    with desk.sessions() as session:
        held = {"person_id": desk.rita.id, "role": Role.AGENT, "campaign_id": desk.clock.campaign.id}
        grants.give(session, **desk.clock.by, **held)
    leaflet = desk.leaflet(pledge="<p>A tram.</p>")
    with on(desk, writers):
        desk.write(leaflet, by=desk.rita, headline="A bus at ten")
    sent = desk.send(leaflet)
    with on(desk, writers):
        desk.write(leaflet, by=desk.rita, pledge="<p>Two trams.</p>")  # nobody has sent this
    with pytest.raises(Conflict, match="You wrote “Headline” yourself"):
        desk.pass_(sent, "headline", by=desk.rita)
    assert [zone.zone for zone in desk.pass_(sent, "pledge", by=desk.rita).zones] == ["pledge"]


def test_what_was_changed_a_second_ago_is_refused_and_what_was_seen_passes(desk: Desk) -> None:
    leaflet = desk.leaflet(headline="A bus at ten")
    sent = desk.send(leaflet)
    seen = desk.seen(sent)
    with on(desk, SLOW):
        desk.write(leaflet, headline="A bus at nine")
        newer = desk.send(leaflet)
    with on(desk, FAST), pytest.raises(Conflict) as refused:
        desk.pass_(sent, content_hash=seen["content_hash"])
    assert refused.value.code == "overtaken"
    with on(desk, SLOW):
        assert desk.pass_(newer).submission.state == State.APPROVED


def test_what_a_fast_clock_approved_before_words_ended_falls_with_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)
    leaflet = desk.leaflet(headline=BUS)
    with on(desk, FAST):
        desk.pass_(desk.send(leaflet))
        order = desk.order(leaflet)
    made = make(desk)  # in the very same seconds, by the clock of another machine
    withdraw(desk, made)
    assert desk.clock.stored(order).state == WorkState.HELD
    assert desk.covering(leaflet) is None
    assert deal(desk) == 1


def test_what_a_slow_clock_passed_after_words_ended_stays_passed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)
    made = make(desk)
    leaflet = desk.leaflet(headline=BUS)
    desk.send(leaflet)
    assert desk.covering(leaflet) is not None
    withdraw(desk, made)
    assert desk.covering(leaflet) is None
    with on(desk, SLOW):
        desk.pass_(desk.send(leaflet))
    assert [deal(desk), deal(desk)] == [1, 0]
    approval = desk.covering(leaflet)
    assert approval is not None
    with desk.sessions() as session:
        assert not message_uses.ended_since(session, approval)


def test_a_change_made_while_somebody_looks_is_looked_at_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    make(desk)
    leaflet = desk.leaflet(headline="Something else")
    read = message_uses._read

    def meanwhile(*about: Any) -> Any:
        found = read(*about)
        about[0].rollback()  # on SQLite, nobody else writes while this is open
        with on(desk, SLOW * 2):
            desk.write(leaflet, headline=BUS)
        return found

    monkeypatch.setattr(message_uses, "_read", meanwhile)
    sweep(desk)
    with desk.sessions() as session:
        assert message_due.next_ones(session, most=10) == [leaflet.id]
        assert session.scalars(select(MessageUse)).all() == []
    monkeypatch.setattr(message_uses, "_read", read)
    assert sweep(desk) == 1
    with desk.sessions() as session:
        assert [use.leaflet_id for use in session.scalars(select(MessageUse))] == [leaflet.id]
        assert session.scalars(select(MessageDue)).all() == []


def test_words_written_after_a_message_ended_are_no_news_of_its_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)
    made = make(desk)
    before, after = desk.leaflet(), desk.leaflet()
    with on(desk, FAST):
        desk.write(before, headline=BUS)
    withdraw(desk, made)
    with on(desk, SLOW):
        desk.write(after, headline=BUS)
    assert sweep(desk) == 2
    with desk.sessions() as session:
        assert message_aftermath.left(session, session.get_one(Message, made.id)) == 1
    assert [deal(desk), deal(desk)] == [1, 0]
