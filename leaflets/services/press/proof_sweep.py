"""What no proof needs any more: old proofs, the versions that only they showed, and their page images.

Somebody who types asks for a proof every second. Kept are the newest of every leaflet and look, what was asked for
within the last hour, pictures of named versions, what an order shows, and every version that was sent for approval,
approved or ordered. An image may be shared, by its hash, with an order or a picture: it goes only when nobody speaks
of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Select, Text, cast, delete, func, or_, select
from sqlalchemy.orm import Session

from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.services import audit
from leaflets.storage.blobs import Blobs
from leaflets.storage.leaflet import NamedVersion, Revision
from leaflets.storage.message import MessageUse
from leaflets.storage.picture import Picture
from leaflets.storage.press import Order, Proof, Work
from leaflets.storage.review import Approval, Submission
from leaflets.storage.session import writing

KEPT_FOR = timedelta(hours=1)
"""An open page may still show it, or a render that runs may name its images."""

VERSION_KEPT_FOR = timedelta(days=30)
"""The picture of an older version: made again when somebody looks again."""

MOST_AT_ONCE = 200
"""Proofs in one sweep: nobody waits for it, and nobody is to wait because of it."""

_NAMES_AT_ONCE = 20
_ENDED = (WorkState.DONE, WorkState.FAILED, WorkState.SUPERSEDED)


def sweep(session: Session, *, now: datetime, blobs: Blobs) -> int:
    """Remove old proofs, and the page images that nobody speaks of any more. Returns how many proofs went.

    Any number of workers may sweep at once.
    """
    if session.execute(_old(now).limit(1)).first() is None:
        return 0  # nobody is kept from writing while it is looked for
    with writing(session):
        old = session.execute(_old(now)).all()
        if not old:
            return 0
        gone = [row.id for row in old]
        unused = (Revision.id.in_({row.revision_id for row in old}), Revision.created_at < now - KEPT_FOR)
        session.execute(delete(Work).where(Work.kind == WorkKind.PROOF, Work.subject_id.in_(gone)))
        session.execute(delete(Proof).where(Proof.id.in_(gone)))
        session.execute(delete(Revision).where(*unused, *_UNUSED).execution_options(synchronize_session=False))
        audit.record(
            session,
            actor="sweeper",
            now=now,
            what="old proofs removed",
            subject="proof",
            subject_id=max(gone),
            became=f"{len(gone)} up to this one",
        )
    images = {page["hash"] for row in old for page in row.pages}
    # An image that is drawn or named anew meanwhile is a young file, and stays.
    for image in images - _spoken_of(session, images):
        blobs.remove_old(image, before=(now - KEPT_FOR).timestamp())
    return len(gone)


def _spoken_of(session: Session, images: Set[str]) -> set[str]:
    """Those of these images that a proof, an order or a picture of a campaign names."""
    of_pictures = (Picture.original_hash, Picture.master_hash, Picture.proxy_hash)
    found: set[str] = set()
    for column in of_pictures:
        found |= {name for name in session.scalars(select(column).where(column.in_(images))) if name}
    for pages in (Proof.pages, Order.images):
        written = cast(pages, Text)
        for some in _batches(images - found):
            named = select(pages).where(or_(*(written.contains(image) for image in some)))
            found |= {page["hash"] for shown in session.scalars(named) for page in shown}
    return found


def _batches(names: Set[str]) -> Iterator[list[str]]:
    left = iter(sorted(names))
    while some := list(islice(left, _NAMES_AT_ONCE)):
        yield some


_UNUSED = tuple(
    ~select(each.id).where(each.revision_id == Revision.id, each.leaflet_id == Revision.leaflet_id).exists()
    for each in (Order, Proof, Submission, Approval, MessageUse)
)


def _old(now: datetime) -> Select[int, int, list[Any]]:
    """The proofs that nobody needs, oldest first."""
    newest = (
        select(func.max(Proof.id))
        .where(Proof.of_edit.is_(None), Proof.state.in_((WorkState.DONE, WorkState.WAITING, WorkState.RUNNING)))
        .group_by(Proof.leaflet_id, Proof.look, Proof.state)
    )
    asked = select(func.max(Proof.id)).where(Proof.of_edit.is_(None)).group_by(Proof.leaflet_id, Proof.look)
    named = select(NamedVersion.edit_id).where(NamedVersion.leaflet_id == Proof.leaflet_id)
    ordered = select(Order.id).where(Order.revision_id == Proof.revision_id)
    return (
        select(Proof.id, Proof.revision_id, Proof.pages)
        .where(
            Proof.state.in_(_ENDED),
            Proof.asked_at < now - KEPT_FOR,
            Proof.id.not_in(newest),
            Proof.id.not_in(asked),
            ~ordered.exists(),
            Proof.of_edit.is_(None) | ((Proof.asked_at < now - VERSION_KEPT_FOR) & Proof.of_edit.not_in(named)),
        )
        .order_by(Proof.id)
        .limit(MOST_AT_ONCE)
    )
