from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scene import NOON, Scene
from sqlalchemy import select

from leaflets.domain.errors import Conflict, NotFound
from leaflets.domain.leaflet import Act, Edit, Outcome
from leaflets.services import audit, leaflets
from leaflets.services.studio import hearing, words
from leaflets.storage.leaflet import ZoneEdit


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


def test_an_edit_sent_again_after_newer_words_is_answered_with_the_version_it_reached(scene: Scene) -> None:
    leaflet = scene.leaflet()
    mine = scene.edit("Better buses", 0)
    scene.save(leaflet.id, mine, by=scene.agent)
    scene.save(leaflet.id, scene.edit("Cleaner beaches", 1), by=scene.helper)
    again = scene.save(leaflet.id, mine, by=scene.agent).results[0]
    assert (again.outcome, again.version) == (Outcome.STORED, 1)
    typed_on = scene.save(leaflet.id, scene.edit("Better buses now", again.version), by=scene.agent).results[0]
    assert typed_on.outcome is Outcome.CONFLICT
    assert scene.texts(leaflet.id)["headline"] == "Cleaner beaches"


def test_whoever_types_on_in_one_tab_waits_with_one_text_and_keeps_all_of_them_in_the_history(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0), by=scene.helper)
    base = 0
    for value in ("C", "Cle", "Clean"):
        result = scene.save(leaflet.id, scene.edit(value, base, device="tab-a")).results[0]
        base = result.version
    other_tab = scene.save(leaflet.id, scene.edit("Cold", 0, device="tab-b")).results[0]
    with scene.sessions() as session:
        waiting = words.conflicts(session, leaflet)
        assert [each.offered for each in waiting] == ["Clean", "Cold"]
        assert words.undecided_zones(session, leaflet) == {"headline"}
        kept = session.scalars(select(ZoneEdit.value).where(ZoneEdit.version.is_(None)).order_by(ZoneEdit.id))
        assert list(kept) == ["C", "Cle", "Clean", "Cold"]
    assert other_tab.outcome is Outcome.CONFLICT
    assert scene.texts(leaflet.id)["headline"] == "Better buses"


def test_a_leaflet_knows_the_words_it_began_with(scene: Scene) -> None:
    leaflet = scene.leaflet()
    with scene.sessions() as session:
        first = session.scalars(select(ZoneEdit).order_by(ZoneEdit.zone)).all()
    assert [(row.op_id, row.value, row.version, row.act) for row in first] == [
        ("start-headline", "Hello", 0, "fill"),
        ("start-portrait", None, 0, "fill"),
    ]
    assert leaflet.created_at == first[0].at


def test_a_device_hears_what_others_wrote_and_not_its_own_words(scene: Scene) -> None:
    leaflet = scene.leaflet()
    with scene.sessions() as session:
        began = hearing.newest_edit(session, leaflet)
    scene.save(leaflet.id, scene.edit("Better buses", 0, device="tab-a"), by=scene.helper)
    scene.save(leaflet.id, scene.edit("Cleaner beaches", 0, device="tab-b", zone="portrait"))
    with scene.sessions() as session:
        heard = hearing.heard_since(session, leaflet, edit_id=began, device="tab-b")
        assert [(each.zone, each.value, each.version, each.by) for each in heard] == [
            ("headline", "Better buses", 1, "Henry")
        ]
        newest = hearing.newest_edit(session, leaflet)
        assert hearing.heard_since(session, leaflet, edit_id=newest, device="") == []
        assert len(hearing.heard_since(session, leaflet, edit_id=began, device="")) == 2


def test_an_edit_is_kept_with_its_step_its_device_and_what_it_took_back(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, Edit("operation-u", "headline", "Hello", 0, "tab-a", "step-2", Act.UNDO, "step-1"))
    with scene.sessions() as session:
        row = session.scalars(select(ZoneEdit).filter_by(op_id="operation-u")).one()
    assert (row.device, row.step, row.act, row.of_step) == ("tab-a", "step-2", "undo", "step-1")


@pytest.mark.parametrize(
    "odd", [{"base_version": 2**40}, {"base_version": -1}, {"device": "x" * 41}, {"step": "a b"}, {"of": "\0" * 9}]
)
def test_what_no_column_holds_is_refused_by_name(scene: Scene, odd: dict[str, Any]) -> None:
    leaflet = scene.leaflet()
    saved = scene.save(leaflet.id, replace(scene.edit("Words", 0), **odd))
    assert [result.outcome for result in saved.results] == [Outcome.REFUSED]
    assert "stays on this device" in saved.refused[0].remedy


def test_a_text_chosen_over_words_that_changed_since_is_asked_about_again(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    conflict = scene.save(leaflet.id, scene.edit("Cleaner beaches", 0), by=scene.helper).conflicts[0]
    scene.save(leaflet.id, scene.edit("Better buses at night", 1))
    with scene.sessions() as session, pytest.raises(Conflict):
        words.settle_conflict(
            session,
            actor=scene.helper,
            now=NOON,
            leaflet_id=leaflet.id,
            edit_id=conflict.edit_id,
            take_offered=True,
            seen_version=conflict.version,
        )
    assert scene.texts(leaflet.id)["headline"] == "Better buses at night"


@pytest.mark.parametrize("take_offered", [True, False])
def test_a_choice_about_words_that_were_written_on_meanwhile_is_asked_about_again(
    scene: Scene, take_offered: bool
) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    half = replace(scene.edit("Cleaner", 0), device="her-tab")
    seen = scene.save(leaflet.id, half, by=scene.helper).conflicts[0]
    scene.save(leaflet.id, replace(scene.edit("Cleaner beaches", 0), device="her-tab"), by=scene.helper)
    with scene.sessions() as session, pytest.raises(Conflict, match="More was written"):
        words.settle_conflict(
            session,
            actor=scene.agent,
            now=NOON,
            leaflet_id=leaflet.id,
            edit_id=seen.edit_id,
            take_offered=take_offered,
        )
    with scene.sessions() as session:
        assert [each.offered for each in words.conflicts(session, leaflet)] == ["Cleaner beaches"]


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
            text = words.settle_conflict(
                session,
                actor=scene.agent,
                now=NOON,
                leaflet_id=leaflet.id,
                edit_id=conflict.edit_id,
                take_offered=True,
            )
        assert (text.value, text.version) == ("Cleaner beaches", 2)
    with scene.sessions() as session:
        assert words.conflicts(session, leaflet) == []


def test_keeping_the_stored_text_closes_the_choice(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    conflict = scene.save(leaflet.id, scene.edit("Cleaner beaches", 0)).conflicts[0]
    with scene.sessions() as session:
        text = words.settle_conflict(
            session, actor=scene.agent, now=NOON, leaflet_id=leaflet.id, edit_id=conflict.edit_id, take_offered=False
        )
        assert (text.value, text.version) == ("Better buses", 1)
        assert words.conflicts(session, leaflet) == []


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
        kept = {conflict.offered for conflict in words.conflicts(session, leaflet)}
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


def test_the_trail_says_once_a_minute_who_saved_and_always_when_two_texts_meet(scene: Scene) -> None:
    leaflet = scene.leaflet()
    for version, value in enumerate(("B", "Better", "Better buses")):
        scene.save(leaflet.id, scene.edit(value, version), by=scene.helper)
    scene.save(leaflet.id, scene.edit("Cleaner beaches", 0))
    scene.now += timedelta(minutes=2)
    scene.save(leaflet.id, scene.edit("Better buses now", 3), by=scene.helper)
    with scene.sessions() as session:
        rows = audit.history(session, subject="leaflet", subject_id=leaflet.id)
    assert [(row.who, row.what, row.became) for row in rows] == [
        ("Agnes", "leaflet started", "tiny@1.0"),
        ("Henry", "words saved", "headline v1"),
        ("Agnes", "words saved", "headline kept beside v3"),
        ("Henry", "words saved", "headline v4"),
    ]
