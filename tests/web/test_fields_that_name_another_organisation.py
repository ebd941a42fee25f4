"""Every field that takes a number, a key, a name or an e-mail address, sent those of another organisation's things.

What is answered, and what it changes, is word for word that for what does not exist.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from clockwork import Clockwork
from forms_of_pages import READ, Form
from scene import close_connections
from site_of_scene import Site
from sqlalchemy import Column
from test_bad_input_at_every_door import Intruder

from leaflets.domain.permissions import Action
from leaflets.storage.base import Base
from leaflets.web import limits
from leaflets.web.access import RULES

THERE, NOWHERE = 500_000_000, 700_000_000
"""What is added to the number of a thing for its twin in the other organisation, and for what does not exist."""

TWIN = "Border"
"""What the names of twins begin with."""

OF_NO_ORGANISATION = ("audit", "press_job", "message_due", "link_request", "used_challenge")
NAMES = ("name", "title", "candidate", "promoter")

WRITTEN = {
    "email": ("bagnes@example.org", "nobody@example.org"),
    **dict.fromkeys(("where", "q", "find", "who", "about"), (f"{TWIN}South", "NowhereSouth")),
}
"""By the name of a field, what names something there, and what names nothing; all others take numbers or keys."""

_KEY = re.compile(r"([a-z]+-)?(\d+)")
_OF_ITS_OWN = re.compile(r'request [0-9a-f]{8}|CSRFToken[^}]*|/people/\d+|(csrf_token|op_id)" value="[^"]*"')
"""What no two answers have in common. The number of somebody who was brought in counts people, of whomever."""


class Neighbour(Intruder):
    """Somebody who may do all that one organisation allows, beside another that has a twin of each of its things."""

    def __init__(self, site: Site, clock: Clockwork) -> None:
        super().__init__(site, clock)
        with closing(sqlite3.connect(self._kept)) as database:
            database.create_function("moved", 1, _moved)
            for table in Base.metadata.sorted_tables:
                if table.name not in OF_NO_ORGANISATION:
                    into, twins = ", ".join(f'"{each.name}"' for each in table.c), ", ".join(map(_twin, table.c))
                    database.execute(f'INSERT INTO "{table.name}" ({into}) SELECT {twins} FROM "{table.name}"')
            database.commit()
            self._before = {*database.iterdump()}
        self._put_back()

    def tried(self) -> Iterator[tuple[Form, str, str, str]]:
        """Each form, a field of it, what names a twin in it, and what names nothing."""
        doors = self.doors()
        self._put_back()  # some pages make something when they are first looked at
        for endpoint, form in doors:
            good, is_public = dict(form.fields), RULES[endpoint] is Action.SEE_PUBLIC_PAGE
            # What a form lacks and its view reads is known only once some test has sent it: not counted on here.
            asked = READ[endpoint] if form.method == "GET" else frozenset()
            for name in () if is_public else sorted(good.keys() | asked):
                key = _KEY.fullmatch(good.get(name, "1"))
                if name in WRITTEN:
                    yield form, name, *WRITTEN[name]
                elif key:
                    there, nowhere = (f"{key[1] or ''}{int(key[2]) + more}" for more in (THERE, NOWHERE))
                    yield form, name, there, nowhere

    def hears(self, form: Form, name: str, value: str) -> list[str]:
        """The answer to a form with this in one of its fields, and what that changes, without the value itself."""
        fields = {**dict(form.fields), name: value}
        sent = {"query_string": fields} if form.method == "GET" else {"data": {**fields, "csrf_token": self._token}}
        with self._client.open(form.action, method=form.method, follow_redirects=True, **sent) as answer:
            heard = [f"{answer.status_code} {answer.request.path}", *_OF_ITS_OWN.sub("", answer.text).splitlines()]
        if TWIN in "".join(heard).replace(value, ""):
            heard.append(f"names what is there: {value}")
        if form.method == "POST" and answer.status_code < 400:
            heard += [] if "@" in value else self._changed()
            self._put_back()
        key = _KEY.fullmatch(value)
        return [line.replace(key[2] if key else value, "#") for line in heard]

    def _put_back(self) -> None:
        close_connections()
        shutil.copy(self._kept, self._file)

    def _changed(self) -> list[str]:
        close_connections()
        with closing(sqlite3.connect(self._file)) as database:
            return sorted(line for line in {*database.iterdump()} ^ self._before if '"audit"' not in line)


def _moved(path: str) -> str:
    return re.sub(r"\d+", lambda number: str(int(number[0]) + THERE), path)


def _twin(column: Column[Any]) -> str:
    """What stands in this column of a twin, as SQL."""
    name, of = f'"{column.name}"', column.table.name
    if column.foreign_keys or (column.primary_key and column.name == "id"):
        return f"{name} + {THERE}"
    if column.unique or (column.primary_key and column.name == "code_hash"):
        return f"'b' || {name}"
    if (of, column.name) == ("node", "path"):
        return f"moved({name})"
    return f"'{TWIN}' || {name}" if column.name in NAMES and not column.primary_key else name


def test_no_field_tells_what_another_organisation_has_from_what_nobody_has(
    site: Site, clock: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.limiter, "enabled", False)
    neighbour = Neighbour(site, clock)
    tried = list(neighbour.tried())
    told = [
        f"{form.method} {form.action} {name}={there}"
        for form, name, there, nowhere in tried
        if neighbour.hears(form, name, there) != neighbour.hears(form, name, nowhere)
    ]
    assert told == []
    assert len(tried) > 50
