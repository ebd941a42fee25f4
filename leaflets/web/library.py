"""The library: what there is to choose from, one template in full, and the start of a leaflet."""

from __future__ import annotations

from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask.typing import ResponseReturnValue

from leaflets.domain.organisation import gazetteer
from leaflets.domain.permissions import Action
from leaflets.domain.template import Kit, Template
from leaflets.services import leaflets
from leaflets.services.organisation import campaigns, settings
from leaflets.services.press import proofs
from leaflets.storage.people import Campaign
from leaflets.web import current, place_picker
from leaflets.web.campaign_choice import campaign_of, entries
from leaflets.web.images import Image
from leaflets.web.panels import zones_by_panel
from leaflets.web.typed_id import id_of

pages = Blueprint("library", __name__, url_prefix="/library")

THUMBNAIL = "thumbnail.webp"
PX_PER_MM = 4


def thumbnail(template: Template) -> Image:
    """The template as a reader first meets it: its first panel."""
    cover = template.format.panels[0]
    return _image(template, THUMBNAIL, cover.width_mm, cover.height_mm)


def sides(template: Template, kit: Kit) -> list[Image]:
    """Each side of the sheet in a kit's colours; the thumbnail for a kit that came after they were drawn."""
    format_ = template.format
    drawn = [(side, f"sides/{kit.key}-{side}.webp") for side in range(1, format_.sides + 1)]
    shown = [
        _image(template, file, format_.width_mm, format_.height_mm, f"{template.title}, side {side}, {kit.party}")
        for side, file in drawn
        if (template.folder / file).is_file()
    ]
    return shown or [replace(thumbnail(template), alt=f"{template.title}, the cover")]


def _image(template: Template, file: str, width_mm: float, height_mm: float, alt: str = "") -> Image:
    src = url_for("library.picture", name=template.name, version=template.version, file=file)
    return Image(src, round(width_mm * PX_PER_MM), round(height_mm * PX_PER_MM), alt)


@pages.get("")
def page() -> ResponseReturnValue:
    """Every template, newest versions only."""
    cards = [{"template": one, "picture": thumbnail(one)} for one in current.house().library.templates]
    return render_template("library.html", cards=cards)


@pages.get("/<name>/<version>")
def template(name: str, version: str) -> ResponseReturnValue:
    """One template: its sides, its zones, and in which kit and campaign to start."""
    library = current.house().library
    shown = library.template(f"{name}@{version}")
    mine = startable()
    kits = list({kit.key: kit for campaign in mine for kit in kits_of(campaign)}.values()) or library.kits
    choice = campaign_of(mine, request.args) if mine else None
    first = [choice.campaign] if choice else []
    kit = library.kit(_kit_key(first + mine, request.args.get("kit", ""), [each.key for each in kits]))
    shown_page = render_template(
        "template.html",
        template=shown,
        kit=kit,
        kits=kits,
        campaigns=mine,
        choice=choice,
        sides=sides(shown, kit),
        panels=zones_by_panel(shown),
    )
    return make_response(shown_page, 422 if choice and choice.wrong else 200)


@pages.get("/campaigns")
def campaigns_found() -> ResponseReturnValue:
    """Somebody's own campaigns that fit a few letters, for the script of a field."""
    mine = startable()
    return place_picker.answer(gazetteer.look_up(entries(mine), request.args.get("q", "")))


def startable() -> list[Campaign]:
    """The campaigns in which whoever asks may start a leaflet."""
    return campaigns.campaigns_for(current.session(), actor=current.actor(), action=Action.START_LEAFLET)


def kits_of(campaign: Campaign) -> list[Kit]:
    """The brand kits that a campaign's new leaflets may use."""
    kits = current.house().library.kits
    allowed = settings.kits_of(current.session(), campaign)
    return [kit for kit in kits if allowed is None or kit.key in allowed] or list(kits)


def _kit_key(mine: list[Campaign], asked: str, keys: list[str]) -> str:
    wished = [asked, *(campaign.kit for campaign in mine)]
    return next((key for key in wished if key in keys), keys[0])


@pages.get("/<name>/<version>/<path:file>")
def picture(name: str, version: str, file: str) -> ResponseReturnValue:
    """A picture of a template, for the door of the site too; nothing else of its folder is served."""
    shown = current.house().library.template(f"{name}@{version}")
    if file != THUMBNAIL and not file.startswith("sides/"):
        abort(404)
    answer = send_from_directory(shown.folder, file, mimetype="image/webp")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@pages.post("/<name>/<version>/start")
def start(name: str, version: str) -> ResponseReturnValue:
    """A new leaflet from this template."""
    library = current.house().library
    chosen, kit = library.template(f"{name}@{version}"), library.kit(request.form.get("kit", ""))
    started = leaflets.start_leaflet(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        campaign_id=id_of(request.form.get("campaign", "")) or 0,
        template=chosen,
        kit=kit,
        title=request.form.get("title", ""),
    )
    proofs.ask(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        tickets=current.house().tickets,
        leaflet_id=started.id,
    )
    flash("Your leaflet is started. Every place has words already: change what you like.")
    return redirect(url_for("studio.page", leaflet_id=started.id))
