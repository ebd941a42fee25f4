"""Every route, sent what nobody should send: it answers in words, below 500, and gives back what was typed."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import pytest
from clockwork import Clockwork
from forms_of_pages import READ, TYPED, Fields, Form, Overheard, forms_of
from furnished import address_of_route, furnish
from pydantic import BaseModel
from scene import close_connections
from site_of_scene import Site
from werkzeug.routing import Rule

from leaflets.domain.permissions import Role
from leaflets.services.roles import grants
from leaflets.storage.people import Campaign
from leaflets.storage.tree import Node
from leaflets.web import limits

NO_WORDS, NO_NUMBER, NO_DAY = 'x\0\x1b\u202e"><x-evil>', "9" * 5000, "9999-12-31"
AT_ONCE = ("//evil.example\r\nX-Evil: yes", "\udced\udca0\udc80")
"""For all fields of a form; the last are bytes that are no UTF-8."""

FOR_ONE_USE = ("code",)
"""Fields whose words no page gives back, on purpose."""

FILES = (b"", b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"name,kind\n=cmd(),ward\n\0,")
FILE_NAME = '../"><x-evil>\r\nX-Evil: yes\0.csv'

JSON_PARTS: tuple[Any, ...] = (None, 10**30, float("inf"), "\ud800\0", [], {"\0": ["\ud800"]})
JSON_BODIES = (b"", b"[]", b"\xff", b"[" * 10_000, b'{"a":' * 10_000)

LEFT_OUT = ("static", "signin.sign_out", "signin.sign_in_demo", "account.end", "account.end_others")
"""Routes after which nobody is signed in, and files."""

SAYS_WHY_NOT = 503
"""This site sends no letters, and says so to who asks for one."""


class Intruder:
    """Somebody who may do all that an agent, the nation and an administrator may, and sends what nobody should.

    Every request meets the site as it was: what one changes is put back before the next. `faults` say where an answer
    was not as it should be.
    """

    def __init__(self, site: Site, clock: Clockwork) -> None:
        with site.scene.sessions.begin() as session:
            session.get_one(Campaign, site.scene.campaign.id).node_id = clock.seat.id
        self.site, self.known, self.faults = site, furnish(site, clock), list[str]()
        with site.scene.sessions() as session:
            root = session.get_one(Node, clock.nation.parent_id)
            for role in (Role.ADMINISTRATOR, Role.NATION):
                grants.give(session, **clock.by, node_id=root.id, person_id=site.scene.agent.id, role=role)
        site.app.request_class = type("Request", (site.app.request_class,), {"parameter_storage_class": Overheard})
        self._client = site.client(site.scene.agent)
        self._token = site.token(self._client)
        self._file = Path(site.scene.url.removeprefix("sqlite:///"))
        self._kept = self._file.with_suffix(".kept")
        close_connections()
        shutil.copy(self._file, self._kept)

    def rules(self, method: str) -> Iterator[Rule]:
        """The routes that take this method."""
        for rule in self.site.app.url_map.iter_rules():
            if method in (rule.methods or ()) and rule.endpoint not in LEFT_OUT:
                yield rule

    def path(self, rule: Rule) -> str:
        """Where a route is."""
        return address_of_route(self.site, rule, self.known)

    def doors(self) -> list[tuple[str, Form]]:
        """The endpoint of every route, with each form that leads to it; with an empty one where no page has any."""
        doors: dict[tuple[str, str, frozenset[str]], Form] = {}
        addresses = self.site.app.url_map.bind("localhost")
        for rule in self.rules("GET"):
            for form in self._forms_at(self.path(rule)):
                form.action = urlsplit(form.action).path
                if addresses.test(form.action, method=form.method):
                    endpoint, _ = addresses.match(form.action, method=form.method)
                    doors.setdefault((endpoint, form.method, frozenset(dict(form.fields))), form)
        led_to = {(endpoint, method) for endpoint, method, _ in doors}
        for method in ("GET", "POST"):
            for rule in self.rules(method):
                if (rule.endpoint, method) not in led_to:
                    doors[rule.endpoint, method, frozenset()] = Form(self.path(rule), method)
        return [(endpoint, form) for (endpoint, *_), form in doors.items() if endpoint not in LEFT_OUT]

    def _forms_at(self, path: str) -> list[Form]:
        with self._client.get(path) as answer:
            return forms_of(answer.text, path) if answer.mimetype == "text/html" else []

    def send(self, form: Form, fields: Fields, what: str, content: bytes | None = None) -> None:
        """The form with these fields; `content` for each of its files."""
        body, more = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields), dict[str, Any]()
        if form.method == "GET":
            more["query_string"] = body
        elif content is not None:
            files = {name: (io.BytesIO(content), FILE_NAME) for name in form.files}
            more["data"] = {**dict(fields), **files, "csrf_token": self._token}
        else:
            more["data"] = f"csrf_token={_quoted(self._token)}&{body}"
            more["content_type"] = "application/x-www-form-urlencoded"
        typed = [value for name, value in fields if value.startswith(TYPED) and name not in FOR_ONE_USE]
        self._send(form.method, form.action, what, typed if form.method == "POST" else [], more)

    def send_json(self, path: str, body: bytes) -> None:
        """Bytes that say that they are JSON."""
        kinds = {"Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": self._token}
        self._send("POST", path, repr(body[:80]), [], {"data": body, "headers": kinds})

    def _send(self, method: str, path: str, what: str, typed: list[str], more: dict[str, Any]) -> None:
        try:
            with self._client.open(path, method=method, **more) as answer:
                said, changed = _fault(answer, typed), method != "GET" and answer.status_code < 400
        except Exception as error:  # a person would see a 500
            said, changed = f"{type(error).__name__}: {error}"[:200], True
        if said:
            self.faults.append(f"{method} {path} {what[:120]}: {said}")
        if changed:
            close_connections()
            shutil.copy(self._kept, self._file)


def _quoted(value: str) -> str:
    return quote_plus(value.encode("utf-8", "surrogateescape"))


def _fault(answer: Any, typed: Iterable[str]) -> str:
    """What is wrong with an answer, in a few words; empty when nothing is."""
    status, is_page = answer.status_code, answer.mimetype == "text/html"
    where = answer.headers.get("Location", "")
    if status >= 500 and status != SAYS_WHY_NOT:
        return str(status)
    if urlsplit(where).netloc not in ("", "localhost") or "X-Evil" in answer.headers:
        return f"leads away to {where}"
    if is_page and "<x-evil>" in answer.text:
        return "takes markup from a field"
    if status >= 400 and not answer.data:
        return f"{status} without a word"
    lost = [value for value in typed if is_page and status in (400, 409, 422) and escape(value) not in answer.text]
    return f"{status} loses “{lost[0]}”" if lost else ""


@pytest.fixture
def intruder(site: Site, clock: Clockwork, monkeypatch: pytest.MonkeyPatch) -> Intruder:
    monkeypatch.setattr(limits.limiter, "enabled", False)
    return Intruder(site, clock)


def test_no_field_breaks_a_page_or_loses_what_stands_in_the_others(intruder: Intruder) -> None:
    doors = intruder.doors()
    for endpoint, form in doors:
        if form.method == "POST":
            intruder.send(form, form.fields, "as it is")
        names = sorted(dict(form.fields).keys() | READ[endpoint] - {"csrf_token"})
        for value in AT_ONCE if names else ():
            intruder.send(form, [(name, value) for name in names], f"all {value!r}")
        for name in names:
            spoiled = _spoiled_value(dict(form.fields).get(name, ""))
            others = [(other, value) for other, value in form.fields if other != name]
            intruder.send(form, [*others, (name, spoiled)], f"{name}={spoiled!r}")
        for content in FILES if form.files else ():
            intruder.send(form, form.fields, f"a file {content!r}", content)
    assert intruder.faults == []
    assert len(doors) > 150


def _spoiled_value(good: str) -> str:
    """What cannot stand in a field in which this can."""
    return NO_NUMBER if good.isdecimal() else NO_DAY if good[:4].isdecimal() else NO_WORDS


def _sample(shape: dict[str, Any], known: dict[str, Any]) -> Any:
    """A body as pydantic's JSON schema wants it."""
    if "$ref" in shape:
        return _sample(known[shape["$ref"].rpartition("/")[2]], known)
    if "anyOf" in shape:
        return _sample(shape["anyOf"][0], known)
    if "enum" in shape:
        return shape["enum"][0]
    kind = shape.get("type")
    if kind == "object":
        return {name: _sample(each, known) for name, each in shape.get("properties", {}).items()}
    if kind == "array":
        return [_sample(shape.get("items", {}), known)] * shape.get("minItems", 1)
    return {"integer": 0, "number": 1.5}.get(str(kind), "headline")


def _spoiled(body: Any) -> Iterator[Any]:
    """The body with one part of it at a time replaced."""
    yield from JSON_PARTS
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, part in parts:
        for other in _spoiled(part):
            changed = body.copy()
            changed[key] = other
            yield changed


def test_no_json_breaks_a_door(intruder: Intruder, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: set[type[BaseModel]] = set()
    judge = BaseModel.model_validate.__func__  # type: ignore[attr-defined]

    def overheard(shape: type[BaseModel], *given: Any, **more: Any) -> Any:
        shapes.add(shape)
        return judge(shape, *given, **more)

    monkeypatch.setattr(BaseModel, "model_validate", classmethod(overheard))
    tried = 0
    for rule in intruder.rules("POST"):
        shapes.clear()
        intruder.send_json(intruder.path(rule), b"null")
        wanted = [shape.model_json_schema() for shape in shapes]
        tried += len(wanted)
        for schema in wanted:
            spoiled = (json.dumps(body).encode() for body in _spoiled(_sample(schema, schema.get("$defs", {}))))
            for body in (*JSON_BODIES, *spoiled):
                intruder.send_json(intruder.path(rule), body)
    assert tried > 10
    assert intruder.faults == []
