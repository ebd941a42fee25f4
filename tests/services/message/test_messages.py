from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from clockwork import Clockwork
from sqlalchemy import select

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.leaflet import Edit
from leaflets.domain.permissions import Role
from leaflets.domain.press.schedule import Lane, WorkState
from leaflets.domain.review.approval import How, ZoneState
from leaflets.domain.review.reach import Choice
from leaflets.domain.template import Kind, Template, Voice, Zone
from leaflets.services import alerts, audit
from leaflets.services.message import (
    message_aftermath,
    message_ends,
    message_library,
    message_making,
    message_uses,
    messages,
)
from leaflets.services.message.message_carriers import Carrier, Reached, carriers
from leaflets.services.message.message_library import Wanted
from leaflets.services.message.message_making import NO_TOPIC, Draft
from leaflets.services.organisation import settings
from leaflets.services.press import orders, outcomes, press_queue
from leaflets.services.review import judgement, sending
from leaflets.services.roles import grants, people
from leaflets.services.studio import words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageText, MessageUse
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, ReviewZone, Submission, ZonePass
from leaflets.storage.tree import Node

HEADLINE = Draft("headline", "We will bring the bus back to {place}", why="People wait for it.")
PUT_IN = "We will bring the bus back to Harbour"


def make(clock: Clockwork, node: Node, draft: Draft = HEADLINE, by: Person | str | None = None) -> Message:
    with clock.sessions() as session:
        actor: Person | str = by or "a test"
        return message_making.make(session, actor=actor, now=clock.scene.now, node_id=node.id, draft=draft)


def said(
    clock: Clockwork,
    headline: str,
    *,
    campaign: Campaign | None = None,
    day: date | None = None,
    language: str = "en-GB",
) -> list[str]:
    with clock.sessions() as session:
        found = messages.said_in(
            session,
            campaign=session.get_one(Campaign, (campaign or clock.campaign).id),
            language=language,
            template=clock.scene.template,
            values={"headline": headline},
            day=day or clock.scene.now.date(),
        )
        return [text.plain for each in found.values() if each.all for text in each.texts[:1]]


def root(clock: Clockwork) -> Node:
    with clock.sessions() as session:
        return session.get_one(Node, clock.nation.parent_id)


def write(clock: Clockwork, target: Leaflet, headline: str) -> None:
    with clock.sessions() as session:
        values: Mapping[str, Any] = session.get_one(Leaflet, target.id).values
        version = next(text.version for text in session.get_one(Leaflet, target.id).zones if text.zone == "headline")
        edit = Edit(f"writing-{values['headline']!r:.0}{version}-{target.id}", "headline", headline, version)
        words.save_edits(session, actor=clock.agent, now=clock.scene.now, leaflet_id=target.id, edits=[edit])


def order_of(clock: Clockwork, target: Leaflet) -> Order:
    return clock.order(target, clock.scene.now, template=clock.scene.template, going_ahead_because="It is a test.")


def templates(clock: Clockwork) -> Any:
    return lambda ref: clock.scene.template


def withdraw(
    clock: Clockwork, made: Message, *, by: Person | None = None, because: str = "It is not so."
) -> list[Carrier]:
    with clock.sessions() as session:
        ended = message_ends.withdraw(
            session,
            actor=by or clock.rita,
            now=clock.scene.now,
            message_id=made.id,
            because=because,
            templates=templates(clock),
        )
        assert message_aftermath.left(session, ended) == 0
        return carriers(session, ended)


def correct(clock: Clockwork, made: Message, new: str, *, version: int = 1, by: Person | None = None) -> list[Carrier]:
    with clock.sessions() as session:
        ended = message_ends.correct(
            session,
            actor=by or clock.rita,
            now=clock.scene.now,
            message_id=made.id,
            language="en-GB",
            words=new,
            because="A word was wrong.",
            version=version,
            templates=templates(clock),
        )
        assert message_aftermath.left(session, ended) == 0
        return carriers(session, ended)


def test_a_message_that_is_set_above_is_said_below_and_nowhere_else(clock: Clockwork) -> None:
    elsewhere = clock.start("Hillside", region="North")
    make(clock, clock.region, by=clock.rita)

    assert said(clock, PUT_IN) == [HEADLINE.words]
    assert said(clock, PUT_IN + "!") == []
    assert said(clock, "We will bring the bus back to Hillside", campaign=elsewhere) == []


def test_it_may_be_used_in_its_days_and_its_language(clock: Clockwork) -> None:
    today = clock.scene.now.date()
    make(clock, clock.region, replace(HEADLINE, first_day=today, last_day=today + timedelta(days=2)))

    days = [today + timedelta(days=number) for number in (-1, 0, 2, 3)]
    assert [bool(said(clock, PUT_IN, day=day)) for day in days] == [False, True, True, False]
    assert said(clock, PUT_IN, language="cy") == []


def test_englands_words_are_not_offered_in_wales(clock: Clockwork) -> None:
    wales = clock.start("Harbwr", region="De", nation=Nation.WALES)
    make(clock, clock.nation)

    assert said(clock, "We will bring the bus back to Harbwr", campaign=wales) == []


def test_what_a_nation_decides_for_itself_is_offered_there_once_it_adopts_it(clock: Clockwork) -> None:
    wales = clock.start("Harbwr", region="De", nation=Nation.WALES)
    made = make(clock, root(clock), replace(HEADLINE, words="A doctor within the week in {place}"))
    here, there = "A doctor within the week in Harbour", "A doctor within the week in Harbwr"
    assert made.topic == "health"  # read from its words

    assert said(clock, here)
    assert not said(clock, there, campaign=wales)

    with clock.sessions() as session:
        nation = session.get_one(Node, session.get_one(Node, wales.node_id).way_down[1])
        message_making.choose(
            session, actor="a test", now=clock.scene.now, message_id=made.id, node_id=nation.id, choice=Choice.ADOPTED
        )
    assert said(clock, there, campaign=wales)


def test_a_nation_hides_a_message_from_above_for_itself(clock: Clockwork) -> None:
    made = make(clock, root(clock), replace(HEADLINE, topic=NO_TOPIC))
    instead = make(clock, clock.nation, replace(HEADLINE, words="Buses for {place}"))
    scotland = clock.start("Hafn", region="Central", nation=Nation.SCOTLAND)
    with clock.sessions() as session:
        message_making.choose(
            session,
            actor=clock.nat,
            now=clock.scene.now,
            message_id=made.id,
            node_id=clock.nation.id,
            choice=Choice.HIDDEN,
            instead_id=instead.id,
        )

    assert said(clock, PUT_IN) == []
    assert said(clock, "Buses for Harbour") == ["Buses for {place}"]
    assert said(clock, "We will bring the bus back to Hafn", campaign=scotland)


def test_who_approves_for_a_node_writes_its_messages(clock: Clockwork) -> None:
    make(clock, clock.region, by=clock.rita)
    make(clock, clock.region, by=clock.nat)
    for somebody, node in ((clock.rita, clock.nation), (clock.nat, root(clock)), (clock.agent, clock.seat)):
        with pytest.raises((Refused, NotFound)):
            make(clock, node, by=somebody)
    with pytest.raises(NotFound):
        make(clock, clock.region, by=clock.scene.stranger)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(HEADLINE, why=" "), "why-missing"),
        (Draft("number", "One home in four is damp", why="It is near."), "source-missing"),
        (replace(HEADLINE, kind="song"), "invalid"),
        (replace(HEADLINE, topic="football"), "invalid"),
        (replace(HEADLINE, language="fr"), "invalid"),
        (replace(HEADLINE, first_day=date(2027, 4, 2), last_day=date(2027, 4, 1)), "invalid"),
    ],
)
def test_a_message_that_lacks_something_is_refused(clock: Clockwork, draft: Draft, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        make(clock, clock.region, draft)
    assert refused.value.code == code
    assert said(clock, PUT_IN) == []


def test_a_translation_is_a_message_in_its_own_language(clock: Clockwork) -> None:
    made = make(clock, clock.region)
    with clock.sessions() as session:
        by: dict[str, Any] = {"actor": clock.rita, "now": clock.scene.now, "message_id": made.id}
        message_making.translate(session, **by, language="cy", words="Fe ddaw’r bws yn ôl i {place}")
        with pytest.raises(Conflict):
            message_making.translate(session, **by, language="cy", words="Bws arall i {place}")

    assert said(clock, "Fe ddaw'r bws yn ôl i Harbour", language="cy")
    assert not said(clock, "Fe ddaw'r bws yn ôl i Harbour")


def test_a_corrected_message_is_said_in_its_new_words_alone(clock: Clockwork) -> None:
    made = make(clock, clock.region)
    correct(clock, made, "We will bring every bus back to {place}")

    assert said(clock, PUT_IN) == []
    assert said(clock, "We will bring every bus back to Harbour")
    with pytest.raises(Conflict):
        correct(clock, made, "Somebody else’s words")
    with pytest.raises(Invalid):
        correct(clock, made, "We will bring every bus back to {place}", version=2)
    with clock.sessions() as session:
        whats = [row.what for row in audit.history(session, subject="message", subject_id=made.id)]
    assert whats == ["message made", "message corrected"]


def test_another_organisations_messages_are_not_found_by_their_number(clock: Clockwork) -> None:
    made = make(clock, clock.region)
    with clock.sessions() as session:
        assert message_library.message(session, actor=clock.agent, message_id=made.id).id == made.id
        with pytest.raises(NotFound):
            message_library.message(session, actor=clock.scene.stranger, message_id=made.id)
        found, number = message_library.find(session, actor=clock.scene.stranger, wanted=Wanted(), most=10)
        assert (found, number) == ([], 0)
    with pytest.raises(NotFound):
        withdraw(clock, made, by=clock.scene.stranger)
    with pytest.raises(Refused):
        withdraw(clock, made, by=clock.agent)


def test_the_library_is_searched_in_every_language(clock: Clockwork) -> None:
    made = make(clock, clock.region)
    make(clock, clock.nation, Draft("number", "4 in 5 agree", why="Near.", source="Our survey, 2026"))
    with clock.sessions() as session:
        message_making.translate(
            session, actor=clock.rita, now=clock.scene.now, message_id=made.id, language="cy", words="Bŵs i {place}"
        )

        def found(**wanted: Any) -> list[int]:
            rows, _ = message_library.find(session, actor=clock.agent, wanted=Wanted(**wanted), most=10)
            return [row.id for row in rows]

        assert found(search="bŵs") == [made.id]
        assert found(search="100%") == []
        assert found(kind="number", search="SURVEY") != [made.id]
        assert len(found()) == 2
        assert found(language="cy") == [made.id]


def test_what_a_leaflet_says_is_known_after_a_look_and_counted(clock: Clockwork) -> None:
    made, target = make(clock, clock.region), clock.leaflet()
    write(clock, target, PUT_IN)

    with clock.sessions() as session:
        assert message_uses.sweep(session, templates=templates(clock)) == 1
        assert message_uses.sweep(session, templates=templates(clock)) == 0
        assert message_uses.counts(session, [made.id]) == {made.id: 1}
        (carrier,) = carriers(session, session.get_one(Message, made.id))
        assert (carrier.leaflet.id, carrier.reached, carrier.zones) == (target.id, Reached.WRITTEN, ("headline",))
    write(clock, target, "Something of my own")
    with clock.sessions() as session:
        message_uses.look(session, Leaflet.id == target.id, templates=templates(clock))
        assert carriers(session, session.get_one(Message, made.id)) == []


def ask_region(clock: Clockwork) -> None:
    with clock.sessions() as session:
        stages = [{"office": "region", "zones": "messages"}]
        settings.set_here(
            session, actor=clock.nat, now=clock.scene.now, node_id=clock.nation.id, name="workflow", value=stages
        )


def test_an_order_that_says_a_withdrawn_message_is_held_and_its_render_is_dropped(clock: Clockwork) -> None:
    ask_region(clock)
    made, target = make(clock, clock.region), clock.leaflet()
    write(clock, target, PUT_IN)
    order = order_of(clock, target)
    with clock.sessions() as session:
        (passed,) = session.scalars(select(ZonePass)).all()
        assert passed.how == How.MESSAGE
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=clock.scene.now)
        assert claim is not None

    ended = withdraw(clock, made, because="The council kept the bus.")

    assert [(one.leaflet.id, one.reached) for one in ended] == [(target.id, Reached.STOPPED)]
    stored = clock.stored(order)
    assert stored.state == WorkState.HELD
    assert "The council kept the bus." in stored.reason
    with clock.sessions() as session:
        assert all(one.withdrawn_at for one in session.scalars(select(Approval)))
        assert all(one.taken_back_at for one in session.scalars(select(ZonePass)))
        with pytest.raises(press_queue.LeaseLost):
            press_queue.finish(session, claim=claim, now=clock.scene.now, outcome=outcomes.PrintDone("a" * 64, 2, ()))
        told = [alert.sentence for alert in alerts.unseen(session, actor=clock.agent)]
        assert any("“Headline”" in sentence and "stopped" in sentence for sentence in told)
    with pytest.raises(judgement.NotReady):
        order_of(clock, target)  # nobody passed these words but the message


def test_a_leaflet_that_is_printed_is_flagged_and_its_people_know(clock: Clockwork) -> None:
    made, target = make(clock, clock.region), clock.leaflet()
    write(clock, target, PUT_IN)
    order = order_of(clock, target)
    with clock.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=clock.scene.now)
        assert claim is not None
        press_queue.finish(session, claim=claim, now=clock.scene.now, outcome=outcomes.PrintDone("a" * 64, 2, ()))
    write(clock, target, "Words of my own")

    with clock.sessions() as session:
        assert not orders.why_not_hand_out(session, session.get_one(Order, order.id))
    (carrier,) = correct(clock, made, "Buses")

    assert (carrier.reached, carrier.says_it_now, carrier.is_old) == (Reached.PRINTED, False, True)
    assert [one.id for one in carrier.orders] == [order.id]
    with clock.sessions() as session:
        told = [alert.sentence for alert in alerts.unseen(session, actor=clock.agent)]
        assert len([sentence for sentence in told if "A word was wrong." in sentence]) == 1
        assert any("printed already" in sentence for sentence in told)
        assert "A word was wrong." in orders.why_not_hand_out(session, session.get_one(Order, order.id))


def test_a_waiting_submission_waits_again_for_what_the_message_had_passed(clock: Clockwork) -> None:
    ask_region(clock)
    template = with_two_headlines(clock)
    made, target = make(clock, clock.region), clock.leaflet()
    write(clock, target, PUT_IN)
    with clock.sessions() as session:
        edit = Edit("second-headline", "second", "Nobody has seen these words", 0)
        words.save_edits(session, actor=clock.agent, now=clock.scene.now, leaflet_id=target.id, edits=[edit])
        sent = sending.send(
            session, actor=clock.agent, now=clock.scene.now, leaflet_id=target.id, template=template, anyway=True
        )
        assert {zone.zone: zone.state for zone in sent.zones} == {"headline": "passed", "second": "waiting"}

    (carrier,) = withdraw(clock, made)

    assert carrier.reached is Reached.WAITING
    with clock.sessions() as session:
        (waiting,) = session.scalars(select(Submission)).all()
        assert {zone.state for zone in waiting.zones} == {ZoneState.WAITING}
        assert [zone.message_text_id for zone in session.scalars(select(ReviewZone))] == [None, None]


def with_two_headlines(clock: Clockwork) -> Template:
    old = clock.scene.template
    second = Zone("second", Kind.LINE, "Second", "", Voice.MESSAGE, "front", default="Hi", max_chars=60)
    clock.scene.template = replace(old, zones=(*old.zones, second))
    return clock.scene.template


def test_two_who_correct_at_once_do_not_write_over_each_other(clock: Clockwork) -> None:
    made = make(clock, clock.region)
    correct(clock, made, "One", by=clock.nat)
    with pytest.raises(Conflict):
        correct(clock, made, "Two")
    withdraw(clock, made)
    with pytest.raises(Conflict):
        withdraw(clock, made)
    with pytest.raises(Conflict):
        correct(clock, made, "Three", version=2)


def test_a_role_that_ended_writes_no_more(clock: Clockwork) -> None:
    with clock.sessions() as session:
        rob = people.add_person(session, **clock.by, name="Rob", email="rob@example.org")
        held = grants.give(session, **clock.by, person_id=rob.id, role=Role.REGION, node_id=clock.region.id)
        session.refresh(rob)
    make(clock, clock.region, by=rob)
    with clock.sessions() as session:
        grants.end(session, **clock.by, grant_id=held.id)
    with pytest.raises(Refused, match="no longer regional approver"):
        make(clock, clock.region, by=rob)


def test_whoever_reads_a_leaflet_finds_the_words_that_were_corrected(clock: Clockwork) -> None:
    made, target = make(clock, clock.region), clock.leaflet()
    write(clock, target, PUT_IN)
    correct(clock, made, "Buses for {place}")
    with clock.sessions() as session:
        uses = session.scalars(select(MessageUse)).all()
        assert [session.get_one(MessageText, use.text_id).version for use in uses] == [1]
        assert session.scalar(select(Order.id)) is None
