"""Words that a device keeps until the site has said that it has them (static/js/draft.js is the other half).

Each page with a form has a name; the browser is told of the last few whose words were kept. Only it needs to know,
so the names live in its own cookie.
"""

from __future__ import annotations

import re

from flask import session

REMEMBERED = 8
"""Pages of one browser that may be saved before any of them is opened again."""

_KEY = "acknowledged"
_PAGE = re.compile(r"[0-9a-f]{32}")


def acknowledge(page: str) -> None:
    """Everything that the form of this page sent is kept."""
    if _PAGE.fullmatch(page):
        session[_KEY] = [*acknowledged(), page][-REMEMBERED:]


def acknowledged() -> list[str]:
    """The pages whose words this browser need not keep any longer."""
    return list(session.get(_KEY, []))
