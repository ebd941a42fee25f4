"""From the rows of a claim to everything that its render needs, so that the render itself knows no database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, NotFound, Unavailable
from leaflets.domain.leaflet import Content
from leaflets.domain.press.printing import PressSpec, Purpose
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.words.values import clean_values
from leaflets.press.job import ContentName, Inputs, PressJob
from leaflets.services.picture import placed
from leaflets.services.press import open_orders
from leaflets.storage.leaflet import Revision
from leaflets.storage.picture import Picture, PictureState
from leaflets.storage.press import Order, Proof
from workers.room import Room


def order_inputs(session: Session, room: Room, order_id: int) -> Inputs:
    """What an order prints.

    Raises `NotFound` when its template or kit is not in the library any more, `Unavailable` while another worker
    still prepares one of its pictures, `Conflict` where it is not approved any more.
    """
    order = session.get_one(Order, order_id)
    if why := open_orders.why_unapproved(session, order):
        raise Conflict(why, "Have it approved again, then put it back.", code="not-approved")
    inputs = _inputs(session, room, order.revision, order.leaflet.campaign_id, Purpose.PRINT, order.press_spec)
    imprint = replace(inputs.job.imprint, printer=order.printer_name, printer_address=order.printer_address)
    job_name = f"Order {order.id} {order.leaflet.title}"
    content = ContentName(order.revision.content_hash, order.approval_id)
    return replace(inputs, job=replace(inputs.job, imprint=imprint, job_name=job_name, content=content))


def proof_inputs(session: Session, room: Room, proof: Proof) -> Inputs:
    """What a proof shows. No printer is chosen yet, and the imprint says so."""
    return _inputs(session, room, proof.revision, proof.leaflet.campaign_id, Purpose.PROOF, PressSpec())


def drawn_pages(session: Session, room: Room, proof: Proof) -> dict[str, str]:
    """The page images of this leaflet's last proof of the same look that are still here, by what is on them."""
    before = select(Proof.pages).where(
        Proof.leaflet_id == proof.leaflet_id, Proof.look == proof.look, Proof.state == WorkState.DONE
    )
    pages = session.scalar(before.order_by(Proof.id.desc()).limit(1)) or []
    return {page["pixels"]: page["hash"] for page in pages if page.get("pixels") and room.blobs.still(page["hash"])}


def picture_original(session: Session, room: Room, picture_id: int) -> Path:
    """The upload as it came. Raises `NotFound` when its file is gone."""
    return room.blobs.path(session.get_one(Picture, picture_id).original_hash)


def _inputs(
    session: Session, room: Room, revision: Revision, campaign_id: int, purpose: Purpose, spec: PressSpec
) -> Inputs:
    content = Content.from_json(revision.content)
    template = room.library.template(content.template)
    if content.language:
        template = replace(template, language=content.language)
    job = PressJob(
        template=template,
        kit=room.library.kit(content.kit),
        values=clean_values(template, content.values),
        imprint=content.imprint,
        election=content.election,
        purpose=purpose,
        spec=spec,
    )
    chosen = select(Picture).where(Picture.campaign_id == campaign_id, Picture.original_hash.in_(content.pictures))
    masters = {}
    for picture in session.scalars(chosen):
        if picture.removed_at is not None and purpose is Purpose.PRINT:
            why = placed.why_taken_off(session, picture)
            raise Conflict(f"The picture “{picture.filename}” {why}", "Then order again.", code="picture-taken-off")
        if picture.state == PictureState.RECEIVED:
            raise Unavailable(f"The photo “{picture.filename}” is still being prepared.", "This follows by itself.")
        try:
            masters[picture.original_hash] = room.blobs.path(picture.master_hash or "")
        except NotFound:
            continue  # the press says which picture is missing, and in which zone
    return Inputs(job, masters)
