"""Nothing typed is lost: when a form cannot be taken, the page that says so holds every word of it.

A sign-in that ended, or a form from before it, is answered with the words themselves and a button that sends them
again. Only a form that this site's own page sent is held: another site's is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

HELD = "held."
"""What the names of held fields begin with while they travel through the sign-in form."""

_NOT_HELD = frozenset({"csrf_token", "code"})


def typed() -> list[tuple[str, str]]:
    """The fields of the form in this request, by name; empty when another site sent it."""
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_HELD]


def typed_words() -> list[tuple[str, str]]:
    """The form in this request when somebody wrote words in it; else nothing."""
    fields = typed()
    return fields if any(" " in value.strip() for _, value in fields) else []


def held() -> list[tuple[str, str]]:
    """The fields that a sign-in form carried along, under their own names."""
    return [(name.removeprefix(HELD), value) for name, value in typed() if name.startswith(HELD)]


def own_path(address: str | None) -> str:
    """The address when it is a path on this site, else the first page: a link must not lead away through us."""
    given = address or ""
    inside = given.startswith("/") and not given.startswith("//") and given.isprintable() and "\\" not in given
    return given if inside else url_for("home.page")


def send_again(fields: Iterable[tuple[str, str]], to: str, *, why: str, status: int = 200) -> ResponseReturnValue:
    """A page with the words that were typed and one button that sends them to `to`."""
    shown = list(fields)
    return make_response(render_template("send-again.html", fields=shown, to=to, why=why), status)
