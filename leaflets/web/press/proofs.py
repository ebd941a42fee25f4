"""Proofs: the press's own pages, as soon as they are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import NotFound
from leaflets.domain.press.problem import has_errors
from leaflets.domain.press.proof import Look
from leaflets.services.press import proofs
from leaflets.services.press.proofs import ProofStanding
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Proof
from leaflets.web import current
from leaflets.web.images import Image, kept_image, sides_of

pages = Blueprint("proofs", __name__)


@dataclass(frozen=True, slots=True)
class ProofView:
    """What whoever orders sees of a leaflet's proofs.

    `images` are the pages of the newest that can be looked at; `standing` is how far the one asked for last has come.
    `outdated` says that this one does not show the words as they are now.
    """

    standing: ProofStanding | None
    images: Sequence[Image]
    outdated: bool

    @property
    def has_errors(self) -> bool:
        """Whether the press found something that must be put right."""
        return self.standing is not None and has_errors(self.standing.problems)


def proof_view(target: Leaflet) -> ProofView:
    """The proofs of a leaflet as they stand."""
    news = proofs.news(current.session(), now=current.now(), target=target, look=Look.SCREEN)
    shown = news.shown if news else None
    return ProofView(
        standing=news.asked if news else None,
        images=images_of(shown, target.title) if shown else [],
        outdated=news is not None and news.behind,
    )


def images_of(proof: Proof, title: str) -> list[Image]:
    """The pages of a finished proof, in order."""
    return sides_of(proof.pages, title, lambda number: url_for("proofs.image", proof_id=proof.id, page=number))


@pages.get("/proofs/<int:proof_id>/<int:page>.webp")
def image(proof_id: int, page: int) -> ResponseReturnValue:
    """One page of a proof. It never changes, so a browser keeps it."""
    standing = proofs.standing(current.session(), actor=current.actor(), now=current.now(), proof_id=proof_id)
    if not 1 <= page <= len(standing.proof.pages):
        raise NotFound("That page of the proof is not there.", "Ask for the proof once more.")
    return kept_image(standing.proof.pages[page - 1]["hash"])
