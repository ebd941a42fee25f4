"""The ways in, and who is in: links that work once, passkeys, authenticators, outside identities, sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from leaflets.storage.base import HASH, Base
from leaflets.storage.people import Organisation, Person


class SignInLink(Base):
    """A way in that was given to one person and works once. Its code is kept as a hash alone.

    `next_path` is where on the site it leads to.
    """

    __tablename__ = "sign_in_link"

    code_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    next_path: Mapped[str] = mapped_column(String(400), default="")

    person: Mapped[Person] = relationship()


class LinkRequest(Base):
    """Somebody typed an address and asked for a link: kept until it is answered, whoever that address belongs to."""

    __tablename__ = "link_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    next_path: Mapped[str] = mapped_column(String(400), default="")
    asked_at: Mapped[datetime]


class SignInSession(Base):
    """One browser in which somebody is signed in. Its token is kept as a hash alone; an ended one lets nobody in.

    `how` is the way in that was used, `device` and `address` are what the browser and its network said of
    themselves, for the person to recognise it. `strong_at` is when a second factor was last shown. One that an
    organisation's own provider vouched for names that organisation, and is good for nothing outside it.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(HASH, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    how: Mapped[str] = mapped_column(String(20))
    device: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    strong_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Passkey(Base):
    """A WebAuthn credential of one person: its id and public key in base64url, and the counter last seen."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class UsedChallenge(Base):
    """A challenge that a passkey has answered: kept, as a hash, until it would be too old to be answered again."""

    __tablename__ = "used_challenge"

    challenge_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Authenticator(Base):
    """The time-based codes (RFC 6238) of one person. `secret` is sealed with the installation's key.

    `last_step` is the time step of the code used last: each works once.
    """

    __tablename__ = "authenticator"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A code for the day on which the telephone is lost; it works once, and is kept as a hash alone."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]


class IdentityProvider(Base):
    """An OpenID provider through which the people of one organisation sign in. Its secret is sealed.

    `domains` are those of the e-mail addresses that it vouches for, `asked_domains` those that it is to vouch for once
    whoever keeps them agrees.
    """

    __tablename__ = "identity_provider"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    issuer: Mapped[str] = mapped_column(String(400))
    client_id: Mapped[str] = mapped_column(String(200))
    client_secret: Mapped[str] = mapped_column(Text)
    domains: Mapped[list[Any]] = mapped_column(JSON, default=list)
    asked_domains: Mapped[list[Any]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()


class OutsideIdentity(Base):
    """Who a person is to an OpenID provider: its `sub`, which never changes hands."""

    __tablename__ = "outside_identity"

    provider_id: Mapped[int] = mapped_column(ForeignKey("identity_provider.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    linked_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
