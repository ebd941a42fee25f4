"""Errors that a person reads: what happened, and what to do about it."""

from __future__ import annotations


class LeafletsError(Exception):
    """The root of every error we raise on purpose.

    `message` says what happened and where; `remedy` says what to do. Both are plain sentences for the person
    who caused the error. `code` is stable, for tests, logs and the API.
    """

    code = "error"

    def __init__(self, message: str, remedy: str = "", *, code: str | None = None) -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy
        if code is not None:
            self.code = code


class Invalid(LeafletsError):
    """What was given cannot be used: a value, a file, a manifest, a command-line argument."""

    code = "invalid"


class NotFound(LeafletsError):
    """What was asked for does not exist, or not for this person."""

    code = "not-found"


class Refused(LeafletsError):
    """This person may not do this."""

    code = "refused"


class Conflict(LeafletsError):
    """Somebody else changed it first, or its state does not allow this now."""

    code = "conflict"


class Unavailable(LeafletsError):
    """A part of the system that this needs does not answer: Redis, the database, the disk."""

    code = "unavailable"
