"""Photographs that come in pieces over a bad line: begun, carried on where they stopped, finished or dropped.

The database says how much of a file is here; the pieces lie in the blobs' `incoming` folder. A piece is on the disk
before it is counted, and it is counted only at the place where the last one ended, so that a piece sent twice, or an
old connection that wakes up, changes nothing. The whole file then goes the way of every picture.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaflets import intake
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.press.picture import PictureLimits, PictureRefused, check_file_size
from leaflets.domain.words.characters import tidy_line
from leaflets.queue import Tickets
from leaflets.services import access, audit
from leaflets.services.picture import pictures
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person
from leaflets.storage.picture import Upload
from leaflets.storage.session import writing

KEPT_FOR = timedelta(days=1)
MOST_ON_THEIR_WAY = 40
"""Of one person: a wedding's worth of photographs, and no more disk than a day's clearing can give back."""


class WrongOffset(Conflict):
    """A piece that does not begin where the last one ended. Ask how much is here, and go on from there."""

    code = "wrong-offset"

    def __init__(self, received: int, offered: int) -> None:
        super().__init__(f"{received:,} bytes of this file are here, and this piece begins at {offered:,}.", "Go on.")


def begin(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    campaign_id: int,
    filename: str,
    size_bytes: int,
    limits: PictureLimits,
) -> Upload:
    """Announce a file. Raises `PictureRefused` for a size that we never take, `Invalid` when too many are on their way.

    Nothing is stored yet but the row.
    """
    check_file_size(size_bytes, limits)
    with writing(session):
        access.require(session, actor, Action.ADD_PICTURE, campaign_id, what="campaign")
        under_way = select(func.count()).where(Upload.by == actor.id, Upload.picture_hash.is_(None))
        if (session.scalar(under_way) or 0) >= MOST_ON_THEIR_WAY:
            raise Invalid(
                f"{MOST_ON_THEIR_WAY} pictures of yours are on their way already.",
                "Wait until some of them have arrived, then add this one.",
                code="too-many-uploads",
            )
        begun = Upload(
            id=secrets.token_hex(16),
            campaign_id=campaign_id,
            by=actor.id,
            filename=tidy_line(Path(filename).name)[-255:],
            size_bytes=size_bytes,
            received_bytes=0,
            created_at=now,
            touched_at=now,
        )
        session.add(begun)
        _note(session, actor, now, begun, "upload begun")
    return begun


def upload(session: Session, *, actor: Person, campaign_id: int, upload_id: str) -> Upload:
    """How far a file of one's own has come. Raises `NotFound`, also for somebody else's."""
    access.require(session, actor, Action.ADD_PICTURE, campaign_id, what="campaign")
    return _own(session.get(Upload, upload_id), actor, campaign_id)


def carry_on(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    blobs: Blobs,
    tickets: Tickets,
    campaign_id: int,
    upload_id: str,
    offset: int,
    piece: intake.Readable,
    announced: int,
    limits: PictureLimits,
) -> Upload:
    """Take one piece; whatever of it comes before the line breaks is kept. The last one makes it a picture.

    Raises `WrongOffset`; `Invalid` when more is `announced` than the file has left; `PictureRefused` as soon as it
    shows that this is no photograph we take, and forgets it; `NotFound`; `Unavailable` when the disk is full, and
    then nothing of this piece counts.
    """
    found = upload(session, actor=actor, campaign_id=campaign_id, upload_id=upload_id)
    if found.received_bytes != offset:
        raise WrongOffset(found.received_bytes, offset)
    if found.picture_hash is not None:
        return found
    left = found.size_bytes - offset
    if announced > left:
        raise Invalid(
            f"This piece has {announced:,} bytes, and only {left:,} of the file are left.",
            "Choose the file again.",
            code="more-than-said",
        )
    session.commit()  # gives the connection back: a piece may take its time to come
    path = _path(blobs, upload_id)
    received = offset + intake.write_piece(path, offset, piece, left)
    picture_hash = None
    try:
        if offset < intake.HEAD_BYTES <= received:
            with path.open("rb") as head:
                intake.recognise(head.read(intake.HEAD_BYTES), found.filename)
        if received == found.size_bytes:
            with path.open("rb") as whole:
                picture_hash = pictures.receive(
                    session,
                    actor=actor,
                    now=now,
                    blobs=blobs,
                    tickets=tickets,
                    campaign_id=campaign_id,
                    upload=whole,
                    filename=found.filename,
                    limits=limits,
                ).original_hash
    except PictureRefused:
        drop(session, actor=actor, now=now, blobs=blobs, campaign_id=campaign_id, upload_id=upload_id)
        raise
    with writing(session):
        found = _own(session.get(Upload, upload_id, with_for_update=True), actor, campaign_id)
        if found.received_bytes != offset:
            raise WrongOffset(found.received_bytes, offset)
        found.received_bytes, found.picture_hash, found.touched_at = received, picture_hash, now
    if picture_hash is not None:
        path.unlink(missing_ok=True)
    return found


def drop(session: Session, *, actor: Person, now: datetime, blobs: Blobs, campaign_id: int, upload_id: str) -> None:
    """Forget a file of one's own and its pieces; a picture that it became already stays. Raises `NotFound`."""
    with writing(session):
        access.require(session, actor, Action.ADD_PICTURE, campaign_id, what="campaign")
        found = _own(session.get(Upload, upload_id), actor, campaign_id)
        session.delete(found)
        _note(session, actor, now, found, "upload dropped")
    _path(blobs, upload_id).unlink(missing_ok=True)


def forget_abandoned(session: Session, *, now: datetime, blobs: Blobs) -> int:
    """Clear away what nobody has carried on for a day, and the rows of what arrived; says how many."""
    old = Upload.touched_at < now - KEPT_FOR
    if session.scalar(select(Upload.id).where(old).limit(1)) is None:
        return 0  # mostly: nobody is kept from writing for it
    with writing(session):
        abandoned = list(session.scalars(select(Upload).where(old)))
        for row in abandoned:
            session.delete(row)
            if row.picture_hash is None:
                _note(session, "the sweep", now, row, "upload abandoned")
    for row in abandoned:
        _path(blobs, row.id).unlink(missing_ok=True)
    return len(abandoned)


def _own(found: Upload | None, actor: Person, campaign_id: int) -> Upload:
    if found is None or found.by != actor.id or found.campaign_id != campaign_id:
        raise access.not_found("upload")
    return found


def _path(blobs: Blobs, upload_id: str) -> Path:
    return blobs.incoming / f"pieces-{upload_id}"


def _note(session: Session, actor: Person | str, now: datetime, row: Upload, what: str) -> None:
    became = f"{row.filename}, {row.received_bytes:,} of {row.size_bytes:,} bytes"
    audit.of_campaign(session, actor, now, what, row.campaign_id, became=became)
