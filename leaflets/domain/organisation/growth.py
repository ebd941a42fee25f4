"""What a list of places would add to a tree, and what of it cannot hang where it says; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from leaflets.domain.organisation.place_list import Row, RowFault
from leaflets.domain.organisation.tree import HOLDS, Area, Tier, may_be_one_place


@dataclass(frozen=True, slots=True)
class Known:
    """A place of the tree. `within` says whether it lies where the list is to hang, or is that place itself."""

    id: int
    parent_id: int | None
    tier: Tier
    name: str
    code: str
    nation: str
    within: bool
    area: str = ""


@dataclass(frozen=True, slots=True)
class Growth:
    """What would be added, parents first: each row with the place, or the row, that it hangs below.

    `there` are the rows whose place is in the tree already. Nothing is added while there are faults.
    """

    added: tuple[tuple[Row, Known | Row], ...]
    there: tuple[Row, ...]
    faults: tuple[RowFault, ...]


def growth(rows: Sequence[Row], known: Iterable[Known], base: Known) -> Growth:
    """What a list would add below `base`. A row that cannot be taken is a fault; what hangs below it is left out."""
    return _Judge(rows, list(known), base).judged()


_SLIPS = 2
"""Letters that a name with a slip in it may be longer or shorter."""
_MOST_ASKED = 20


class _Fault(Exception):
    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(words)
        self.words, self.remedy = words, remedy


@dataclass
class _Judge:
    rows: Sequence[Row]
    known: Sequence[Known]
    base: Known
    by_word: dict[str, list[Known | Row]] = field(default_factory=dict)
    stands: dict[int, Known] = field(default_factory=dict)  # rows whose place is in the tree, by their number
    faults: list[RowFault] = field(default_factory=list)

    def judged(self) -> Growth:
        within = [place for place in self.known if place.within]
        places: list[Known | Row] = [*within, *self.rows]
        for place in places:
            for word in {place.code.casefold(), place.name.casefold()} - {""}:
                self.by_word.setdefault(word, []).append(place)
        below = self._parents()
        siblings: dict[tuple[int | None, Tier, str], list[Known]] = {}
        for known in self.known:
            siblings.setdefault((known.parent_id, known.tier, known.name.casefold()), []).append(known)
        nations: dict[int, str] = {}
        first: dict[tuple[bool, int, str, str, str], Row] = {}
        added: list[tuple[Row, Known | Row]] = []
        for row in self._parents_first(below):
            parent = self._place_of(below[row.number])
            nations[row.number] = nation = nations[parent.number] if isinstance(parent, Row) else parent.nation
            try:
                _check_nation(row, parent, nation)
                alike = (
                    siblings.get((parent.id, row.tier, row.name.casefold()), []) if isinstance(parent, Known) else []
                )
                if same := _same_place(row, alike):
                    _check_code(row, same)
                    self.stands[row.number] = same
                    continue
                where = (True, parent.number) if isinstance(parent, Row) else (False, parent.id)
                _check_first(
                    row, first.setdefault((*where, row.tier, row.area or "", row.name.casefold()), row), parent
                )
            except _Fault as fault:
                self._refuse(row, fault)
            else:
                added.append((row, parent))
        there = tuple(row for row in self.rows if row.number in self.stands)
        return Growth(tuple(added), there, tuple(sorted(self.faults, key=lambda fault: fault.row)))

    def _parents(self) -> Mapping[int, Known | Row]:
        """What each row hangs below, of those that are not in the tree by their code and name a parent that is."""
        below: dict[int, Known | Row] = {}
        by_code = {place.code: place for place in self.known if place.code}
        for row in self._told_once():
            try:
                if same := by_code.get(row.code):
                    _check_same(row, same)
                    self.stands[row.number] = same
                else:
                    below[row.number] = self._named(row) if row.parent else self._by_nation(row)
            except _Fault as fault:
                self._refuse(row, fault)
        return below

    def _place_of(self, parent: Known | Row) -> Known | Row:
        return self.stands.get(parent.number, parent) if isinstance(parent, Row) else parent

    def _refuse(self, row: Row, fault: _Fault) -> None:
        self.faults.append(RowFault(row.number, fault.words, fault.remedy))

    def _told_once(self) -> Iterator[Row]:
        first: dict[str, Row] = {}
        for row in self.rows:
            other = first.setdefault(row.code, row) if row.code else row
            if other is row:
                yield row
            else:
                words = f"{row.code} is the code of row {other.number} as well ({other.name})."
                self._refuse(row, _Fault(words, "Take one of the two rows out, or correct its code."))

    def _named(self, row: Row) -> Known | Row:
        there = [each for each in self.by_word.get(row.parent.casefold(), []) if each is not row]
        fit = [each for each in there if row.tier in HOLDS[each.tier]]
        here = [each for each in fit if not row.nation or each.nation in (row.nation, "", None)] or fit
        once = [each for each in here if isinstance(each, Known) or not any(self._repeats(each, one) for one in here)]
        if not there:
            raise _Fault(
                f"There is no place “{row.parent}” for {row.name} to hang below.",
                f"{self._near(row.parent)}Check its spelling, add a row for it, or add it on the page first.",
            )
        if not once:
            raise _Fault(
                f"{row.name} is a {row.kind}, and cannot hang below {there[0].name}, a {there[0].tier}.",
                "Name another parent: a region, or a nation.",
            )
        councils = [each for each in once if each.area == Area.COUNCIL]
        if len(councils) == 1 and row.tier is Tier.SEAT:
            return councils[0]  # a ward of Harbour lies in its council, and not in the constituency of that name
        if len(once) > 1:
            raise _Fault(
                f"{len(once)} places are called “{row.parent}”.",
                "Write the code of the right one in the column “parent”.",
            )
        return once[0]

    def _near(self, word: str) -> str:
        """A question after a place that is nearly called so; of the first faults alone, for each costs a search."""
        said = word.casefold()
        alike = [each for each in self.by_word if each[0] == said[0] and abs(len(each) - len(said)) <= _SLIPS]
        near = get_close_matches(said, alike, n=1, cutoff=0.8) if len(self.faults) < _MOST_ASKED else []
        return f"Is it {self.by_word[near[0]][0].name}? " if near else ""

    def _repeats(self, row: Row, place: Known | Row) -> bool:
        """Whether a row says again what the tree has already."""
        if isinstance(place, Row) or (row.tier, row.name.casefold()) != (place.tier, place.name.casefold()):
            return False
        if not may_be_one_place(row.area or "", place.area):
            return False
        if row.code and place.code:
            return row.code == place.code
        above = next((each for each in self.known if each.id == place.parent_id), None)
        words = {above.name.casefold(), above.code.casefold()} if above else set()
        return not row.parent or row.parent.casefold() in words

    def _by_nation(self, row: Row) -> Known:
        found: Known | None = self.base
        if self.base.tier is Tier.ORGANISATION:
            if row.nation is None:
                raise _Fault(
                    f"{row.name} does not say where it lies.",
                    "Write its nation, or the place above it in the column “parent”.",
                )
            found = next((each for each in self.known if each.tier is Tier.NATION and each.nation == row.nation), None)
            if found is None:
                label = row.nation.label
                raise _Fault(f"{label} is not in the tree yet.", f"Add {label} on the page, then send the list again.")
        if found is None or row.tier not in HOLDS[found.tier]:
            raise _Fault(
                f"{row.name} is a {row.kind}, and cannot hang below {self.base.name}, a {self.base.tier}.",
                "Send the list on the page of a nation or a region.",
            )
        return found

    def _parents_first(self, below: Mapping[int, Known | Row]) -> list[Row]:
        """The rows in an order in which each comes after the row that it hangs below. A loop is a fault."""
        by_number = {row.number: row for row in self.rows}
        good: dict[int, bool] = {}
        ordered: list[Row] = []
        for start in below:
            way: list[int] = []
            number = start
            while number in below and number not in good and number not in way:
                way.append(number)
                parent = self._place_of(below[number])
                if isinstance(parent, Known):
                    good[number] = True
                    break
                number = parent.number
            if number in way and number not in good:
                loop = " below ".join(by_number[each].name for each in [*way[way.index(number) :], number])
                words = f"These rows hang in a loop: {loop}."
                self._refuse(by_number[number], _Fault(words, "Name another parent in one of them."))
            for each in reversed(way):
                good[each] = good.get(number, False)
                if good[each]:
                    ordered.append(by_number[each])
        return ordered


def _same_place(row: Row, alike: Sequence[Known]) -> Known | None:
    """Which of these, all of the row's name and below its parent, the row says again: one of its kind, or of none."""
    same = [place for place in alike if place.area == (row.area or "")]
    same = same or [place for place in alike if may_be_one_place(row.area or "", place.area)]
    if len(same) > 1:
        raise _Fault(
            f"{len(same)} places are called {row.name} there.", f"Write in the column “kind” which: {_kinds(same)}."
        )
    return same[0] if same else None


def _kinds(places: Iterable[Known]) -> str:
    return " or ".join(sorted(place.area or place.tier for place in places))


def _check_same(row: Row, place: Known) -> None:
    if not place.within:
        raise _Fault(
            f"{row.code} is in another part of your organisation’s tree already.",
            "Take the row out, or correct its code.",
        )
    if place.name.casefold() != row.name.casefold():
        raise _Fault(
            f"{row.code} is {place.name} in the tree, and {row.name} here.",
            "Correct the code, write the name as it is there, or rename the place on its page.",
        )


def _check_code(row: Row, place: Known) -> None:
    if row.code and place.code and row.code != place.code:
        raise _Fault(
            f"{place.name} is there already, and its code is {place.code}.",
            "Correct the code, or give this place a name of its own.",
        )


def _check_nation(row: Row, parent: Known | Row, nation: str) -> None:
    if row.nation and row.nation != nation:
        raise _Fault(
            f"{row.name} is to lie in {row.nation.label}, and {parent.name} does not.",
            "Correct the nation, or name another parent.",
        )


def _check_first(row: Row, other: Row, parent: Known | Row) -> None:
    if other is not row:
        raise _Fault(
            f"Row {other.number} has {other.name} below {parent.name} already.",
            f"Take one of the two rows out, or write “{row.name} {row.kind}”.",
        )
