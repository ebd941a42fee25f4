"""Answers become a whole leaflet, once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scene import Scene

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.leaflet import Act
from leaflets.domain.template import Answer
from leaflets.domain.words.first_leaflet import Answers, Promise
from leaflets.services import audit
from leaflets.services.studio import first_leaflet
from leaflets.storage.leaflet import Leaflet, ZoneEdit

ANSWERS = Answers("Ada Quay-Pier", "Harbour and Hill", "Harbour", (Promise("mend the sea wall"),), photo="a" * 64)


@pytest.fixture
def scene(migrated_url: str) -> Scene:
    made = Scene(migrated_url)
    headline, portrait, imprint = made.template.zones
    asked = (replace(headline, fill="I will {first_promise}."), replace(portrait, ask=Answer.PHOTO), imprint)
    made.template = replace(made.template, zones=asked)
    return made


def make(scene: Scene, *, op_id: str = "answers-1", by: object = None, answers: Answers = ANSWERS) -> Leaflet:
    with scene.sessions() as session:
        return first_leaflet.make(
            session,
            actor=by or scene.helper,
            now=scene.now,
            campaign_id=scene.campaign.id,
            template=scene.template,
            kit=scene.kit,
            answers=answers,
            op_id=op_id,
        )


def test_answers_fill_the_zones_and_the_history_says_who_did_it(scene: Scene) -> None:
    made = make(scene)
    with scene.sessions() as session:
        found = session.get_one(Leaflet, made.id)
        assert (found.candidate, found.election_area) == ("Ada Quay-Pier", "Harbour and Hill")
        assert found.values["headline"] == "I will mend the sea wall."
        assert found.values["portrait"] == {"picture": "a" * 64, "focus": [0.5, 0.4], "alt": "Ada Quay-Pier"}
        edits = session.query(ZoneEdit).filter_by(leaflet_id=made.id, version=1).all()
        assert {(edit.zone, edit.act, edit.by) for edit in edits} == {
            ("headline", Act.FILL, scene.helper.id),
            ("portrait", Act.FILL, scene.helper.id),
        }
        noted = [row.what for row in audit.history(session, subject="leaflet", subject_id=made.id)]
        assert noted == ["leaflet started", "words filled in"]


def test_answers_sent_twice_make_one_leaflet(scene: Scene) -> None:
    first, again = make(scene), make(scene, answers=replace(ANSWERS, promises=()))
    assert first.id == again.id
    assert scene.texts(first.id)["headline"] == "I will mend the sea wall."
    assert make(scene, op_id="answers-2").id != first.id


def test_a_stranger_is_told_nothing_and_a_number_of_nobodys_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFound):
        make(scene, by=scene.stranger)
    with pytest.raises(Invalid):
        make(scene, op_id="../..")
