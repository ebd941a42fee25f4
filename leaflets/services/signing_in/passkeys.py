"""Passkeys (W3C Web Authentication Level 3): made on somebody's own page, and shown instead of a link.

What a browser sends is judged by the `webauthn` package; here stand the decisions around it: whose key it is, for
which site, that its challenge was ours and is answered once, and that its counter has not gone back.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from leaflets.domain.errors import Conflict, Invalid, Refused
from leaflets.domain.words.characters import tidy_line
from leaflets.seal import Seal
from leaflets.services import audit
from leaflets.services.signing_in import challenge
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import Passkey

MOST = 20
"""Passkeys of one person: a phone, a computer and a spare are three."""

_MAKE, _SHOW = "make a passkey", "show a passkey"


@dataclass(frozen=True, slots=True)
class Door:
    """For whom passkeys are made: the host and the origin of `base_url`, and the seal of the installation."""

    base_url: str
    seal: Seal

    @property
    def host(self) -> str:
        """The relying party's id."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def origin(self) -> str:
        """What a browser must say that it was at."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def takes_passkeys(self) -> bool:
        """Whether a browser makes passkeys for this site: over https or at localhost, and never for a bare number."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return self.origin.startswith("https:") or self.host.split(".")[-1] == "localhost"
        return False


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that was shown and is good; `strong` when its holder proved to it who they are (a PIN, a finger)."""

    passkey: Passkey
    strong: bool


def of(session: Session, *, actor: Person) -> list[Passkey]:
    """Somebody's passkeys, the oldest first."""
    mine = select(Passkey).where(Passkey.person_id == actor.id, Passkey.removed_at.is_(None))
    return list(session.scalars(mine.order_by(Passkey.id)))


def offer(session: Session, *, actor: Person, now: datetime, door: Door) -> dict[str, Any]:
    """What a browser needs to make a passkey for this person, as JSON. Raises `Invalid` when they have plenty."""
    have = of(session, actor=actor)
    if len(have) >= MOST:
        raise Invalid(f"You have {MOST} passkeys, which is all we keep.", "Remove one that you do not use.")
    options = generate_registration_options(
        rp_id=door.host,
        rp_name="Leaflets",
        user_id=_handle(door, actor.id),
        user_name=actor.email,
        user_display_name=actor.name,
        challenge=challenge.make(door.seal, now=now, purpose=_MAKE, person_id=actor.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(each.credential_id)) for each in have],
    )
    return _as_json(options)


def keep(
    session: Session, *, actor: Person, now: datetime, door: Door, credential: Mapping[str, Any], name: str
) -> Passkey:
    """Keep the passkey that a browser has made. Raises `Refused` for one that is not good, `Conflict`, `Invalid`."""
    answered = _answered(credential)
    _check_origin(credential, door)
    name = tidy_line(name)[:100] or "A passkey"
    with writing(session):
        asked = challenge.use(session, door.seal, now=now, purpose=_MAKE, person_id=actor.id, answered=answered)
        try:
            made = verify_registration_response(
                credential=dict(credential),
                expected_challenge=asked,
                expected_rp_id=door.host,
                expected_origin=door.origin,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise _not_good(error) from error
        credential_id = bytes_to_base64url(made.credential_id)
        if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)):
            raise Conflict("That passkey is known here already.", "Use it as it is, or make another.")
        added = Passkey(
            person_id=actor.id,
            credential_id=credential_id,
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            name=name,
            made_at=now,
        )
        session.add(added)
        session.flush()
        _note(session, actor, now, "passkey made", became=name)
    return added


def ask(*, now: datetime, door: Door) -> dict[str, Any]:
    """What a browser needs to show a passkey of this site, whoever's it is, as JSON."""
    return _as_json(
        generate_authentication_options(
            rp_id=door.host,
            challenge=challenge.make(door.seal, now=now, purpose=_SHOW),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
    )


def show(
    session: Session, *, now: datetime, door: Door, credential: Mapping[str, Any], person: Person | None = None
) -> Shown:
    """The passkey that a browser has shown, where it is good, and is that of `person` where one is named.

    Raises `Refused`, in words, for one from another site, an answer that was given before or too late, a counter
    that went back, a key that is unknown or was removed, or that names another person than ours.
    """
    answered = _answered(credential)
    _check_origin(credential, door)
    try:
        with writing(session):
            asked = challenge.use(session, door.seal, now=now, purpose=_SHOW, answered=answered)
            found = _known(session, door, credential, person)
            shown = _verified(credential, found, asked, door)
            if shown.new_sign_count <= found.sign_count and (found.sign_count or shown.new_sign_count):
                raise _WentBack(found)
            found.sign_count, found.used_at = shown.new_sign_count, now
            strong = shown.user_verified
    except _WentBack as copied:
        with writing(session):
            owner = session.get_one(Person, copied.passkey.person_id)
            _note(session, owner, now, "passkey refused: its counter went back", became=copied.passkey.name)
        raise
    return Shown(found, strong)


def remove(session: Session, *, actor: Person, now: datetime, passkey_id: int) -> Passkey:
    """Take a passkey of one's own away; it lets nobody in any more. Raises `Conflict`."""
    with writing(session):
        found = session.get(Passkey, passkey_id)
        if found is None or found.person_id != actor.id:
            raise Conflict("You have no such passkey.", "Look at the list again.")
        if found.removed_at is None:
            found.removed_at = now
            _note(session, actor, now, "passkey removed", was=found.name)
    return found


class _WentBack(Refused):
    """A counter that went back: of the one key there are two."""

    def __init__(self, passkey: Passkey) -> None:
        self.passkey = passkey
        super().__init__(
            f"The passkey “{passkey.name}” counts fewer uses than it had: it may have been copied.",
            "Sign in with a link by e-mail, remove that passkey and make a new one.",
            code="passkey-copied",
        )


def _known(session: Session, door: Door, credential: Mapping[str, Any], person: Person | None) -> Passkey:
    wanted = credential.get("id", "")
    found = session.scalar(
        select(Passkey).where(Passkey.credential_id == str(wanted)[:1400], Passkey.removed_at.is_(None))
    )
    if found is None:
        raise Refused(
            "That passkey is not known here: it may have been removed.",
            "Sign in with a link by e-mail, then make a new passkey on your own page.",
            code="passkey",
        )
    handle = credential.get("response", {}).get("userHandle")
    if not isinstance(handle, str) or _bytes(handle) != _handle(door, found.person_id):
        raise Refused(
            "That passkey names another person than the one it was made for.",
            "Sign in with a link by e-mail, then make a new passkey.",
            code="passkey",
        )
    if person is not None and person.id != found.person_id:
        raise Refused("That passkey is somebody else’s.", f"Show one of {person.name}.", code="passkey")
    return found


def _verified(credential: Mapping[str, Any], found: Passkey, asked: bytes, door: Door) -> Any:
    try:
        return verify_authentication_response(
            credential=dict(credential),
            expected_challenge=asked,
            expected_rp_id=door.host,
            expected_origin=door.origin,
            credential_public_key=base64url_to_bytes(found.public_key),
            credential_current_sign_count=0,  # ours to judge, above: it says who may have been copied
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _not_good(error) from error


def _client_data(credential: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the browser says of the ceremony: its challenge and its origin (section 5.8.1)."""
    response = credential.get("response")
    said = response.get("clientDataJSON") if isinstance(response, Mapping) else None
    try:
        found = json.loads(_bytes(said)) if isinstance(said, str) else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _not_good()
    return found


def _answered(credential: Mapping[str, Any]) -> bytes:
    return _bytes(str(_client_data(credential).get("challenge", "")))


def _check_origin(credential: Mapping[str, Any], door: Door) -> None:
    origin = _client_data(credential).get("origin")
    if origin != door.origin:
        raise Refused(
            f"That passkey was shown at {str(origin)[:80]}, not here.",
            f"Type the address yourself: {door.base_url}. Somebody may have led you to a page that looks like ours.",
            code="passkey-origin",
        )


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except ValueError:
        return b""


def _handle(door: Door, person_id: int) -> bytes:
    """Who somebody is to an authenticator: always the same, and it says nothing of them (section 14.6.1)."""
    return door.seal.mark("user handle", person_id)


def _not_good(_error: Exception | None = None) -> Refused:
    return Refused("That passkey could not be checked.", "Try once more, or sign in with a link.", code="passkey")


def _as_json(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def _note(session: Session, actor: Person, now: datetime, what: str, *, was: str = "", became: str = "") -> None:
    audit.record(
        session, actor=actor, now=now, what=what, subject="person", subject_id=actor.id, was=was, became=became
    )
