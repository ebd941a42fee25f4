"""The history of a leaflet as a page: its versions, any two of them side by side, bringing one back, naming one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import Act
from leaflets.domain.permissions import Action
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.template import Zone
from leaflets.domain.words.comparison import words_in
from leaflets.services import leaflets
from leaflets.services.studio import earlier_words, history, version_pictures
from leaflets.services.studio.history import Moment, Version
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Proof
from leaflets.web import current
from leaflets.web.panels import zones_by_panel
from leaflets.web.press.proofs import images_of
from leaflets.web.studio.steps import edit_number, picture_src
from leaflets.web.wording import capitalised, clock_time, count_of, day, moment

pages = Blueprint("history", __name__, url_prefix="/leaflets")

ZONES_NAMED = 3
"""How many zones of a version are named before the rest is counted."""

MOST_SHOWN = 4_000
"""Characters of a text that was not chosen; used after all, it comes whole."""


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version as the page tells of it: what happened, when and by whom."""

    version: Version
    title: str
    when: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class VersionSide:
    """One of two versions that are compared."""

    edit_id: int
    title: str
    who: str
    is_newest: bool


@pages.get("/<int:leaflet_id>/history")
def page(leaflet_id: int) -> ResponseReturnValue:
    """The versions of a leaflet, the newest first. With `with`, somebody is choosing what to compare that one with."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    before = edit_number("before")
    found = history.versions(session, actor=actor, leaflet_id=leaflet_id, before=before)
    zones = {zone.key: zone for zone in _zones(target)}
    views = [_view(version, zones) for version in found.versions]
    chosen = edit_number("with")
    kept = earlier_words.not_chosen(session, actor=actor, leaflet_id=leaflet_id, before=edit_number("kept"))
    return render_template(
        "history.html",
        leaflet=target,
        days=[(said, list(group)) for said, group in groupby(views, key=_day_of)],
        older=found.older,
        is_first=before is None,
        chosen=history.moment(session, actor=actor, leaflet_id=leaflet_id, edit_id=chosen) if chosen else None,
        kept=[(text, _label(zones, text.zone), _words(zones.get(text.zone), text.value)) for text in kept.texts],
        kept_older=kept.older,
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
        may_ask=current.may(Action.ASK_PROOF, target.campaign_id),
        longest_name=history.LONGEST_NAME,
    )


@pages.get("/<int:leaflet_id>/history/compare")
def compare(leaflet_id: int) -> ResponseReturnValue:
    """Two versions side by side: their pages, and each zone that differs, word by word."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    newest = history.newest(session, target)
    ids = edit_number("from"), edit_number("to") or newest
    if ids[0] is None or ids[1] is None:
        raise Invalid("Choose two versions to compare.", "Go back to the history and choose them there.")
    found = history.compare(
        session, actor=actor, leaflet_id=leaflet_id, edit_ids=(ids[0], ids[1]), zones=_zones(target)
    )
    return render_template(
        "compare.html",
        leaflet=target,
        comparison=found,
        sides=[_side(then, newest) for then in (found.before, found.after)],
        newest=newest,
        picture_src=lambda original_hash: picture_src(target, original_hash),
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
        may_ask=current.may(Action.ASK_PROOF, target.campaign_id),
    )


@pages.get("/<int:leaflet_id>/history/<int:edit_id>/picture")
def picture(leaflet_id: int, edit_id: int) -> ResponseReturnValue:
    """The pages of a version, if the press has drawn them."""
    proof = version_pictures.shown(current.session(), actor=current.actor(), leaflet_id=leaflet_id, edit_id=edit_id)
    return _picture(leaflet_id, edit_id, proof)


@pages.post("/<int:leaflet_id>/history/<int:edit_id>/picture")
def draw(leaflet_id: int, edit_id: int) -> ResponseReturnValue:
    """Ask the press for the pages of a version that somebody looks at."""
    proof = version_pictures.ask(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        tickets=current.house().tickets,
        leaflet_id=leaflet_id,
        edit_id=edit_id,
    )
    return _picture(leaflet_id, edit_id, proof)


@pages.post("/<int:leaflet_id>/history/<int:edit_id>/restore")
def restore(leaflet_id: int, edit_id: int) -> ResponseReturnValue:
    """Bring a version back, as the newest version."""
    session, actor, now = current.session(), current.actor(), current.now()
    changed = history.restore(session, actor=actor, now=now, leaflet_id=leaflet_id, edit_id=edit_id)
    then = history.moment(session, actor=actor, leaflet_id=leaflet_id, edit_id=edit_id)
    said = f"“{then.name}”" if then.name else f"the version of {moment(then.at, now)}"
    flash(
        f"The leaflet reads as in {said} again: {count_of(len(changed), 'zone')} changed. "
        "What it read before is the version below; bring that back to undo this."
        if changed
        else f"Nothing had to change: the leaflet reads as in {said} already."
    )
    return redirect(url_for("history.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/history/<int:edit_id>/take-back")
def take_back(leaflet_id: int, edit_id: int) -> ResponseReturnValue:
    """Put one text that was not chosen into its zone after all."""
    changed = history.take_back(
        current.session(), actor=current.actor(), now=current.now(), leaflet_id=leaflet_id, edit_id=edit_id
    )
    flash("That text is in the leaflet now." if changed else "That text is in the leaflet already.")
    return redirect(url_for("history.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/history/<int:edit_id>/name")
def name(leaflet_id: int, edit_id: int) -> ResponseReturnValue:
    """Give a version a name; an empty one takes it away."""
    given = request.form.get("name", "")
    history.name(
        current.session(), actor=current.actor(), now=current.now(), leaflet_id=leaflet_id, edit_id=edit_id, name=given
    )
    flash(f"That version is called “{given.strip()}” now." if given.strip() else "That version has no name any more.")
    before = edit_number("before")
    return redirect(url_for("history.page", leaflet_id=leaflet_id, before=before, _anchor=f"version-{edit_id}"))


def _picture(leaflet_id: int, edit_id: int, proof: Proof | None) -> ResponseReturnValue:
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)
    finished = proof is not None and proof.state == WorkState.DONE
    return render_template(
        "parts/version-picture.html",
        leaflet=target,
        edit_id=edit_id,
        images=images_of(proof, target.title) if proof and finished else [],
        is_coming=proof is not None and proof.state in (WorkState.WAITING, WorkState.RUNNING),
        reason=proof.reason if proof else "",
        may_ask=current.may(Action.ASK_PROOF, target.campaign_id),
    )


def _zones(target: Leaflet) -> list[Zone]:
    """The zones that hold words, in the order in which a reader meets them."""
    template = current.house().library.template(target.template_ref)
    return [zone for _, zones in zones_by_panel(template) for zone in zones if not zone.kind.is_system]


def _view(version: Version, zones: Mapping[str, Zone]) -> VersionView:
    sitting = version.sitting
    began, ended = clock_time(sitting.began_at), clock_time(sitting.ended_at)
    when = began if began == ended else f"{began} to {ended}"
    return VersionView(
        version=version,
        title=version.name or when,
        when=when if version.name else "",
        who=" and ".join(version.people),
        what=_what(version, zones),
    )


def _day_of(view: VersionView) -> str:
    return capitalised(day(view.version.sitting.ended_at, current.now()))


def _what(version: Version, zones: Mapping[str, Zone]) -> str:
    """What happened in a version, in one line."""
    sitting = version.sitting
    named = _listed([_label(zones, key) for key in sitting.zones])
    if sitting.act is Act.RESTORE:
        return f"Earlier words brought back: {named}"
    if sitting.act is Act.FILL:
        return "Started with the words of the template" if version.previous is None else f"Filled in: {named}"
    beside = f"{count_of(sitting.kept, 'text')} kept beside newer ones" if sitting.kept else ""
    return "; ".join(part for part in (f"{named} changed" if sitting.changes else "", beside) if part)


def _listed(labels: Sequence[str]) -> str:
    """`Headline`, `Headline and Story`, `Headline, Story, Promise and 4 more`."""
    shown, more = labels[:ZONES_NAMED], len(labels) - ZONES_NAMED
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def _label(zones: Mapping[str, Zone], key: str) -> str:
    return zones[key].label if key in zones else key


def _words(zone: Zone | None, value: Any) -> str:
    """What a text says, as far as a page shows it."""
    said = "".join(word.text for word in words_in(zone, value))
    return said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN]} …"


def _side(then: Moment, newest: int | None) -> VersionSide:
    when = f"{capitalised(day(then.at, current.now()))}, {clock_time(then.at)}"
    is_newest = then.number == newest
    return VersionSide(
        then.number,
        then.name or ("As it is now" if is_newest else when),
        f"{when}, {then.by}" if then.name or is_newest else then.by,
        is_newest,
    )
