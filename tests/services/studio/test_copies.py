from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scene import Scene

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.leaflet import Act
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.template import Kind, Voice, Zone
from leaflets.services import leaflets
from leaflets.services.organisation import campaigns
from leaflets.services.roles import grants
from leaflets.services.studio import copies, hearing, template_moves, words
from leaflets.storage.leaflet import Leaflet, ZoneEdit
from leaflets.storage.picture import Picture, PictureState

LOCAL = Zone("story", Kind.LINE, "Story", "Yours.", Voice.LOCAL, "front", default="Our street")
PICTURE = "d" * 64


@pytest.fixture
def local_scene(scene: Scene) -> Scene:
    scene.template = replace(scene.template, zones=(*scene.template.zones, LOCAL))
    return scene


def _add(scene: Scene, leaflet_id: int, *places: str) -> list[int]:
    with scene.sessions() as session:
        made = copies.add_places(
            session,
            actor=scene.agent,
            now=scene.now,
            leaflet_id=leaflet_id,
            template=scene.template,
            places=places,
        )
        return [one.id for one in made]


def _choose(scene: Scene, leaflet_id: int, *zones: str) -> None:
    with scene.sessions() as session:
        copies.choose_local(
            session, actor=scene.agent, now=scene.now, leaflet_id=leaflet_id, template=scene.template, zones=zones
        )


def _values(scene: Scene, leaflet_id: int) -> dict[str, Any]:
    with scene.sessions() as session:
        return dict(leaflets.content_of(session.get_one(Leaflet, leaflet_id)).values)


def _duplicate(scene: Scene, leaflet_id: int, campaign_id: int = 0) -> int:
    with scene.sessions() as session:
        made = copies.duplicate(
            session,
            actor=scene.agent,
            now=scene.now,
            leaflet_id=leaflet_id,
            campaign_id=campaign_id or scene.campaign.id,
            template=scene.template,
            kit=scene.kit,
        )
        return made.id


def test_a_duplicate_has_the_words_of_its_own_and_its_history_knows_where_they_came_from(local_scene: Scene) -> None:
    scene = local_scene
    source = scene.leaflet().id
    scene.save(source, scene.edit("Better buses", 0))
    copy = _duplicate(scene, source)
    scene.save(source, scene.edit("Still better buses", 1))
    assert _values(scene, copy)["headline"] == "Better buses"
    with scene.sessions() as session:
        made = session.get_one(Leaflet, copy)
        assert made.title == "Tiny, copy"
        acts = [edit.act for edit in session.query(ZoneEdit).filter_by(leaflet_id=copy, zone="headline")]
    assert acts == [Act.FILL, Act.FILL]


def test_a_duplicate_in_another_campaign_brings_its_pictures_and_needs_a_seat_there(scene: Scene) -> None:
    source = scene.leaflet().id
    by: dict[str, Any] = {"actor": "a test", "now": scene.now}
    with scene.sessions() as session:
        session.add(
            Picture(
                campaign_id=scene.campaign.id,
                filename="me.jpg",
                original_hash=PICTURE,
                state=PictureState.READY,
                size_bytes=1,
                created_by=scene.agent.id,
                created_at=scene.now,
            )
        )
        session.commit()
        other = campaigns.start_campaign(
            session,
            **by,
            organisation="Plain",
            name="Bea",
            kit="plain",
            election=ElectionDetails("", "", "", "Bea"),
            imprint=Imprint("", "", "", "", ""),
        ).id
    scene.save(source, scene.edit({"picture": PICTURE, "focus": [0.5, 0.5], "alt": ""}, 0, zone="portrait"))
    with pytest.raises(NotFound):
        _duplicate(scene, source, other)
    with scene.sessions() as session:
        grants.give(session, **by, campaign_id=other, person_id=scene.agent.id, role=Role.AGENT)
    copy = _duplicate(scene, source, other)
    with scene.sessions() as session:
        made = session.get_one(Leaflet, copy)
        assert (made.campaign_id, made.candidate) == (other, "Bea")
        assert session.query(Picture).filter_by(campaign_id=other, original_hash=PICTURE).count() == 1


def test_shared_words_are_edited_once_for_all_places_and_local_ones_for_one(local_scene: Scene) -> None:
    scene = local_scene
    main = scene.leaflet().id
    ashby, bexley = _add(scene, main, " Ashby ", "• Bexley", "ashby", "")
    scene.save(ashby, scene.edit("Better buses", 0))
    scene.save(ashby, scene.edit("Ashby High Street", 0, zone="story"))
    assert {_values(scene, each)["headline"] for each in (main, ashby, bexley)} == {"Better buses"}
    assert [_values(scene, each)["story"] for each in (main, ashby, bexley)] == [
        "Our street",
        "Ashby High Street",
        "Our street",
    ]
    assert _add(scene, ashby, "Ashby", "Corby") != []
    with scene.sessions() as session:
        kin = copies.family(session, session.get_one(Leaflet, bexley))
        assert [member.place for member in kin.members] == ["", "Ashby", "Bexley", "Corby"]
        assert kin.local == {"story"}


def test_two_variants_that_change_one_shared_zone_meet_in_a_conflict_that_both_see(local_scene: Scene) -> None:
    scene = local_scene
    main = scene.leaflet().id
    ashby, bexley = _add(scene, main, "Ashby", "Bexley")
    scene.save(ashby, scene.edit("Better buses", 0))
    scene.save(bexley, scene.edit("Fewer cars", 0))
    with scene.sessions() as session:
        for each in (main, ashby, bexley):
            target = session.get_one(Leaflet, each)
            (conflict,) = words.conflicts(session, target)
            assert (conflict.stored, conflict.offered) == ("Better buses", "Fewer cars")
            assert words.undecided_zones(session, target) == {"headline"}
        heard = hearing.heard_since(session, session.get_one(Leaflet, bexley), edit_id=0, device="")
        assert [(each.zone, each.value) for each in heard if each.zone == "headline"] == [("headline", "Better buses")]
        words.settle_conflict(
            session, actor=scene.agent, now=scene.now, leaflet_id=bexley, edit_id=conflict.edit_id, take_offered=True
        )
    assert _values(scene, ashby)["headline"] == "Fewer cars"


def test_a_zone_that_is_switched_to_shared_and_back_loses_no_places_words(local_scene: Scene) -> None:
    scene = local_scene
    main = scene.leaflet().id
    ashby, bexley = _add(scene, main, "Ashby", "Bexley")
    scene.save(ashby, scene.edit("Ashby High Street", 0, zone="story"))
    _choose(scene, ashby)
    assert {_values(scene, each)["story"] for each in (main, ashby, bexley)} == {"Our street"}
    _choose(scene, main, "story", "headline")
    assert _values(scene, ashby)["story"] == "Ashby High Street"
    scene.save(bexley, scene.edit("Bexley first", 0))
    assert [_values(scene, each)["headline"] for each in (ashby, bexley)] == ["Hello", "Bexley first"]
    with pytest.raises(Invalid):
        _choose(scene, main, "no-such-zone")


def test_places_must_have_names_of_their_own(local_scene: Scene) -> None:
    scene = local_scene
    main = scene.leaflet().id
    (ashby,) = _add(scene, main, "Ashby")
    for places in (["", "  "], ["x" * 200], [f"Village {number}" for number in range(80)]):
        with pytest.raises(Invalid):
            _add(scene, main, *places)
    with scene.sessions() as session:
        by: dict[str, Any] = {"actor": scene.agent, "now": scene.now}
        copies.name_place(session, **by, leaflet_id=main, place="Harbour")
        for leaflet_id, place in ((main, "ashby"), (ashby, ""), (ashby, "x" * 81)):
            with pytest.raises(Invalid):
                copies.name_place(session, **by, leaflet_id=leaflet_id, place=place)


def test_a_newer_version_keeps_the_words_of_zones_that_stay_and_offers_those_of_zones_that_go(
    local_scene: Scene,
) -> None:
    scene = local_scene
    main = scene.leaflet().id
    (ashby,) = _add(scene, main, "Ashby")
    scene.save(main, scene.edit("Better buses", 0))
    scene.save(ashby, scene.edit("Ashby High Street", 0, zone="story"))
    motto = Zone("motto", Kind.LINE, "Motto", "Short.", Voice.LOCAL, "front", default="Onwards")
    rich = replace(scene.template.zone("headline"), kind=Kind.RICH, max_words=50)
    zones = (rich, *(zone for zone in scene.template.zones if zone.key not in ("headline", "story")), motto)
    newer = replace(scene.template, version="1.1", zones=zones)
    with scene.sessions() as session:
        for _ in range(2):
            template_moves.move(session, actor=scene.agent, now=scene.now, leaflet_id=ashby, template=newer)
        for each, story in ((main, "Our street"), (ashby, "Ashby High Street")):
            target = session.get_one(Leaflet, each)
            assert target.template_ref == "tiny@1.1"
            assert target.values["headline"] == "Better buses"
            assert target.values["motto"] == "Onwards"
            left = template_moves.leftover(target, newer)
            assert [(one.zone, one.label, one.text) for one in left] == [("story", "Story", story)]
        assert set(session.get_one(Leaflet, main).local_zones) == {"story", "motto"}
        other = replace(newer, name="other")
        with pytest.raises(Invalid):
            template_moves.move(session, actor=scene.agent, now=scene.now, leaflet_id=main, template=other)
        template_moves.move(session, actor=scene.agent, now=scene.now, leaflet_id=main, template=scene.template)
        assert template_moves.leftover(session.get_one(Leaflet, ashby), scene.template)[0].zone == "motto"


def test_words_of_any_kind_can_be_read_where_no_field_shows_them() -> None:
    readable = template_moves.readable
    assert readable("<p>One</p><ul><li>two</li></ul>") == "One\ntwo"
    assert readable([{"heading": "A", "body": "b"}, {"heading": "C", "body": ""}]) == "A\nb\nC"
    assert readable({"labels": ["2019"], "numbers": [1.5], "source": "Count"}) == "2019\n1.5\nCount"
    assert readable({"picture": PICTURE, "focus": [0, 0], "alt": "Me"}) == "Me"
    assert readable(None) == ""
