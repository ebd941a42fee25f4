"""What is set on a place: said here, come from above, narrowed. And how long things take there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain import permissions
from leaflets.domain.clock.durations import LONGEST, Confidence, Days
from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.organisation.settings import LONGEST_SILENCE, SETTINGS, SILENCES
from leaflets.domain.permissions import SIGNED_IN, Action
from leaflets.domain.review.approval import Asks, Office
from leaflets.domain.review.topics import TOPICS
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access
from leaflets.services.clock import durations
from leaflets.services.organisation import houses_known, places_below, settings
from leaflets.services.review import offices
from leaflets.storage.tree import Node
from leaflets.web import current, navigation
from leaflets.web.office import setting_words
from leaflets.web.office.places import NotTaken
from leaflets.web.typed_day import needed_day
from leaflets.web.typed_id import ids_of

pages = Blueprint("office_settings", __name__, url_prefix="/offices/<int:node_id>/settings")


@pages.get("")
def page(node_id: int) -> ResponseReturnValue:
    """Every setting: what holds, who says so, and the form that narrows it."""
    return _page(access.require_at(current.session(), current.actor(), Action.SEE_PLACES, node_id))


@pages.post("/<setting>")
def change(node_id: int, setting: str) -> ResponseReturnValue:
    """Set one of them here, or say nothing of it here any more."""
    node = access.require_at(current.session(), current.actor(), Action.SET_HERE, node_id)
    if setting not in SETTINGS:
        raise NotFound("There is no such setting.", "Choose one of those on the page.")

    def say() -> None:
        value = None if request.form.get("said") == "above" else _READ[setting]() or None
        settings.set_here(
            current.session(), actor=current.actor(), now=current.now(), node_id=node_id, name=setting, value=value
        )

    return _changed(node, setting, say)


@pages.post("/durations/<duration>")
def change_duration(node_id: int, duration: str) -> ResponseReturnValue:
    """Say how long one thing takes here and below, or say nothing of it any more."""
    session, actor = current.session(), current.actor()
    node = access.require_at(session, actor, Action.SET_DURATIONS, node_id)
    if duration not in setting_words.DURATION_WORDS:
        raise NotFound("There is no such duration.", "Choose one of those on the page.")

    def say() -> None:
        if request.form.get("said") == "above":
            durations.forget_duration(session, actor=actor, now=current.now(), node_id=node_id, name=duration)
        else:
            days = _days()
            durations.set_duration(session, actor=actor, now=current.now(), node_id=node_id, name=duration, days=days)

    return _changed(node, duration, say)


def _workflow() -> list[dict[str, Any]]:
    typed = request.form
    return [
        {
            "office": office.value,
            "zones": typed[office.value],
            "topics": typed.getlist(f"{office.value}-topics") if typed[office.value] == Asks.TOPICS else [],
            "template_words": f"{office.value}-template" in typed,
        }
        for office in setting_words.OFFICES
        if typed.get(office.value)
    ]


def _when_silent() -> dict[str, Any]:
    return {"then": request.form.get("then", ""), "working_days": _number("working_days")}


def _printers() -> list[int]:
    return ids_of(request.form.getlist("printers"))


def _kits() -> list[str]:
    known = {kit.key for kit in current.house().library.kits}
    return [each for each in request.form.getlist("kits") if each in known]


def _second_step() -> bool:
    return request.form.get("value") == "yes"


# How the form of each setting is read.
_READ: dict[str, Callable[[], Any]] = {
    "workflow": _workflow,
    "when-silent": _when_silent,
    "kits": _kits,
    "printers": _printers,
    "second-step": _second_step,
}


def _number(field: str) -> Any:
    said = request.form.get(field, "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else said


def _days() -> Days:
    typed, source = request.form, tidy_line(request.form.get("source", ""))
    missing = "The day on which it was said is missing."
    as_of = needed_day(typed.get("as_of", ""), missing, "Give it as year, month and day.")
    check_with = tidy_line(typed.get("ruled_by", ""))[:200]
    confidence = Confidence.SECONDARY if check_with else Confidence.PRIMARY
    return Days(_number("count"), source, as_of, confidence, check_with)


def _changed(node: Node, form: str, say: Callable[[], None]) -> ResponseReturnValue:
    before = _said(node, form)
    try:
        say()
    except Invalid as error:
        return _page(node, NotTaken(form, request.form, error))
    now = _said(node, form)
    if now is None:
        flash("Set. It holds here and below from now on.")
    elif now == before:
        flash(f"Nothing is different for {node.name}. It stays so: {now}")
    else:
        flash(f"From now on, for {node.name} and all below it: {now}")
    return redirect(url_for("office_settings.page", node_id=node.id, _anchor=form))


def _said(node: Node, form: str) -> str | None:
    """What holds at a place, in words, of the setting of a form; None for a duration, which is none."""
    if form not in SETTINGS:
        return None
    kits = {kit.key: kit.party for kit in current.house().library.kits}
    holds = settings.of(current.session(), node, form)
    return " ".join(setting_words.say_setting(form, holds, kits=kits, printers=_houses(node)[0]))


def _houses(node: Node) -> tuple[dict[int, str], dict[int, str]]:
    """The names of the organisation's printing houses, and what can be chosen of them at a place, by id."""
    session = current.session()
    names = {
        house.id: f"{house.name} (retired)" if house.retired_at else house.name
        for house in houses_known.of_organisation(session, node.organisation_id)
    }
    around = houses_known.around(session, node)
    return names, {
        house.id: house.name if house.node_id in node.way_down else f"{house.name}, of {house.node.name}"
        for house in around
    }


def _page(node: Node, not_taken: NotTaken | None = None) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    kits = {kit.key: kit.party for kit in current.house().library.kits}
    names, printers = _houses(node)
    held = access.granted_at(session, actor, node) | {SIGNED_IN}
    way, open_to = places_below.way(session, actor=actor, node=node)

    def say(name: str, value: Any) -> list[str]:
        return setting_words.say_setting(name, value, kits=kits, printers=names)

    shown = render_template(
        "office-settings.html",
        node=node,
        way=way,
        open_to=open_to,
        tabs=navigation.office_ways(session, actor, node),
        standings=settings.here(session, node),
        durations=durations.held_at(session, node),
        say=say,
        kits=kits,
        printers=printers,
        topics=TOPICS,
        words=setting_words,
        unstaffed=offices.unstaffed(session, node),
        asks=Asks,
        offices=[Office.REGION, Office.NATION],
        longest=LONGEST,
        longest_silence=LONGEST_SILENCE,
        silences=SILENCES,
        today=current.now().date().isoformat(),
        may_set=permissions.may(Action.SET_HERE, held),
        may_set_durations=permissions.may(Action.SET_DURATIONS, held),
        not_taken=not_taken,
    )
    return make_response(shown, 422 if not_taken else 200)
