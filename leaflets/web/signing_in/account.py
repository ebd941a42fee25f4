"""Somebody's own page: where they are signed in, and how. And the end of somebody's sign-ins, for who keeps them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.signing_in import Way
from leaflets.services.signing_in import authenticator, passkeys, second_step, signed_in
from leaflets.web import current, rescue

pages = Blueprint("account", __name__)


@pages.get("/account")
def page() -> str:
    """Where somebody is signed in, their passkeys, and their second step."""
    session, me, here = current.session(), current.actor(), current.sign_in()
    return render_template(
        "account.html",
        here=here,
        places=signed_in.places(session, actor=me, now=current.now()),
        labels={way.value: way.label for way in Way},
        passkeys=passkeys.of(session, actor=me),
        takes_passkeys=current.house().door.takes_passkeys,
        digits=authenticator.of(session, me.id),
        codes_left=authenticator.codes_left(session, me.id),
        demanded=second_step.demanded(session, person_id=me.id),
        vouched=here is not None and here.organisation_id is not None,
    )


@pages.post("/account/sign-ins/<int:sign_in_id>/end")
def end(sign_in_id: int) -> ResponseReturnValue:
    """End one of them."""
    ended = signed_in.end(current.session(), actor=current.actor(), now=current.now(), sign_in_id=sign_in_id)
    flash(f"{ended.device or 'That browser'} is signed out.")
    return redirect(url_for("account.page"))


@pages.post("/account/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """End all but this one."""
    here = current.sign_in()
    if here:
        signed_in.end_others(current.session(), actor=current.actor(), now=current.now(), kept_id=here.id)
    flash("You are signed out everywhere but here.")
    return redirect(url_for("account.page"))


@pages.post("/people/<int:person_id>/sign-ins/end")
def end_of(person_id: int) -> ResponseReturnValue:
    """End everything that somebody else is signed in to: a lost telephone, a helper who left."""
    ended = signed_in.end_all_of(current.session(), actor=current.actor(), now=current.now(), person_id=person_id)
    flash(f"{ended.name} is signed out everywhere, and has to sign in again.")
    return redirect(rescue.own_path(request.form.get("next")))
