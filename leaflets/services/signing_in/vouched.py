"""Whom an organisation's provider may sign in: its own people, and nobody who also belongs elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Refused
from leaflets.services import audit
from leaflets.services.roles.people import person_by_email
from leaflets.services.signing_in.openid import Said
from leaflets.services.signing_in.signed_in import belongs_to, elsewhere
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import IdentityProvider, OutsideIdentity


def person_of(session: Session, *, now: datetime, provider: IdentityProvider, said: Said) -> Person:
    """Whom a provider signs in: who came through it before, else its organisation's own by their verified address.

    It signs in nobody whose address here is of a domain that it does not vouch for, or no longer.
    Somebody who also holds a role elsewhere signs in by themselves: one organisation's word opens no other's door.
    Whoever is new is added, without any role. Raises `Refused`.
    """
    with writing(session):
        known = session.get(OutsideIdentity, (provider.id, said.subject))
        if known is not None:
            _require_vouches(provider, known.person.email)
            _require_no_part_elsewhere(session, provider, known.person, now)
            return known.person
        _require_vouches(provider, said.email if said.is_verified else "")
        person = person_by_email(session, said.email)
        if person is None:
            person = Person(name=said.name, email=said.email, created_at=now)
            session.add(person)
            session.flush()
            _note(session, provider, now, "person added", person)
        else:
            _require_no_part_elsewhere(session, provider, person, now)
            if not belongs_to(session, person.id, provider.organisation_id):
                raise _not_yours(provider)
        session.add(OutsideIdentity(provider_id=provider.id, subject=said.subject, person_id=person.id, linked_at=now))
        _note(session, provider, now, "identity linked", person)
    return person


def _require_vouches(provider: IdentityProvider, email: str) -> None:
    if email.rpartition("@")[2].lower() not in provider.domains:
        raise Refused(
            f"{provider.name} does not vouch for your e-mail address here.",
            "Sign in with a link by e-mail, or ask whoever keeps that account to have your address verified.",
            code="openid-address",
        )


def _require_no_part_elsewhere(session: Session, provider: IdentityProvider, person: Person, now: datetime) -> None:
    if session.scalar(select(elsewhere(provider.organisation_id, person.id, now))):
        raise _not_yours(provider)


def _not_yours(provider: IdentityProvider) -> Refused:
    return Refused(
        f"{provider.name} cannot sign you in here.",
        "Sign in with a link by e-mail: that shows that the address is yours.",
        code="openid-person",
    )


def _note(session: Session, provider: IdentityProvider, now: datetime, what: str, person: Person) -> None:
    audit.record(
        session,
        actor=f"the provider {provider.name}",
        now=now,
        what=what,
        subject="person",
        subject_id=person.id,
        became=provider.issuer,
    )
