"""Who can do what: in a campaign, at an office, and all that one person holds. Roles are given and ended here."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.organisation.abilities import gist, say_abilities
from leaflets.domain.permissions import TEAM, Action, Role, may
from leaflets.services import access
from leaflets.services.organisation import houses_known
from leaflets.services.organisation.tree import way_down
from leaflets.services.roles import appointments, giving, grants, holdings, joining, people_below
from leaflets.services.roles.holdings import Roll
from leaflets.services.roles.joining import Invitation
from leaflets.services.signing_in import signed_in
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node
from leaflets.web import current, navigation, rescue
from leaflets.web.limits import BRING_IN, limiter
from leaflets.web.typed_day import day_of
from leaflets.web.typed_id import id_of

pages = Blueprint("people", __name__)


@pages.get("/campaigns/<int:campaign_id>/people")
def of_campaign(campaign_id: int) -> ResponseReturnValue:
    """Who can do what in one campaign, in words."""
    return _shown(_roll(campaign_id=campaign_id))


@pages.post("/campaigns/<int:campaign_id>/people")
@limiter.limit(BRING_IN)
def give_in_campaign(campaign_id: int) -> ResponseReturnValue:
    """Bring somebody in."""
    return _bring_in(campaign_id=campaign_id)


@pages.get("/offices/<int:node_id>/people")
def of_office(node_id: int) -> ResponseReturnValue:
    """Who can do what at one office, and so in all below it; the address may choose a role and a printing house."""
    return _shown(_roll(node_id=node_id), typed=request.args)


@pages.post("/offices/<int:node_id>/people")
@limiter.limit(BRING_IN)
def give_at_office(node_id: int) -> ResponseReturnValue:
    """Bring somebody in."""
    return _bring_in(node_id=node_id)


@pages.post("/grants/<int:grant_id>/end")
def end(grant_id: int) -> ResponseReturnValue:
    """End a role, with a reason."""
    try:
        grant = appointments.end(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            grant_id=grant_id,
            because=request.form.get("because", ""),
        )
    except (Invalid, Conflict) as error:
        return _again(grant_id, error)
    flash(f"{grant.holder} is no longer {appointments.said(grant, current.now())}.")
    return redirect(_back(grant))


@pages.post("/grants/<int:grant_id>/until")
def change_end(grant_id: int) -> ResponseReturnValue:
    """Change the last day of a role; an empty one takes it away."""
    try:
        grant = appointments.change_end(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            grant_id=grant_id,
            ends_on=day_of(request.form.get("until", ""), code="until"),
        )
    except (Invalid, Conflict) as error:
        return _again(grant_id, error)
    flash(f"{grant.holder} is {appointments.said(grant, current.now())}{'' if grant.ends_at else ', with no end'}.")
    return redirect(_back(grant))


@pages.get("/people/<int:person_id>")
def page(person_id: int) -> ResponseReturnValue:
    """What one person holds and who gave it, as far as whoever looks may see it."""
    held = holdings.of_person(current.session(), actor=current.actor(), person_id=person_id)
    keeps = signed_in.keeps(current.session(), current.actor(), person_id)
    by_role = [(role, found) for role in Role if (found := [each for each in held.holdings if each.grant.role is role])]
    return render_template("person.html", held=held, by_role=by_role, keeps_sign_in=keeps, **_words())


def _roll(*, campaign_id: int | None = None, node_id: int | None = None) -> Roll:
    session, actor = current.session(), current.actor()
    if campaign_id is not None:
        return holdings.roll_of_campaign(session, actor=actor, campaign_id=campaign_id)
    return holdings.roll_of_office(session, actor=actor, node_id=node_id or 0)


def _shown(
    roll: Roll,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Invalid | Conflict | None = None,
    about: int | None = None,
) -> ResponseReturnValue:
    """The page of a place; with what was typed and why it could not be taken, `about` one grant or the newcomer."""
    session, actor, seat = current.session(), current.actor(), roll.seat
    invitation = joining.invitation(session, actor=actor, seat=seat)
    shown = render_template(
        "people.html",
        roll=roll,
        seat=seat,
        gives=sorted(roll.gives, key=TEAM.__contains__) if seat.node else roll.gives,
        mail_goes_out=current.house().post.goes_out,
        own=[holder for holder in roll.holders if holder.is_of_here],
        above=[holder for holder in roll.holders if not holder.is_of_here],
        below=people_below.below(session, actor=actor, node=seat.node) if seat.node else [],
        printers=houses_known.around(session, seat.node) if seat.node and Role.PRINTER in roll.gives else [],
        invitation=invitation,
        address=_address(invitation),
        **(_among_its_pages(seat.node) if seat.node else _among_those_of(seat.campaign)),
        typed=typed or {},
        wrong=wrong,
        about=about,
        **_words(),
    )
    return make_response(shown, 422 if wrong else 200)


def _place_of(campaign: Campaign) -> Node | None:
    """Where a campaign stands, for whoever may open the page of that place: their way back."""
    node = campaign.node
    if node is None:
        return None
    held = access.granted_at(current.session(), current.actor(), node)
    return node if may(Action.SEE_PLACES, held) else None


def _among_those_of(campaign: Campaign | None) -> dict[str, object]:
    """What the head of a page of a campaign needs; where it stands is its way back."""
    if campaign is None:
        return {}
    tabs = navigation.campaign_ways(current.session(), current.actor(), campaign.id)
    return {"place": _place_of(campaign), "tabs": tabs}


def _among_its_pages(node: Node) -> dict[str, object]:
    """What the head of every page of an office needs."""
    session, actor = current.session(), current.actor()
    way = way_down(session, node)
    return {
        "way": way,
        "open_to": {each.id for each in way if may(Action.SEE_PLACES, access.granted_at(session, actor, each))},
        "tabs": navigation.office_ways(session, actor, node),
    }


def _address(invitation: Invitation | None) -> str:
    """The whole address for newcomers, to be shared; empty where there is none."""
    if invitation is None or not invitation.code:
        return ""
    return current.house().config.base_url.rstrip("/") + url_for("asking.door", join_code=invitation.code)


def _words() -> dict[str, object]:
    return {
        "may": say_abilities,
        "gist": gist,
        "all_roles": tuple(Role),
        "last_day": grants.last_day,
        "where": appointments.where,
        "over_at": holdings.over_at,
    }


def _bring_in(*, campaign_id: int | None = None, node_id: int | None = None) -> ResponseReturnValue:
    typed = request.form
    giving.seat_to_give(current.session(), current.actor(), node_id=node_id, campaign_id=campaign_id)
    try:
        grant = appointments.bring_in(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            campaign_id=campaign_id,
            node_id=node_id,
            email=typed.get("email", ""),
            name=typed.get("name", ""),
            role=_role_of(typed),
            reason=typed.get("reason", ""),
            ends_on=day_of(typed.get("until", ""), code="until"),
            printer_id=_printer_of(typed),
        )
    except (Invalid, Conflict) as error:
        return _shown(_roll(campaign_id=campaign_id, node_id=node_id), typed=typed, wrong=error)
    current.house().post.wake()
    said = appointments.said(grant, current.now())
    flash(f"{grant.holder} is {said}. {_way_in(grant)}")
    return redirect(appointments.where(grant).path)


def _way_in(grant: Grant) -> str:
    """How somebody who was brought in comes to sign in: a promise of a mail is kept only where one goes out."""
    if current.house().post.goes_out:
        return f"A way in is on its way to {grant.person.email}."
    return "This site sends no e-mail: ask whoever runs it for a link to give them."


def _role_of(typed: Mapping[str, str]) -> Role:
    try:
        return Role(typed.get("role", ""))
    except ValueError:
        raise Invalid("No role is chosen.", "Choose what they are to do.", code="role") from None


def _printer_of(typed: Mapping[str, str]) -> int | None:
    """The printing house, which only a printer's role has."""
    return id_of(typed.get("printer", "")) if typed.get("role") == Role.PRINTER else None


def _again(grant_id: int, error: Invalid | Conflict) -> ResponseReturnValue:
    """The page of the place where that role is held, with the form as it was sent."""
    grant = grants.changeable(current.session(), current.actor(), grant_id, own=True, locked=False)
    roll = _roll(campaign_id=grant.campaign_id, node_id=grant.node_id)
    return _shown(roll, typed=request.form, wrong=error, about=grant_id)


def _back(grant: Grant) -> str:
    """Where the form was; somebody who laid down their own role has no business there any more."""
    if grant.ended_at and grant.person_id == current.actor().id:
        return url_for("people.page", person_id=grant.person_id)
    return rescue.own_path(request.form.get("back") or appointments.where(grant).path)
