"""The record of an office: who changed what at it and below it, and when."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action, may
from leaflets.services import access, trail
from leaflets.services.organisation import houses_known, tree
from leaflets.services.trail import SUBJECTS, Asked, Trail
from leaflets.web import current, navigation
from leaflets.web.known_template import template_at
from leaflets.web.office.record_words import Known, note_words, what_words, who_words
from leaflets.web.typed_day import day_of

pages = Blueprint("record", __name__)

_LONGEST_NAME = 200
_LARGEST_ROW = 2**31 - 1


@pages.get("/offices/<int:node_id>/record")
def page(node_id: int) -> ResponseReturnValue:
    """One page of it, the newest first, or what somebody searches for in it."""
    typed = {
        name: request.args.get(name, "").strip() for name in ("who", "about", "number", "since", "until", "before")
    }
    problem, asked = None, Asked()
    try:
        asked = _asked(typed)
    except Invalid as error:
        problem = error
    session, actor = current.session(), current.actor()
    found = trail.trail(session, actor=actor, node_id=node_id, asked=asked)
    searched = {name: words for name, words in typed.items() if words and name != "before"}
    shown = render_template(
        "record.html",
        trail=found,
        node=found.node,
        tabs=navigation.office_ways(session, actor, found.node),
        way=tree.way_down(session, found.node),
        typed=typed,
        searched=searched,
        newest=asked.before is None,
        one=asked.number is not None,
        may_see_approvals=may(Action.SEE_APPROVAL, access.granted_at(session, actor, found.node)),
        subjects=SUBJECTS,
        problem=problem,
        known=_known(found),
        note_words=note_words,
        what_words=what_words,
        who_words=who_words,
        older=_older(found, searched),
    )
    return shown, 422 if problem else 200


def _known(found: Trail) -> Known:
    """The names of what the notes of this page mention."""
    library = current.house().library

    def zones(ref: str) -> dict[str, str]:
        template = template_at(ref)
        return {zone.key: zone.label for zone in template.zones} if template else {}

    def title(ref: str) -> str:
        template = template_at(ref)
        return template.title if template else ""

    houses = houses_known.of_organisation(current.session(), found.node.organisation_id)
    return Known(
        now=current.now(),
        people=found.people,
        kits={kit.key: kit.party for kit in library.kits},
        printers={house.id: house.name for house in houses},
        zones=zones,
        title=title,
    )


def _older(found: Trail, searched: dict[str, str]) -> str:
    """The address of the next page; empty where this is the last."""
    if found.older is None:
        return ""
    asked: dict[str, Any] = {**searched, "before": found.older}
    return url_for("record.page", node_id=found.node.id, **asked)


def _asked(typed: dict[str, str]) -> Asked:
    about, before, number = typed["about"], typed["before"], typed["number"]
    if about not in ("", *SUBJECTS):
        raise Invalid("Nothing of that kind is in the record.", "Choose what it is about from the list.")
    if not _is_row(before):
        raise Invalid("There is no such page of the record.", "Begin again with the newest.")
    if not _is_row(number):
        raise Invalid("There is no such thing in the record.", "Choose it from the list below.")
    since, until = day_of(typed["since"]), day_of(typed["until"])
    if since and until and until < since:
        raise Invalid("The last day is before the first.", "Turn the two days round.")
    one = int(number) if number and about else None
    return Asked(typed["who"][:_LONGEST_NAME], about, since, until, int(before) if before else None, one)


def _is_row(typed: str) -> bool:
    return not typed or (typed.isascii() and typed.isdigit() and int(typed[:12]) <= _LARGEST_ROW)
