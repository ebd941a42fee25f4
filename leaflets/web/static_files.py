"""Style sheets, scripts, fonts: read once when the site starts, and served from memory under the hash of them all.

Modules import each other by relative path, so that the hash in the address of the first is in the address of every
one: a page never mixes scripts of two versions, and a browser may keep each file for good. After an update an old
address is gone (404) rather than answered with other contents. In the demo, files that were changed make a new
edition while pages that are open keep theirs.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, g, request, url_for
from werkzeug.exceptions import NotFound

FOR_GOOD = "public, max-age=31536000, immutable"

# By suffix: the media type, and whether compressing gains anything; fonts are compressed already.
_KINDS = {
    ".css": ("text/css", True),
    ".js": ("text/javascript", True),
    ".svg": ("image/svg+xml", True),
    ".webp": ("image/webp", False),
    ".png": ("image/png", False),
    ".woff2": ("font/woff2", False),
}
_OTHER = ("text/plain", True)  # licences
_IMPORT = re.compile(rb"""^(?:import|export)\b[^"';(]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
_EDITIONS_KEPT = 8


@dataclass(frozen=True, slots=True)
class File:
    """One file; `zipped` is empty where compressing it gains nothing."""

    content: bytes
    zipped: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Edition:
    """All files of one moment by their path, the hash that names them together, and when they were `touched`."""

    stamp: str
    files: Mapping[str, File]
    touched: tuple[int, int]

    def modules_of(self, path: str) -> list[str]:
        """A script and every one that it imports when it starts, each once, the first first."""
        found = [path]
        for name in found:
            for written in _IMPORT.findall(self.files[name].content):
                other = posixpath.normpath(posixpath.join(posixpath.dirname(name), written.decode()))
                if other in self.files and other not in found:
                    found.append(other)
        return found


def read(folder: Path) -> Edition:
    """Every file under a folder, as it is now."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _file(path) for path in paths}
    names = "\n".join(f"{name} {hashlib.sha256(file.content).hexdigest()}" for name, file in files.items())
    return Edition(hashlib.sha256(names.encode()).hexdigest()[:12], files, _touched(folder))


class Shelf:
    """The edition that pages name now, and in the demo earlier ones that open pages still ask for."""

    def __init__(self, folder: Path, *, changing: bool) -> None:
        self._folder, self._changing = folder, changing
        self._editions = [read(folder)]

    def now(self) -> Edition:
        """The newest edition; while files may change, looked up once in each request."""
        if self._changing and "looked_at_static" not in g:
            g.looked_at_static = True
            if _touched(self._folder) != self._editions[-1].touched:
                self._editions = [*self._editions, read(self._folder)][-_EDITIONS_KEPT:]
        return self._editions[-1]

    def edition(self, stamp: str) -> Edition | None:
        """The edition of that name, if it is known here."""
        newest = self.now()
        return next((each for each in (newest, *self._editions) if each.stamp == stamp), None)


def serve(app: Flask, folder: Path, *, changing: bool) -> None:
    """Give every file its address: `url_for("static", filename=…)`."""
    shelf = Shelf(folder, changing=changing)

    def static(stamp: str, filename: str) -> Response:
        edition = shelf.edition(stamp)
        file = edition.files.get(filename) if edition else None
        if file is None:
            raise NotFound
        zips = bool(file.zipped) and request.accept_encodings["gzip"] > 0
        answer = Response(file.zipped if zips else file.content, mimetype=file.media_type)
        answer.headers["Cache-Control"] = FOR_GOOD
        if file.zipped:
            answer.vary.add("Accept-Encoding")
        if zips:
            answer.headers["Content-Encoding"] = "gzip"
        return answer

    def modules(path: str) -> list[str]:
        return [url_for("static", filename=name) for name in shelf.now().modules_of(path)]

    @app.url_defaults
    def _stamp(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("stamp", shelf.now().stamp)

    app.add_url_rule("/static/<stamp>/<path:filename>", "static", static)
    app.jinja_env.globals["modules"] = modules


def _file(path: Path) -> File:
    content = path.read_bytes()
    media_type, gains = _KINDS.get(path.suffix, _OTHER)
    return File(content, gzip.compress(content, mtime=0) if gains else b"", media_type)


def _touched(folder: Path) -> tuple[int, int]:
    """How many files there are, and when the newest was changed (ns)."""
    times = [path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()]
    return len(times), max(times, default=0)
