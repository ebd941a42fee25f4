"""Through an organisation's own provider: which one an address has, the way there, and the way back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import LeafletsError, Refused
from leaflets.domain.signing_in import Way
from leaflets.services.signing_in import openid, providers, vouched
from leaflets.storage.signing_in import IdentityProvider
from leaflets.web import current, limits, rescue
from leaflets.web.signing_in import doorway, signin

pages = Blueprint("openid", __name__)

_ASKED = "openid"
MOST_ASKED = 3
"""Ways there that a browser may be on at once, in as many tabs; the oldest is forgotten."""

LASTS_S = 15 * 60


@pages.get("/sign-in/ways")
@limits.limiter.limit(limits.PASSKEY)
def ways() -> ResponseReturnValue:
    """The providers for the domain of an address, whoever has that address or nobody: `{ways: [{name, path}]}`."""
    return jsonify(ways=signin.ways_of(request.args.get("email", ""), rescue.own_path(request.args.get("next"))))


@pages.get("/sign-in/with/<int:provider_id>")
@limits.limiter.limit(limits.PASSKEY)
def start(provider_id: int) -> ResponseReturnValue:
    """Off to the provider."""
    next_path = rescue.own_path(request.args.get("next"))
    provider = providers.open_one(current.session(), provider_id)
    if provider is None:
        return _no_provider(next_path)
    try:
        question = openid.ask(provider, back=_back(), safe=_safe())
    except LeafletsError as error:
        return signin.sign_in_page(next_path=next_path, problem=str(error), status=503)
    asked = {
        "state": question.state,
        "nonce": question.nonce,
        "verifier": question.verifier,
        "provider": provider.id,
        "next": next_path[:400],
        "at": int(current.now().timestamp()),
    }
    session[_ASKED] = [*_asked(), asked][-MOST_ASKED:]
    return redirect(question.address)


@pages.get("/sign-in/back")
def back() -> ResponseReturnValue:
    """Back from the provider: it is asked what it says, and whoever it may sign in is signed in."""
    state = request.args.get("state", "")
    asked = next((each for each in _asked() if each["state"] == state), None)
    session[_ASKED] = [each for each in _asked() if each["state"] != state]  # each is answered once
    next_path = rescue.own_path(asked["next"] if asked else None)
    try:
        provider = _provider_of(asked)
        said = openid.answer(
            provider,
            seal=current.house().seal,
            now=current.now(),
            back=_back(),
            safe=_safe(),
            code=_code(provider),
            nonce=asked["nonce"] if asked else "",
            verifier=asked["verifier"] if asked else "",
        )
        person = vouched.person_of(current.session(), now=current.now(), provider=provider, said=said)
        doorway.let_in(person.id, Way.PROVIDER, organisation_id=provider.organisation_id)
    except LeafletsError as error:
        limits.failed("openid", limits.SIGN_IN)
        return signin.sign_in_page(next_path=next_path, problem=str(error), status=422)
    return redirect(next_path)


def _asked() -> list[dict[str, Any]]:
    """What this browser was sent to providers with, and may still bring an answer to."""
    since = current.now().timestamp() - LASTS_S
    return [each for each in session.get(_ASKED, []) if each["at"] > since]


def _provider_of(asked: dict[str, Any] | None) -> IdentityProvider:
    provider = providers.open_one(current.session(), asked["provider"]) if asked else None
    if provider is None:
        raise Refused(
            "That sign-in was not begun in this browser, or too long ago.", "Start again.", code="openid-state"
        )
    return provider


def _code(provider: IdentityProvider) -> str:
    """What the provider sent along (RFC 6749 section 4.1.2); where it says no, that is passed on."""
    if request.args.get("error"):
        raise Refused(
            f"{provider.name} did not sign you in.", "Try again there, or sign in with a link by e-mail.", code="openid"
        )
    issuer = request.args.get("iss", provider.issuer).rstrip("/")  # RFC 9207: who answers, where it says so
    if issuer != provider.issuer:
        raise Refused("That answer is another provider’s.", "Start again.", code="openid-issuer")
    return request.args.get("code", "")


def _no_provider(next_path: str) -> ResponseReturnValue:
    said = Refused("Nobody signs in that way any more.", "Sign in with a link by e-mail.")
    return signin.sign_in_page(next_path=next_path, problem=str(said), status=422)


def _back() -> str:
    return f"{current.house().config.base_url}{url_for('openid.back')}"


def _safe() -> bool:
    """Whether only https will do: everywhere but on a machine that is reached by http itself."""
    return current.house().config.base_url.startswith("https:")
