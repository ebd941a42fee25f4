from dataclasses import replace
from datetime import timedelta

import pytest
from scene import NOON, Scene

from leaflets.domain.errors import Conflict, Invalid, NotFound, Refused
from leaflets.domain.press.schedule import Lane, WorkKind, WorkState
from leaflets.services.press import orders, press_queue
from leaflets.services.press.outcomes import PictureDone, Stopped
from leaflets.storage.picture import Picture
from leaflets.storage.session import writing

ORIGINAL = "a" * 64


def place(scene: Scene, leaflet_id: int, **changes: object) -> orders.Order:
    wishes = {
        "actor": scene.agent,
        "now": NOON,
        "tickets": scene.tickets,
        "template": scene.template,
        "printer_id": scene.printer.id,
        "quantity": 100,
        "needed_by": NOON + timedelta(days=1),
    } | changes
    with scene.sessions() as session:
        return orders.place(session, leaflet_id=leaflet_id, **wishes)


def codes(refusal: pytest.ExceptionInfo[orders.NotReady]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_an_order_is_kept_though_redis_is_away(scene: Scene) -> None:
    order = place(scene, scene.leaflet().id)
    assert scene.order_standing(order.id).state is WorkState.WAITING


def test_ordering_the_same_twice_prints_it_once(scene: Scene) -> None:
    leaflet = scene.leaflet()
    assert place(scene, leaflet.id).id == place(scene, leaflet.id).id
    assert place(scene, leaflet.id).id != place(scene, leaflet.id, quantity=200).id


def test_an_order_prints_what_stood_there_when_it_was_placed(scene: Scene) -> None:
    leaflet = scene.leaflet()
    order = place(scene, leaflet.id)
    scene.save(leaflet.id, scene.edit("Second thoughts", 0))
    with scene.sessions() as session:
        ordered = orders.order(session, actor=scene.agent, order_id=order.id)
        assert ordered.revision.content["values"]["headline"] == "Hello"


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"quantity": 0}, "0 copies"), ({"quantity": 10**9}, "1,000,000,000 copies"), ({"needed_by": NOON}, "before now")],
)
def test_what_cannot_be_ordered_is_refused_in_words(scene: Scene, changes: dict[str, object], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        place(scene, scene.leaflet().id, **changes)


def test_a_helper_may_not_order_and_a_stranger_learns_nothing(scene: Scene) -> None:
    leaflet = scene.leaflet()
    with pytest.raises(Refused, match="order"):
        place(scene, leaflet.id, actor=scene.helper)
    with pytest.raises(NotFound):
        place(scene, leaflet.id, actor=scene.stranger)
    order = place(scene, leaflet.id)
    with scene.sessions() as session, pytest.raises(NotFound):
        orders.standing(session, actor=scene.stranger, now=NOON, order_id=order.id)


def test_words_that_break_a_limit_are_not_ordered_and_say_where(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("", 0))
    with pytest.raises(orders.NotReady) as refusal:
        place(scene, leaflet.id)
    assert [(problem.code, problem.zone) for problem in refusal.value.problems] == [("required", "headline")]


def test_no_printer_no_imprint_no_order(scene: Scene) -> None:
    with pytest.raises(orders.NotReady) as refusal:
        place(scene, scene.leaflet().id, printer_id=999)
    assert codes(refusal) == ["printer-missing"]


def test_an_order_waits_for_its_pictures(scene: Scene) -> None:
    leaflet = scene.leaflet()
    placed = {"picture": ORIGINAL, "focus": [0.5, 0.5], "alt": "Ada"}
    scene.save(leaflet.id, scene.edit(placed, 0, zone="portrait"))
    with pytest.raises(orders.NotReady) as refusal:
        place(scene, leaflet.id)
    assert codes(refusal) == ["picture-missing"]
    _received(scene)
    with pytest.raises(orders.NotReady) as refusal:
        place(scene, leaflet.id)
    assert codes(refusal) == ["picture-not-ready"]
    with scene.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PROOF, worker="worker", now=NOON)
        assert claim is not None
        done = PictureDone(ORIGINAL, ORIGINAL, 800, 600)
        press_queue.finish(session, claim=claim, now=NOON, outcome=done)
    assert place(scene, leaflet.id).id


def _received(scene: Scene) -> None:
    with scene.sessions() as session, writing(session):
        picture = Picture(
            campaign_id=scene.campaign.id,
            filename="me.jpg",
            original_hash=ORIGINAL,
            state="received",
            size_bytes=1,
            created_by=scene.agent.id,
            created_at=NOON,
        )
        session.add(picture)
        session.flush()
        press_queue.add(
            session,
            now=NOON,
            kind=WorkKind.PICTURE,
            subject_id=picture.id,
            needed_by=NOON,
            key="proxy",
            inputs_hash=ORIGINAL,
        )


def test_another_version_of_the_template_is_not_printed_by_accident(scene: Scene) -> None:
    with pytest.raises(Conflict, match=r"tiny@1\.0, not with tiny@2\.0"):
        place(scene, scene.leaflet().id, template=replace(scene.template, version="2.0"))


def test_an_order_that_stopped_can_be_put_back(scene: Scene) -> None:
    order = place(scene, scene.leaflet().id)
    with scene.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PRESS, worker="worker", now=NOON)
        assert claim is not None
        press_queue.finish(session, claim=claim, now=NOON, outcome=Stopped("The template is gone."))
    assert scene.order_standing(order.id).state is WorkState.FAILED
    for _ in range(2):
        with scene.sessions() as session:
            orders.press_again(session, actor=scene.agent, now=NOON, tickets=scene.tickets, order_id=order.id)
    standing = scene.order_standing(order.id)
    assert (standing.state, standing.reason, standing.attempts) == (WorkState.WAITING, "", 0)
    with scene.sessions() as session:
        claims = [press_queue.claim(session, lane=Lane.PRESS, worker="worker", now=NOON) for _ in range(2)]
    assert [claim and claim.subject_id for claim in claims] == [order.id, None]
