"""Which pictures stand in which leaflets, and what keeps one that is placed from print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from leaflets.domain.leaflet import pictures_in
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Kind, Template, Values
from leaflets.storage.leaflet import Leaflet, ZoneText
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture, PictureState


@dataclass(frozen=True, slots=True)
class Use:
    """A leaflet that a picture stands in, and the keys of its zones."""

    leaflet_id: int
    title: str
    zones: tuple[str, ...]


def uses(session: Session, campaign_id: int) -> dict[str, list[Use]]:
    """For each picture of a campaign, by its hash, the leaflets that it stands in, in the order of their titles."""
    texts = (
        select(Leaflet.id, Leaflet.title, ZoneText.zone, ZoneText.value)
        .join(ZoneText, ZoneText.leaflet_id == Leaflet.id)
        .where(Leaflet.campaign_id == campaign_id, cast(ZoneText.value, Text).contains('"picture"'))
        .order_by(Leaflet.title, Leaflet.id, ZoneText.zone)
    )
    found: dict[str, dict[int, Use]] = {}
    for leaflet_id, title, zone, value in session.execute(texts):
        for digest in pictures_in({zone: value}):
            of_picture = found.setdefault(digest, {})
            before = of_picture.get(leaflet_id)
            of_picture[leaflet_id] = Use(leaflet_id, title, (*(before.zones if before else ()), zone))
    return {digest: list(by_leaflet.values()) for digest, by_leaflet in found.items()}


def problems(session: Session, campaign_id: int, template: Template, values: Values) -> list[Problem]:
    """What keeps the pictures in these (tidied) values from print, each with its zone."""
    chosen = {
        zone.key: value
        for zone in template.zones
        if zone.kind is Kind.PICTURE and isinstance(value := values.get(zone.key), Mapping) and value
    }
    pictures = {picture.original_hash: picture for picture in of_values(session, campaign_id, chosen)}
    found = []
    for zone in template.zones:
        if zone.key not in chosen:
            continue
        picture = pictures.get(_hash(chosen[zone.key]))
        if wrong := _wrong(session, picture):
            code, words = wrong
            found.append(Problem(code, Level.ERROR, f"The picture in “{zone.label}” {words}", zone=zone.key))
    return found


def of_values(session: Session, campaign_id: int, values: Values) -> Sequence[Picture]:
    """The pictures of a campaign that values speak of."""
    wanted = pictures_in(values)
    if not wanted:
        return []
    return session.scalars(
        select(Picture).where(Picture.campaign_id == campaign_id, Picture.original_hash.in_(wanted))
    ).all()


def why_taken_off(session: Session, picture: Picture) -> str:
    """Who took it off the shelf, and the two ways out; reads after "The picture …"."""
    person = session.get(Person, picture.removed_by) if picture.removed_by else None
    by = f" by {person.name}" if person else ""
    return f"was taken off the shelf{by}: put it back on the page of pictures, or choose another one."


def _wrong(session: Session, picture: Picture | None) -> tuple[str, str] | None:
    if picture is None:
        return "picture-missing", "is not here any more: choose another one."
    if picture.removed_at is not None:
        return "picture-taken-off", why_taken_off(session, picture)
    if picture.state == PictureState.RECEIVED:
        return "picture-not-ready", "is still being prepared: that takes a few seconds."
    if picture.state == PictureState.REFUSED:
        return "picture-missing", f"cannot be used: choose another one. {picture.reason}".strip()
    return None


def _hash(value: Mapping[str, Any]) -> str:
    digest = value.get("picture")
    return digest if isinstance(digest, str) else ""
