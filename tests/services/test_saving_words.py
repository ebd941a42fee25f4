from concurrent.futures import ThreadPoolExecutor

import pytest
from scene import NOON, Scene

from leaflets.domain.errors import NotFound
from leaflets.domain.leaflet import Outcome
from leaflets.services import audit, leaflets


def test_a_leaflet_starts_with_the_words_of_its_template(scene: Scene) -> None:
    leaflet = scene.leaflet()
    assert scene.texts(leaflet.id) == {"headline": "Hello", "portrait": None}
    assert leaflet.template_ref == "tiny@1.0"


def test_an_edit_sent_twice_is_stored_once(scene: Scene) -> None:
    leaflet = scene.leaflet()
    edit = scene.edit("Better buses", 0)
    first, second = scene.save(leaflet.id, edit), scene.save(leaflet.id, edit)
    assert first.results == second.results
    assert first.results[0].version == 1
    assert scene.texts(leaflet.id)["headline"] == "Better buses"


def test_two_people_in_one_zone_both_keep_their_words(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0), by=scene.agent)
    late = scene.edit("Cleaner beaches", 0)
    saved = scene.save(leaflet.id, late, by=scene.helper)
    assert saved.results[0].outcome is Outcome.CONFLICT
    conflict = saved.conflicts[0]
    assert (conflict.stored, conflict.stored_by) == ("Better buses", "Agnes")
    assert (conflict.offered, conflict.offered_by) == ("Cleaner beaches", "Henry")
    assert scene.texts(leaflet.id)["headline"] == "Better buses"
    assert scene.save(leaflet.id, late, by=scene.helper).results == saved.results


def test_choosing_the_later_text_puts_it_into_the_leaflet_once(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    conflict = scene.save(leaflet.id, scene.edit("Cleaner beaches", 0), by=scene.helper).conflicts[0]
    for _ in range(2):
        with scene.sessions() as session:
            text = leaflets.settle_conflict(
                session,
                actor=scene.agent,
                now=NOON,
                leaflet_id=leaflet.id,
                edit_id=conflict.edit_id,
                take_offered=True,
            )
        assert (text.value, text.version) == ("Cleaner beaches", 2)
    with scene.sessions() as session:
        assert leaflets.conflicts(session, actor=scene.agent, leaflet_id=leaflet.id) == []


def test_keeping_the_stored_text_closes_the_choice(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    conflict = scene.save(leaflet.id, scene.edit("Cleaner beaches", 0)).conflicts[0]
    with scene.sessions() as session:
        text = leaflets.settle_conflict(
            session, actor=scene.agent, now=NOON, leaflet_id=leaflet.id, edit_id=conflict.edit_id, take_offered=False
        )
        assert (text.value, text.version) == ("Better buses", 1)
        assert leaflets.conflicts(session, actor=scene.agent, leaflet_id=leaflet.id) == []


def test_edits_to_different_zones_merge(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0), by=scene.agent)
    saved = scene.save(leaflet.id, scene.edit({"picture": "a" * 64}, 0, zone="portrait"), by=scene.helper)
    assert not saved.conflicts
    assert scene.texts(leaflet.id) == {"headline": "Better buses", "portrait": {"picture": "a" * 64}}


def test_a_text_of_absurd_size_is_refused_and_takes_no_other_with_it(scene: Scene) -> None:
    leaflet = scene.leaflet()
    huge = scene.edit("x" * 300_000, 0, zone="portrait")
    saved = scene.save(leaflet.id, huge, scene.edit("Better buses", 0))
    assert [result.outcome for result in saved.results] == [Outcome.REFUSED, Outcome.STORED]
    assert "far too long" in saved.refused[0].message
    assert scene.texts(leaflet.id) == {"headline": "Better buses", "portrait": None}


@pytest.mark.parametrize("value", ["x" * 150_000, "nul \0 half \ud83d rtl \u202e", 42, {"odd": [None, True]}, ""])
def test_words_that_break_every_limit_are_kept_as_typed(scene: Scene, value: object) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit(value, 0))
    assert scene.texts(leaflet.id)["headline"] == value


def test_words_for_a_zone_that_the_template_has_no_more_are_kept(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("From an old version", 0, zone="strapline"))
    assert scene.texts(leaflet.id)["strapline"] == "From an old version"


def test_a_number_used_for_two_changes_is_refused_the_second_time(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("One", 0, op_id="operation-x"))
    saved = scene.save(leaflet.id, scene.edit("Two", 1, op_id="operation-x"))
    assert saved.refused
    assert scene.texts(leaflet.id)["headline"] == "One"


def test_of_many_who_save_at_once_one_is_stored_and_the_rest_are_kept(scene: Scene) -> None:
    leaflet = scene.leaflet()
    edits = [scene.edit(f"Words of person {number}", 0) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        saved = list(pool.map(lambda edit: scene.save(leaflet.id, edit), edits))
    outcomes = [each.results[0].outcome for each in saved]
    assert outcomes.count(Outcome.STORED) == 1
    with scene.sessions() as session:
        kept = {conflict.offered for conflict in leaflets.conflicts(session, actor=scene.agent, leaflet_id=leaflet.id)}
    assert kept | {scene.texts(leaflet.id)["headline"]} == {edit.value for edit in edits}


def test_the_same_content_gives_the_same_revision(scene: Scene) -> None:
    leaflet = scene.leaflet()

    def freeze() -> int:
        with scene.sessions() as session:
            return leaflets.freeze(session, actor=scene.agent, now=NOON, leaflet_id=leaflet.id).id

    first = freeze()
    assert freeze() == first
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    second = freeze()
    assert second != first
    scene.save(leaflet.id, scene.edit("Hello", 1))
    assert freeze() == first


def test_a_stranger_learns_nothing_and_changes_nothing(scene: Scene) -> None:
    leaflet = scene.leaflet()
    with pytest.raises(NotFound):
        scene.save(leaflet.id, scene.edit("Mine now", 0), by=scene.stranger)
    with scene.sessions() as session, pytest.raises(NotFound):
        leaflets.leaflet(session, actor=scene.stranger, leaflet_id=leaflet.id)
    assert scene.texts(leaflet.id)["headline"] == "Hello"


def test_every_change_of_words_is_in_the_audit(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0), by=scene.helper)
    scene.save(leaflet.id, scene.edit("Cleaner beaches", 0))
    with scene.sessions() as session:
        rows = audit.history(session, subject="leaflet", subject_id=leaflet.id)
    assert [(row.who, row.what, row.became) for row in rows] == [
        ("Agnes", "leaflet started", "tiny@1.0"),
        ("Henry", "words saved", "headline v1"),
        ("Agnes", "words saved", "headline kept beside v1"),
    ]
