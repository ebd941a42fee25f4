"""A list of places from a spreadsheet, read and judged before anything is written.

A CSV file has a row of column names and a row for each place: name, kind, code, parent, nation. It may come in any
way that Excel, Numbers and LibreOffice write it: with commas, semicolons or tabs; in UTF-8 with a mark or without, in
UTF-16, or in Windows-1252. Rows are counted as a spreadsheet counts them, the column names being row 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Area, Tier, good_code, good_name, looks_like_formula

MOST_ROWS = 10_000
"""Every ward of the United Kingdom is 8,400."""
MOST_BYTES = 4 << 20

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "place", "seat"),
    "kind": ("kind", "type", "area"),
    "code": ("code", "gss_code", "gss code", "gss"),
    "parent": ("parent", "region", "council", "below"),
    "nation": ("nation", "country"),
}
"""Each column, and what a file may call it. The first two are needed."""

NEEDED = ("name", "kind")

KINDS: Mapping[str, tuple[Tier, Area | None]] = {
    Tier.REGION.value: (Tier.REGION, None),
    **{area.value: (Tier.SEAT, area) for area in Area},
    Tier.SEAT.value: (Tier.SEAT, None),  # of before anybody said what kind of place it is
}
"""What the column “kind” may say."""

_NATIONS = {spelling: nation for nation in Nation for spelling in (nation.value, nation.label.lower())}


@dataclass(frozen=True, slots=True)
class Row:
    """One place of the file, tidy. `parent` is a code or a name, empty where the file says none."""

    number: int
    name: str
    tier: Tier
    area: Area | None
    code: str
    parent: str
    nation: Nation | None

    @property
    def kind(self) -> str:
        """What the column said."""
        return (self.area or self.tier).value


@dataclass(frozen=True, slots=True)
class RowFault:
    """What keeps a row from being taken, and what to do."""

    row: int
    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read. `unused` are columns that mean nothing here; `encoding` is empty for UTF-8."""

    rows: tuple[Row, ...]
    faults: tuple[RowFault, ...]
    unused: tuple[str, ...]
    encoding: str


def read(data: bytes) -> Sheet:
    """The rows of a file, and what is wrong with single ones.

    Raises `Invalid` for what is no such list as a whole: another kind of file, no columns of ours, too many rows.
    """
    if len(data) > MOST_BYTES:
        raise Invalid(
            f"This file is larger than {MOST_BYTES >> 20} MB.", "Split it, and send one part after the other."
        )
    text, encoding = _text(data)
    lines = text.splitlines(keepends=True)
    head = next((line for line in lines if line.strip()), "")
    if not head:
        raise Invalid("This file is empty.", f"Its first row names the columns: {', '.join(COLUMNS)}.")
    table = _table(lines, _delimiter(head))
    columns, unused = _columns(next((cells for _, cells in table), []))
    rows, faults, count = [], [], 0
    width = len(columns)
    for number, cells in table:
        count += 1
        if count > MOST_ROWS:
            raise Invalid(
                f"This file has more than {MOST_ROWS:,} rows, the most that we take at once.",
                "Split it, and send one part after the other. Nothing was added.",
            )
        try:
            rows.append(_row(number, cells, columns, width))
        except Invalid as error:
            faults.append(RowFault(number, error.message, error.remedy))
    if not count:
        raise Invalid("This file names its columns, and holds no place.", "Add a row for each place below them.")
    return Sheet(tuple(rows), tuple(faults), unused, encoding)


def neutral(cell: str) -> str:
    """A cell for a file that we give out: a spreadsheet reads it as words, even if it looks like a formula."""
    return f"'{cell}" if looks_like_formula(cell) else cell


def _text(data: bytes) -> tuple[str, str]:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid(
            "This is a workbook and not a CSV file.",
            "In the spreadsheet choose Save as, then “CSV UTF-8”, and send that.",
        )
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, {"cp1252": "Windows-1252", "utf-16": "UTF-16"}.get(encoding, "")
    raise Invalid("This file holds no text that we can read.", "Save the list as “CSV UTF-8”, and send that.")


def _delimiter(head: str) -> str:
    known = {spelling for spellings in COLUMNS.values() for spelling in spellings}
    return max(",;\t", key=lambda mark: sum(_heading(cell) in known for cell in head.split(mark)))


def _heading(cell: str) -> str:
    return cell.strip().strip('"').strip().lower()


def _table(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with its number. Raises `Invalid` where a quote is never closed."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Invalid(
                f"From row {number} on, the file cannot be told apart into cells.",
                "A quotation mark is open there and never closed, or stands in the middle of a cell: take it out.",
            ) from None
        if any(cell.strip() for cell in cells):
            yield number, cells


def _columns(head: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """What each column of the file is, empty for one that means nothing here; and those, as the file calls them."""
    meaning = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings}
    columns = [meaning.get(_heading(cell), "") for cell in head]
    for column in COLUMNS:
        if columns.count(column) > 1:
            both = " and ".join(f"“{cell.strip()}”" for cell, each in zip(head, columns, strict=True) if each == column)
            raise Invalid(f"Two columns say the {column}: {both}.", "Take one of them out.")
    if missing := [column for column in NEEDED if column not in columns]:
        raise Invalid(
            f"The file has no column called {' and none called '.join(missing)}.",
            f"Its first row has to name the columns: {', '.join(COLUMNS)}. The first two are needed.",
        )
    unused = tuple(cell.strip()[:40] for cell, each in zip(head, columns, strict=True) if not each and cell.strip())
    return columns, unused


def _row(number: int, cells: Sequence[str], columns: Sequence[str], width: int) -> Row:
    if any(cell.strip() for cell in cells[width:]):
        raise Invalid(
            f"This row has {len(cells)} cells, and there are {width} columns.",
            "A name with a comma in it has to stand in quotation marks.",
        )
    said = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    kind, nation = said["kind"].strip().lower() if "kind" in said else "", said.get("nation", "").strip().lower()
    name = good_name(said.get("name", ""))
    if kind == Tier.NATION:
        raise Invalid(
            f"{name} is a nation, and nations are not in a list.", "Add it on the page, and take this row out."
        )
    if kind not in KINDS:
        what = f"“{said['kind'].strip()[:40]}” is no kind of place" if kind else f"{name} does not say what it is"
        raise Invalid(f"{what}.", f"Write one of these in the column “kind”: {', '.join(KINDS)}.")
    if nation and nation not in _NATIONS:
        raise Invalid(
            f"“{nation[:40]}” is none of the nations.", f"Write one of: {', '.join(n.label for n in Nation)}."
        )
    tier, area = KINDS[kind]
    parent = said.get("parent", "")
    return Row(
        number,
        name,
        tier,
        area,
        good_code(said.get("code", "")),
        good_name(parent) if parent.strip() else "",
        _NATIONS.get(nation),
    )
