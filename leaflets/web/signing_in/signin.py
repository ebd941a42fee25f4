"""The way in and out: as pages, and as JSON for a script whose page must stay where it is.

A script asks `GET /sign-in` for `{csrf, person, demo, mail, passkeys}` (who is signed in, if anybody; in demo mode who
may be chosen; whether letters go out and passkeys are taken), sends `{code}`, `{email}` for a link or, in demo mode,
`{person}`, and is answered `{csrf, person}`, for a link `{asked}`, or why not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel, StringConstraints, ValidationError

from leaflets.domain.errors import Invalid, LeafletsError, Unavailable
from leaflets.domain.permissions import Role
from leaflets.domain.signing_in import Way
from leaflets.services import access
from leaflets.services.organisation import campaigns, tree
from leaflets.services.roles import grants, people
from leaflets.services.signing_in import providers, signed_in
from leaflets.services.signing_in import sign_in as signing_in
from leaflets.storage.people import Campaign, Person
from leaflets.web import current, library, limits, rescue
from leaflets.web.refusals import wants_json
from leaflets.web.signing_in import doorway
from leaflets.web.typed_id import id_of

pages = Blueprint("signin", __name__)

MOST_COVERS = 3
MOST_SAID = 2


class SentSignIn(BaseModel):
    """What a script sends: the code of a link, the address that wants one, or the number of a demo person."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=320)] = ""
    next: Annotated[str, StringConstraints(max_length=400)] = ""
    person: int = 0


def sign_in_page(
    *,
    next_path: str,
    fields: Iterable[tuple[str, str]] = (),
    problem: str = "",
    code: str = "",
    status: int = 200,
    **shown: Any,
) -> ResponseReturnValue:
    """The sign-in page. `fields` are the words of a form that came without a sign-in: it shows and carries them.

    Of what else may be `shown`: `email` that was typed, `asked` when a link is on its way to it, `link` when one was
    opened, `dead` when it is good no more.
    """
    page = render_template(
        "sign-in.html",
        next_path=next_path,
        fields=[(f"{rescue.HELD}{name}", value) for name, value in fields],
        covers=[library.thumbnail(template) for template in current.house().library.templates[:MOST_COVERS]],
        demo_people=_demo_people(),
        problem=problem,
        code=code,
        goes_out=current.house().post.goes_out,
        has_providers=providers.any_open(current.session()),
        takes_passkeys=current.house().door.takes_passkeys,
        **shown,
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
        standings += [
            f"{grant.role.label} of {grant.printer.name if grant.printer else grant.node.name}"
            for grant in grants.held_by(current.session(), person.id)
            if grant.node and grant.role in (Role.ADMINISTRATOR, Role.PRINTER)
        ]
        standings += [_role_in(campaign, person, among=mine) for campaign in mine[:MOST_SAID]]
        standings += [f"and in {len(mine) - MOST_SAID} more campaigns"] if len(mine) > MOST_SAID else []
        (offices if boards or not mine else groups.setdefault(mine[0].name, [])).append(
            (person, standings or ["a newcomer, with no role yet"])
        )
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
    """The sign-in page; whoever is signed in goes where they were going, unless the link is another person's."""
    if wants_json():
        return jsonify(_standing())
    code, person = request.args.get("code", ""), current.somebody()
    link = signing_in.peek(current.session(), now=current.now(), typed=code)
    next_path = rescue.own_path(request.args.get("next") or (link.next_path if link else ""))
    if person and (link is None or link.person_id == person.id):
        return redirect(next_path)
    return sign_in_page(next_path=next_path, code=code, link=link, dead=bool(code) and link is None)


@pages.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """By a link that works once, or its code. The link only fills in the form: a mail scanner must not use it up."""
    code = _sent().code if wants_json() else request.form.get("code", "").strip()
    here = current.somebody()
    if here and not code:  # signed in meanwhile in another tab, and now the words that waited here
        return doorway.on_they_go(here)
    try:
        link = signing_in.use_code(current.session(), now=current.now(), typed=code)
    except LeafletsError as error:
        limits.failed("link", limits.SIGN_IN)
        if wants_json():
            raise Invalid(error.message, error.remedy, code=error.code) from error
        next_path = rescue.own_path(request.form.get("next"))
        return sign_in_page(next_path=next_path, fields=rescue.held(), problem=str(error), code=code, status=422)
    return doorway.on_they_go(doorway.let_in(link.person_id, Way.LINK), led_to=link.next_path)


@pages.post("/sign-in/link")
@limits.limiter.limit(limits.SIGN_IN_LINK)
def ask() -> ResponseReturnValue:
    """Ask for a link by e-mail. The answer is the same, and as quick, whoever has that address or nobody.

    It needs no token: anybody may ask, and what comes of it goes to that address. So a page that stood open overnight,
    or through a sign-out next to it, still sends its letter.
    """
    sent = _sent() if wants_json() else None
    email = sent.email if sent else request.form.get("email", "").strip()
    next_path = rescue.own_path(sent.next if sent else request.form.get("next"))
    shown: dict[str, Any] = {
        "next_path": next_path,
        "fields": rescue.held(),
        "email": email,
        "ways": ways_of(email, next_path),
    }
    if shown["ways"] and not current.house().post.goes_out:
        return sign_in_page(**shown)
    try:
        _ask_for(email, next_path)
    except LeafletsError as error:
        if sent:
            raise
        return sign_in_page(**shown, problem=str(error), status=422)
    return jsonify(asked=True) if sent else sign_in_page(**shown, asked=True)


def ways_of(email: str, next_path: str) -> list[dict[str, str]]:
    """The providers that the domain of an address has, as links: `name`, `path`."""
    return [
        {"name": each.name, "path": url_for("openid.start", provider_id=each.id, next=next_path)}
        for each in providers.for_address(current.session(), email)
    ]


def _ask_for(email: str, next_path: str) -> None:
    if not current.house().post.goes_out:
        raise Unavailable("This site sends no e-mail.", "Ask whoever runs it for a link: it takes them a moment.")
    used = "" if email else request.form.get("code", "").strip()
    if used:
        signing_in.request_another(current.session(), now=current.now(), typed=used)
    else:
        signing_in.request_link(current.session(), now=current.now(), email=email, next_path=next_path)
    current.house().post.wake()


@pages.post("/sign-in/demo")
@limits.limiter.limit(limits.SIGN_IN_DEMO)
def sign_in_demo() -> ResponseReturnValue:
    """As one of the invented people; outside demo mode there is no such page."""
    if not current.house().config.demo:
        abort(404)
    chosen = str(_sent().person) if wants_json() else request.form.get("person", "")
    person = people.person(current.session(), id_of(chosen) or 0)
    if person is None and wants_json():
        raise Invalid("There is no such person in this demonstration.", "Choose another.", code="sign-in")
    return doorway.on_they_go(doorway.let_in(person.id, Way.DEMO)) if person else redirect(url_for("signin.page"))


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the sign-in of this browser."""
    here = current.sign_in()
    if here:
        signed_in.end(current.session(), actor=here.person, now=current.now(), sign_in_id=here.id)
    logout_user()
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("signin.page"))


def _sent() -> SentSignIn:
    try:
        return SentSignIn.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise Invalid(
            "That is not a sign-in link.", "Paste the whole link that you were given.", code="sign-in"
        ) from None


def _standing() -> dict[str, Any]:
    """How a script finds the door: whether somebody is signed in, and what a sign-in has to carry."""
    person = current.somebody()
    return {
        "csrf": generate_csrf(),
        "person": doorway.person_json(person) if person else None,
        "mail": current.house().post.goes_out,
        "passkeys": current.house().door.takes_passkeys,
        "demo": [doorway.person_json(someone) for members in _demo_people().values() for someone, _ in members],
    }
