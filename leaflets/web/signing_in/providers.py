"""How the people of an organisation sign in: its own provider."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid
from leaflets.services.organisation import places_below, settings
from leaflets.services.signing_in import providers
from leaflets.web import current, navigation

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
    flash(f"From now on people at {', '.join(added.domains)} may sign in with {added.name}. Try it in another browser.")
    return redirect(url_for("providers.page", node_id=node_id))


@pages.post("/offices/<int:node_id>/sign-in/<int:provider_id>/close")
def close(node_id: int, provider_id: int) -> ResponseReturnValue:
    """Let nobody in through a provider any more."""
    providers.close(
        current.session(), actor=current.actor(), now=current.now(), node_id=node_id, provider_id=provider_id
    )
    flash("Nobody signs in that way any more, and whoever had is signed out. They sign in with a link by e-mail.")
    return redirect(url_for("providers.page", node_id=node_id))


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
