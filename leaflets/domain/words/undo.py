"""What one person can undo and redo, derived from the log of their edits: it outlives sessions and devices.

A step is a run of edits that were made in one go, in one zone or in several (find and replace). Undo and redo are
edits like any other and say of which step they are, so the two stacks need no store of their own. A step can be taken
back in place only while nobody else has changed its zones since: the log of one person shows that as a gap in the
versions of the zone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from leaflets.domain.leaflet import Act


@dataclass(frozen=True, slots=True)
class StepEdit:
    """One stored edit of the person: `version` is what the zone reached by it, `of` the step that it undid or redid."""

    id: int
    zone: str
    version: int
    step: str
    act: Act
    of: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """The edits of one step in one zone: its oldest and newest edit, and the versions that they reached."""

    first_id: int
    last_id: int
    first_version: int
    last_version: int


@dataclass(frozen=True, slots=True)
class Step:
    """What is undone or redone in one go. `at` is when it was last added to."""

    id: str
    act: Act
    at: datetime
    spans: Mapping[str, Span]

    @property
    def newest_id(self) -> int:
        """Its newest edit, of whatever zone."""
        return max(span.last_id for span in self.spans.values())


@dataclass(frozen=True, slots=True)
class Stacks:
    """What can be undone and redone, the next one first; and by zone the edit after which somebody else changed it."""

    undo: tuple[Step, ...]
    redo: tuple[Step, ...]
    overtaken: Mapping[str, int]
    unread_from: int | None = None
    """The edit to go on from, itself among them, where older ones wait to be read."""


def stacks(
    newest_first: Iterable[StepEdit],
    versions: Mapping[str, int],
    *,
    undone: Mapping[str, int] | None = None,
    whole: bool = True,
) -> Stacks:
    """The two stacks that a person's edits leave.

    `versions` are those of the zones just after the newest of these edits. `undone` says how often newer edits than
    these undid a step, less how often they did it again. `whole` is false when older edits exist that are not given.
    Steps that somebody else's words lie upon are in neither stack.
    """
    reading = _Reading(dict(versions), Counter(undone or {}))
    edit = None
    for edit in newest_first:
        reading.take(edit)
    unread_from = None
    if not whole and edit is not None:
        # The oldest go may go on in what is still to be read; one that is longer than all of this is cut in two.
        unread_from = reading.newest_of_go if reading.goes > 1 else edit.id - 1
    if unread_from is None or reading.goes == 1:
        reading.close()
    return Stacks(tuple(reading.undo), tuple(reversed(reading.redo)), reading.overtaken, unread_from)


class _Reading:
    """Reads from the newest edit back. A step is complete when the run of its edits ends."""

    def __init__(self, versions: dict[str, int], undone: Counter[str]) -> None:
        self.undo: list[Step] = []
        self.redo: list[Step] = []
        self.overtaken: dict[str, int] = {}
        self.ended = 0
        self.goes, self.newest_of_go = 0, 0
        self._go: tuple[bool, str, str] | None = None
        self._expected, self._undone = versions, undone
        self._redone, self._may_redo = Counter[str](), Counter[str]()
        self._moves: set[tuple[str, str]] = set()
        self._run: list[StepEdit] = []

    def take(self, edit: StepEdit) -> None:
        moves = edit.act in (Act.UNDO, Act.REDO)
        goes_on = self._go == (moves, edit.step, edit.of)
        if self._expected.get(edit.zone, edit.version) != edit.version and edit.zone not in self.overtaken:
            goes_on = goes_on and all(newer.zone != edit.zone for newer in self._run)
            if not goes_on:
                self.close()
            self.overtaken[edit.zone] = edit.id
        self._expected[edit.zone] = edit.version - 1
        if not goes_on:
            self.close()
            self._go, self.goes, self.newest_of_go = (moves, edit.step, edit.of), self.goes + 1, edit.id
        if moves:
            self._move(edit)
        else:
            self._run.append(edit)

    def _move(self, edit: StepEdit) -> None:
        """One undo or redo; of several zones, it comes as several edits of one step."""
        if edit.step and (edit.step, edit.of) in self._moves:
            return
        self._moves.add((edit.step, edit.of))
        if edit.act is Act.REDO:
            self._redone[edit.of] += 1
        elif self._redone[edit.of]:
            self._redone[edit.of] -= 1
        else:
            self._undone[edit.of] += 1
            self._may_redo[edit.of] += not self.ended  # a step made after the undo ends what could be done again

    def close(self) -> None:
        """End the run: its step goes where its last undo or redo left it."""
        if not self._run:
            return
        step = _step(self._run)
        self._run = []
        self.ended += 1
        in_place = self.overtaken.keys().isdisjoint(step.spans)
        if not self._undone[step.id]:
            self.undo += [step] * in_place
            return
        self._undone[step.id] -= 1
        if self._may_redo[step.id]:
            self._may_redo[step.id] -= 1
            self.redo += [step] * in_place


def _step(run: list[StepEdit]) -> Step:
    """One step of a run of edits, newest first."""
    spans: dict[str, Span] = {}
    for edit in run:
        newer = spans.get(edit.zone)
        last = (newer.last_id, newer.last_version) if newer else (edit.id, edit.version)
        spans[edit.zone] = Span(edit.id, last[0], edit.version, last[1])
    return Step(run[0].step, run[0].act, run[0].at, spans)
