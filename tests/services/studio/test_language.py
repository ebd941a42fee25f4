"""The language of a leaflet's words, from the choice to the press."""

from __future__ import annotations

from pathlib import Path

import pytest
from scene import Scene
from site_of_scene import LIBRARY, config_for

from leaflets.catalogue import load_library
from leaflets.domain.errors import Invalid, NotFound
from leaflets.press import html
from leaflets.services import audit, leaflets
from leaflets.services.studio import language
from leaflets.storage.blobs import Blobs
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from workers import gather
from workers.room import Room


@pytest.fixture
def scene(migrated_url: str) -> Scene:
    library = load_library(LIBRARY)
    return Scene(migrated_url, template=library.template("card"), kit=library.kit("plain"))


def choose(scene: Scene, leaflet_id: int, tag: str, *, by: Person | None = None) -> Leaflet:
    with scene.sessions() as session:
        language.choose(
            session,
            actor=by or scene.helper,
            now=scene.now,
            leaflet_id=leaflet_id,
            template=scene.template,
            language=tag,
        )
        return session.get_one(Leaflet, leaflet_id)


def test_a_leaflet_in_welsh_is_set_in_welsh_and_has_another_name(scene: Scene, tmp_path: Path) -> None:
    made = scene.leaflet()
    with scene.sessions() as session:
        english = leaflets.content_of(session.get_one(Leaflet, made.id))
    choose(scene, made.id, "cy")
    proof = scene.proof(made.id)
    config = config_for(scene, tmp_path)
    room = Room(config, load_library(config.library_folder), scene.sessions, Blobs(tmp_path))
    with scene.sessions() as session:
        welsh = leaflets.content_of(session.get_one(Leaflet, made.id))
        revision = leaflets.freeze(session, actor=scene.agent, now=scene.now, leaflet_id=made.id)
        found = session.merge(proof)
        found.revision = revision
        page = html.page(gather.proof_inputs(session, room, found).job)
        noted = audit.history(session, subject="leaflet", subject_id=made.id)
    assert welsh.language == "cy"
    assert welsh.content_hash != english.content_hash
    assert '<html lang="cy">' in page
    assert ("language chosen", "en-GB", "cy") in [(row.what, row.was, row.became) for row in noted]


def test_the_template_s_own_language_is_no_choice_and_chosen_twice_is_noted_once(scene: Scene) -> None:
    made = scene.leaflet()
    before = leaflets_hash(scene, made.id)
    for tag in ("gd", "gd", "en-GB"):
        choose(scene, made.id, tag)
    assert leaflets_hash(scene, made.id) == before
    with scene.sessions() as session:
        noted = [row.became for row in audit.history(session, subject="leaflet", subject_id=made.id)]
    assert noted[1:] == ["gd", "en-GB"]


def test_only_who_may_write_chooses_and_only_what_is_known(scene: Scene) -> None:
    made = scene.leaflet()
    with pytest.raises(Invalid, match="does not know"):
        choose(scene, made.id, "tlh")
    with pytest.raises(NotFound):
        choose(scene, made.id, "cy", by=scene.stranger)


def leaflets_hash(scene: Scene, leaflet_id: int) -> str:
    with scene.sessions() as session:
        return leaflets.content_of(session.get_one(Leaflet, leaflet_id)).content_hash
