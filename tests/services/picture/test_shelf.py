from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scene import Scene, photo

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.press.schedule import Lane
from leaflets.services import audit
from leaflets.services.picture import pictures, placed, shelf
from leaflets.services.press import orders, press_queue
from leaflets.services.press.outcomes import PictureDone
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person


class Shelf:
    """The shelf of a scene's campaign."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.blobs = scene, Blobs(folder / "blobs")

    def add(self, file: io.BytesIO, *, ready: bool = True) -> str:
        with self.scene.sessions() as session:
            kept = pictures.receive(
                session,
                actor=self.scene.agent,
                now=self.scene.now,
                blobs=self.blobs,
                tickets=self.scene.tickets,
                campaign_id=self.scene.campaign.id,
                upload=file,
                filename="me.jpg",
            )
            claim = press_queue.claim(session, lane=Lane.PROOF, worker="a test", now=self.scene.now) if ready else None
            if claim:
                done = PictureDone(kept.original_hash, kept.original_hash, 400, 320)
                press_queue.finish(session, claim=claim, now=self.scene.now, outcome=done)
            return kept.original_hash

    def do(self, what: Callable[..., Any], digest: str, *, by: Person | None = None, **wishes: Any) -> Any:
        with self.scene.sessions() as session:
            return what(
                session,
                actor=by or self.scene.agent,
                now=self.scene.now,
                campaign_id=self.scene.campaign.id,
                original_hash=digest,
                **wishes,
            )

    def place(self, leaflet_id: int, digest: str, *, version: int = 0, **more: Any) -> None:
        value = {"picture": digest, "focus": [0.2, 0.3], "zoom": 2, "alt": "Me", **more}
        saved = self.scene.save(leaflet_id, self.scene.edit(value, version, zone="portrait"))
        assert not saved.refused

    def print_of(self) -> str:
        with self.scene.sessions() as session:
            return shelf.fingerprint(session, self.scene.campaign.id)


@pytest.fixture
def pictured(scene: Scene, tmp_path: Path) -> Shelf:
    return Shelf(scene, tmp_path)


WORDS = {"name": "Ada on the quay", "rights": "permission", "credit": "Jo Lens", "alt": "Ada Quay by the harbour"}


def test_what_is_known_of_a_picture_is_kept_with_who_said_it(scene: Scene, pictured: Shelf) -> None:
    digest, before = pictured.add(photo()), pictured.print_of()
    told = pictured.do(shelf.describe, digest, **WORDS)
    assert (told.filename, told.rights, told.credit, told.alt) == tuple(WORDS.values())
    assert pictured.print_of() != before
    pictured.do(shelf.describe, digest, **WORDS)  # said again: nothing new to note
    with scene.sessions() as session:
        rows = audit.history(session, subject="picture", subject_id=told.id)
    (described,) = [row for row in rows if row.what == "picture described"]
    assert (described.who, described.became) == (
        "Agnes",
        "Ada on the quay · permission · Jo Lens · Ada Quay by the harbour",
    )


@pytest.mark.parametrize("wrong", [{"rights": "found it"}, {"name": " "}, {"alt": "x" * 301}, {"credit": "x" * 201}])
def test_what_cannot_be_kept_is_refused_and_nothing_is_changed(pictured: Shelf, wrong: dict[str, str]) -> None:
    digest = pictured.add(photo())
    with pytest.raises(Invalid):
        pictured.do(shelf.describe, digest, **(WORDS | wrong))
    assert pictured.do(shelf.put_back, digest).filename == "me.jpg"


def test_strangers_change_nothing(scene: Scene, pictured: Shelf) -> None:
    digest = pictured.add(photo())
    for what, wishes in (
        (shelf.describe, WORDS),
        (shelf.take_off, {}),
        (shelf.put_back, {}),
        (shelf.replace_everywhere, {"by_hash": digest}),
    ):
        with pytest.raises(NotFound):
            pictured.do(what, digest, by=scene.stranger, **wishes)
    with pytest.raises(NotFound):
        pictured.do(shelf.take_off, "0" * 64)


def test_a_picture_taken_off_the_shelf_stops_the_order_by_name_until_it_is_back(scene: Scene, pictured: Shelf) -> None:
    digest, leaflet = pictured.add(photo()), scene.leaflet()
    pictured.place(leaflet.id, digest)
    pictured.do(shelf.take_off, digest, by=scene.helper)
    with pytest.raises(orders.NotReady) as stopped:
        scene.order(leaflet.id)
    (problem,) = stopped.value.problems
    assert (problem.code, problem.zone) == ("picture-taken-off", "portrait")
    assert problem.message.startswith("The picture in “Portrait” was taken off the shelf by Henry: put it back")
    pictured.do(shelf.put_back, digest)
    assert scene.order(leaflet.id).id


def test_the_same_file_sent_again_is_back_on_the_shelf(pictured: Shelf) -> None:
    digest = pictured.add(photo())
    pictured.do(shelf.take_off, digest)
    assert pictured.add(photo()) == digest
    assert pictured.do(shelf.put_back, digest).removed_at is None


def test_where_a_picture_stands_is_known_by_leaflet_and_zone(scene: Scene, pictured: Shelf) -> None:
    digest, other = pictured.add(photo()), pictured.add(photo(500, 400))
    leaflet, second = scene.leaflet(), scene.leaflet()
    pictured.place(leaflet.id, digest)
    pictured.place(second.id, digest)
    scene.save(leaflet.id, scene.edit('the word "picture" alone', 0))
    with scene.sessions() as session:
        found = placed.uses(session, scene.campaign.id)
    assert [(use.title, use.zones) for use in found[digest]] == [("Tiny", ("portrait",)), ("Tiny 2", ("portrait",))]
    assert other not in found


def test_one_picture_takes_another_s_place_everywhere_and_can_be_undone(scene: Scene, pictured: Shelf) -> None:
    old, new = pictured.add(photo()), pictured.add(photo(500, 400))
    pictured.do(shelf.describe, new, **WORDS)
    first, second, third, untouched = (scene.leaflet() for _ in range(4))
    for leaflet in (first, second, third):
        pictured.place(leaflet.id, old)
    pictured.place(third.id, new, version=0, alt="Somebody else thought so too")  # two values wait for a choice
    done = pictured.do(shelf.replace_everywhere, old, by_hash=new)
    assert (done.leaflets, done.places, done.left_alone) == (2, 2, 1)
    for leaflet in (first, second):
        assert scene.texts(leaflet.id)["portrait"] == {
            "picture": new,
            "focus": [0.5, 0.5],
            "zoom": 1,
            "alt": "Ada Quay by the harbour",
        }
    assert scene.texts(third.id)["portrait"]["picture"] == old  # type: ignore[index]
    assert scene.texts(untouched.id)["portrait"] is None
    # Whoever had the old one on the screen meets the new words; nothing is written over.
    met = scene.save(first.id, scene.edit(None, 1, zone="portrait"))
    assert met.conflicts


def test_only_a_picture_that_can_be_placed_takes_another_s_place(pictured: Shelf) -> None:
    old, away = pictured.add(photo()), pictured.add(photo(600, 500))
    coming = pictured.add(photo(500, 400), ready=False)
    pictured.do(shelf.take_off, away)
    for wrong in (old, away, coming):
        with pytest.raises(Conflict, match="ready and on the shelf"):
            pictured.do(shelf.replace_everywhere, old, by_hash=wrong)
