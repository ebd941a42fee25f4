from __future__ import annotations

import errno
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scene import NOON, Scene, photo

from leaflets.domain.errors import Invalid, LeafletsError, NotFound, Unavailable
from leaflets.domain.press.picture import PictureLimits, PictureRefused
from leaflets.intake import upload as intake_upload
from leaflets.services import audit
from leaflets.services.picture import pictures, uploads
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person
from leaflets.storage.picture import Upload

LIMITS = PictureLimits()


class Sender:
    """A device that sends files to the campaign of a scene."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.blobs = scene, Blobs(folder / "blobs")

    def _ask(self, what: Callable[..., Any], by: Person | None, **wishes: Any) -> Any:
        with self.scene.sessions() as session:
            return what(session, actor=by or self.scene.agent, campaign_id=self.scene.campaign.id, **wishes)

    def begin(self, size: int, *, filename: str = "me.jpg", by: Person | None = None) -> str:
        begun: Upload = self._ask(
            uploads.begin, by, now=self.scene.now, filename=filename, size_bytes=size, limits=LIMITS
        )
        return begun.id

    def piece(self, upload_id: str, offset: int, content: bytes, *, by: Person | None = None, **more: Any) -> Upload:
        wishes = {"piece": io.BytesIO(content), "announced": len(content)} | more
        return self._ask(
            uploads.carry_on,
            by,
            now=self.scene.now,
            blobs=self.blobs,
            tickets=self.scene.tickets,
            upload_id=upload_id,
            offset=offset,
            limits=LIMITS,
            **wishes,
        )

    def drop(self, upload_id: str, *, by: Person | None = None) -> None:
        self._ask(uploads.drop, by, now=self.scene.now, blobs=self.blobs, upload_id=upload_id)

    def received(self, upload_id: str) -> int:
        return self._ask(uploads.upload, None, upload_id=upload_id).received_bytes

    def files(self) -> list[Path]:
        return [path for path in self.blobs.incoming.glob("*") if path.is_file()]


@pytest.fixture
def sender(scene: Scene, tmp_path: Path) -> Sender:
    return Sender(scene, tmp_path)


def test_a_photo_in_pieces_becomes_the_picture_that_it_is_whole(scene: Scene, sender: Sender) -> None:
    content = photo().getvalue()
    upload_id, at = sender.begin(len(content)), 0
    for start in range(0, len(content), 1500):
        found = sender.piece(upload_id, at, content[start : start + 1500])
        at = found.received_bytes
    assert at == len(content)
    with scene.sessions() as session:
        picture = pictures.picture(
            session, actor=scene.agent, original_hash=found.picture_hash or "", campaign_id=scene.campaign.id
        )
        told = [row.what for row in audit.history(session, subject="campaign", subject_id=scene.campaign.id)]
    assert sender.blobs.read(picture.original_hash) == content
    assert picture.filename == "me.jpg"
    assert sender.files() == []
    assert "upload begun" in told
    assert sender.piece(upload_id, at, b"").picture_hash == picture.original_hash  # asked once more: the same answer


def test_a_piece_cut_off_at_nine_tenths_counts_as_far_as_it_came_and_the_rest_follows(sender: Sender) -> None:
    content = photo().getvalue()
    upload_id, cut = sender.begin(len(content)), len(content) * 9 // 10
    found = sender.piece(upload_id, 0, content[:cut], announced=len(content))
    assert (found.received_bytes, found.picture_hash) == (cut, None)
    assert sender.piece(upload_id, cut, content[cut:]).picture_hash


def test_a_piece_sent_twice_or_at_the_wrong_place_changes_nothing(sender: Sender) -> None:
    content = photo().getvalue()
    upload_id = sender.begin(len(content))
    sender.piece(upload_id, 0, content[:1000])
    for wrong in (0, 999, 1001, len(content)):
        with pytest.raises(uploads.WrongOffset, match="1,000 bytes of this file are here"):
            sender.piece(upload_id, wrong, content[:1000])
    assert sender.received(upload_id) == 1000
    assert sender.piece(upload_id, 1000, content[1000:]).picture_hash


def test_more_than_was_said_is_refused_and_never_written(sender: Sender) -> None:
    upload_id = sender.begin(100)
    with pytest.raises(Invalid, match="only 100 of the file are left"):
        sender.piece(upload_id, 0, b"x" * 101)
    assert sender.files() == []
    with pytest.raises(PictureRefused, match="kind of file that we do not know"):
        sender.piece(upload_id, 0, b"x" * 5000, announced=50)  # who says less than they send is not read to the end
    assert sender.files() == []


@pytest.mark.parametrize("size", [0, 61_000_000])
def test_a_size_that_we_never_take_is_refused_before_a_byte_is_sent(sender: Sender, size: int) -> None:
    with pytest.raises(PictureRefused):
        sender.begin(size)


def test_what_is_no_photo_is_refused_by_its_first_bytes_and_forgotten(sender: Sender) -> None:
    upload_id = sender.begin(30_000_000, filename="holiday.jpg")
    with pytest.raises(PictureRefused, match=r"This is a PDF, not a photo, although its name ends in \.jpg"):
        sender.piece(upload_id, 0, b"%PDF-1.7" + bytes(5000))
    assert sender.files() == []
    with pytest.raises(NotFound):
        sender.received(upload_id)


def test_a_photo_that_ends_too_early_is_refused_when_it_is_complete(sender: Sender) -> None:
    content = photo().getvalue()[:-500]
    upload_id = sender.begin(len(content))
    with pytest.raises(PictureRefused, match="part of the file is missing"):
        sender.piece(upload_id, 0, content)
    assert sender.files() == []


def test_somebody_else_s_upload_is_not_there(scene: Scene, sender: Sender) -> None:
    content = photo().getvalue()
    upload_id = sender.begin(len(content))
    for other in (scene.helper, scene.stranger):
        for attempt in (
            lambda by: sender.piece(upload_id, 0, content, by=by),
            lambda by: sender.drop(upload_id, by=by),
        ):
            with pytest.raises(NotFound):
                attempt(other)
    with pytest.raises(NotFound):
        sender.begin(1000, by=scene.stranger)
    assert sender.piece(upload_id, 0, content).picture_hash


def test_a_full_disk_keeps_what_was_there_and_says_so(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    content = photo().getvalue()
    upload_id = sender.begin(len(content))
    sender.piece(upload_id, 0, content[:1000])

    def full(_out: object, _chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("leaflets.intake.pieces.write_all", full)
        with pytest.raises(Unavailable, match="disk of this site is full"):
            sender.piece(upload_id, 1000, content[1000:])
    with monkeypatch.context() as patch:  # and when there is room for the pieces, but not for the picture
        patch.setattr(intake_upload, "write_all", full)
        with pytest.raises(Unavailable, match="disk of this site is full"):
            sender.piece(upload_id, 1000, content[1000:])
    assert sender.received(upload_id) == 1000
    assert sender.piece(upload_id, 1000, content[1000:]).picture_hash


def test_pieces_that_vanished_are_asked_for_again_from_the_start(sender: Sender) -> None:
    content = photo().getvalue()
    upload_id = sender.begin(len(content))
    sender.piece(upload_id, 0, content[:1000])
    sender.files()[0].unlink()
    with pytest.raises(NotFound, match="not here any more"):
        sender.piece(upload_id, 1000, content[1000:])


def test_an_upload_can_be_dropped_and_one_that_nobody_carries_on_is_forgotten_after_a_day(
    scene: Scene, sender: Sender
) -> None:
    dropped, abandoned, alive = (sender.begin(9000) for _ in range(3))
    for upload_id in (dropped, abandoned, alive):
        sender.piece(upload_id, 0, photo().getvalue()[:1000])
    sender.drop(dropped)
    with scene.sessions() as session:
        session.get_one(Upload, abandoned).touched_at = NOON - timedelta(hours=25)
        session.commit()
        assert uploads.forget_abandoned(session, now=NOON, blobs=sender.blobs) == 1
        assert uploads.forget_abandoned(session, now=NOON, blobs=sender.blobs) == 0
    assert [path.name for path in sender.files()] == [f"pieces-{alive}"]
    for gone in (dropped, abandoned):
        with pytest.raises(NotFound):
            sender.received(gone)


def test_nobody_fills_the_disk_with_files_that_never_end(sender: Sender) -> None:
    for _ in range(uploads.MOST_ON_THEIR_WAY):
        sender.begin(1000)
    with pytest.raises(LeafletsError, match="on their way already"):
        sender.begin(1000)
