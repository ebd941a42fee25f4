"""The first questions: one short page, a whole leaflet. What is typed stays on the device until it has arrived."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from leaflets.domain.errors import LeafletsError, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.template import Answer, Kit, Template
from leaflets.domain.words.characters import tidy_line
from leaflets.domain.words.first_leaflet import MOST_PROMISES, Answers, Promise, short_area
from leaflets.services import access
from leaflets.services.organisation import campaigns
from leaflets.services.press import proofs
from leaflets.services.studio import first_leaflet
from leaflets.storage.people import Campaign
from leaflets.web import current
from leaflets.web.campaign_choice import CampaignChoice, campaign_of
from leaflets.web.library import kits_of, sides, startable
from leaflets.web.limits import UPLOAD, limiter
from leaflets.web.picture.pictures import picture_limits, take
from leaflets.web.refusals import wants_json
from leaflets.web.typed_id import id_of

pages = Blueprint("first_leaflet", __name__, url_prefix="/first-leaflet")

SUGGESTED = "introduction"
LONGEST_NAME = 200  # what a leaflet's row holds of a name or an area
LONGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page asks for, and what is in its fields: `typed` by their names, `faults` beside them."""

    campaign: Campaign
    template: Template
    kit: Kit
    op_id: str
    typed: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)


@pages.get("")
def page() -> ResponseReturnValue:
    """The questions, with what the campaign already answers."""
    mine = startable()
    if not mine:
        seen = campaigns.campaigns_of(current.session(), actor=current.actor())
        return render_template("first-leaflet.html", asked=None, is_part=bool(seen))
    choice = campaign_of(mine, request.args)
    campaign = choice.campaign
    template, kit = _template(request.args.get("template", "")), _kit(request.args.get("kit", ""), campaign)
    typed = {
        "candidate": campaign.candidate,
        "area": campaign.election_area,
        "area_short": short_area(campaign.election_area),
    }
    shown = _page(Asked(campaign, template, kit, secrets.token_hex(16), typed), mine, choice)
    return make_response(shown, 422 if choice.wrong else 200)


@pages.post("")
@limiter.limit(UPLOAD)
def make() -> ResponseReturnValue:
    """The leaflet; to a script its address as `{url}`, to a form the leaflet itself."""
    mine = startable()
    typed = {name: tidy_line(value) for name, value in request.form.items()}
    asked_for = typed.get("campaign", "")
    campaign_id = id_of(asked_for) or 0
    access.require(current.session(), current.actor(), Action.START_LEAFLET, campaign_id, what="campaign")
    campaign = _campaign(mine, asked_for)
    template, kit = _template(typed.get("template", "")), _kit(typed.get("kit", ""), campaign)
    asked = Asked(campaign, template, kit, typed.get("op_id", ""), typed, _faults(typed))
    if asked.faults:
        return _refused(asked, mine)
    try:
        photo = _photo(campaign)
    except LeafletsError as error:
        faults = {"photo": f"{error.message} {error.remedy}"}
        return _refused(replace(asked, faults=faults), mine)
    made = first_leaflet.make(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        campaign_id=campaign.id,
        template=template,
        kit=kit,
        answers=_answers(typed, photo),
        op_id=asked.op_id,
    )
    proofs.ask(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        tickets=current.house().tickets,
        leaflet_id=made.id,
    )
    url = url_for("studio.page", leaflet_id=made.id)
    return jsonify(url=url) if wants_json() else redirect(url)


def _campaign(mine: Sequence[Campaign], asked: str) -> Campaign:
    """The campaign that was asked for, else the first."""
    return next((campaign for campaign in mine if str(campaign.id) == asked), mine[0])


def _template(ref: str) -> Template:
    """The template that was asked for; else the one that introduces a candidate, or the first there is."""
    library = current.house().library
    if ref:
        return library.template(ref)
    named = [template for template in library.templates if template.name == SUGGESTED] or list(library.templates)
    if not named:
        raise NotFound("The library is empty.", "Ask whoever runs this site to add a template.")
    return named[-1]


def _kit(key: str, campaign: Campaign) -> Kit:
    kits = kits_of(campaign)
    return next((kit for wished in (key, campaign.kit) for kit in kits if kit.key == wished), kits[0])


def _faults(typed: Mapping[str, str]) -> dict[str, str]:
    """What keeps the answers from making a leaflet, by the name of the field."""
    faults = {name: words for name, words in _NEEDED.items() if not typed.get(name)}
    for name, value in typed.items():
        most = LONGEST_NAME if name in ("candidate", "area", "area_short") else LONGEST_ANSWER
        if len(value) > most:
            faults[name] = f"{len(value):,} characters where {most:,} are plenty. Shorten it."
    return faults


_NEEDED = {
    "candidate": "Whose leaflet is it? Write the name as it stands on the ballot paper.",
    "area": "Write the name of the seat or ward.",
    "promise_1": "One promise is enough to begin with. What will you do first?",
}


def _answers(typed: Mapping[str, str], photo: str) -> Answers:
    given = [
        Promise(typed[f"promise_{number}"], typed.get(f"how_{number}", ""))
        for number in range(1, MOST_PROMISES + 1)
        if typed.get(f"promise_{number}")
    ]
    return Answers(
        candidate=typed["candidate"],
        area=typed["area"],
        area_short=typed.get("area_short") or short_area(typed["area"]),
        promises=tuple(given),
        phone=typed.get("phone", ""),
        email=typed.get("email", ""),
        website=typed.get("website", ""),
        photo=photo,
    )


def _photo(campaign: Campaign) -> str:
    """The hash of the photo that came along, kept as any other; empty when there is none."""
    sent: FileStorage | None = request.files.get("photo")
    return take(sent, campaign.id).original_hash if sent and sent.filename else ""


def _refused(asked: Asked, mine: list[Campaign]) -> ResponseReturnValue:
    if wants_json():
        said = {"message": "Something is missing.", "remedy": "Look at what is marked, and send it again."}
        return make_response({**said, "code": "answers", "faults": dict(asked.faults)}, 422)
    return make_response(_page(asked, mine), 422)


def _page(asked: Asked, mine: list[Campaign], choice: CampaignChoice | None = None) -> str:
    library = current.house().library
    return render_template(
        "first-leaflet.html",
        asked=asked,
        campaigns=mine,
        choice=choice or campaign_of(mine, {"campaign": str(asked.campaign.id)}),
        kits=[(kit, sides(asked.template, kit)[0]) for kit in kits_of(asked.campaign)],
        asks={zone.ask for zone in asked.template.zones},
        promise_chars=_promise_chars(asked.template),
        limits=picture_limits(),
        others=[one for one in library.templates if one.ref != asked.template.ref],
        numbers=range(1, MOST_PROMISES + 1),
    )


def _promise_chars(template: Template) -> int:
    """How long a promise may be where the template sets it largest."""
    rows = [zone.fields[0].max_chars for zone in template.zones if zone.ask is Answer.PROMISES]
    return min(rows, default=60)
