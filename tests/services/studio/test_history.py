from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scene import NOON, TEMPLATE, Scene
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.leaflet import Act
from leaflets.services import audit
from leaflets.services.studio import copies, earlier_words, hearing, history, steps, words
from leaflets.services.studio.history import Version
from leaflets.storage.leaflet import Leaflet, ZoneEdit, ZoneText
from leaflets.storage.people import Person


def write(
    scene: Scene, leaflet: Leaflet, value: object, *, zone: str = "headline", by: Person | None = None, **more: Any
) -> int:
    """Somebody writes over whatever the zone holds; the number of the edit."""
    with scene.sessions() as session:
        text = session.get(ZoneText, (leaflet.id, zone))
        edit = replace(scene.edit(value, text.version if text else 0, zone=zone), **more)
    scene.save(leaflet.id, edit, by=by)
    with scene.sessions() as session:
        found = session.scalar(select(ZoneEdit.id).filter_by(leaflet_id=leaflet.id, op_id=edit.op_id))
        assert found is not None
        return found


def later(scene: Scene, minutes: float) -> None:
    scene.now += timedelta(minutes=minutes)


def versions(scene: Scene, leaflet: Leaflet, **page: Any) -> tuple[Version, ...]:
    with scene.sessions() as session:
        return history.versions(session, actor=scene.agent, leaflet_id=leaflet.id, **page).versions


def can_undo(scene: Scene, leaflet: Leaflet, by: Person | None = None, **page: Any) -> steps.StepsPage:
    with scene.sessions() as session:
        return steps.steps(session, actor=by or scene.agent, leaflet_id=leaflet.id, **page)


def test_versions_say_who_wrote_when_and_where(scene: Scene) -> None:
    leaflet = scene.leaflet()
    later(scene, 30)
    write(scene, leaflet, "Better buses")
    later(scene, 2)
    write(scene, leaflet, {"picture": "a" * 64}, zone="portrait")
    later(scene, 20)
    newest = write(scene, leaflet, "Cleaner beaches", by=scene.helper)
    found = versions(scene, leaflet)
    assert [(version.people, version.sitting.zones, version.sitting.act) for version in found] == [
        (("Henry",), ("headline",), Act.TYPED),
        (("Agnes",), ("headline", "portrait"), Act.TYPED),
        (("Agnes",), ("headline", "portrait"), Act.FILL),
    ]
    assert [version.is_newest for version in found] == [True, False, False]
    assert found[0].edit_id == newest
    assert [version.previous for version in found] == [found[1].edit_id, found[2].edit_id, None]


def test_a_version_holds_every_zone_as_it_stood_then(scene: Scene) -> None:
    leaflet = scene.leaflet()
    first = write(scene, leaflet, "Better buses")
    write(scene, leaflet, "Cleaner beaches")
    beginning = versions(scene, leaflet)[-1].edit_id
    with scene.sessions() as session:
        then = [
            history.moment(session, actor=scene.agent, leaflet_id=leaflet.id, edit_id=number).values
            for number in (beginning, first)
        ]
    assert then == [{"headline": "Hello", "portrait": None}, {"headline": "Better buses", "portrait": None}]


def test_bringing_a_version_back_makes_a_new_one_that_can_be_undone(scene: Scene) -> None:
    leaflet = scene.leaflet()
    beginning = versions(scene, leaflet)[0].edit_id
    write(scene, leaflet, "Better buses")
    write(scene, leaflet, {"picture": "a" * 64}, zone="portrait", by=scene.helper)
    with scene.sessions() as session:
        by = {"actor": scene.agent, "now": scene.now, "leaflet_id": leaflet.id}
        assert set(history.restore(session, **by, edit_id=beginning)) == {"headline", "portrait"}
        assert history.restore(session, **by, edit_id=beginning) == ()
        noted = [row.what for row in audit.history(session, subject="leaflet", subject_id=leaflet.id)]
    assert scene.texts(leaflet.id) == {"headline": "Hello", "portrait": None}
    assert versions(scene, leaflet)[0].sitting.act is Act.RESTORE
    assert noted.count("version restored") == 1
    step = can_undo(scene, leaflet).undo[0]
    assert (step.act, {change.zone: change.before for change in step.changes}) == (
        Act.RESTORE,
        {"headline": "Better buses", "portrait": {"picture": "a" * 64}},
    )


def test_other_tabs_hear_of_a_version_that_was_brought_back(scene: Scene) -> None:
    leaflet = scene.leaflet()
    beginning = versions(scene, leaflet)[0].edit_id
    heard = write(scene, leaflet, "Better buses", device="tab-one")
    with scene.sessions() as session:
        history.restore(session, actor=scene.agent, now=scene.now, leaflet_id=leaflet.id, edit_id=beginning)
        target = session.get_one(Leaflet, leaflet.id)
        news = hearing.heard_since(session, target, edit_id=heard, device="tab-one")
    assert [(each.zone, each.value) for each in news] == [("headline", "Hello")]


def test_a_name_is_given_changed_and_taken_away(scene: Scene) -> None:
    leaflet = scene.leaflet()
    number = write(scene, leaflet, "Better buses")
    write(scene, leaflet, "Cleaner beaches")
    for given, shown in (("  Before the rewrite ", "Before the rewrite"), ("First draft", "First draft"), (" ", "")):
        with scene.sessions() as session:
            history.name(session, actor=scene.agent, now=NOON, leaflet_id=leaflet.id, edit_id=number, name=given)
        named = {version.edit_id: version.name for version in versions(scene, leaflet)}
        assert named.get(number, "") == shown
    with scene.sessions() as session, pytest.raises(Invalid, match="too long"):
        history.name(session, actor=scene.agent, now=NOON, leaflet_id=leaflet.id, edit_id=number, name="x" * 121)


def test_two_versions_are_compared_in_either_order(scene: Scene) -> None:
    leaflet = scene.leaflet()
    ids = (write(scene, leaflet, "Better buses"), write(scene, leaflet, "Better beaches"))
    with scene.sessions() as session:
        both = [
            history.compare(session, actor=scene.agent, leaflet_id=leaflet.id, edit_ids=pair, zones=TEMPLATE.zones)
            for pair in (ids, (ids[1], ids[0]))
        ]
    assert both[0] == both[1]
    assert [(change.label, [part.text for part in change.parts]) for change in both[0].changes] == [
        ("Headline", ["Better ", "buses", "beaches"])
    ]


def test_texts_that_were_not_chosen_are_found_and_can_be_used_after_all(scene: Scene) -> None:
    leaflet = scene.leaflet()
    write(scene, leaflet, "Better buses")
    kept = [
        scene.save(leaflet.id, scene.edit(value, 0), by=scene.helper).conflicts[0].edit_id
        for value in ("Trams", "Boats")
    ]
    with scene.sessions() as session:
        by = {"actor": scene.agent, "now": scene.now, "leaflet_id": leaflet.id}
        words.settle_conflict(session, **by, edit_id=kept[0], take_offered=False)
        words.settle_conflict(session, **by, edit_id=kept[1], take_offered=True)
        found = earlier_words.not_chosen(session, actor=scene.agent, leaflet_id=leaflet.id)
        assert [(text.value, text.by) for text in found.texts] == [("Trams", ("Henry",))]
        assert history.take_back(session, **by, edit_id=kept[0]) == ("headline",)
        assert history.take_back(session, **by, edit_id=kept[0]) == ()
    assert scene.texts(leaflet.id)["headline"] == "Trams"


def test_the_earlier_words_of_a_zone_come_with_who_wrote_them(scene: Scene) -> None:
    leaflet = scene.leaflet()
    write(scene, leaflet, "Better buses")
    scene.save(leaflet.id, scene.edit("Trams", 0), by=scene.helper)
    write(scene, leaflet, "Cleaner beaches", by=scene.helper)
    write(scene, leaflet, {"picture": "a" * 64}, zone="portrait")
    with scene.sessions() as session:
        found = earlier_words.of_zone(session, actor=scene.agent, leaflet_id=leaflet.id, zone="headline")
    assert [(text.value, text.by, text.kept) for text in found.texts] == [
        ("Cleaner beaches", ("Henry",), False),
        ("Trams", ("Henry",), True),
        ("Better buses", ("Agnes",), False),
        ("Hello", ("Agnes",), False),
    ]
    assert found.older is None


def test_what_was_typed_on_another_day_and_device_can_be_undone(scene: Scene) -> None:
    leaflet = scene.leaflet()
    write(scene, leaflet, "B", step="keys", device="laptop")
    write(scene, leaflet, "Buses", step="keys", device="laptop")
    later(scene, 60 * 24)
    write(scene, leaflet, "Buses and trams", step="more", device="telephone")
    found = can_undo(scene, leaflet)
    assert [(step.id, step.changes[0].before, step.changes[0].after) for step in found.undo] == [
        ("more", "Buses", "Buses and trams"),
        ("keys", "Hello", "Buses"),
    ]
    write(scene, leaflet, "Buses", step="move", act=Act.UNDO, of="more")
    found = can_undo(scene, leaflet)
    assert [step.id for step in found.undo] == ["keys"]
    assert [(step.id, step.changes[0].after) for step in found.redo] == [("more", "Buses and trams")]
    assert can_undo(scene, leaflet, scene.helper) == steps.StepsPage((), (), None, {})


def test_where_somebody_else_wrote_since_it_says_who(scene: Scene) -> None:
    leaflet = scene.leaflet()
    write(scene, leaflet, "Mine", step="one")
    write(scene, leaflet, "Theirs", by=scene.helper)
    assert can_undo(scene, leaflet) == steps.StepsPage((), (), None, {"headline": "Henry"})
    write(scene, leaflet, "Mine again", step="two")
    found = can_undo(scene, leaflet)
    assert [(step.id, step.changes[0].before) for step in found.undo] == [("two", "Theirs")]
    assert found.overtaken == {"headline": "Henry"}


def test_a_variant_shows_its_own_zones_history_and_that_of_the_zones_it_shares(scene: Scene) -> None:
    main = scene.leaflet()
    by: dict[str, Any] = {"actor": scene.agent, "now": scene.now, "leaflet_id": main.id, "template": TEMPLATE}
    with scene.sessions() as session:
        harbour, quay = (made.id for made in copies.add_places(session, **by, places=["Harbour", "Quay"]))
        copies.choose_local(session, **by, zones=["portrait"])
    later(scene, 20)
    write(scene, main, "For everybody", step="shared")
    for number, place in enumerate((harbour, quay)):
        scene.save(place, replace(scene.edit({"alt": f"Place {number}"}, 0, zone="portrait"), step=f"local-{number}"))
    with scene.sessions() as session:
        asked: dict[str, Any] = {"actor": scene.agent, "leaflet_id": harbour}
        newest, *_, beginning = history.versions(session, **asked).versions
        assert newest.sitting.zones == ("headline", "portrait")
        assert [step.id for step in steps.steps(session, **asked).undo] == ["local-0", "shared"]
        texts = earlier_words.of_zone(session, **asked, zone="headline").texts
        assert [text.value for text in texts] == ["For everybody", "Hello"]
        assert "headline" in history.restore(session, **asked, now=scene.now, edit_id=beginning.edit_id)
    assert scene.texts(main.id)["headline"] == "Hello"
    assert scene.texts(quay) == {"headline": "Hello", "portrait": {"alt": "Place 1"}}


def test_strangers_see_no_history_and_nobody_that_of_another_leaflet(scene: Scene) -> None:
    leaflet = scene.leaflet()
    write(scene, leaflet, "Better buses")
    other = write(scene, scene.leaflet(), "Elsewhere")
    with scene.sessions() as session:
        for ask in (history.versions, steps.steps, earlier_words.not_chosen):
            with pytest.raises(NotFound):
                ask(session, actor=scene.stranger, leaflet_id=leaflet.id)
        for edit_id in (other, 0, 2**40):
            by: dict[str, Any] = {"actor": scene.agent, "leaflet_id": leaflet.id, "edit_id": edit_id}
            with pytest.raises(NotFound):
                history.moment(session, **by)
            for change in (history.restore, history.take_back):
                with pytest.raises(NotFound):
                    change(session, **by, now=NOON)
            with pytest.raises(NotFound):
                history.name(session, **by, now=NOON, name="Mine")


@contextmanager
def counted(session: Session) -> Iterator[Counter[str]]:
    """Counts the statements that a session sends to its database."""
    seen: Counter[str] = Counter()
    engine = session.get_bind()
    event.listen(engine, "after_cursor_execute", lambda *_: seen.update(["statements"]))
    yield seen


def a_long_log(scene: Scene, leaflet: Leaflet, edits: int) -> int:
    """Edits of many days: Agnes on the headline, Henry on the portrait, four edits a step, a pause after every ten."""
    first = 1_000
    rows = [
        {
            "leaflet_id": leaflet.id,
            "op_id": f"long-log-{number}",
            "zone": "portrait" if number % 20 >= 10 else "headline",
            "value": f"Words {number}",
            "base_version": 0,
            "version": number // 20 * 10 + number % 10 + 1,
            "by": (scene.helper if number % 20 >= 10 else scene.agent).id,
            "at": NOON + timedelta(seconds=number + number // 10 * 700),
            "device": "",
            "step": f"step-{number // 4}",
            "act": Act.TYPED,
            "of_step": "",
        }
        for number in range(first)
    ]
    copied = [column for column in ZoneEdit.__table__.columns if column.name in rows[0]]
    with scene.sessions.begin() as session:
        session.execute(insert(ZoneEdit), rows)
        made = first
        while made < edits:  # as many again, each time
            again = {ZoneEdit.op_id: ZoneEdit.op_id + f"-{made}", ZoneEdit.version: ZoneEdit.version + made // 2}
            again |= {ZoneEdit.step: ZoneEdit.step + f"-{made}"}
            columns = [again.get(getattr(ZoneEdit, column.name), column) for column in copied]
            old = select(*columns).where(ZoneEdit.op_id.startswith("long-log-")).order_by(ZoneEdit.id)
            session.execute(insert(ZoneEdit).from_select(copied, old))
            made *= 2
        for text in session.scalars(select(ZoneText).filter_by(leaflet_id=leaflet.id)):
            text.version = made // 2
    return made


def test_a_hundred_thousand_edits_are_read_a_bounded_page_at_a_time(scene: Scene) -> None:
    leaflet = scene.leaflet()
    assert a_long_log(scene, leaflet, 100_000) >= 100_000
    newest = versions(scene, leaflet)[0].edit_id
    for before in (None, newest // 2):
        with scene.sessions() as session, counted(session) as seen:
            asked: dict[str, Any] = {"actor": scene.agent, "leaflet_id": leaflet.id}
            page = history.versions(session, **asked, before=before)
            assert len(page.versions) == history.PAGE
            assert page.older is not None
            undo = steps.steps(session, **asked, before=before)
            assert len(undo.undo) == steps.MOST_STEPS
            assert undo.older is not None
            further = steps.steps(session, **asked, before=undo.older)
            assert further.undo[0].changes[0].after == undo.undo[-1].changes[0].before
            texts = earlier_words.of_zone(session, **asked, zone="headline", before=before)
            assert len(texts.texts) == earlier_words.PAGE
            held = history.moment(session, **asked, edit_id=before or newest).values
            assert set(held) == {"headline", "portrait"}
            assert seen["statements"] <= 65
            assert len(session.identity_map) <= 20
