"""The way in and out."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from leaflets.domain.errors import LeafletsError
from leaflets.services import access, campaigns, people, tree
from leaflets.services import sign_in as signing_in
from leaflets.storage.people import Campaign, Person
from leaflets.web import current, library, rescue
from leaflets.web.limits import SIGN_IN, limiter

pages = Blueprint("signin", __name__)

MOST_COVERS = 3


def sign_in_page(
    *, next_path: str, fields: Iterable[tuple[str, str]] = (), problem: str = "", code: str = "", status: int = 200
) -> ResponseReturnValue:
    """The sign-in page. `fields` are the words of a form that came without a sign-in: it shows and carries them."""
    page = render_template(
        "sign-in.html",
        next_path=next_path,
        fields=[(f"{rescue.HELD}{name}", value) for name, value in fields],
        covers=[library.thumbnail(template) for template in current.house().library.templates[:MOST_COVERS]],
        demo_people=_demo_people(),
        problem=problem,
        code=code,
    )
    return make_response(page, status)


def _demo_people() -> dict[str, list[tuple[Person, list[str]]]]:
    """Everybody with what they are, by the campaign they belong to, offices last; in demo mode only."""
    groups: dict[str, list[tuple[Person, list[str]]]] = {}
    offices: list[tuple[Person, list[str]]] = []
    for person in people.people(current.session()) if current.house().config.demo else ():
        boards = tree.boards_of(current.session(), actor=person)
        mine = campaigns.campaigns_of(current.session(), actor=person)
        standings = [f"in the office of {node.name}" for node in boards]
        standings += [_role_in(campaign, person, among=mine) for campaign in mine]
        (offices if boards or not mine else groups.setdefault(mine[0].name, [])).append((person, standings))
    return {**groups, "Offices and others": offices} if offices else groups


def _role_in(campaign: Campaign, person: Person, *, among: list[Campaign]) -> str:
    """What somebody is to a campaign; its name only where another one stands above it on the page."""
    roles = ", ".join(sorted(access.roles_in(current.session(), person, campaign.id)))
    return roles if len(among) == 1 else f"{roles} of {campaign.name}"


def ask_to_sign_in() -> ResponseReturnValue:
    """Answer a request that needs somebody: with what was typed when it was a form, else with the way in."""
    fields = rescue.typed()
    if fields:
        return sign_in_page(next_path=request.path, fields=fields, status=401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signin.page", next=back))


@pages.get("/sign-in")
def page() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in already goes where they were going."""
    next_path = rescue.own_path(request.args.get("next"))
    if current.somebody():
        return redirect(next_path)
    return sign_in_page(next_path=next_path, code=request.args.get("code", ""))


@pages.post("/sign-in")
@limiter.limit(SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """By a link that works once, or its code. The link only fills in the form: a mail scanner must not use it up."""
    code = request.form.get("code", "").strip()
    try:
        person = signing_in.use_code(current.session(), now=current.now(), typed=code)
    except LeafletsError as error:
        next_path = rescue.own_path(request.form.get("next"))
        return sign_in_page(next_path=next_path, fields=rescue.held(), problem=str(error), code=code, status=422)
    return _let_in(person)


@pages.post("/sign-in/demo")
@limiter.limit(SIGN_IN)
def sign_in_demo() -> ResponseReturnValue:
    """As one of the invented people; outside demo mode there is no such page."""
    if not current.house().config.demo:
        abort(404)
    chosen = request.form.get("person", "")
    person = people.person(current.session(), int(chosen)) if chosen.isdecimal() else None
    return _let_in(person) if person else redirect(url_for("signin.page"))


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session in this browser."""
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("signin.page"))


def _let_in(person: Person) -> ResponseReturnValue:
    session.clear()
    session.permanent = True
    login_user(current.SignedIn(person))
    to, fields = rescue.own_path(request.form.get("next")), rescue.held()
    if fields:
        return rescue.send_again(fields, to, why="You are signed in again.")
    return redirect(to)
