"""The pictures of a campaign: receiving them, and finding them again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets import intake
from leaflets.domain.permissions import Action
from leaflets.domain.press.picture import PictureLimits
from leaflets.domain.press.schedule import WorkKind
from leaflets.domain.words.characters import tidy_line
from leaflets.queue import Tickets
from leaflets.services import access, audit
from leaflets.services.press import press_queue
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture, PictureState
from leaflets.storage.session import writing

WAITED_FOR = timedelta(0)
"""Somebody is looking at the page, and the proof that is asked for next needs the picture: it goes first."""


def receive(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    blobs: Blobs,
    tickets: Tickets,
    campaign_id: int,
    upload: BinaryIO,
    filename: str,
    limits: PictureLimits | None = None,
) -> Picture:
    """Keep a photograph and ask a worker for its screen proxy.

    The same file again gives the same picture, which goes back onto the shelf if it was taken off.
    The name, first bytes and header are judged here, before any pixel is decoded: raises `PictureRefused` with
    what to do, or `Unavailable` when the disk is full. What only decoding shows is told by the picture's state.
    """
    access.require(session, actor, Action.ADD_PICTURE, campaign_id, what="campaign")  # before a stranger fills the disk
    received = intake.receive(upload, blobs.incoming, limits)
    try:
        intake.inspect(received.path, filename=filename, limits=limits)
        blobs.adopt(received.path, received.sha256)
    finally:
        received.path.unlink(missing_ok=True)
    with writing(session):
        access.require(session, actor, Action.ADD_PICTURE, campaign_id, what="campaign")
        picture = session.scalar(select(Picture).filter_by(campaign_id=campaign_id, original_hash=received.sha256))
        if picture is None:
            picture = Picture(
                campaign_id=campaign_id,
                filename=tidy_line(Path(filename).name)[-255:],
                original_hash=received.sha256,
                size_bytes=received.bytes,
                created_by=actor.id,
                created_at=now,
            )
            session.add(picture)
        elif picture.removed_at is not None:
            picture.removed_at = picture.removed_by = None
            _note(session, actor, now, picture, "picture put back")
        if picture.state == PictureState.READY:
            return picture
        picture.state, picture.reason = PictureState.RECEIVED, ""
        session.flush()
        _ask_for_proxy(session, actor, now, picture)
    tickets.send(WorkKind.PICTURE.lane)
    return picture


def picture(session: Session, *, actor: Person, original_hash: str, campaign_id: int) -> Picture:
    """One picture of a campaign, by the hash that zone values hold. Raises `NotFound`."""
    access.require(session, actor, Action.SEE_PICTURE, campaign_id, what="picture")
    found = session.scalar(select(Picture).filter_by(campaign_id=campaign_id, original_hash=original_hash))
    if found is None:
        raise access.not_found("picture")
    return found


def pictures_of(session: Session, *, actor: Person, campaign_id: int) -> list[Picture]:
    """Every picture of a campaign, the newest first."""
    access.require(session, actor, Action.SEE_PICTURE, campaign_id, what="campaign")
    of_campaign = select(Picture).where(Picture.campaign_id == campaign_id)
    return list(session.scalars(of_campaign.order_by(Picture.id.desc())))


def _ask_for_proxy(session: Session, actor: Person, now: datetime, picture: Picture) -> None:
    asked = press_queue.latest(session, WorkKind.PICTURE, picture.id)
    if asked is None or asked.finished_at is not None:
        press_queue.add(
            session,
            now=now,
            kind=WorkKind.PICTURE,
            subject_id=picture.id,
            needed_by=now + WAITED_FOR,
            key="proxy",
            inputs_hash=picture.original_hash,
        )
    _note(session, actor, now, picture, "picture received")


def _note(session: Session, actor: Person, now: datetime, picture: Picture, what: str) -> None:
    audit.record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject=WorkKind.PICTURE,
        subject_id=picture.id,
        campaign_id=picture.campaign_id,
        became=f"{picture.state}: {picture.filename}",
    )
