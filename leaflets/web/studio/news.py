"""What has happened to a leaflet since a tab last heard: a table of parts, each made by one function.

Who types saves several times a second, and hears in each answer what other people did and how the proof stands. What
follows from the words as a whole waits for the next question, which comes with the first pause. A part that breaks is
left out: whoever saved words must hear that they are saved, whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from flask import current_app
from flask_wtf.csrf import generate_csrf

from leaflets.domain.press.proof import Look
from leaflets.presence import Visitor
from leaflets.services.picture import shelf
from leaflets.services.studio import hearing, words
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current
from leaflets.web.review.comment_view import comments_json
from leaflets.web.studio.approval import approval_json, prospect_of
from leaflets.web.studio.checklist import checklist_json
from leaflets.web.studio.messages import messages_json
from leaflets.web.studio.plan import plan_json
from leaflets.web.studio.problems import problems_json
from leaflets.web.studio.proof import proof_json
from leaflets.web.studio.state import conflict_json

QUIET_MS = 5_000
"""When to look again while nothing is going on: well within the time after which a tab is forgotten."""

COMPANY_MS = 2_000
"""The same while somebody else is in the leaflet."""

SOON_MS = 400
"""The same after a save that did not say how the proof stands: who pauses wants to see it."""

SOONEST_MS = 150

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asker:
    """A tab that asks: its name, the zone it is in, the newest edit that it knows, and the look that it shows.

    One that saves, and `knows_proof` as it stands, is not told again.
    """

    tab: str
    zone: str = ""
    cursor: int = 0
    look: Look | None = None
    knows_proof: bool = False


def news_of(target: Leaflet, asker: Asker, *, after_save: bool = False) -> dict[str, Any]:
    """Everything new for a tab; the caller has seen to it that the leaflet may be seen."""
    news: dict[str, Any] = {"at": current.now().isoformat()}
    # First of all: what is stored while the other parts are read is heard twice then, and never missed.
    stir = hearing.stirred(current.session(), target, edit_id=asker.cursor, device=asker.tab)
    news |= {"cursor": stir.newest, "words": {}, "conflicts": []}
    known = {"words"} if not stir.others else set()
    known |= {"conflicts"} if not stir.undecided else set()
    known |= {part.name for part in PARTS if not part.with_saves} if after_save else set()
    known |= {"proof"} if after_save and asker.knows_proof else set()
    for part in PARTS:
        if part.name in known:
            continue
        try:
            news[part.name] = part.make(target, asker)
        except Exception:
            if current_app.testing:
                raise
            current.session().rollback()
            _log.exception("news.part_broke", part=part.name, leaflet=target.id)
    news["look_again_ms"] = _look_again_ms(news)
    return news


def _csrf(_target: Leaflet, _asker: Asker) -> str:
    token: str = generate_csrf()
    return token


def _person(_target: Leaflet, _asker: Asker) -> dict[str, Any]:
    return {"id": current.actor().id, "name": current.actor().name}


def _words(target: Leaflet, asker: Asker) -> dict[str, Any]:
    heard = hearing.heard_since(current.session(), target, edit_id=asker.cursor, device=asker.tab)
    return {
        each.zone: {"value": each.value, "version": each.version, "at": each.at.isoformat(), "by": each.by}
        for each in heard
    }


def _conflicts(target: Leaflet, _asker: Asker) -> list[dict[str, Any]]:
    return [conflict_json(each) for each in words.conflicts(current.session(), target)]


def _people(target: Leaflet, asker: Asker) -> list[dict[str, Any]]:
    actor = current.actor()
    there = current.house().presence.note(target.id, Visitor(asker.tab, actor.id, actor.name, asker.zone))
    return [
        {
            "name": each.name,
            "person_id": each.person_id,
            "tab": each.tab,
            "zone": each.zone,
            "me": each.tab == asker.tab,
        }
        for each in there
    ]


def _plan(target: Leaflet, _asker: Asker) -> dict[str, Any]:
    return plan_json(target)


def _problems(target: Leaflet, _asker: Asker) -> list[dict[str, Any]]:
    return problems_json(target)


def _proof(target: Leaflet, asker: Asker) -> dict[str, Any] | None:
    return proof_json(target, asker.look or Look.SCREEN)


def _checklist(target: Leaflet, _asker: Asker) -> list[dict[str, Any]]:
    return checklist_json(target, prospect_of(target))


def _approval(target: Leaflet, _asker: Asker) -> dict[str, Any]:
    return approval_json(target, prospect_of(target))


def _messages(target: Leaflet, _asker: Asker) -> dict[str, Any]:
    return messages_json(target, is_asked=prospect_of(target).standing.is_asked)


def _comments(target: Leaflet, _asker: Asker) -> list[dict[str, Any]]:
    return comments_json(target)


def _shelf(target: Leaflet, _asker: Asker) -> str:
    return shelf.fingerprint(current.session(), target.campaign_id)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the news, and whether a save brings it too."""

    name: str
    make: Callable[[Leaflet, Asker], Any]
    with_saves: bool = True


PARTS: tuple[Part, ...] = (
    Part("csrf", _csrf),
    Part("person", _person),
    Part("words", _words),
    Part("conflicts", _conflicts),
    Part("people", _people),
    Part("proof", _proof),
    Part("problems", _problems, with_saves=False),
    Part("checklist", _checklist, with_saves=False),
    Part("approval", _approval, with_saves=False),
    Part("messages", _messages, with_saves=False),
    Part("comments", _comments, with_saves=False),
    Part("shelf", _shelf, with_saves=False),
    Part("plan", _plan, with_saves=False),
)


def _look_again_ms(news: dict[str, Any]) -> int:
    """When a tab should ask again: as soon as a proof may be ready, else within a few seconds."""
    if "proof" not in news:
        return SOON_MS
    proof = news.get("proof") or {}
    company = any(not person["me"] for person in news.get("people", ()))
    quiet = COMPANY_MS if company else QUIET_MS
    if proof.get("state") not in ("waiting", "running"):
        return quiet
    if not proof.get("finish_at"):
        return COMPANY_MS
    left = datetime.fromisoformat(proof["finish_at"]) - current.now()
    return max(SOONEST_MS, min(quiet, int(left.total_seconds() * 1000)))
