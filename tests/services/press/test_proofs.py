from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from scene import Scene

from leaflets.domain.errors import NotFound
from leaflets.domain.leaflet import Content
from leaflets.domain.permissions import Action
from leaflets.domain.press.proof import Look
from leaflets.domain.press.schedule import Lane, WorkKind, WorkState
from leaflets.services import audit, leaflets
from leaflets.services.press import press_queue, proofs
from leaflets.services.press.outcomes import ProofDone, Stopped
from leaflets.services.press.press_queue import Claim
from leaflets.storage.press import Proof

PAGE = {"hash": "a" * 64, "width_px": 100, "height_px": 200, "pixels": "b" * 64}
PLACE = {"zone": "headline", "page": 1, "x_mm": 1.0, "y_mm": 2.0, "width_mm": 3.0, "height_mm": 4.0}
ROOM = {"zone": "headline", "words": 1, "spare_words": 9, "spare_mm": 3.0, "set_pt": None, "from_pt": None}


def _ask(scene: Scene, leaflet_id: int, look: Look = Look.SCREEN) -> Proof:
    with scene.sessions() as session:
        return proofs.ask(
            session, actor=scene.agent, now=scene.now, tickets=scene.tickets, leaflet_id=leaflet_id, look=look
        )


def _claim(scene: Scene) -> Claim | None:
    with scene.sessions() as session:
        return press_queue.claim(session, lane=Lane.PROOF, worker="w", now=scene.now + timedelta(seconds=1))


def _finish(scene: Scene, claimed: Claim | None, outcome: ProofDone | Stopped | None = None) -> None:
    assert claimed is not None
    with scene.sessions() as session:
        outcome = outcome or ProofDone([PAGE], [], (), [PLACE], [ROOM])
        press_queue.finish(session, claim=claimed, now=scene.now + timedelta(seconds=2), outcome=outcome)


def _news(scene: Scene, leaflet_id: int, look: Look = Look.SCREEN) -> proofs.ProofNews:
    with scene.sessions() as session:
        target = leaflets.leaflet(session, actor=scene.agent, leaflet_id=leaflet_id, action=Action.SEE_LEAFLET)
        news = proofs.news(session, now=scene.now, target=target, look=look)
        assert news is not None
        assert news.asked.proof.revision.content  # read while the session is open
        return news


def _headline(proof: Proof) -> Any:
    return Content.from_json(proof.revision.content).values["headline"]


def test_a_proof_that_waits_will_show_the_words_as_they_are_when_it_is_taken_up(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    first = _ask(scene, leaflet)
    scene.save(leaflet, scene.edit("Better buses", 0))
    assert _ask(scene, leaflet).id == first.id
    assert not _news(scene, leaflet).behind
    claimed = _claim(scene)
    news = _news(scene, leaflet)
    assert (news.asked.state, news.behind, _headline(news.asked.proof)) == (WorkState.RUNNING, False, "Better buses")
    _finish(scene, claimed)
    shown = _news(scene, leaflet).shown
    assert shown is not None
    assert (shown.pages, shown.places, shown.rooms) == ([PAGE], [PLACE], [ROOM])
    assert _claim(scene) is None
    with scene.sessions() as session:
        trail = [(row.who, row.what) for row in audit.history(session, subject="proof", subject_id=first.id)]
    assert trail == [("Agnes", "proof asked"), ("w", "proof running"), ("w", "proof done")]


def test_words_that_change_while_a_proof_is_drawn_want_another_and_the_old_one_is_looked_at_meanwhile(
    scene: Scene,
) -> None:
    leaflet = scene.leaflet().id
    first = _ask(scene, leaflet)
    _finish(scene, _claim(scene))
    scene.save(leaflet, scene.edit("Better buses", 0))
    assert _news(scene, leaflet).behind
    second = _ask(scene, leaflet)
    assert second.id != first.id
    news = _news(scene, leaflet)
    assert (news.asked.proof.id, news.behind) == (second.id, False)
    assert news.asked.forecast is not None
    assert news.asked.forecast.place == 1
    assert news.shown is not None
    assert news.shown.id == first.id


def test_asking_again_for_what_is_shown_renders_nothing(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    first = _ask(scene, leaflet)
    _finish(scene, _claim(scene))
    assert _ask(scene, leaflet).id == first.id
    assert _claim(scene) is None


def test_a_proof_that_failed_is_made_again_when_it_is_asked_for_again(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    first = _ask(scene, leaflet)
    _finish(scene, _claim(scene), Stopped("The template is broken."))
    news = _news(scene, leaflet)
    assert (news.asked.state, news.asked.reason, news.shown) == (WorkState.FAILED, "The template is broken.", None)
    assert _ask(scene, leaflet).id != first.id


def test_a_sharper_picture_stands_in_for_the_quick_one_and_is_dropped_when_somebody_types_on(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    _ask(scene, leaflet)
    _finish(scene, _claim(scene))
    sharp = _ask(scene, leaflet, Look.SHARP)
    _finish(scene, _claim(scene))
    shown = _news(scene, leaflet).shown
    assert shown is not None
    assert shown.id == sharp.id
    scene.save(leaflet, scene.edit("Better buses", 0))
    waiting = _ask(scene, leaflet, Look.SHARP)
    quick = _ask(scene, leaflet)
    assert scene.proof_standing(waiting.id).state is WorkState.SUPERSEDED
    claimed = _claim(scene)
    assert claimed is not None
    assert claimed.subject_id == quick.id


def test_who_looks_closer_again_after_a_quick_one_came_is_given_the_sharp_one_again(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    sharp = _ask(scene, leaflet, Look.SHARP)
    quick = _ask(scene, leaflet)  # before the sharp one was taken up, which is dropped
    _finish(scene, _claim(scene))
    assert _news(scene, leaflet).asked.proof.id == quick.id
    again = _ask(scene, leaflet, Look.SHARP)
    assert again.id not in (sharp.id, quick.id)
    _finish(scene, _claim(scene))
    shown = _news(scene, leaflet, Look.SHARP).shown
    assert shown is not None
    assert shown.id == again.id
    assert _ask(scene, leaflet).id == again.id  # what is sharp needs no quick one


def test_words_that_came_back_are_shown_as_sharp_as_they_were(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    _ask(scene, leaflet, Look.SHARP)
    _finish(scene, _claim(scene))
    for version, words in enumerate(("Better buses", "Hello")):
        scene.save(leaflet, scene.edit(words, version))
        _ask(scene, leaflet)
        _finish(scene, _claim(scene))
    again = _ask(scene, leaflet, Look.SHARP)
    _finish(scene, _claim(scene))
    shown = _news(scene, leaflet, Look.SHARP).shown
    assert shown is not None
    assert (shown.id, shown.look) == (again.id, Look.SHARP)


def test_the_printers_sheet_has_proofs_of_its_own(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    screen, sheet = _ask(scene, leaflet), _ask(scene, leaflet, Look.SHEET)
    assert screen.id != sheet.id
    _finish(scene, _claim(scene))
    assert _news(scene, leaflet).shown is not None
    assert _news(scene, leaflet, Look.SHEET).shown is None
    assert _news(scene, leaflet, Look.SHEET).asked.proof.id == sheet.id


def test_a_proof_of_an_old_version_is_never_the_newest_and_keeps_its_words(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    newest = _ask(scene, leaflet)
    with scene.sessions() as session:
        asked = [
            proofs.ask_of_version(
                session,
                actor=scene.agent,
                now=scene.now,
                tickets=scene.tickets,
                leaflet_id=leaflet,
                edit_id=1,
                values={"headline": "Long ago"},
            )
            for _ in range(2)
        ]
    assert asked[0].id == asked[1].id
    assert _news(scene, leaflet).asked.proof.id == newest.id
    first, second = _claim(scene), _claim(scene)
    assert first is not None
    assert second is not None
    assert (first.subject_id, second.subject_id) == (newest.id, asked[0].id)  # who types goes first
    _finish(scene, second)
    assert _news(scene, leaflet).shown is None
    old = scene.proof_standing(asked[0].id)
    assert old.state is WorkState.DONE
    with scene.sessions() as session:
        assert _headline(session.get_one(Proof, asked[0].id)) == "Long ago"
        assert press_queue.latest(session, WorkKind.PROOF, asked[0].id) is not None


def test_a_page_is_shown_to_those_who_may_see_its_leaflet(scene: Scene) -> None:
    leaflet = scene.leaflet().id
    _ask(scene, leaflet)
    _finish(scene, _claim(scene))
    with scene.sessions() as session:
        assert proofs.shows_page(session, actor=scene.helper, leaflet_id=leaflet, image=PAGE["hash"])
        assert not proofs.shows_page(session, actor=scene.helper, leaflet_id=leaflet, image="c" * 64)
        with pytest.raises(NotFound):
            proofs.shows_page(session, actor=scene.stranger, leaflet_id=leaflet, image=PAGE["hash"])
