"""What a request works with: the house it runs in, a database session, the person, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, request
from flask import session as browser
from flask_login import UserMixin, current_user
from prometheus_client import CollectorRegistry
from sqlalchemy.orm import Session

from leaflets.catalogue import Library
from leaflets.config import Config
from leaflets.domain import permissions
from leaflets.domain.permissions import Action
from leaflets.domain.signing_in import device_in_words
from leaflets.presence import Presence
from leaflets.queue import Tickets
from leaflets.seal import Seal
from leaflets.services import access
from leaflets.services.signing_in.passkeys import Door
from leaflets.storage.blobs import Blobs
from leaflets.storage.people import Person
from leaflets.storage.session import Sessions, give_up, leave
from leaflets.storage.signing_in import SignInSession
from leaflets.web.presswatch import PressWatch
from leaflets.web.signing_in.post import Post

EXTENSION = "leaflets"


@dataclass(frozen=True, slots=True)
class House:
    """What `create_app` put together, for every request to use."""

    config: Config
    library: Library
    sessions: Sessions
    blobs: Blobs
    tickets: Tickets
    presence: Presence
    watch: PressWatch
    post: Post
    figures: CollectorRegistry
    clock: Callable[[], datetime]

    @property
    def seal(self) -> Seal:
        """Closes and marks with the installation's key."""
        return Seal(self.config.secret_key)

    @property
    def door(self) -> Door:
        """For whom passkeys are made: this site, at the address people type."""
        return Door(self.config.base_url, self.seal)


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """A person in one browser, as flask-login wants to see them: it keeps the token in the browser's cookie."""

    def __init__(self, sign_in: SignInSession, token: str) -> None:
        self.sign_in, self.person = sign_in, sign_in.person
        self.id = token


def house_of(app: Flask) -> House:
    """The house of an application."""
    return cast(House, app.extensions[EXTENSION])


def house() -> House:
    """The house that this request runs in."""
    return house_of(current_app)


def session() -> Session:
    """The request's database session, opened when first asked for and closed at its end."""
    if "session" not in g:
        g.session = house().sessions()
    return cast(Session, g.session)


def close_session(_error: BaseException | None) -> None:
    """Give the connection back; whatever no service committed is dropped."""
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        leave(opened)


def start_afresh() -> None:
    """Give up what the session was in the middle of: PostgreSQL answers nothing more after a statement that failed."""
    opened: Session | None = g.get("session")
    if opened is not None:
        give_up(opened)


def now() -> datetime:
    """The time of this request: one moment for all of it."""
    if "now" not in g:
        g.now = house().clock()
    return cast(datetime, g.now)


def somebody() -> Person | None:
    """Who is signed in, if anybody."""
    user = current_user._get_current_object()  # each look through the proxy walks the whole way
    return user.person if user.is_authenticated else None


def sign_in() -> SignInSession | None:
    """The sign-in of this browser, if somebody is signed in."""
    return current_user.sign_in if current_user.is_authenticated else None


def token() -> str:
    """What this browser shows of a sign-in, whether or not it is still good; empty when it shows nothing."""
    shown = browser.get("_user_id", "")
    return shown if isinstance(shown, str) else ""


def device() -> dict[str, str]:
    """What this browser and its network say of themselves: `device` in words, and `address`."""
    return {"device": device_in_words(request.user_agent.string), "address": request.remote_addr or ""}


def actor() -> Person:
    """Who is signed in; only for routes that need somebody, where the guard has seen to it."""
    person = somebody()
    if person is None:
        raise RuntimeError("A route for signed-in people was reached by nobody: its access rule is wrong.")
    return person


def may(action: Action, campaign_id: int) -> bool:
    """Whether who is signed in may do this in that campaign: for a button that would only be refused."""
    return permissions.may(action, access.roles_in(session(), actor(), campaign_id))
