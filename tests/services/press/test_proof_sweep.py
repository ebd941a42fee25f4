from __future__ import annotations

import os
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from reviewing import Desk
from scene import Scene

from leaflets.domain.press.schedule import Lane
from leaflets.services.press import press_queue, proof_sweep, proofs
from leaflets.services.press.outcomes import ProofDone
from leaflets.services.studio import history
from leaflets.storage.blobs import Blobs
from leaflets.storage.leaflet import Revision
from leaflets.storage.picture import Picture, PictureState
from leaflets.storage.press import Order, Proof, Work


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def _proof(scene: Scene, blobs: Blobs, leaflet_id: int, image: str, *, words: str = "") -> int:
    """A finished proof with one page, of these words."""
    if words:
        with scene.sessions() as session:
            version = session.query(Proof).filter_by(leaflet_id=leaflet_id).count() - 1
        scene.save(leaflet_id, scene.edit(words, version))
    with scene.sessions() as session:
        asked = proofs.ask(session, actor=scene.agent, now=scene.now, tickets=scene.tickets, leaflet_id=leaflet_id)
        claimed = press_queue.claim(session, lane=Lane.PROOF, worker="w", now=scene.now)
        assert claimed is not None
        name = blobs.put(image.encode())
        os.utime(blobs.path(name), (scene.now.timestamp(), scene.now.timestamp()))
        page = {"hash": name, "width_px": 1, "height_px": 1, "pixels": ""}
        press_queue.finish(session, claim=claimed, now=scene.now, outcome=ProofDone([page], [], ()))
        return asked.id


def _sweep(scene: Scene, blobs: Blobs, now: datetime) -> int:
    with scene.sessions() as session:
        return proof_sweep.sweep(session, now=now, blobs=blobs)


def _later(scene: Scene, **time: int) -> datetime:
    return scene.now + timedelta(**time)


def _holds(blobs: Blobs, *images: str) -> list[bool]:
    return [blobs.holds(sha256(image.encode()).hexdigest()) for image in images]


def test_old_proofs_go_with_their_images_and_the_newest_of_each_leaflet_stays(scene: Scene, blobs: Blobs) -> None:
    leaflet, other = scene.leaflet().id, scene.leaflet().id
    first = _proof(scene, blobs, leaflet, "first")
    second = _proof(scene, blobs, leaflet, "second", words="Better buses")
    third = _proof(scene, blobs, other, "third")
    assert _sweep(scene, blobs, _later(scene, minutes=59)) == 0
    assert _sweep(scene, blobs, _later(scene, minutes=61)) == 1
    assert _holds(blobs, "first", "second", "third") == [False, True, True]
    with scene.sessions() as session:
        assert {row.id for row in session.query(Proof)} == {second, third}
        assert first not in {row.subject_id for row in session.query(Work)}
        assert session.query(Revision).count() == 2
    assert _sweep(scene, blobs, _later(scene, days=90)) == 0


def test_an_image_that_anybody_else_speaks_of_stays(scene: Scene, blobs: Blobs) -> None:
    leaflet, other = scene.leaflet().id, scene.leaflet().id
    for number, image in enumerate(("of-a-proof", "of-an-order", "of-a-picture", "young", "nobodys", "newest")):
        _proof(scene, blobs, leaflet, image, words=f"Words {number}" if number else "")
    _proof(scene, blobs, other, "of-a-proof")
    order = scene.order(scene.leaflet().id).id
    with scene.sessions() as session:
        session.get_one(Order, order).images = [{"hash": blobs.put(b"of-an-order"), "width_px": 1, "height_px": 1}]
        session.add(
            Picture(
                campaign_id=scene.campaign.id,
                filename="page.webp",
                original_hash=blobs.put(b"of-a-picture"),
                state=PictureState.READY,
                size_bytes=1,
                created_by=scene.agent.id,
                created_at=scene.now,
            )
        )
        session.commit()
    for image in ("of-a-proof", "of-an-order", "of-a-picture"):
        os.utime(blobs.path(blobs.put(image.encode())), (1, 1))
    later = _later(scene, hours=2)
    os.utime(blobs.path(blobs.put(b"young")), (later.timestamp(), later.timestamp()))  # drawn again a moment ago
    assert _sweep(scene, blobs, later) == 5
    assert _holds(blobs, "of-a-proof", "of-an-order", "of-a-picture", "young", "nobodys", "newest") == [
        True,
        True,
        True,
        True,
        False,
        True,
    ]


def test_a_picture_of_an_older_version_stays_for_a_month_and_of_a_named_one_for_good(
    scene: Scene, blobs: Blobs
) -> None:
    leaflet = scene.leaflet().id
    with scene.sessions() as session:
        by = {"actor": scene.agent, "now": scene.now}
        for number, words in ((1, "Named"), (2, "Nameless")):
            scene.save(leaflet, scene.edit(words, number - 1))
            edit = history.versions(session, actor=scene.agent, leaflet_id=leaflet).versions[0].edit_id
            if words == "Named":
                history.name(session, **by, leaflet_id=leaflet, edit_id=edit, name="Sent to the office")
            proofs.ask_of_version(
                session, **by, tickets=scene.tickets, leaflet_id=leaflet, edit_id=edit, values={"headline": words}
            )
            claimed = press_queue.claim(session, lane=Lane.PROOF, worker="w", now=scene.now)
            assert claimed is not None
            press_queue.finish(session, claim=claimed, now=scene.now, outcome=ProofDone([], [], ()))
    assert _sweep(scene, blobs, _later(scene, days=29)) == 0
    assert _sweep(scene, blobs, _later(scene, days=31)) == 1
    with scene.sessions() as session:
        (kept,) = session.query(Proof)
        assert kept.revision.content["values"]["headline"] == "Named"


def test_a_version_that_was_sent_for_approval_outlives_its_proofs(migrated_url: str, blobs: Blobs) -> None:
    desk = Desk(migrated_url)
    leaflet = desk.leaflet()
    _proof(desk.scene, blobs, leaflet.id, "as sent")
    sent = desk.send(leaflet)
    _proof(desk.scene, blobs, leaflet.id, "newer", words="Better buses")
    assert _sweep(desk.scene, blobs, _later(desk.scene, hours=2)) == 1
    assert desk.sent(sent).revision.content["values"]["headline"] != "Better buses"
