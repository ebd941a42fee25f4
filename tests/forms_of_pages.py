"""The forms that a page offers, as a browser would fill them in; and what a route reads of what it is sent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import has_request_context, request
from werkzeug.datastructures import ImmutableMultiDict

Fields = list[tuple[str, str]]

TYPED = "Words of mine in"
"""What somebody types into an empty field for words; the name of the field follows."""

LIKELY = {
    "date": "2027-04-20",
    "time": "12:00",
    "number": "3",
    "email": "ann@example.org",
    "url": "https://example.org",
}
"""What somebody types into an empty field of another type."""


@dataclass
class Form:
    """A form of a page: `fields` are what a browser sends of it unless somebody types, `files` those for a file."""

    action: str
    method: str
    fields: Fields = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def offer(self, name: str, value: str, *, chosen: bool) -> None:
        """One of several values: the one that is chosen, else the first."""
        if chosen or name not in dict(self.fields):
            self.fields = [(key, other) for key, other in self.fields if not chosen or key != name]
            self.fields.append((name, value))


class _Page(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, list[Form]()
        self._form: Form | None = None
        self._ids: dict[str, Form] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(has.get("action") or self.path, has.get("method", "get").upper())
            self._ids[has.get("id", "")] = self._form
            self.forms.append(self._form)
        form = self._ids.get(has["form"]) if "form" in has else self._form
        if form is None:
            return
        name, value = has.get("name", ""), has.get("value", "")
        if tag == "option" and self._select:
            form.offer(self._select, value, chosen="selected" in has)
        elif tag == "input" and has.get("type") == "file":
            form.files.append(name)
        elif tag == "button" or has.get("type") in ("radio", "checkbox"):
            form.offer(name, value, chosen="checked" in has)
        elif tag == "input":
            kind = has.get("type", "text")
            likely = f"{TYPED} {name}" if kind in ("text", "search") else LIKELY.get(kind, "")
            form.fields.append((name, value or likely))
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            form.fields.append((name, f"{TYPED} {name}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms_of(page: str, path: str) -> list[Form]:
    """The forms of a page that is at `path`, with the fields that have a name."""
    parser = _Page(path)
    parser.feed(page)
    for form in parser.forms:
        form.fields = [(name, value) for name, value in form.fields if name and name != "csrf_token"]
    return parser.forms


READ: dict[str, set[str]] = defaultdict(set)
"""By endpoint, the names that its view has asked for so far."""


class Overheard(ImmutableMultiDict[str, Any]):
    """What was sent, noting every name that it is asked for: `app.request_class.parameter_storage_class`."""

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        _note(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        _note(key)
        return super().getlist(key, *rest, **more)

    def __getitem__(self, key: str) -> Any:
        _note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _note(key)
        return super().__contains__(key)


def _note(key: object) -> None:
    if isinstance(key, str) and has_request_context() and request.endpoint:
        READ[request.endpoint].add(key)
