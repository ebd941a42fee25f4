"""Finding an organisation by its name, for programs: two may have the same, and neither knows."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid
from leaflets.storage.people import Organisation

_NUMBERED = re.compile(r"(.*\S)\s+#(\d{1,9})")


def called(session: Session, name: str) -> Organisation | None:
    """The organisation of that name, where there is one; where several have it, `name #number` says which.

    Raises `Invalid` where that is missing.
    """
    plain, number = name.strip(), 0
    found = list(session.scalars(select(Organisation).where(Organisation.name == plain).order_by(Organisation.id)))
    if not found and (numbered := _NUMBERED.fullmatch(plain)):
        plain, number = numbered[1], int(numbered[2])
        found = list(session.scalars(select(Organisation).filter_by(name=plain, id=number)))
    if len(found) > 1:
        numbers = ", ".join(f"“{plain} #{each.id}”" for each in found)
        raise Invalid(f"{len(found)} organisations are called {plain}.", f"Say which: {numbers}.")
    return found[0] if found else None
