"""The composition root: the only place that knows every part, and the checks that keep a broken house from opening."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from prometheus_client import CollectorRegistry
from werkzeug.middleware.proxy_fix import ProxyFix

from leaflets.catalogue import load_library
from leaflets.config import ROOT, Config
from leaflets.domain.errors import LeafletsError
from leaflets.mail import MailServer
from leaflets.presence import Presence
from leaflets.queue import Tickets
from leaflets.services.organisation import tree
from leaflets.services.signing_in import signed_in
from leaflets.storage.blobs import Blobs
from leaflets.storage.session import open_sessions
from leaflets.web import (
    access,
    alerts,
    copies,
    current,
    figures,
    first_leaflet,
    headers,
    home,
    library,
    limits,
    navigation,
    notices,
    refusals,
    static_files,
    wording,
)
from leaflets.web.clock import feeds, plans
from leaflets.web.message import message_forms, message_view, messages
from leaflets.web.office import (
    boards,
    office_campaigns,
    office_settings,
    place_lists,
    places,
    polls,
    printing_houses,
    record,
    waiting,
)
from leaflets.web.picture import pictures, uploads
from leaflets.web.press import house_orders, orders, proofs
from leaflets.web.presswatch import PressWatch
from leaflets.web.requestlog import RequestLog
from leaflets.web.review import (
    absences,
    certificates,
    comments,
    leaflet_approval,
    objections,
    review_queue,
    reviews,
)
from leaflets.web.roles import asking, people
from leaflets.web.sent_json import SentJson
from leaflets.web.signing_in import account, openid, passkeys, providers, second_step, signin
from leaflets.web.signing_in.post import Post
from leaflets.web.studio import approval as studio_approval
from leaflets.web.studio import checklist as studio_checklist
from leaflets.web.studio import history as studio_history
from leaflets.web.studio import language as studio_language
from leaflets.web.studio import messages as studio_messages
from leaflets.web.studio import page as studio
from leaflets.web.studio import proof as studio_proof
from leaflets.web.studio import steps as studio_steps
from leaflets.web.studio import words as studio_words
from leaflets.web.typed_id import NumberInAddress

FORM_BYTES = 1 << 20
"""What the words of a form may weigh beside the pictures sent with it."""

PAGES = (
    absences,
    account,
    alerts,
    asking,
    boards,
    certificates,
    comments,
    copies,
    feeds,
    figures,
    first_leaflet,
    home,
    house_orders,
    leaflet_approval,
    library,
    message_forms,
    messages,
    notices,
    objections,
    office_campaigns,
    office_settings,
    openid,
    orders,
    passkeys,
    people,
    pictures,
    place_lists,
    places,
    plans,
    polls,
    printing_houses,
    proofs,
    providers,
    record,
    review_queue,
    reviews,
    second_step,
    signin,
    studio,
    studio_approval,
    studio_checklist,
    studio_history,
    studio_language,
    studio_messages,
    studio_proof,
    studio_steps,
    studio_words,
    uploads,
    waiting,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(config: Config | None = None, *, clock: Callable[[], datetime] = _utc_now) -> Flask:
    """The site, ready to serve.

    Raises `Invalid` with one clear sentence when a setting is missing or bad, the library does not load, or a route
    has no access rule. Redis may be away: proofs and PDFs then wait, and every page says so.
    """
    config = config or Config.from_env()
    app = Flask("leaflets", root_path=str(ROOT), static_folder=None, template_folder="templates")
    app.config.update(_flask_settings(config))
    app.json = SentJson(app)
    tickets = Tickets(config.redis_url)
    sessions = open_sessions(config.database_url, clock=clock)
    mail_server = MailServer(config.smtp_url, config.mail_from) if config.smtp_url else None
    app.extensions[current.EXTENSION] = current.House(
        config=config,
        library=load_library(config.library_folder),
        sessions=sessions,
        blobs=Blobs(config.blobs_folder),
        tickets=tickets,
        presence=Presence(config.redis_url),
        watch=PressWatch(tickets, clock),
        post=Post(sessions, mail_server, config.base_url, clock),
        figures=CollectorRegistry(),
        clock=clock,
    )
    if config.proxies:
        proxied = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)
        app.wsgi_app = proxied  # type: ignore[method-assign]
    _answer(app, config)
    access.check_every_route(app)
    return app


def _flask_settings(config: Config) -> dict[str, object]:
    secure = config.base_url.startswith("https:")
    return {
        "SECRET_KEY": config.secret_key,
        # A __Host- cookie is sent to this host alone, over https alone (RFC 6265bis 4.1.3.2).
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": signed_in.LASTS,
        # The studio asks for news all the time: an answer that comes late must not sign somebody in again who went.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "MAX_CONTENT_LENGTH": config.upload_mb * (1 << 20) + FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": 4 * FORM_BYTES,
        "WTF_CSRF_TIME_LIMIT": None,  # a form is good for as long as the sign-in is: people write for hours
        "WTF_CSRF_SSL_STRICT": False,  # the token and SameSite do; a missing Referer must not cost anybody a page
        "TEMPLATES_AUTO_RELOAD": config.demo,
    }


def _answer(app: Flask, config: Config) -> None:
    """Everything that stands between a request and its page, in the order in which it happens."""
    RequestLog(current.house_of(app).figures).watch(app)
    logins = LoginManager(app)
    logins.user_loader(_remembered)
    app.before_request(access.guard)  # before the next line: a form without a sign-in is held, not just refused
    forms = CSRFProtect(app)
    forms.exempt(signin.ask)
    limits.count_tries(app, config.redis_url)
    app.after_request(headers.add_headers)
    static_files.serve(app, ROOT / "static", changing=config.demo)
    app.teardown_request(current.close_session)
    app.context_processor(_furniture)
    wording.add_filters(app)
    message_view.add_filters(app)
    refusals.answer_errors(app)
    app.url_map.converters["int"] = NumberInAddress
    for group in PAGES:
        app.register_blueprint(group.pages)


def _remembered(token: str) -> current.SignedIn | None:
    found = signed_in.of_token(current.session(), now=current.now(), token=token)
    if found is None:
        return None
    # Who asks is the same all through a request: no transaction reads them again.
    current.session().expunge(found.person)
    current.session().expunge(found)
    with suppress(LeafletsError):  # it is no reason to refuse a page
        signed_in.seen(current.session(), now=current.now(), sign_in=found, **current.device())
    return current.SignedIn(found, token)


def _furniture() -> dict[str, object]:
    """What the frame of every page shows."""
    house, person = current.house(), current.somebody()
    offices = tree.boards_of(current.session(), actor=person) if person else []
    return {
        "person": person,
        "offices": offices,
        "ways": navigation.ways(current.session(), person, offices) if person else [],
        "alerts": alerts.unseen,
        "now": current.now,
        "demo": house.config.demo,
        "upload_mb": house.config.upload_mb,
        "press_is_away": house.watch.is_away,
    }
