"""Asking for access, answering it, and the door for newcomers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, LeafletsError, NotFound
from leaflets.domain.organisation import gazetteer
from leaflets.domain.organisation.abilities import gist, say_abilities
from leaflets.domain.organisation.gazetteer import Entry
from leaflets.domain.permissions import Role
from leaflets.services.roles import access_requests, answering, appointments, grants, joining
from leaflets.services.roles.access_news import what
from leaflets.services.roles.askable import askable_places
from leaflets.storage.people import Organisation, Person
from leaflets.web import current, place_picker
from leaflets.web.limits import JOIN, limiter
from leaflets.web.typed_day import day_of
from leaflets.web.typed_id import id_of

pages = Blueprint("asking", __name__)


@pages.get("/access")
def page() -> ResponseReturnValue:
    """What waits for one's answer, what one has asked for, and the form to ask."""
    return _shown({"join": request.args.get("join", ""), "place": request.args.get("place", "")})


@pages.get("/access/places")
def places() -> ResponseReturnValue:
    """The places that fit a few letters, for the field's script."""
    entries = _entries(request.args.get("join", ""))
    return place_picker.answer(gazetteer.look_up(entries, request.args.get("q", "")))


@pages.post("/access")
def ask() -> ResponseReturnValue:
    """Ask for a role; or, without a script, find the place first."""
    typed = request.form
    if "find" in typed:
        return _shown(typed, about="find")
    try:
        asked = access_requests.ask(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            role=_role_of(typed),
            words=typed.get("words", ""),
            organisation_id=_organisation_of(typed.get("join", "")),
            **_place_of(typed, _entries(typed.get("join", ""))),
        )
    except (Invalid, Conflict) as error:
        return _shown(typed, wrong=error, about="ask")
    return redirect(url_for("asking.page", _anchor=f"request-{asked.id}"))


@pages.post("/access/taken-back")
def take_back() -> ResponseReturnValue:
    """Take back what one has asked."""
    asked = id_of(request.form.get("request", ""))
    if asked is None:
        raise Invalid("It does not say which request.", "Use the button beside it.")
    taken = access_requests.take_back(current.session(), actor=current.actor(), now=current.now(), request_id=asked)
    if taken.state == "taken-back":
        flash(f"You do not ask to be {what(taken)} any more.")
    return redirect(url_for("asking.page"))


@pages.post("/access/<int:request_id>/give")
def give(request_id: int) -> ResponseReturnValue:
    """Give what was asked for: one click, or with a last day."""
    try:
        last_day = day_of(request.form.get("until", ""), code="until")
        grant = access_requests.give(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            request_id=request_id,
            ends_at=grants.end_of(last_day) if last_day else None,
        )
    except (Invalid, Conflict) as error:
        return _shown(request.form, wrong=error, about=f"{request_id}")
    flash(f"{grant.holder} is {appointments.said(grant, current.now())}, and is told.")
    return redirect(url_for("asking.page"))


@pages.post("/access/<int:request_id>/refuse")
def refuse(request_id: int) -> ResponseReturnValue:
    """Refuse it, with a reason."""
    try:
        refused = access_requests.refuse(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            request_id=request_id,
            because=request.form.get("because", ""),
        )
    except (Invalid, Conflict) as error:
        return _shown(request.form, wrong=error, about=f"{request_id}")
    flash(f"{refused.person.name} is told that you refused, and why.")
    return redirect(url_for("asking.page"))


@pages.get("/join/<join_code>")
def door(join_code: str) -> ResponseReturnValue:
    """The organisation's name, and where to say who one is; whoever is signed in goes on to ask."""
    organisation = joining.organisation_of(current.session(), join_code)
    if current.somebody():
        return redirect(url_for("asking.page", join=join_code))
    return _door(organisation, {})


@pages.post("/join/<join_code>")
@limiter.limit(JOIN)
def come(join_code: str) -> ResponseReturnValue:
    """Mail a way in to whoever says so; the answer is the same whoever has that address."""
    typed = request.form
    organisation = joining.organisation_of(current.session(), join_code)
    try:
        joining.come(
            current.session(),
            now=current.now(),
            code=join_code,
            name=typed.get("name", ""),
            email=typed.get("email", ""),
        )
    except Invalid as error:
        return _door(organisation, typed, wrong=error)
    current.house().post.wake()
    return render_template("join.html", organisation=organisation, sent_to=typed.get("email", "").strip(), typed={})


@pages.post("/offices/<int:node_id>/join-address")
def renew(node_id: int) -> ResponseReturnValue:
    """A new address for newcomers; the old one leads nowhere from then on."""
    joining.renew(current.session(), actor=current.actor(), now=current.now(), node_id=node_id)
    flash("This is the new address for newcomers. The old one leads nowhere any more.")
    return redirect(url_for("people.of_office", node_id=node_id, _anchor="newcomers"))


def _door(organisation: Organisation, typed: Mapping[str, str], wrong: Invalid | None = None) -> ResponseReturnValue:
    shown = render_template("join.html", organisation=organisation, typed=typed, wrong=wrong, sent_to="")
    return make_response(shown, 422 if wrong else 200)


def _shown(typed: Mapping[str, str], *, wrong: LeafletsError | None = None, about: str = "") -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    asked = access_requests.of_asker(session, actor=actor)
    waiting = answering.waiting_for(session, actor=actor)
    entries, is_asking = _entries(typed.get("join", "")), about in ("", "find", "ask")
    shown = render_template(
        "access.html",
        waiting=waiting,
        asked=asked,
        answerers={each.id: answering.answerers(session, each) for each in asked if each.state == "open"},
        name_of_asked=answering.name_of_asked,
        what=what,
        picker=place_picker.picker(entries, typed, url_for("asking.places", join=typed.get("join") or None)),
        is_open=bool(entries),
        is_first=bool(entries) and not waiting and not asked and is_asking,
        roles=access_requests.ASKABLE,
        may=say_abilities,
        gist=gist,
        invited=_invited(typed.get("join", "")),
        typed=typed,
        wrong=wrong,
        about=about,
    )
    return make_response(shown, 422 if wrong else 200)


def _entries(code: str) -> list[Entry]:
    """The places that whoever asks may choose from."""
    session = current.session()
    return askable_places(session, _organisations(session, current.actor(), code))


def _organisations(session: Session, actor: Person, code: str) -> set[int]:
    """Those that are open to somebody already, and the one whose address they came by."""
    invited = _organisation_of(code)
    return access_requests.organisations_open(session, actor=actor) | ({invited} if invited else set())


def _organisation_of(code: str) -> int | None:
    invited = _invited(code)
    return invited.id if invited else None


def _invited(code: str) -> Organisation | None:
    """The organisation of a code; of one that leads nowhere any more, none: what they may ask elsewhere stays."""
    try:
        return joining.organisation_of(current.session(), code)
    except NotFound:
        return None


def _role_of(typed: Mapping[str, str]) -> Role:
    try:
        role = Role(typed.get("role", ""))
    except ValueError:
        role = Role.PRINTER
    if role not in access_requests.ASKABLE:
        raise Invalid("It does not say yet what you want to do.", "Choose one of the roles.", code="role")
    return role


def _place_of(typed: Mapping[str, str], entries: Sequence[Entry]) -> dict[str, int]:
    """The arguments that name the place: of what is written, or of `campaign-3` or `node-7` alone.

    Raises `Invalid` where nothing or not one place alone is named.
    """
    key, written = typed.get("place", ""), typed.get("where", "")
    if written.strip() or not key:
        key = gazetteer.settle(entries, typed=written, key=key).key
    kind, _, number = key.partition("-")
    place_id = id_of(number)
    if kind not in ("campaign", "node") or place_id is None:
        raise Invalid("It does not say yet where.", "Choose the campaign or the place.", code="place")
    return {f"{kind}_id": place_id}
