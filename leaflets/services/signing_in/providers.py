"""The OpenID providers through which the people of an organisation sign in, kept by its administrators."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.permissions import Action
from leaflets.domain.signing_in import Way
from leaflets.domain.words.characters import tidy_line
from leaflets.seal import Seal
from leaflets.services import access, audit
from leaflets.services.signing_in import domain_keepers
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import IdentityProvider, SignInSession
from leaflets.storage.tree import Node

MOST_DOMAINS = 50
_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")

EVERYBODYS = frozenset(
    (
        *("aol.com", "btinternet.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.net", "googlemail.com"),
        *("hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk", "live.com", "mail.com", "me.com", "msn.com"),
        *("ntlworld.com", "outlook.com", "proton.me", "protonmail.com", "sky.com", "talktalk.net", "tiscali.co.uk"),
        *("virginmedia.com", "yahoo.co.uk", "yahoo.com"),
    )
)
"""Domains in which anybody has an address: no organisation vouches for them."""


def of_node(session: Session, *, actor: Person, node_id: int) -> tuple[Node, list[IdentityProvider]]:
    """A place, and the providers of its organisation. Raises `NotFound`, `Refused`."""
    node = access.require_at(session, actor, Action.KEEP_SIGN_IN, node_id)
    ours = _open().where(IdentityProvider.organisation_id == node.organisation_id)
    return node, list(session.scalars(ours))


def for_address(session: Session, email: str) -> list[IdentityProvider]:
    """Those that vouch for the domain of an address, whoever has it or nobody."""
    domain = email.strip().rpartition("@")[2].lower()
    return [each for each in session.scalars(_open()) if domain in each.domains]


def any_open(session: Session) -> bool:
    """Whether any organisation here has a provider."""
    return session.scalar(_open().limit(1)) is not None


def open_one(session: Session, provider_id: int) -> IdentityProvider | None:
    """The provider of that id, while people may sign in through it."""
    return session.scalar(_open().where(IdentityProvider.id == provider_id))


def keep(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    node_id: int,
    seal: Seal,
    safe: bool,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    domains: str,
) -> IdentityProvider:
    """Let the people of an organisation sign in through a provider. `safe` says that only https will do.

    `domains` are words with spaces or commas between them: it vouches for each once whoever keeps it agrees
    (domain_keepers). Raises `Invalid` for what cannot be, `NotFound`, `Refused`.
    """
    node = _require_root(session, actor, node_id)
    name, issuer, client_id = tidy_line(name), issuer.strip().rstrip("/"), client_id.strip()
    vouched = _domains(domains)
    if not 1 <= len(name) <= 100 or not 1 <= len(client_id) <= 200 or not client_secret.strip():
        raise Invalid("Something is missing.", "Give the name that people know, the client id and the client secret.")
    _check_issuer(issuer, safe=safe)
    with writing(session):
        added = IdentityProvider(
            organisation_id=node.organisation_id,
            name=name,
            issuer=issuer,
            client_id=client_id,
            client_secret=seal.close(client_secret.strip()),
            domains=[],
            asked_domains=vouched,
            made_at=now,
        )
        session.add(added)
        session.flush()
        domain_keepers.ask(session, actor, now, node, added, seal)
        _note(
            session,
            actor,
            now,
            "sign-in provider opened",
            node,
            f"{name}, {issuer}, to be asked for: {', '.join(vouched)}",
        )
    return added


def close(session: Session, *, actor: Person, now: datetime, node_id: int, provider_id: int) -> None:
    """Let nobody in through a provider any more; whoever it let in is signed out.

    Closing it twice changes nothing. Raises `Conflict` for one of another organisation, `NotFound`, `Refused`.
    """
    node = _require_root(session, actor, node_id)
    with writing(session):
        found = session.get(IdentityProvider, provider_id)
        if found is None or found.organisation_id != node.organisation_id:
            raise Conflict("There is no such provider here.", "Look at the list again.")
        if found.closed_at is not None:
            return
        found.closed_at = now
        through = (
            SignInSession.organisation_id == node.organisation_id,
            SignInSession.how == Way.PROVIDER,
            SignInSession.ended_at.is_(None),
        )
        session.execute(update(SignInSession).where(*through).values(ended_at=now))
        _note(session, actor, now, "sign-in provider closed", node, f"{found.name}, {found.issuer}")


def _require_root(session: Session, actor: Person, node_id: int) -> Node:
    node = access.require_at(session, actor, Action.KEEP_SIGN_IN, node_id)
    if node.parent_id is not None:
        raise Invalid(
            "A provider lets in the people of a whole organisation, so it is kept at its head.",
            "Ask an administrator of the whole organisation.",
        )
    return node


def _open() -> Select[IdentityProvider]:
    return select(IdentityProvider).where(IdentityProvider.closed_at.is_(None)).order_by(IdentityProvider.id)


def _domains(typed: str) -> list[str]:
    found = sorted({word.lower().lstrip("@") for word in re.split(r"[\s,;]+", typed) if word})
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise Invalid(f"“{domain[:80]}” is no domain.", "Write what stands after the @: harbour.example.")
        if domain in EVERYBODYS:
            raise Invalid(f"Anybody has an address at {domain}.", "Name domains that are your organisation’s own.")
    if not 1 <= len(found) <= MOST_DOMAINS:
        raise Invalid(
            "A provider vouches for the addresses of some domains.", f"Name one to {MOST_DOMAINS}: harbour.example."
        )
    return found


def _check_issuer(issuer: str, *, safe: bool) -> None:
    parts = urlsplit(issuer)
    schemes = ("https",) if safe else ("https", "http")
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment or len(issuer) > 400:
        raise Invalid(
            f"“{issuer[:80]}” is not the address of a provider.",
            "Copy the issuer that it names, such as https://login.harbour.example.",
        )


def _note(session: Session, actor: Person, now: datetime, what: str, node: Node, became: str) -> None:
    audit.record(session, actor=actor, now=now, what=what, subject="node", subject_id=node.id, became=became)
