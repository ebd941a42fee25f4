"""What somebody was told and has not seen yet: at the top of every page until they say so."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from leaflets.domain.notices import NOTICES, Notice, Rule
from leaflets.services import alerts
from leaflets.services.alerts import Told
from leaflets.web import current, rescue
from leaflets.web.typed_id import id_of, ids_of

pages = Blueprint("alerts", __name__)

APART = 3
"""So many of one kind stand each on a line of their own; more share one."""

_WARNS = frozenset(
    {
        Notice.CANNOT,
        Notice.ORDER_STOPPED,
        Notice.PLAN,
        Notice.OBJECTION,
        Notice.REMINDER,
        Notice.CHANGE,
        Notice.MESSAGE,
    }
)


@pages.post("/alerts/seen")
def seen() -> ResponseReturnValue:
    """Note that these were seen, and go back to the page they stood on."""
    ids, up_to = ids_of(request.form.getlist("alert")), id_of(request.form.get("up_to", ""))
    alerts.seen(current.session(), actor=current.actor(), now=current.now(), alert_ids=ids, up_to=up_to)
    return redirect(rescue.own_path(request.form.get("back")))


@dataclass(frozen=True, slots=True)
class Unseen:
    """What somebody has not seen yet: how many alerts in all, the newest of them, and the lines they are read as."""

    count: int
    newest: int
    lines: list[Line]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than a page reads."""
        return self.count > alerts.SHOWN


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a kind of thing, and what is told of it, once or many times. Urgent kinds come first."""

    kind: Notice
    told: list[Told]

    @property
    def rule(self) -> Rule:
        """What is said of its kind."""
        return NOTICES[self.kind]

    @property
    def warns(self) -> bool:
        """Whether it is no good news."""
        return self.kind in _WARNS


def unseen() -> Unseen | None:
    """What who is signed in has not seen yet: what is urgent first, each kind's newest first.

    A studio's head says how its own leaflet stands: there, that is not said a second time.
    """
    person = current.somebody()
    if person is None:
        return None
    told = alerts.unseen(current.session(), actor=person)
    if request.endpoint == "studio.page":
        here = (request.view_args or {})["leaflet_id"]
        told = [one for one in told if one.leaflet_id != here or one.kind not in (Notice.PLAN, Notice.CANNOT)]
    if not told:
        return None
    count = len(told) if len(told) < alerts.SHOWN else alerts.how_many_unseen(current.session(), actor=person)
    return Unseen(count, told[0].id, _lines(alerts.together(told)))


def _lines(told: list[Told]) -> list[Line]:
    """A few of one kind stand each on a line of their own; many of one kind share one."""
    by_kind: dict[str, list[Told]] = {}
    for each in told:
        by_kind.setdefault(each.newest.kind, []).append(each)
    lines: list[Line] = []
    for kind in NOTICES:
        alike = by_kind.get(kind, [])
        lines += [Line(kind, alike)] if len(alike) > APART else [Line(kind, [each]) for each in alike]
    return lines
