"""How a leaflet stands with its approvers, and what they would be asked if it were sent now: each looked up once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from leaflets.domain.leaflet import Content
from leaflets.domain.template import Template
from leaflets.services import leaflets
from leaflets.services.review import approved, open_words
from leaflets.services.review.approved import Standing
from leaflets.services.review.open_words import StageLook
from leaflets.storage.leaflet import Leaflet


@dataclass
class Prospect:
    """A leaflet as it is at this moment, for several who ask the same of it. It knows of no change after that.

    The caller has seen to it that the leaflet may be seen.
    """

    session: Session
    target: Leaflet
    template: Template
    now: datetime

    @cached_property
    def content(self) -> Content:
        """Its content."""
        return leaflets.content_of(self.target)

    @cached_property
    def standing(self) -> Standing:
        """How it stands."""
        return approved.standing(self.session, target=self.target, content_hash=self.content.content_hash)

    @cached_property
    def stages(self) -> tuple[StageLook, ...]:
        """Every stage that it would go through, and what of it is passed already."""
        return open_words.look(self.session, self.target, self.content, self.template, now=self.now)
