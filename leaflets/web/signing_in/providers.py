"""How the people of an organisation sign in: its own provider."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid
from leaflets.services.organisation import places_below, settings
from leaflets.services.signing_in import domain_keepers, providers
from leaflets.web import current, limits, navigation

pages = Blueprint("providers", __name__)


@pages.get("/offices/<int:node_id>/sign-in")
def page(node_id: int) -> ResponseReturnValue:
    """What holds here."""
    return _page(node_id)


@pages.post("/offices/<int:node_id>/sign-in")
def keep(node_id: int) -> ResponseReturnValue:
    """Add a provider; a form that is refused comes back as it was typed, but for the secret."""
    form = {name: request.form.get(name, "") for name in ("name", "issuer", "client_id", "domains")}
    try:
        added = providers.keep(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            node_id=node_id,
            seal=current.house().seal,
            safe=current.house().config.base_url.startswith("https:"),
            client_secret=request.form.get("client_secret", ""),
            **form,
        )
    except (Invalid, Conflict) as error:
        return _page(node_id, form=form, problem=str(error), status=422)
    asked = ", ".join(f"{domain_keepers.POSTMASTER}@{domain}" for domain in added.asked_domains)
    flash(f"{added.name} is kept. A letter went to {asked}: once they agree, people there may sign in with it.")
    return redirect(url_for("providers.page", node_id=node_id))


@pages.post("/offices/<int:node_id>/sign-in/<int:provider_id>/close")
def close(node_id: int, provider_id: int) -> ResponseReturnValue:
    """Let nobody in through a provider any more."""
    providers.close(
        current.session(), actor=current.actor(), now=current.now(), node_id=node_id, provider_id=provider_id
    )
    flash("Nobody signs in that way any more, and whoever had is signed out. They sign in with a link by e-mail.")
    return redirect(url_for("providers.page", node_id=node_id))


@pages.route("/sign-in/domain", methods=["GET", "POST"])
@limits.limiter.limit(limits.PASSKEY)
def domain() -> ResponseReturnValue:
    """What the keeper of a domain is asked in a letter, and their yes."""
    read, session, seal = request.args.get, current.session(), current.house().seal
    sent = domain_keepers.Sent(read("provider", 0, type=int), read("domain", ""), read("mark", ""))
    if request.method == "POST":
        domain_keepers.agree(session, now=current.now(), sent=sent, seal=seal)
        return redirect(request.full_path)
    return render_template("sign-in-domain.html", asked=domain_keepers.asked(session, sent=sent, seal=seal))


def _page(
    node_id: int, *, form: Mapping[str, str] | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    node, kept = providers.of_node(current.session(), actor=current.actor(), node_id=node_id)
    way, open_to = places_below.way(current.session(), actor=current.actor(), node=node)
    page = render_template(
        "providers.html",
        node=node,
        way=way,
        open_to=open_to,
        tabs=navigation.office_ways(current.session(), current.actor(), node),
        providers=kept,
        is_root=node.parent_id is None,
        form=form or {},
        problem=problem,
        back=f"{current.house().config.base_url}{url_for('openid.back')}",
        second_step=settings.of(current.session(), node, "second-step"),
    )
    return make_response(page, status)
