"""A leaflet again: a copy of its own, and variants of one leaflet for several places.

A variant shares every zone with its main leaflet but those that are local: shared words are kept once, on the main
leaflet, and whoever edits them on any of the variants edits them for all. The words of a place stay on its variant for
ever, even while the zone is shared: switched back to local, each place has its own again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, Unavailable
from leaflets.domain.leaflet import pictures_in
from leaflets.domain.permissions import Action
from leaflets.domain.template import Kit, Template, Voice
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit, leaflets
from leaflets.services.message import message_due
from leaflets.services.studio import titles, words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.picture import Picture, PictureState
from leaflets.storage.session import writing

MOST_PLACES = 60
"""Of one leaflet: the wards of a large council."""

LONGEST_PLACE = 80


@dataclass(frozen=True, slots=True)
class Family:
    """A main leaflet, and its variants by the name of their place. `local` are the zones that each has for itself."""

    main: Leaflet
    variants: tuple[Leaflet, ...]
    local: frozenset[str]

    @property
    def members(self) -> tuple[Leaflet, ...]:
        """All of them, the main leaflet first."""
        return (self.main, *self.variants)


def family(session: Session, target: Leaflet) -> Family:
    """The leaflets that share words with this one. The caller has seen to it that it may be seen."""
    main = target.main or target
    variants = select(Leaflet).where(Leaflet.variant_of_id == main.id).order_by(Leaflet.place, Leaflet.id)
    return Family(main, tuple(session.scalars(variants)), frozenset(main.local_zones))


def duplicate(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    leaflet_id: int,
    campaign_id: int,
    template: Template,
    kit: Kit,
    title: str = "",
) -> Leaflet:
    """The same words in a leaflet of its own, in this campaign or another in which the actor may start one.

    The pictures come along onto that campaign's shelf. A copy of a variant is no variant. Raises `NotFound`, `Refused`,
    and `Unavailable` while a picture is still being prepared.
    """
    with writing(session):
        source = leaflets.locked(session, actor, leaflet_id, Action.SEE_LEAFLET)
        values, writers = source.values, {text.zone: text.writer_id for text in source.texts}
        wished = title or f"{source.title}, copy"
        copy = leaflets.started(session, actor, now, campaign_id, template, kit, title=wished)
        copy.language, copy.landing, copy.landing_on = source.language, source.landing, source.landing_on
        if campaign_id == source.campaign_id:
            copy.route, copy.elections = source.route, list(source.elections)
            copy.candidate, copy.election_area = source.candidate, source.election_area
        else:
            _bring_pictures(session, actor, now, source, campaign_id, pictures_in(values))
        words.fill(session, actor, now, copy, values, writers=writers)
        audit.of_leaflet(session, actor, now, "leaflet duplicated", copy, was=f"leaflet {source.id}")
    return copy


def add_places(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, template: Template, places: Iterable[str]
) -> list[Leaflet]:
    """A variant for each of these places; those that have one already are passed over.

    The first time, the zones with local words become each place's own. They begin with the main leaflet's words.
    Raises `Invalid` when there is nothing to add or too much, `NotFound`, `Refused`.
    """
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        access.require(session, actor, Action.START_LEAFLET, target.campaign_id, what="campaign")
        wished = _tidy_places(places)
        kin = family(session, target)
        if not kin.variants and not kin.main.local_zones:
            kin.main.local_zones = [zone.key for zone in template.zones if zone.voice is Voice.LOCAL]
        taken = {member.place.casefold() for member in kin.members}
        new = [place for place in wished if place.casefold() not in taken]
        if len(kin.variants) + len(new) > MOST_PLACES:
            raise Invalid(f"One leaflet serves up to {MOST_PLACES} places.", "Start a second one.", code="places")
        return [_variant(session, actor, now, kin.main, place) for place in new]


def name_place(session: Session, *, actor: Person, now: datetime, leaflet_id: int, place: str) -> None:
    """Say for which place a leaflet is; nothing for the main leaflet of no particular place. Raises `Invalid`."""
    tidy = tidy_line(place)
    if len(tidy) > LONGEST_PLACE:
        raise _too_long(tidy)
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        others = {member.place.casefold() for member in family(session, target).members if member.id != target.id}
        if tidy and tidy.casefold() in others:
            raise Invalid(f"There is a leaflet for {tidy} already.", "Give this one another name.", code="place")
        if not tidy and target.variant_of_id is not None:
            raise Invalid("This leaflet is for one place.", "Say which.", code="place")
        was, target.place = target.place, tidy
        if was != tidy:
            audit.of_leaflet(session, actor, now, "place named", target, was=was, became=tidy)


def choose_local(
    session: Session, *, actor: Person, now: datetime, leaflet_id: int, template: Template, zones: Collection[str]
) -> None:
    """Let each place have its own words in these zones, and all the same in the others.

    A place that never had words of its own in a zone begins with those that all share. Raises `Invalid` for a zone
    that the template does not have, `NotFound`, `Refused`.
    """
    known = {zone.key for zone in template.zones if not zone.kind.is_system}
    if unknown := set(zones) - known:
        raise Invalid(f"“{min(unknown)[:40]}” is no zone of {template.title}.", "Reload the page.", code="zone")
    with writing(session):
        target = leaflets.locked(session, actor, leaflet_id, Action.EDIT_LEAFLET)
        kin = family(session, target)
        was = kin.local
        kept = [zone for zone in kin.main.local_zones if zone not in known]
        kin.main.local_zones = sorted({*zones, *kept})
        if frozenset(kin.main.local_zones) == was:
            return
        for member in kin.members:
            member.changed_at = now
        message_due.mark(session, kin.main.id)
        for variant in kin.variants:
            begin_local(session, actor, now, variant)
        became = ", ".join(kin.main.local_zones)
        audit.of_leaflet(session, actor, now, "local zones chosen", kin.main, was=", ".join(sorted(was)), became=became)


def _variant(session: Session, actor: Person, now: datetime, main: Leaflet, place: str) -> Leaflet:
    title = f"{main.title[: titles.LONGEST - LONGEST_PLACE - 10]}: {place}"
    made = Leaflet(
        campaign=main.campaign,
        title=titles.free_title(session, main.campaign_id, title),
        main=main,
        place=place,
        local_zones=[],
        elections=list(main.elections),
        created_by=actor.id,
        created_at=now,
        changed_at=now,
        **{name: getattr(main, name) for name in _ALIKE},
    )
    session.add(made)
    session.flush()
    begin_local(session, actor, now, made)
    audit.of_leaflet(session, actor, now, "place added", made, was=f"leaflet {main.id}", became=place)
    return made


_ALIKE = (
    "template_name",
    "template_version",
    "kit",
    "election_title",
    "election_area",
    "polling_day",
    "candidate",
    "landing",
    "landing_on",
    "route",
    "printer_id",
    "language",
)
"""What a variant has like its main leaflet when it begins."""


def begin_local(session: Session, actor: Person, now: datetime, variant: Leaflet) -> None:
    """Give a variant words in the local zones in which it never had any: the main leaflet's, by who wrote them."""
    main = variant.main
    if main is None:
        return
    own = {text.zone for text in variant.zones}
    missing = [text for text in main.zones if text.zone in main.local_zones and text.zone not in own]
    writers = {text.zone: text.writer_id for text in missing}
    leaflets.begin(session, actor, now, variant, {text.zone: text.value for text in missing}, writers=writers)


def _tidy_places(places: Iterable[str]) -> list[str]:
    wished: dict[str, str] = {}
    for place in places:
        tidy = tidy_line(place).strip(" ,;•-–*\t")
        if len(tidy) > LONGEST_PLACE:
            raise _too_long(tidy)
        if tidy:
            wished.setdefault(tidy.casefold(), tidy)
    if not wished:
        raise Invalid("No place is named.", "Write one on each line.", code="places")
    return list(wished.values())


def _too_long(place: str) -> Invalid:
    return Invalid(
        f"“{place[:40]}…” is longer than the name of a place.",
        f"Write one place on each line, in up to {LONGEST_PLACE} characters.",
        code="places",
    )


def _bring_pictures(
    session: Session, actor: Person, now: datetime, source: Leaflet, campaign_id: int, wanted: Collection[str]
) -> None:
    """Put the pictures of a leaflet onto another campaign's shelf as well: their files are kept once."""
    there = set(
        session.scalars(
            select(Picture.original_hash).where(Picture.campaign_id == campaign_id, Picture.original_hash.in_(wanted))
        )
    )
    missing = [name for name in wanted if name not in there]
    rows = select(Picture).where(Picture.campaign_id == source.campaign_id, Picture.original_hash.in_(missing))
    for picture in session.scalars(rows):
        if picture.state == PictureState.RECEIVED:
            raise Unavailable(
                f"The photo “{picture.filename}” is still being prepared.", "Try again in a moment.", code="picture"
            )
        kept = {name: getattr(picture, name) for name in _OF_A_PICTURE}
        session.add(Picture(campaign_id=campaign_id, created_by=actor.id, created_at=now, **kept))
        audit.of_campaign(session, actor, now, "picture brought along", campaign_id, became=picture.original_hash)


_OF_A_PICTURE = (
    "filename",
    "original_hash",
    "master_hash",
    "proxy_hash",
    "state",
    "reason",
    "size_bytes",
    "width_px",
    "height_px",
    "credit",
    "rights",
    "alt",
)
