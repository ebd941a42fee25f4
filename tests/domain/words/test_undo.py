from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.leaflet import Act
from leaflets.domain.words.undo import Stacks, Step, StepEdit, stacks

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
ZONES = ("headline", "story", "pledge")


@dataclass
class Leaflet:
    """A leaflet as the server keeps it, and one person's plain text editor beside it to compare with."""

    log: list[tuple[StepEdit, str]] = field(default_factory=list)
    others: set[int] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=lambda: {zone: [""] for zone in ZONES})
    steps: int = 0
    done: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    undone: list[dict[str, tuple[str, str]]] = field(default_factory=list)

    def write(self, zone: str, value: str, step: str, act: Act = Act.TYPED, of: str = "", *, mine: bool = True) -> None:
        self.values[zone].append(value)
        number = len(self.log) + 1
        edit = StepEdit(number, zone, len(self.values[zone]) - 1, step, act, of, NOON + timedelta(seconds=number))
        self.log.append((edit, value))
        if not mine:
            self.others.add(number)

    def stacks(self) -> Stacks:
        mine = [edit for edit, _ in reversed(self.log) if edit.id not in self.others]
        return stacks(mine, {zone: len(values) - 1 for zone, values in self.values.items()})

    def now(self, zone: str) -> str:
        return self.values[zone][-1]

    def move(self, step: Step, act: Act) -> None:
        """Take a step back, or do it again, as the studio does: from the words that the log has around it."""
        self.steps += 1
        for zone, span in step.spans.items():
            wanted = self.values[zone][span.first_version - 1 if act is Act.UNDO else span.last_version]
            self.write(zone, wanted, f"move-{self.steps}", act, step.id)

    def type(self, zones: list[str], texts: list[str]) -> None:
        self.steps += 1
        before = {zone: self.now(zone) for zone in zones}
        for text in texts:
            for zone in zones:
                self.write(zone, text + zone, f"step-{self.steps}")
        self.done.append({zone: (was, self.now(zone)) for zone, was in before.items()})
        self.undone.clear()

    def undo(self) -> None:
        found = self.stacks().undo
        assert bool(found) == bool(self.done)
        if not found:
            return
        self.move(found[0], Act.UNDO)
        self.undone.append(self.done.pop())
        for zone, (before, _) in self.undone[-1].items():
            assert self.now(zone) == before

    def redo(self) -> None:
        found = self.stacks().redo
        assert bool(found) == bool(self.undone)
        if not found:
            return
        self.move(found[0], Act.REDO)
        self.done.append(self.undone.pop())
        for zone, (_, after) in self.done[-1].items():
            assert self.now(zone) == after

    def hears(self, zone: str, text: str) -> None:
        """Somebody else changes a zone: this person's steps in it can be taken back in place no more."""
        self.write(zone, text, "theirs", mine=False)
        self.done = [step for step in self.done if zone not in step]
        self.undone = [step for step in self.undone if zone not in step]


TYPING = st.tuples(
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True), st.lists(st.text(), min_size=1, max_size=3)
)
MOVES = st.lists(st.one_of(TYPING, st.sampled_from(["undo", "redo"])), max_size=30)
COMPANY = st.lists(st.one_of(TYPING, st.sampled_from(["undo", "redo", *ZONES])), max_size=30)


def play(moves: list[object]) -> Leaflet:
    leaflet = Leaflet()
    for move in moves:
        if isinstance(move, tuple):
            leaflet.type(*move)
        elif move in ZONES:
            leaflet.hears(str(move), "Somebody else's words")
        else:
            (leaflet.undo if move == "undo" else leaflet.redo)()
    return leaflet


@given(MOVES)
def test_any_order_of_typing_undo_and_redo_gives_what_a_plain_editor_gives(moves: list[object]) -> None:
    leaflet = play(moves)
    found = leaflet.stacks()
    assert (len(found.undo), len(found.redo)) == (len(leaflet.done), len(leaflet.undone))
    while leaflet.done:
        leaflet.undo()
    assert {zone: leaflet.now(zone) for zone in ZONES} == dict.fromkeys(ZONES, "")


@given(COMPANY)
def test_a_step_that_somebody_else_wrote_over_is_passed_by(moves: list[object]) -> None:
    leaflet = play(moves)
    found = leaflet.stacks()
    assert [set(step.spans) for step in found.undo] == [set(step) for step in reversed(leaflet.done)]
    assert [set(step.spans) for step in found.redo] == [set(step) for step in reversed(leaflet.undone)]


@given(MOVES, st.integers(1, 8))
def test_read_in_pages_the_stack_is_the_same(moves: list[object], size: int) -> None:
    leaflet = play(moves)
    paged: list[tuple[str, int]] = []
    log = [edit for edit, _ in leaflet.log]
    below = len(log) + 1
    while below > 1:
        rows = [edit for edit in reversed(log) if edit.id < below][:size]
        newer = [edit for edit in log if edit.id >= below]
        undone: Counter[str] = Counter()
        for edit in {(edit.step, edit.of): edit for edit in newer if edit.act in (Act.UNDO, Act.REDO)}.values():
            undone[edit.of] += 1 if edit.act is Act.UNDO else -1
        whole = rows[-1].id == 1
        found = stacks(rows, {}, undone=undone, whole=whole)
        below = found.unread_from + 1 if found.unread_from else 1
        paged += [(step.id, span.last_id) for step in found.undo for span in step.spans.values()]
    alone = [(step.id, span.last_id) for step in leaflet.stacks().undo for span in step.spans.values()]
    assert [name for name, _ in dict(paged).items()] == [name for name, _ in dict(alone).items()]


def test_words_typed_in_one_go_are_one_step_and_a_pause_begins_another() -> None:
    leaflet = Leaflet()
    leaflet.type(["headline"], ["B", "Bu", "Bus"])
    leaflet.type(["headline"], ["Buses"])
    assert [len(found.spans) for found in leaflet.stacks().undo] == [1, 1]
    top = leaflet.stacks().undo[1].spans["headline"]
    assert (top.first_version, top.last_version) == (1, 3)


def test_typing_that_goes_on_after_an_undo_of_the_same_step_is_a_step_of_its_own() -> None:
    leaflet = Leaflet()
    leaflet.write("headline", "A", "one")
    leaflet.move(leaflet.stacks().undo[0], Act.UNDO)
    leaflet.write("headline", "B", "one")
    found = leaflet.stacks()
    assert [step.spans["headline"].last_version for step in found.undo] == [3]
    assert found.redo == ()


def test_it_says_after_which_edit_somebody_else_came() -> None:
    leaflet = Leaflet()
    leaflet.type(["headline"], ["Mine"])
    leaflet.hears("headline", "Theirs")
    leaflet.type(["headline"], ["Mine again"])
    found = leaflet.stacks()
    assert [step.id for step in found.undo] == ["step-2"]
    assert found.overtaken == {"headline": 1}
