"""Where in a TOML file each key stands, so that an error can name its line; and the faults themselves."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leaflets.domain.errors import Invalid

Key = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TOKEN = re.compile(r'\"\"\"|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#|[\[\]{}]')
_POSITION = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the library: which file, line (0 when the whole file is meant) and key, and the remedy."""

    file: Path
    line: int
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.key + ': ' if self.key else ''}{self.message} {self.remedy}".rstrip()


class ManifestError(Invalid):
    """The library cannot be used as it stands; `faults` lists everything that is wrong with it."""

    code = "manifest"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML file: its values, and the line of each key. A key of an array of tables counts from 0."""

    file: Path
    values: Mapping[str, Any]
    lines: Mapping[Key, int]

    def line(self, key: Key) -> int:
        """The line of that key, or of the nearest table around it; 0 when that is the file."""
        for length in range(len(key), 0, -1):
            if found := self.lines.get(tuple(key[:length])):
                return found
        return 0

    def fault(self, key: Key, message: str, remedy: str) -> Fault:
        """A fault at that key."""
        return Fault(self.file, self.line(key), ".".join(map(str, key)), message, remedy)


def read_source(file: Path) -> Source | Fault:
    """The file's values and lines, or the fault that keeps it from being read."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Fault(file, 0, "", "The file is missing.", "Write it; another template shows its form.")
    except (OSError, UnicodeDecodeError) as unreadable:
        return Fault(file, 0, "", f"The file cannot be read ({unreadable}).", "Save it as UTF-8 text.")
    try:
        return Source(file, tomllib.loads(text), key_lines(text))
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        place = _POSITION.search(str(broken))
        line = int(place[1]) if place else text.count("\n") + 1
        return Fault(file, line, "", f"This is not TOML: {broken}.", "Correct the line, or the one before it.")


def key_lines(text: str) -> dict[Key, int]:
    """The line, from 1, of every table header and of every key outside arrays and inline tables."""
    lines: dict[Key, int] = {}
    tables: Counter[Key] = Counter()
    here: Key = ()
    quote, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = 0
        if not quote and not depth:
            if header := _HEADER.match(line):
                here = _table_key(_parts(header[2]), header[1] == "[[", tables)
                lines.setdefault(here, number)
                continue
            if key := _KEY.match(line):
                parts = _parts(key[1])
                for length in range(1, len(parts) + 1):
                    lines.setdefault((*here, *parts[:length]), number)
                start = key.end()
        quote, depth = _open_after(line, start, quote, depth)
    return lines


def _parts(dotted: str) -> Key:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _table_key(parts: Key, is_array: bool, tables: Counter[Key]) -> Key:
    """The full key of a header, with the index of each array of tables that it goes through."""
    full: Key = ()
    for part in parts[:-1]:
        full = (*full, part)
        if tables[full]:
            full = (*full, tables[full] - 1)
    full = (*full, parts[-1])
    if is_array:
        tables[full] += 1
        full = (*full, tables[full] - 1)
    return full


def _open_after(line: str, start: int, quote: str, depth: int) -> tuple[str, int]:
    """Which long string is open at the end of the line, and how many brackets."""
    position = start
    while position < len(line):
        if quote:
            end = line.find(quote, position)
            if end < 0:
                return quote, depth
            quote, position = "", end + 3
            continue
        token = _TOKEN.search(line, position)
        if token is None or token[0] == "#":
            break
        position = token.end()
        if token[0] in ('"""', "'''"):
            quote = token[0]
        elif token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
    return quote, depth
