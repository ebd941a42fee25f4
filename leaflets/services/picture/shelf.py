"""The campaign's shelf: what is known of a picture, whether it lies there, and one in another's place everywhere."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.leaflet import Act
from leaflets.domain.permissions import Action
from leaflets.domain.press.picture_rights import Ground
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit, leaflets
from leaflets.services.picture import placed
from leaflets.services.studio import words
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture
from leaflets.storage.session import writing

_LONGEST = {"name": 255, "credit": 200, "alt": 300}


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of putting one picture in the place of another. `left_alone` counts zones with two texts to choose."""

    leaflets: int
    places: int
    left_alone: int


def describe(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    campaign_id: int,
    original_hash: str,
    name: str,
    rights: str,
    credit: str,
    alt: str,
) -> Picture:
    """Say what a picture is called, why it may be printed, whom to name and what it shows.

    Raises `Invalid` when something is too long or no name is given, `NotFound`, `Refused`.
    """
    if rights and rights not in set(Ground):
        raise Invalid("That is not one of the reasons why a picture may be printed.", "Choose one from the list.")
    told = {"name": tidy_line(name), "credit": tidy_line(credit), "alt": tidy_line(alt)}
    for what, given in told.items():
        if len(given) > _LONGEST[what]:
            raise Invalid(
                f"The {_CALLED[what]} has {len(given)} characters, and {_LONGEST[what]} are the most.", "Shorten it."
            )
    if not told["name"]:
        raise Invalid("A picture needs a name.", "Write one that the others will know it by.")
    with writing(session):
        found = _locked(session, actor, campaign_id, original_hash)
        was = _told(found)
        found.filename, found.credit, found.alt, found.rights = told["name"], told["credit"], told["alt"], rights
        if _told(found) != was:
            audit.of_thing(session, actor, now, "picture described", found, was=was, became=_told(found))
    return found


def take_off(session: Session, *, actor: Person, now: datetime, campaign_id: int, original_hash: str) -> Picture:
    """Take a picture off the shelf. It stays in its leaflets' words and in the history, but prints nowhere."""
    with writing(session):
        found = _locked(session, actor, campaign_id, original_hash)
        if found.removed_at is None:
            found.removed_at, found.removed_by = now, actor.id
            audit.of_thing(session, actor, now, "picture taken off", found, became=found.filename)
    return found


def put_back(session: Session, *, actor: Person, now: datetime, campaign_id: int, original_hash: str) -> Picture:
    """Put it back, as if it had never been away."""
    with writing(session):
        found = _locked(session, actor, campaign_id, original_hash)
        if found.removed_at is not None:
            found.removed_at = found.removed_by = None
            audit.of_thing(session, actor, now, "picture put back", found, became=found.filename)
    return found


def replace_everywhere(
    session: Session, *, actor: Person, now: datetime, campaign_id: int, original_hash: str, by_hash: str
) -> Replaced:
    """Put one picture of a campaign where another stands, in all its leaflets: ordinary edits that can be undone.

    The new one is cropped from its middle, and described by its own words where it has some. A zone in which two texts
    wait for a choice is left alone. Raises `Conflict` when the new one cannot be placed, `NotFound`, `Refused`.
    """
    step = f"replace-{secrets.token_hex(8)}"
    changed = places = left_alone = 0
    with writing(session):
        old = _locked(session, actor, campaign_id, original_hash)
        new = _locked(session, actor, campaign_id, by_hash)
        if not new.can_be_placed or new is old:
            raise Conflict(
                "Only another picture that is ready and on the shelf can take its place.", "Choose a different one."
            )
        for use in sorted(placed.uses(session, campaign_id).get(original_hash, ()), key=lambda use: use.leaflet_id):
            target = leaflets.locked(session, actor, use.leaflet_id, Action.EDIT_LEAFLET)
            undecided = words.undecided_zones(session, target)
            stand = {zone: value for zone, value in target.values.items() if _is(value, original_hash)}
            values = {zone: _placed(new, value) for zone, value in stand.items() if zone not in undecided}
            left_alone += len(stand) - len(values)
            if not values:
                continue
            notes = words.put(session, actor, now, target, values, act=Act.TYPED, step=f"{step}-{target.id}")
            target.changed_at = now
            audit.of_leaflet(session, actor, now, "picture replaced", target, became=", ".join(notes))
            changed, places = changed + 1, places + len(values)
        if changed:
            audit.of_thing(session, actor, now, "picture put in its place", new, was=old.filename, became=new.filename)
    return Replaced(changed, places, left_alone)


def fingerprint(session: Session, campaign_id: int) -> str:
    """A short text that changes whenever anything about the campaign's pictures does."""
    columns = (
        Picture.id,
        Picture.state,
        Picture.filename,
        Picture.rights,
        Picture.credit,
        Picture.alt,
        Picture.removed_at,
        Picture.proxy_hash,
    )
    rows = session.execute(select(*columns).where(Picture.campaign_id == campaign_id).order_by(Picture.id))
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:16]


_CALLED = {"name": "name", "credit": "credit", "alt": "description"}


def _locked(session: Session, actor: Person, campaign_id: int, original_hash: str) -> Picture:
    access.require(session, actor, Action.KEEP_SHELF, campaign_id, what="picture")
    of_campaign = select(Picture).filter_by(campaign_id=campaign_id, original_hash=original_hash)
    found = session.scalar(of_campaign.with_for_update())
    if found is None:
        raise access.not_found("picture")
    return found


def _is(value: Any, original_hash: str) -> bool:
    return isinstance(value, Mapping) and value.get("picture") == original_hash


def _placed(new: Picture, value: Mapping[str, Any]) -> dict[str, Any]:
    return {"picture": new.original_hash, "focus": [0.5, 0.5], "zoom": 1, "alt": new.alt or value.get("alt") or ""}


def _told(picture: Picture) -> str:
    return " · ".join((picture.filename, picture.rights, picture.credit, picture.alt))
