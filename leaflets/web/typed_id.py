"""The number of a thing as a form or an address says it: every form reads it here."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.routing import IntegerConverter

DIGITS = 9
"""No id of ours has more, and either database can hold as many."""


class NumberInAddress(IntegerConverter):
    """`<int:…>` of a route: an address with a longer number leads nowhere."""

    regex = rf"\d{{1,{DIGITS}}}"


def id_of(typed: str) -> int | None:
    """The id; `None` for what can be none."""
    return int(typed) if typed.isdecimal() and len(typed) <= DIGITS else None


def ids_of(typed: Iterable[str]) -> list[int]:
    """Those that can be ids, in their order."""
    return [found for each in typed if (found := id_of(each)) is not None]
