"""A message that ends while many leaflets say it: all of them stop at once, and each is dealt with once, later."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from reviewing import WORDED, Desk
from sqlalchemy import select

from leaflets.domain.notices import Notice
from leaflets.domain.press.schedule import Lane, WorkState
from leaflets.domain.review.approval import How
from leaflets.domain.template import Template
from leaflets.services.message import message_aftermath, message_ends, message_making, message_uses
from leaflets.services.message.message_making import Draft
from leaflets.services.press import outcomes, press_queue
from leaflets.services.press.press_queue import Claim
from leaflets.services.review import records
from leaflets.services.review.judgement import NotReady
from leaflets.services.roles import grants
from leaflets.storage.alert import Alert
from leaflets.storage.audit import AuditRow
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Submission, ZonePass

BUS = "We will bring the bus back"
PRINTED = outcomes.PrintDone("a" * 64, 2, ())
A_WHILE_S = 1.0


@pytest.fixture
def desk(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Nothing is dealt with while somebody waits."""
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)
    return Desk(migrated_url)


def make(desk: Desk) -> Message:
    with desk.sessions() as session:
        draft = Draft("headline", BUS, why="People wait for it.")
        made = message_making.make(session, actor="a test", now=desk.now, node_id=desk.clock.region.id, draft=draft)
    desk.scene.now += timedelta(hours=1)
    return made


def withdraw(desk: Desk, made: Message) -> None:
    with desk.sessions() as session:
        said: dict[str, Any] = {"actor": desk.rita, "now": desk.now, "because": "It is not so."}
        message_ends.withdraw(session, **said, message_id=made.id, templates=lambda _ref: WORDED)


def carry_on(desk: Desk, **more: Any) -> int:
    with desk.sessions() as session:
        given = {"now": desk.now, "templates": lambda _ref: WORDED, **more}
        return message_aftermath.carry_on(session, **given)


def left(desk: Desk, made: Message) -> int:
    with desk.sessions() as session:
        return message_aftermath.left(session, session.get_one(Message, made.id))


def claim(desk: Desk) -> Claim | None:
    with desk.sessions() as session:
        return press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=desk.now)


@dataclass
class Town:
    """Leaflets that say a message: one printed, one on the press, one ordered, one that waits for something else."""

    desk: Desk
    made: Message

    def __post_init__(self) -> None:
        self.printed, self.pressed, self.ordered = (self.desk.leaflet(headline=BUS) for _ in range(3))
        self.orders = [self.desk.order(each) for each in (self.printed, self.pressed, self.ordered)]
        first = claim(self.desk)
        assert first is not None
        with self.desk.sessions() as session:
            press_queue.finish(session, claim=first, now=self.desk.now, outcome=PRINTED)
        second = claim(self.desk)
        assert second is not None
        self.on_the_press = second
        self.waiting = self.desk.leaflet(headline=BUS, pledge="<p>Nobody has seen this.</p>")
        self.sent = self.desk.send(self.waiting)
        assert self.desk.states(self.sent) == {"headline": "passed", "pledge": "waiting"}

    @property
    def all(self) -> list[int]:
        return [each.id for each in (self.printed, self.pressed, self.ordered, self.waiting)]

    def states(self) -> list[str]:
        with self.desk.sessions() as session:
            return [session.get_one(Order, order.id).state for order in self.orders]

    def told(self) -> Counter[int]:
        with self.desk.sessions() as session:
            ended = select(Alert.leaflet_id).where(Alert.kind == Notice.MESSAGE, Alert.person_id == self.desk.agent.id)
            return Counter(session.scalars(ended.order_by(Alert.id)))


def test_from_the_moment_it_ends_nothing_that_says_it_prints_or_is_approved(desk: Desk) -> None:
    town = Town(desk, make(desk))
    desk.scene.now += timedelta(minutes=1)
    withdraw(desk, town.made)

    assert town.states() == [WorkState.DONE, WorkState.HELD, WorkState.HELD]
    assert claim(desk) is None
    with desk.sessions() as session, pytest.raises(press_queue.LeaseLost):
        press_queue.finish(session, claim=town.on_the_press, now=desk.now, outcome=PRINTED)
    assert [desk.covering(each) for each in (town.printed, town.pressed, town.ordered)] == [None] * 3
    with pytest.raises(NotReady):
        desk.order(town.ordered)
    desk.pass_(town.sent, "pledge")
    assert desk.states(town.sent) == {"headline": "waiting", "pledge": "passed"}
    assert desk.covering(town.waiting) is None
    assert left(desk, town.made) == 4
    assert not town.told()


def test_what_follows_is_done_once_for_each_leaflet_whoever_is_killed(desk: Desk) -> None:
    town = Town(desk, make(desk))
    desk.scene.now += timedelta(minutes=1)
    withdraw(desk, town.made)
    desk.scene.now += timedelta(minutes=1)

    def killed(_ref: str) -> Template:
        raise KeyboardInterrupt

    done = []
    while left(desk, town.made):
        with pytest.raises(KeyboardInterrupt):
            carry_on(desk, most=1, templates=killed)
        assert sum(town.told().values()) == len(done)  # half of it is none of it
        done.append(carry_on(desk, most=1))
        assert town.states() == [WorkState.DONE, WorkState.HELD, WorkState.HELD]
    assert done == [1, 1, 1, 1]
    assert carry_on(desk) == 0
    assert next(iter(town.told().items())) == (town.printed.id, 1)
    assert town.told() == Counter(town.all)
    with desk.sessions() as session:
        whats = Counter(session.scalars(select(AuditRow.what)))
        assert (whats["approval withdrawn"], whats["order held"]) == (3, 2)
        assert {each.state for each in session.scalars(select(Submission))} == {"returned", "waiting"}
        reasons = [each.withdrawn_because for each in session.scalars(select(Approval))]
    assert all("“Headline”" in reason and "It is not so." in reason for reason in reasons)


def test_what_was_passed_again_since_is_left_alone(desk: Desk) -> None:
    town = Town(desk, make(desk))
    desk.scene.now += timedelta(minutes=1)
    withdraw(desk, town.made)
    desk.scene.now += timedelta(minutes=1)
    desk.pass_(desk.send(town.ordered))
    assert town.states()[2] == WorkState.WAITING
    desk.scene.now += timedelta(minutes=1)

    while carry_on(desk):
        pass
    assert town.states() == [WorkState.DONE, WorkState.HELD, WorkState.WAITING]
    assert desk.covering(town.ordered) is not None


def test_an_order_of_before_its_words_were_a_message_is_held_too(desk: Desk) -> None:
    leaflet = desk.leaflet(headline=BUS)
    desk.pass_(desk.send(leaflet))
    order = desk.order(leaflet)
    with desk.sessions() as session:
        message_uses.sweep(session, templates=lambda _ref: WORDED)
    desk.scene.now += timedelta(minutes=1)
    made = make(desk)
    withdraw(desk, made)
    assert desk.clock.stored(order).state == WorkState.HELD


def test_words_that_are_found_after_their_message_ended_are_dealt_with_too(desk: Desk) -> None:
    leaflet = desk.leaflet(headline=BUS)
    desk.pass_(desk.send(leaflet))
    desk.scene.now += timedelta(minutes=1)
    made = make(desk)
    withdraw(desk, made)
    desk.scene.now += timedelta(minutes=1)
    with desk.sessions() as session:
        assert message_uses.sweep(session, templates=lambda _ref: WORDED) == 1
    assert carry_on(desk) == 1
    assert desk.covering(leaflet) is None


def test_whoever_passes_words_in_the_very_moment_is_found(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)
    desk = Desk(postgres_url)
    town = Town(desk, make(desk))
    deciding, ended, known = Event(), Event(), records.add_pass

    def slow(*about: Any, **more: Any) -> Any:
        deciding.set()
        ended.wait(A_WHILE_S)  # either the withdrawal waits for this, or it is through by now
        return known(*about, **more)

    monkeypatch.setattr(records, "add_pass", slow)
    with ThreadPoolExecutor(2) as room:
        passing = room.submit(desk.pass_, town.sent, "pledge")
        assert deciding.wait(120)
        ending = room.submit(withdraw, desk, town.made)
        wait([ending], A_WHILE_S / 2)
        ended.set()
        passing.result()
        ending.result()
    with desk.sessions() as session:
        assert all(each.withdrawn_at for each in session.scalars(select(Approval)))
    assert desk.covering(town.waiting) is None


def test_what_a_place_rests_on_falls_though_the_leaflet_that_it_was_passed_in_says_something_else(desk: Desk) -> None:
    town = Town(desk, make(desk))
    other = desk.leaflet(headline="Something else")
    with desk.sessions.begin() as session:
        shared = {"leaflet_id": other.id, "zone": "headline", "zone_kind": "line", "words": BUS, "words_hash": "a" * 64}
        asked = {"office_id": desk.clock.region.id, "by": desk.rita.id, "at": desk.now, "because": ""}
        text_id = session.get_one(Message, town.made.id).texts[0].id
        rests = ZonePass(**shared, **asked, how=How.PERSON, message_text_id=text_id)
        zone = next(each for each in session.get_one(Submission, town.sent.id).zones if each.zone == "headline")
        zone.passed = rests
    withdraw(desk, town.made)
    assert desk.states(town.sent) == {"headline": "waiting", "pledge": "waiting"}


def test_an_office_in_which_nobody_sits_any_more_keeps_no_campaign_from_hearing(migrated_url: str) -> None:
    desk = Desk(migrated_url, workflow=[{"office": "region"}, {"office": "nation"}])
    made = make(desk)
    sent = desk.send(desk.leaflet(headline=BUS))
    assert desk.sent(sent).stage == 1
    with desk.sessions() as session:
        people = [person.id for person in (desk.rita, desk.nat, desk.olga)]
        for grant_id in session.scalars(select(Grant.id).where(Grant.person_id.in_(people))).all():
            grants.end(session, actor="a test", now=desk.now, grant_id=grant_id)
        said: dict[str, Any] = {"actor": "a test", "now": desk.now, "because": "It is not so."}
        message_ends.withdraw(session, **said, message_id=made.id, templates=lambda _ref: WORDED)
    assert left(desk, made) == 0
    assert {zone.state for zone in desk.zones(sent)} >= {"waiting"}
    assert desk.sent(sent).state == "waiting"


def test_what_another_worker_deals_with_is_left_to_it(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_ends, "MOST_AT_ONCE", 0)
    desk = Desk(postgres_url)
    town = Town(desk, make(desk))
    withdraw(desk, town.made)
    with desk.sessions() as another:
        another.execute(select(Leaflet.id).where(Leaflet.id == town.printed.id).with_for_update())
        assert carry_on(desk) == 3
        assert carry_on(desk) == 0
    assert carry_on(desk) == 1
    assert town.told() == Counter(town.all)
