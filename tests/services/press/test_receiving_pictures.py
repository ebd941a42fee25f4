from pathlib import Path

import pytest
from scene import NOON, Scene, photo

from leaflets.domain.errors import NotFound
from leaflets.domain.press.picture import PictureLimits, PictureRefused
from leaflets.domain.press.schedule import Lane
from leaflets.services.picture import pictures
from leaflets.services.press import press_queue
from leaflets.services.press.outcomes import Stopped
from leaflets.storage.blobs import Blobs
from leaflets.storage.picture import Picture, PictureState


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def receive(scene: Scene, blobs: Blobs, **changes: object) -> Picture:
    wishes = {
        "actor": scene.agent,
        "now": NOON,
        "blobs": blobs,
        "tickets": scene.tickets,
        "campaign_id": scene.campaign.id,
        "upload": photo(),
        "filename": "me.jpg",
    } | changes
    with scene.sessions() as session:
        return pictures.receive(session, **wishes)


def kept(blobs: Blobs) -> list[Path]:
    return [path for path in blobs.incoming.parent.rglob("*") if path.is_file()]


def test_the_same_photo_twice_is_one_picture_and_one_piece_of_work(scene: Scene, blobs: Blobs) -> None:
    first, second = receive(scene, blobs), receive(scene, blobs)
    assert first.id == second.id
    assert first.state == PictureState.RECEIVED
    with scene.sessions() as session:
        claims = [press_queue.claim(session, lane=Lane.PROOF, worker="worker", now=NOON) for _ in range(2)]
    assert [claim and claim.subject_id for claim in claims] == [first.id, None]
    assert [path.name for path in kept(blobs)] == [first.original_hash[2:]]


def test_what_is_no_photo_is_refused_and_not_kept(scene: Scene, blobs: Blobs) -> None:
    with pytest.raises(PictureRefused):
        receive(scene, blobs, limits=PictureLimits(max_bytes=100))
    assert kept(blobs) == []
    with scene.sessions() as session:
        assert pictures.pictures_of(session, actor=scene.agent, campaign_id=scene.campaign.id) == []


def test_a_name_that_no_database_holds_is_tidied(scene: Scene, blobs: Blobs) -> None:
    picture = receive(scene, blobs, filename="../holiday\0 " + "x" * 400 + ".jpg")
    assert picture.filename.endswith(".jpg")
    assert len(picture.filename) <= 255


def test_a_stranger_keeps_nothing_here(scene: Scene, blobs: Blobs) -> None:
    with pytest.raises(NotFound, match="no such campaign"):
        receive(scene, blobs, actor=scene.stranger)
    assert kept(blobs) == []


def test_a_picture_that_a_worker_gave_up_can_be_sent_again(scene: Scene, blobs: Blobs) -> None:
    picture = receive(scene, blobs)
    with scene.sessions() as session:
        claim = press_queue.claim(session, lane=Lane.PROOF, worker="worker", now=NOON)
        assert claim is not None
        press_queue.finish(session, claim=claim, now=NOON, outcome=Stopped("This photo is damaged."))
        refused = pictures.picture(
            session, actor=scene.agent, original_hash=picture.original_hash, campaign_id=scene.campaign.id
        )
        assert (refused.state, refused.reason) == (PictureState.REFUSED, "This photo is damaged.")
    assert receive(scene, blobs).state == PictureState.RECEIVED
    with scene.sessions() as session:
        assert press_queue.claim(session, lane=Lane.PROOF, worker="worker", now=NOON) is not None
