"""The chain of the audit: each row carries the hash of the one before it, so that no row can be changed unseen.

A row's hash is the SHA-256 of the canonical JSON of what it says and of its predecessor's hash. Rows are numbered
without gaps from the day the chain began; rows of before that day may have gaps. Whoever recomputes every hash is
found by an anchor: the hash of a head, noted and signed outside the database when it was new.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

GENESIS = "0" * 64
"""What stands in the place of a predecessor's hash in the first row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says. `at` is aware; `node_id` is the place of the tree that it concerns, where there is one.

    `id` is its number; 0 until it has a place in the chain.
    """

    at: datetime
    person_id: int | None
    who: str
    campaign_id: int | None
    node_id: int | None
    what: str
    subject: str
    subject_id: int
    was: str
    became: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A row as it is kept: what it says, and the two hashes beside it."""

    entry: Entry
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the chain."""

    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as it was noted outside the database, and when."""

    head: Head
    at: datetime


class Fault(StrEnum):
    """What was done to the record."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "reordered"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the record is not what it was: the row's number, and a sentence for people."""

    fault: Fault
    row: int
    words: str


def hash_of_entry(entry: Entry, previous_hash: str) -> str:
    """The hash of a row: SHA-256 in hexadecimal of a JSON list of its fields in their order, ASCII, without spaces.

    The moment is written in UTC with microseconds, which both databases keep.
    """
    said = [
        previous_hash,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.person_id,
        entry.who,
        entry.campaign_id,
        entry.node_id,
        entry.what,
        entry.subject,
        entry.subject_id,
        entry.was,
        entry.became,
    ]
    return sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def chained(entries: Sequence[Entry], last: Head) -> list[Link]:
    """These entries, numbered, as links that follow that head."""
    links, previous_hash = [], last.hash
    for number, each in enumerate(entries, last.id + 1):
        entry = replace(each, id=number)
        hash_ = hash_of_entry(entry, previous_hash)
        links.append(Link(entry, previous_hash, hash_))
        previous_hash = hash_
    return links


def first_break(links: Iterable[Link], row_of: Callable[[str], int | None], after: Head | None = None) -> Break | None:
    """The first fault of a stretch of the chain in the order of its numbers; `None` where it is whole.

    `row_of` says which row carries a hash, `after` where the stretch before it ended.
    """
    last = after or Head(0, GENESIS)
    for link in links:
        follows = link.previous_hash == last.hash
        if not follows or hash_of_entry(link.entry, link.previous_hash) != link.hash:
            return _altered(link.entry.id) if follows else _does_not_follow(link, last, row_of)
        last = Head(link.entry.id, link.hash)
    return None


def first_anchor_lost(anchors: Iterable[Anchor], hash_at: Callable[[int], str | None], last: Head) -> Break | None:
    """The first anchor that the chain does not bear out, where the chain itself is whole and ends with `last`."""
    for anchor in anchors:
        row, when = anchor.head.id, f"{anchor.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if row > last.id:
            words = f"The end was cut off: row {row} was there on {when}, and the last one now is row {last.id}."
            return Break(Fault.CUT, last.id + 1, words)
        if hash_at(row) != anchor.head.hash:
            words = (
                f"The record was written anew: row {row} is not the one that was noted on {when}. "
                "Its hashes agree with each other and not with what was signed then."
            )
            return Break(Fault.REWRITTEN, row, words)
    return None


def _altered(row: int) -> Break:
    return Break(Fault.ALTERED, row, f"Row {row} was altered: it does not say what it said when it was written.")


def _does_not_follow(link: Link, last: Head, row_of: Callable[[str], int | None]) -> Break:
    row = link.entry.id
    before = 0 if link.previous_hash == GENESIS else row_of(link.previous_hash)
    if before is None and row == last.id + 1 and last.id and hash_of_entry(link.entry, link.previous_hash) == link.hash:
        return _altered(last.id)  # nothing can have stood between them: the one before was given another hash
    if before is None and row > last.id + 1:
        gone = f"row {last.id + 1}" if row == last.id + 2 else f"rows {last.id + 1} to {row - 1}"
        return Break(Fault.REMOVED, last.id + 1, f"Removed: {gone} of the record. Row {row} followed what stood there.")
    if before is None:
        words = f"Row {row} does not follow row {last.id}: what stood between was removed, or row {row} was altered."
        return Break(Fault.REMOVED, row, words)
    if before < last.id:
        added = f"row {last.id}" if before == last.id - 1 else f"rows {before + 1} to {last.id}"
        words = f"Inserted: {added} of the record was not there when row {row} was written."
        return Break(Fault.INSERTED, before + 1, words)
    return Break(Fault.MOVED, row, f"Reordered: row {row} was written after row {before}, and stands before it.")
