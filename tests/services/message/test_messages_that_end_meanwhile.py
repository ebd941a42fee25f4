"""A message that ends in the very moment in which somebody says it: nothing slips past the hold."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Event

import pytest
from clockwork import Clockwork
from sqlalchemy import select

from leaflets.domain.leaflet import Edit
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.template import Template
from leaflets.services.message import message_ends, message_making, message_uses
from leaflets.services.message.message_making import Draft
from leaflets.services.organisation import settings
from leaflets.services.review import judgement
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Order
from leaflets.storage.review import Approval

BUS = "We will bring the bus back"
A_WHILE_S = 1.5


def test_nothing_is_ordered_on_a_message_that_is_being_withdrawn(clock: Clockwork) -> None:
    scene, busy, quiet = clock.scene, clock.leaflet(), clock.leaflet()
    with clock.sessions() as session:
        settings.set_here(
            session,
            actor=clock.nat,
            now=scene.now,
            node_id=clock.nation.id,
            name="workflow",
            value=[{"office": "region"}],
        )
        draft = Draft("headline", BUS, why="People wait for it.")
        made = message_making.make(session, actor="a test", now=scene.now, node_id=clock.region.id, draft=draft)
        made_id = made.id
        scene.now += timedelta(hours=1)
        message_uses.sweep(session, templates=lambda ref: scene.template)
    scene.now += timedelta(hours=1)
    say(clock, busy, "Something else")  # the one leaflet that the withdrawal has to look at
    looking, ordered = Event(), Event()

    def template_of(ref: str) -> Template:
        looking.set()
        assert ordered.wait(120)
        return scene.template

    def withdraw() -> None:
        with clock.sessions() as session:
            message_ends.withdraw(
                session,
                actor=clock.rita,
                now=scene.now,
                message_id=made_id,
                because="It is not so.",
                templates=template_of,
            )

    def say_and_order() -> Order:
        assert looking.wait(120)
        say(clock, quiet, BUS)
        return clock.order(quiet, scene.now, template=scene.template, going_ahead_because="It is a test.")

    with ThreadPoolExecutor(2) as room:
        ending = room.submit(withdraw)
        placing: Future[Order] = room.submit(say_and_order)
        wait([placing], A_WHILE_S)  # either it waits for the withdrawal, or it is placed by now
        ordered.set()
        ending.result()
        with pytest.raises(judgement.NotReady):
            placing.result()
    with clock.sessions() as session:
        assert not session.scalars(select(Order).where(Order.state == WorkState.WAITING)).all()
        assert all(each.withdrawn_at for each in session.scalars(select(Approval)))


def say(clock: Clockwork, target: Leaflet, headline: str) -> None:
    with clock.sessions() as session:
        version = next(text.version for text in session.get_one(Leaflet, target.id).zones if text.zone == "headline")
        edit = Edit(f"writing-{target.id}-{version}", "headline", headline, version)
        words.save_edits(session, actor=clock.agent, now=clock.scene.now, leaflet_id=target.id, edits=[edit])
