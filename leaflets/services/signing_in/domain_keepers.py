"""Who keeps a domain of e-mail addresses says which provider may sign in the people who have them.

Two organisations cannot vouch for one domain, and whoever asks for it is told nothing of any other: every one is asked
for in the same words, by a letter to its postmaster. RFC 5321 s.4.5.1 makes every domain that takes mail have that
address, and certificate authorities prove the same by it (CA/Browser Forum Baseline Requirements 3.2.2.4.4). Who agrees
last is right: whoever could agree before agrees again.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.signing_in import Way
from leaflets.seal import Seal
from leaflets.services import audit
from leaflets.storage.alert import Letter
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import IdentityProvider, SignInSession
from leaflets.storage.tree import Node

POSTMASTER = "postmaster"
MOST_LETTERS = 3
"""To one domain in a day, from one person."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How a letter names what it asks. Nobody but us can make its `mark`."""

    provider_id: int
    domain: str
    mark: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the keeper of a domain is asked: whether this provider may sign in the people there. `agreed`, it may."""

    provider: IdentityProvider
    domain: str
    agreed: bool

    @property
    def organisation(self) -> str:
        """Whose provider it is."""
        return self.provider.organisation.name


def ask(session: Session, actor: Person, now: datetime, node: Node, provider: IdentityProvider, seal: Seal) -> None:
    """Write to the postmaster of every domain that a provider is to vouch for, inside the caller's transaction.

    Raises `Conflict` where one was written to often enough today.
    """
    for domain in provider.asked_domains:
        address = f"{POSTMASTER}@{domain}"
        written = select(func.count(Letter.id)).where(
            Letter.person_id == actor.id, Letter.address == address, Letter.written_at > now - timedelta(days=1)
        )
        if (session.scalar(written) or 0) >= MOST_LETTERS:
            raise Conflict(
                f"You have written to {address} {MOST_LETTERS} times since yesterday.",
                "Ask there whether a letter came; you can send another tomorrow.",
            )
        session.add(
            Letter(
                person_id=actor.id,
                address=address,
                subject=f"May {node.name} sign in people at {domain}?"[:200],
                body=_WORDS.format(actor=actor.name, node=node.name, domain=domain, provider=provider.name),
                path=_path(provider, domain, seal),
                message_id=str(uuid4()),
                written_at=now,
                not_before=now,
            )
        )


def asked(session: Session, *, sent: Sent, seal: Seal) -> Asked:
    """What a letter asks. Raises `Invalid` for one that we never wrote, or whose provider is closed."""
    provider = session.get(IdentityProvider, sent.provider_id)
    known = [*provider.asked_domains, *provider.domains] if provider and provider.closed_at is None else []
    for domain in known:
        if provider is not None and _same(sent, _named(provider, domain, seal)):
            return Asked(provider, domain, domain in provider.domains)
    raise Invalid("This letter asks for nothing any more.", "Whoever had it sent can send another.")


def agree(session: Session, *, now: datetime, sent: Sent, seal: Seal) -> None:
    """Let a provider vouch for a domain from now on, and no other. Twice changes nothing. Raises as `asked` does."""
    with writing(session):
        found = asked(session, sent=sent, seal=seal)
        if not found.agreed:
            given(session, now=now, provider=found.provider, domain=found.domain, by=f"{POSTMASTER}@{found.domain}")


def settle(session: Session, *, actor: str, now: datetime, domain: str, organisation_id: int) -> IdentityProvider:
    """Say for the keeper of a domain that an organisation's provider may vouch for it: for whoever runs the machine.

    Raises `NotFound` where no open provider of theirs asks for it.
    """
    with writing(session):
        ours = select(IdentityProvider).where(
            IdentityProvider.organisation_id == organisation_id, IdentityProvider.closed_at.is_(None)
        )
        found = next((each for each in session.scalars(ours) if domain in each.asked_domains), None)
        if found is None:
            raise NotFound(f"No provider of theirs asks for {domain}.", "Look at the page on how people sign in.")
        given(session, now=now, provider=found, domain=domain, by=actor)
    return found


def given(session: Session, *, now: datetime, provider: IdentityProvider, domain: str, by: str) -> None:
    """A provider vouches for a domain, and whichever did until now does not: inside the caller's transaction.

    Whoever that one let in is signed out.
    """
    still_open = select(IdentityProvider).where(IdentityProvider.closed_at.is_(None)).order_by(IdentityProvider.id)
    for each in session.scalars(still_open.with_for_update().execution_options(populate_existing=True)):
        if each.id != provider.id and domain in each.domains:
            each.domains = [known for known in each.domains if known != domain]
            _sign_out(session, now, each, domain)
            _note(session, now, each, by, "sign-in domain given up", domain)
    provider.domains = sorted({*provider.domains, domain})
    provider.asked_domains = [known for known in provider.asked_domains if known != domain]
    _note(session, now, provider, by, "sign-in domain agreed", domain)


def _sign_out(session: Session, now: datetime, provider: IdentityProvider, domain: str) -> None:
    there = select(Person.id).where(func.lower(Person.email).endswith(f"@{domain}", autoescape=True))
    let_in = (
        SignInSession.organisation_id == provider.organisation_id,
        SignInSession.how == Way.PROVIDER,
        SignInSession.ended_at.is_(None),
        SignInSession.person_id.in_(there),
    )
    session.execute(update(SignInSession).where(*let_in).values(ended_at=now))


def _note(session: Session, now: datetime, provider: IdentityProvider, by: str, what: str, domain: str) -> None:
    heads = select(Node.id).where(Node.organisation_id == provider.organisation_id, Node.parent_id.is_(None))
    root = session.scalars(heads).one()
    audit.record(
        session,
        actor=by,
        now=now,
        what=what,
        subject="node",
        subject_id=root,
        became=f"{provider.name}, {provider.issuer}: {domain}",
    )


def _path(provider: IdentityProvider, domain: str, seal: Seal) -> str:
    named = _named(provider, domain, seal)
    said = {"provider": named.provider_id, "domain": named.domain, "mark": named.mark}
    return f"/sign-in/domain?{urlencode(said)}"


def _named(provider: IdentityProvider, domain: str, seal: Seal) -> Sent:
    mark = seal.mark("domain", provider.id, provider.issuer, domain).hex()
    return Sent(provider.id, sha256(domain.encode()).hexdigest()[:16], mark)  # a path has no room for long domains


def _same(one: Sent, other: Sent) -> bool:
    return one.domain == other.domain and hmac.compare_digest(one.mark.encode(), other.mark.encode())


_WORDS = """\
Somebody asks you as the postmaster of {domain}.

{actor} of {node} would like people whose e-mail address ends in @{domain} to sign in to Leaflets, where election \
leaflets are made, with an account at “{provider}”. If {domain} is yours and that is meant, agree on this page. From \
then on no other organisation’s account does; whatever was agreed before for {domain} ends.

If not, do nothing: nothing changes.
"""
