"""The second step: asked for before a decision, once in each browser; set up, and removed, on somebody’s own page."""

from __future__ import annotations

import segno
from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from leaflets.domain.errors import LeafletsError, Refused
from leaflets.services.signing_in import authenticator, passkeys, second_step, signed_in
from leaflets.services.signing_in.second_step import Asks
from leaflets.storage.signing_in import SignInSession
from leaflets.web import current, limits, rescue
from leaflets.web.refusals import wants_json
from leaflets.web.signing_in.sent import sent_passkey

pages = Blueprint("second_step", __name__)

QR_SCALE = 5


def asked() -> ResponseReturnValue | None:
    """The page that asks for it, where it has to be shown first; the words of a form that was sent come along."""
    here = current.sign_in()
    if here is None or second_step.asks(current.session(), sign_in=here) is Asks.NOTHING:
        return None
    if wants_json() or request.headers.get("HX-Request"):
        raise Refused(
            "Before you decide, show your second step.",
            "Open “Your account”, show it there, and do this once more.",
            code="second-step",
        )
    fields = rescue.typed()
    if fields:
        return step_page(next_path=request.path, fields=fields, status=403)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("second_step.page", next=back))


def own_key() -> None:
    """Pass for whoever may change how they sign in. Raises `Refused` where an organisation vouched for them.

    What an organisation says of somebody must not make keys that open another's door later.
    """
    if _here().organisation_id is not None:
        raise Refused(
            "Your organisation signed you in, so keys of your own cannot be changed here.",
            "Sign out, and sign in with a link by e-mail: that shows that the address is yours.",
        )


def step_page(
    *, next_path: str, fields: list[tuple[str, str]] | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    """The page that asks; `fields` are the words of a form that came before it was shown."""
    page = render_template(
        "second-step.html",
        next_path=next_path,
        fields=[(f"{rescue.HELD}{name}", value) for name, value in fields or ()],
        problem=problem,
        has_digits=authenticator.of(current.session(), current.actor().id) is not None,
        has_passkeys=bool(passkeys.of(current.session(), actor=current.actor())),
        takes_passkeys=current.house().door.takes_passkeys,
    )
    return make_response(page, status)


@pages.get("/sign-in/second-step")
def page() -> ResponseReturnValue:
    """Ask for it; whoever has shown it goes on."""
    next_path = rescue.own_path(request.args.get("next"))
    return redirect(next_path) if _here().strong_at else step_page(next_path=next_path)


@pages.post("/sign-in/second-step")
def show() -> ResponseReturnValue:
    """Show it by digits or by a recovery code."""
    next_path, fields = rescue.own_path(request.form.get("next")), rescue.held()
    if not _here().strong_at:
        if not limits.has_tries("second step", limits.SECOND_STEP):
            limits.too_many()
        try:
            authenticator.check(
                current.session(),
                actor=current.actor(),
                now=current.now(),
                seal=current.house().seal,
                typed=request.form.get("code", ""),
            )
        except LeafletsError as error:
            limits.failed("second step", limits.SECOND_STEP)
            return step_page(next_path=next_path, fields=fields, problem=str(error), status=422)
        _strengthen()
    return rescue.send_again(fields, next_path, why="Thank you.") if fields else redirect(next_path)


@pages.post("/sign-in/second-step/passkey")
def show_passkey() -> ResponseReturnValue:
    """Show it by a passkey that asks who holds it."""
    shown = passkeys.show(
        current.session(),
        now=current.now(),
        door=current.house().door,
        credential=sent_passkey().credential,
        person=current.actor(),
    )
    if not shown.strong:
        raise Refused(
            "That passkey did not ask who you are.", "Give it a PIN, or use one that asks for a finger or a face."
        )
    _strengthen()
    return jsonify(shown=True)


@pages.get("/account/second-step")
def set_up() -> ResponseReturnValue:
    """A QR code to put into a telephone, and a field for the first digits."""
    own_key()
    return _set_up_page()


@pages.post("/account/second-step")
def confirm() -> ResponseReturnValue:
    """Turn it on by the first digits, and show the recovery codes, this once."""
    own_key()
    try:
        codes = authenticator.confirm(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            seal=current.house().seal,
            typed=request.form.get("code", ""),
        )
    except Refused as error:
        limits.failed("first digits", limits.SECOND_STEP)
        return _set_up_page(problem=str(error), status=422)
    _strengthen()
    return _codes_page(codes)


@pages.post("/account/second-step/codes")
def new_codes() -> ResponseReturnValue:
    """Fresh recovery codes, shown this once."""
    own_key()
    if answer := asked():
        return answer
    return _codes_page(
        authenticator.new_codes(current.session(), actor=current.actor(), now=current.now(), seal=current.house().seal)
    )


@pages.post("/account/second-step/remove")
def remove() -> ResponseReturnValue:
    """Ask for no digits any more."""
    own_key()
    if answer := asked():
        return answer
    authenticator.remove(current.session(), actor=current.actor(), now=current.now())
    flash("Nobody asks you for six digits any more.")
    return redirect(url_for("account.page"))


def _set_up_page(*, problem: str = "", status: int = 200) -> ResponseReturnValue:
    site = current.house().door.host
    offer = authenticator.offer(
        current.session(), actor=current.actor(), now=current.now(), seal=current.house().seal, site=f"Leaflets {site}"
    )
    picture = segno.make(offer.address, error="m", micro=False).svg_inline(scale=QR_SCALE, border=2, omitsize=True)
    page = render_template(
        "second-step-set-up.html",
        picture=Markup(picture),  # ours: drawn from an address that we made
        secret=" ".join(offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4)),
        problem=problem,
    )
    return make_response(page, status)


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    page = make_response(render_template("recovery-codes.html", codes=codes))
    page.headers["Cache-Control"] = "no-store"
    return page


def _here() -> SignInSession:
    here = current.sign_in()
    if here is None:
        abort(401)
    return here


def _strengthen() -> None:
    signed_in.strengthen(current.session(), actor=current.actor(), now=current.now(), sign_in_id=_here().id)
