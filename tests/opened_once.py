"""What is the same for every site that the tests open is made once a run: the library, the static files, the routes.

Each test opens a site of its own, and these took longer than what most of them look at.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from werkzeug.routing import Rule

from leaflets import app
from leaflets.catalogue import Library, load_library
from leaflets.config import ROOT
from leaflets.web import static_files

LIBRARY = ROOT / "tests" / "data" / "library"
STATIC = ROOT / "static"

our_library = cache(lambda: load_library(LIBRARY))
_read, _builder_of = static_files.read, Rule._compile_builder
_our_files = cache(lambda: _read(STATIC))
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def _library(root: Path) -> Library:
    return our_library() if root == LIBRARY else load_library(root)


def _files(folder: Path) -> static_files.Edition:
    return _our_files() if folder == STATIC else _read(folder)


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:
    """The function that builds addresses of a route. It follows from the route's own text and from nothing else."""
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _builder_of(rule, append_unknown)
    return _builders[key]


def open_once() -> None:
    """From now on, in this process."""
    app.load_library = _library
    static_files.read = _files
    Rule._compile_builder = _builder
