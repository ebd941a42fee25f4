"""The way in by a link that works once, given or mailed to one person. There are no passwords to guess, share or lose.

A newer link leaves the older ones good until they are used or an hour old: mails cross at midnight, and whichever is
opened first lets its person in. Whoever asks for a link is answered the same and as quickly whether or not anybody
has that address, because nobody has looked yet: `request_link` only notes the question, `answer_requests` looks.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, Refused
from leaflets.domain.words.characters import tidy_line
from leaflets.services import audit
from leaflets.services.roles.people import known, person_by_email
from leaflets.storage.alert import Letter
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import LinkRequest, SignInLink

LINK_LASTS = timedelta(hours=1)
CODE_BYTES = 16  # 128 bits: nobody guesses one, however often they try
MOST_AT_ONCE = 100
"""Requests that are answered in one go."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0, 0, 0, 1, 3, 10))
"""How long after the last link another one is mailed, by how many unused ones somebody has. Who is flooded with links
has good ones, and may open any."""

_CODE = re.compile(r"[A-Za-z0-9_-]{20,}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def make_code(session: Session, *, actor: Person | str, now: datetime, email: str, next_path: str = "") -> str:
    """A new code for the person with that address, good for one sign-in within the hour. Raises `NotFound`."""
    with writing(session):
        return _new_code(session, actor, now, known(session, email), next_path)


def mail_link(
    session: Session, *, now: datetime, email: str, next_path: str = "", why: str = "", subject: str = ""
) -> None:
    """Write a link to the person with that address into the outbox; says nothing of an address that nobody has.

    It leads to `next_path`, a path of this site. `why` is a sentence that the letter begins with, where it is not
    the person who asked, and `subject` stands over it. A flood is bounded by `PAUSES`.
    """
    with writing(session):
        _mail_link(session, now, email, next_path, why, subject)


def request_link(session: Session, *, now: datetime, email: str, next_path: str = "") -> None:
    """Note that somebody asks for a link; `answer_requests` answers, soon. Raises `Invalid` for what is no address."""
    email = email.strip()
    if len(email) > LinkRequest.email.type.length or not (email.isprintable() and _ADDRESS.fullmatch(email)):
        raise Invalid(
            f"“{email[:80]}” is not an e-mail address." if email else "There is no e-mail address yet.",
            "Type your whole address, such as agnes@example.org.",
            code="address",
        )
    with writing(session):
        session.add(LinkRequest(email=email, next_path=_short(next_path), asked_at=now))


def answer_requests(session: Session, *, now: datetime) -> int:
    """Mail a link to each who asked and is somebody here; how many were asked for. Any number may answer at once."""
    if session.scalar(select(LinkRequest.id).limit(1)) is None:
        return 0
    with writing(session):
        waiting = select(LinkRequest).order_by(LinkRequest.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
        asked = session.scalars(waiting).all()
        for request in asked:
            if request.asked_at > now - LINK_LASTS:
                _mail_link(session, now, request.email, request.next_path, "")
            session.delete(request)
    return len(asked)


def peek(session: Session, *, now: datetime, typed: str) -> SignInLink | None:
    """The link of that code while it is good; looking uses nothing up, for a mail scanner opens links too."""
    found = _CODE.findall(typed)
    link = session.get(SignInLink, hash_of(found[-1])) if found else None
    return link if link and link.used_at is None and link.expires_at > now else None


def request_another(session: Session, *, now: datetime, typed: str) -> None:
    """Ask for a fresh link in place of one that is used or old; what was never a link of ours asks for nothing."""
    found = _CODE.findall(typed)
    link = session.get(SignInLink, hash_of(found[-1])) if found else None
    if link is not None:
        request_link(session, now=now, email=link.person.email, next_path=link.next_path)


def use_code(session: Session, *, now: datetime, typed: str) -> SignInLink:
    """The link whose code this is, or the whole of which; it is used up. Raises `Refused` in the same words always."""
    link = peek(session, now=now, typed=typed)
    if link is None:
        raise _no_such_link()
    with writing(session):
        link = session.get(SignInLink, link.code_hash, with_for_update=True)
        if link is None or link.used_at is not None:
            raise _no_such_link()
        link.used_at = now
        audit.record(
            session, actor=link.person, now=now, what="sign-in link used", subject="person", subject_id=link.person_id
        )
        return link


def hash_of(code: str) -> str:
    """How a code or a token is kept: it is too long to guess, so no salt is needed."""
    return hashlib.sha256(code.encode()).hexdigest()


def _no_such_link() -> Refused:
    return Refused(
        "That link does not sign anybody in: it may have been used already, or be more than an hour old.",
        "Ask for a new one.",
        code="sign-in",
    )


def _new_code(session: Session, actor: Person | str, now: datetime, person: Person, next_path: str) -> str:
    code = secrets.token_urlsafe(CODE_BYTES)
    session.add(
        SignInLink(
            code_hash=hash_of(code), person_id=person.id, expires_at=now + LINK_LASTS, next_path=_short(next_path)
        )
    )
    audit.record(session, actor=actor, now=now, what="sign-in link made", subject="person", subject_id=person.id)
    return code


def _mail_link(session: Session, now: datetime, email: str, next_path: str, why: str, subject: str = "") -> None:
    person = person_by_email(session, email)
    if person is None or _has_plenty(session, person, now):
        return
    code = _new_code(session, "the sign-in page" if not why else "an invitation", now, person, next_path)
    session.add(
        Letter(
            person_id=person.id,
            address=person.email,
            subject=tidy_line(subject)[: Letter.subject.type.length] or "Your way into Leaflets",
            body="\n\n".join(_words(person, tidy_line(why))),
            path=f"/sign-in?{urlencode({'code': code})}",
            message_id=str(uuid4()),
            written_at=now,
            not_before=now,
        )
    )


def _words(person: Person, why: str) -> Iterator[str]:
    yield f"Hello {person.name},"
    if why:
        yield why
    yield ("Open the address below and press “Sign in”. It works once, until an hour after this letter was written.")
    yield (
        "Should it be too old by the time you read this, open it all the same: the page mails you another one."
        if why
        else "If you did not ask for it, somebody typed your address by mistake: there is nothing you have to do."
    )


def _has_plenty(session: Session, person: Person, now: datetime) -> bool:
    """Whether somebody has so many unused links that the next one has to wait."""
    unused = select(SignInLink.expires_at).where(
        SignInLink.person_id == person.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now
    )
    made = [expires_at - LINK_LASTS for expires_at in session.scalars(unused)]
    return bool(made) and now < max(made) + PAUSES[min(len(made), len(PAUSES) - 1)]


def _short(next_path: str) -> str:
    """The path, or none when it is too long to keep: a path cut short leads nowhere."""
    return next_path if len(next_path) <= SignInLink.next_path.type.length else ""
