"""Which words of a leaflet an office still has to see, stage by stage.

Words need nobody where the office passed them before, in this leaflet or in one of the places that share it; where they
say a message of the library that was set at the office or above it; and where they came with the template, unless the
stage asks for those too. What an office decided holds by content until it is taken back; the rest is judged anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.clock.moments import in_london
from leaflets.domain.leaflet import Content
from leaflets.domain.review.approval import LASTING, Asked, How, asked_by, needs_nobody
from leaflets.domain.review.saying import Said
from leaflets.domain.template import Template
from leaflets.services.message import messages
from leaflets.services.review import offices
from leaflets.services.review.offices import PlacedStage
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import MessageText
from leaflets.storage.review import ZonePass
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class ZoneLook:
    """One zone at one stage. `how` says why nobody has to look at it; where it is empty, somebody has to."""

    asked: Asked
    how: How | None
    before: ZonePass | None = None
    message: MessageText | None = None


@dataclass(frozen=True, slots=True)
class StageLook:
    """One stage, and the zones that it asks for."""

    placed: PlacedStage
    zones: tuple[ZoneLook, ...]

    @property
    def open(self) -> tuple[ZoneLook, ...]:
        """The zones that somebody has to look at."""
        return tuple(look for look in self.zones if look.how is None)


def look(
    session: Session, target: Leaflet, content: Content, template: Template, *, now: datetime
) -> tuple[StageLook, ...]:
    """Every stage that a content of a leaflet goes through, and what of it is passed already."""
    stages = offices.stages_of(session, target)
    if not stages:
        return ()
    values = messages.readable(template, content.values)
    asked = {placed: asked_by(placed.stage, template, values) for placed in stages}
    hashes = {each.words_hash for zones in asked.values() for each in zones}
    standing = passes_of(session, target, hashes, [placed.office for placed in stages])
    said = messages.said_in(
        session,
        campaign=target.campaign,
        language=content.language or template.language,
        template=template,
        values=values,
        day=in_london(now).date(),
    )
    return tuple(
        StageLook(placed, tuple(_look(placed, each, standing, said) for each in zones))
        for placed, zones in asked.items()
    )


def family_ids(session: Session, target: Leaflet) -> list[int]:
    """The leaflets that share words with this one, itself among them, in the order in which they are locked."""
    main = target.variant_of_id or target.id
    return list(
        session.scalars(
            select(Leaflet.id).where(or_(Leaflet.id == main, Leaflet.variant_of_id == main)).order_by(Leaflet.id)
        )
    )


def passes_of(
    session: Session, target: Leaflet, hashes: set[str], asked: Sequence[Node]
) -> Mapping[tuple[int, str, str], ZonePass]:
    """What offices decided of these words in a leaflet or its places: by office, kind of zone and words.

    `asked` are the offices that are asked now: see `standing_for`.
    """
    lasting = (
        select(ZonePass)
        .where(
            ZonePass.leaflet_id.in_(family_ids(session, target)),
            ZonePass.words_hash.in_(hashes),
            ZonePass.how.in_(LASTING),
            ZonePass.taken_back_at.is_(None),
        )
        .order_by(ZonePass.id)
        .options(joinedload(ZonePass.person), joinedload(ZonePass.office))
    )
    above = frozenset(target.campaign.node.way_down if target.campaign.node else ())
    found = {}
    for each in session.scalars(lasting):
        heirs = asked if each.how != How.DEEMED else ()  # what silence passed, nobody read: it stands where it was
        found[standing_for(each.office, above, heirs), each.zone_kind, each.words_hash] = each
    return found


def standing_for(office: Node | None, above: Collection[int], asked: Sequence[Node]) -> int:
    """The id of the office for which a pass of `office` stands now.

    That is the office itself while the seat hangs below it (`above`). Where the seat has moved since, what it passed
    stays passed: it stands for the office of the same tier that is asked there, within the same nation. Another nation
    answers for itself.
    """
    if office is None:
        return 0
    if office.id in above:
        return office.id
    heirs = (each.id for each in asked if (each.tier, each.nation) == (office.tier, office.nation))
    return next(heirs, office.id)


def _look(
    placed: PlacedStage,
    asked: Asked,
    standing: Mapping[tuple[int, str, str], ZonePass],
    said: Mapping[str, Said[MessageText]],
) -> ZoneLook:
    before = standing.get((placed.office.id, asked.zone.kind, asked.words_hash))
    texts = said[asked.zone.key].texts if asked.zone.key in said else ()
    message = texts[0] if texts else None
    if before is not None:
        return ZoneLook(asked, How(before.how), before=before, message=message)
    if texts and said[asked.zone.key].all and all(_speaks_for(placed, text) for text in texts):
        return ZoneLook(asked, How.MESSAGE, message=message)
    if needs_nobody(placed.stage, asked):
        return ZoneLook(asked, How.TEMPLATE)
    return ZoneLook(asked, None, message=message)


def _speaks_for(placed: PlacedStage, text: MessageText) -> bool:
    """Whether a message was set at the office of a stage or above it: no office speaks for the one above."""
    return placed.office.path.startswith(text.message.node.path)


def waits_for(looks: Sequence[StageLook]) -> str:
    """What somebody has to see first, and who, as one sentence; nothing where nobody has to."""
    for each in looks:
        if each.open:
            labels = [f"“{look.asked.zone.label}”" for look in each.open]
            shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if len(labels) > 3 else "")
            return f"{each.placed.office.name} has not passed {shown}."
    return ""
