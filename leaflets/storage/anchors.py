"""Heads of the audit, noted outside the database: a file that is only added to, one signed line for each.

Each line carries the signature of the line before it, so that none can be taken out of the middle. Whoever can write
in the data folder can cut its end off together with the database's: a copy on another machine, or the log of the
workers, which says each head too, is the remedy for that.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import SEEK_END, fsync
from pathlib import Path
from typing import BinaryIO

from leaflets.domain.audit_chain import Anchor, Head
from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import canonical_json
from leaflets.storage.signing_key import PublicKey, SigningKey

ANCHORS_FILE = "audit-anchors.jsonl"
NOTED_EVERY = timedelta(minutes=5)
"""How often at most a new head is noted: so long may the end of the record be without a witness."""

_LONGEST_LINE = 1024


@dataclass(frozen=True, slots=True)
class Noted:
    """The anchors up to the first line that is not as it was written; `wrong` says in words what is wrong with it."""

    anchors: tuple[Anchor, ...]
    wrong: str = ""


class Anchors:
    """The anchors in this data folder."""

    def __init__(self, data_folder: Path) -> None:
        self.file = data_folder / ANCHORS_FILE

    def note(self, head: Head, now: datetime, key: SigningKey) -> bool:
        """Add this head, unless it is there already or the last was added a moment ago. Says whether it was added.

        Raises `Invalid` where the last line is none of ours: nothing is added to what somebody tampered with.
        """
        with self.file.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # any number of workers sweep
            last = _last_line(file)
            before = _told(last) if last else {"hash": "", "signature": ""}
            if before["hash"] == head.hash or (last and now - datetime.fromisoformat(before["at"]) < NOTED_EVERY):
                return False
            said = {
                "row": head.id,
                "hash": head.hash,
                "at": now.astimezone(UTC).isoformat(timespec="seconds"),
                "after": before["signature"],
            }
            line = canonical_json({**said, "signature": key.sign(canonical_json(said).encode())})
            file.write(line.encode() + b"\n")
            file.flush()
            fsync(file.fileno())
        return True

    def read(self, key: PublicKey) -> Noted:
        """Every anchor, oldest first, each checked against the key and the one before."""
        if not self.file.exists():
            return Noted(())
        with self.file.open(encoding="utf-8", errors="replace") as file:
            return _read(file, key)


def _told(line: bytes) -> dict[str, str]:
    """What the last line says."""
    try:
        told = json.loads(line)
        return {"hash": str(told["hash"]), "signature": str(told["signature"]), "at": _aware(told["at"]).isoformat()}
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"The last line of {ANCHORS_FILE} is not as it was written.", "Run leaflets audit verify."
        ) from error


def _aware(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError(said)
    return at


def _read(lines: Iterable[str], key: PublicKey) -> Noted:
    anchors: list[Anchor] = []
    before = ""
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            signature = said.pop("signature")
            anchor = Anchor(Head(int(said["row"]), said["hash"]), _aware(said["at"]))
            whole = key.has_signed(canonical_json(said).encode(), signature) and said["after"] == before
        except (ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            words = f"Line {number} of {ANCHORS_FILE} is not as it was signed, or a line before it was taken out."
            return Noted(tuple(anchors), words)
        anchors.append(anchor)
        before = signature
    return Noted(tuple(anchors))


def _last_line(file: BinaryIO) -> bytes:
    end = file.seek(0, SEEK_END)
    file.seek(max(0, end - _LONGEST_LINE))
    return file.read().rstrip(b"\n").rpartition(b"\n")[2]
