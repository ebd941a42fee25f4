"""The way to undo what was done with the last click: a button beside the message that says that it is done.

What was done is named by the moment at which it was: nothing else that somebody did happened then.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, request

from leaflets.domain.errors import Conflict

CATEGORY = "undo"
FIELD = "done_at"


def offer(path: str, done_at: datetime) -> None:
    """Let the next page have a button that undoes what was done at that moment, by the door at `path`."""
    flash(f"{path} {done_at.isoformat()}", CATEGORY)


def moment() -> datetime:
    """The moment that such a button names. Raises `Conflict` for what is none."""
    try:
        named = datetime.fromisoformat(request.form.get(FIELD, ""))
        if named.tzinfo is not None:
            return named.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Conflict("There is nothing left to undo.", "Look at it as it stands.", code="undone")
