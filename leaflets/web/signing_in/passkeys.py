"""Passkeys: signing in with one, and making and removing them on somebody's own page. A script does the asking."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Refused
from leaflets.domain.signing_in import Way
from leaflets.services.signing_in import passkeys
from leaflets.web import current, limits
from leaflets.web.signing_in import doorway, second_step
from leaflets.web.signing_in.sent import sent_passkey

pages = Blueprint("passkeys", __name__)


@pages.post("/sign-in/passkey/ask")
@limits.limiter.limit(limits.PASSKEY)
def ask() -> ResponseReturnValue:
    """What a browser needs to show a passkey of this site."""
    return jsonify(passkeys.ask(now=current.now(), door=current.house().door))


@pages.post("/sign-in/passkey")
def sign_in() -> ResponseReturnValue:
    """Sign in with a passkey; whoever shows a right one is let in, however often others failed."""
    try:
        shown = passkeys.show(
            current.session(),
            now=current.now(),
            door=current.house().door,
            credential=sent_passkey().credential,
        )
    except Refused:
        limits.failed("passkey", limits.SIGN_IN)
        raise
    return doorway.on_they_go(doorway.let_in(shown.passkey.person_id, Way.PASSKEY, strong=shown.strong))


@pages.post("/account/passkeys/ask")
def offer() -> ResponseReturnValue:
    """What a browser needs to make a passkey for whoever is signed in."""
    second_step.own_key()
    if answer := second_step.asked():
        return answer
    return jsonify(
        passkeys.offer(current.session(), actor=current.actor(), now=current.now(), door=current.house().door)
    )


@pages.post("/account/passkeys")
def keep() -> ResponseReturnValue:
    """Keep the one that the browser has made."""
    second_step.own_key()
    sent = sent_passkey()
    passkeys.keep(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        door=current.house().door,
        credential=sent.credential,
        name=sent.name or current.device()["device"],
    )
    flash("From now on this passkey signs you in.")
    return jsonify(kept=True)


@pages.post("/account/passkeys/<int:passkey_id>/remove")
def remove(passkey_id: int) -> ResponseReturnValue:
    """Take one away."""
    second_step.own_key()
    if answer := second_step.asked():
        return answer
    gone = passkeys.remove(current.session(), actor=current.actor(), now=current.now(), passkey_id=passkey_id)
    flash(f"The passkey “{gone.name}” lets nobody in any more.")
    return redirect(url_for("account.page", _anchor="passkeys"))
