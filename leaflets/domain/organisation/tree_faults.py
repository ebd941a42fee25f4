"""What is wrong in trees whose rows somebody changed by hand: loops, orphans, paths and nations that do not follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from leaflets.domain.clock.election import Nation
from leaflets.domain.organisation.tree import HOLDS, Tier


@dataclass(frozen=True, slots=True)
class Kept:
    """A node as the database keeps it, for `faults_of`."""

    id: int
    organisation_id: int
    parent_id: int | None
    tier: str
    name: str
    nation: str
    path: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a tree: the node, a stable code, and in words what it is and what to do."""

    node_id: int
    code: str
    words: str
    remedy: str


def faults_of(rows: Iterable[Kept]) -> list[Fault]:
    """Everything that no verb of ours would have made: loops, orphans, wrong paths, tiers, nations, organisations."""
    nodes = {row.id: row for row in rows}
    found: list[Fault] = []
    roots: dict[int, Kept] = {}
    for row in nodes.values():
        parent = nodes.get(row.parent_id) if row.parent_id is not None else None
        if parent is None:
            found += _at_the_top(row, roots)
            continue
        way = way_up(row, nodes)
        if way is None:
            words = f"{_say(row)} hangs in a loop: going up from it, nobody gets to the top."
            found.append(Fault(row.id, "cyclic", words, f"Set its parent_id to the place above it, then {_MEND}."))
            continue
        found += _below(row, parent, way)
    return found


def way_up(row: Kept, nodes: Mapping[int, Kept]) -> list[int] | None:
    """The ids from a node to where its parents end; None where they go round in a loop."""
    way = [row.id]
    while (parent := nodes.get(nodes[way[-1]].parent_id or 0)) is not None:
        if parent.id in way:
            return None
        way.append(parent.id)
    return way


_MEND = "run `leaflets tree check --mend`"


def _say(row: Kept) -> str:
    return f"{row.name or 'A place without a name'} ({row.tier} {row.id})"


def _at_the_top(row: Kept, roots: dict[int, Kept]) -> Iterator[Fault]:
    if row.parent_id is not None:
        words = f"{_say(row)} is an orphan: the place above it, {row.parent_id}, is not there."
        yield Fault(row.id, "orphaned", words, f"Set its parent_id to a place that is there, then {_MEND}.")
    elif row.tier != Tier.ORGANISATION:
        words = f"{_say(row)} is an orphan: it hangs below nothing, and only an organisation may."
        yield Fault(row.id, "orphaned", words, f"Set its parent_id to the place above it, then {_MEND}.")
    elif row.organisation_id in roots:
        words = f"{_say(row)} is a second top of the organisation of {_say(roots[row.organisation_id])}."
        yield Fault(row.id, "two-roots", words, "Hang its places below the other, and take it out.")
    else:
        roots[row.organisation_id] = row
        yield from _repeated(row, f"/{row.id}/", "")


def _below(row: Kept, parent: Kept, way: list[int]) -> Iterator[Fault]:
    if row.organisation_id != parent.organisation_id:
        words = f"{_say(row)} hangs below {_say(parent)}, which belongs to another organisation."
        yield Fault(row.id, "wrong-organisation", words, "Set its parent_id to a place of its own organisation.")
    tiers = set(Tier)
    if row.tier not in tiers or parent.tier not in tiers or Tier(row.tier) not in HOLDS[Tier(parent.tier)]:
        words = f"{_say(row)} cannot hang directly below {_say(parent)}."
        yield Fault(row.id, "wrong-tier", words, "Move it on its page, or set its tier to what it is.")
    path = f"/{'/'.join(str(each) for each in reversed(way))}/"
    yield from _repeated(row, path, row.nation if row.tier == Tier.NATION else parent.nation)


def _repeated(row: Kept, path: str, nation: str) -> Iterator[Fault]:
    """What a node repeats of those above it, against what it says."""
    if row.path != path:
        words = f"{_say(row)} says that its path is “{row.path}”; by its parents it is “{path}”."
        yield Fault(row.id, "wrong-path", words, f"Take note, then {_MEND}.")
    if row.tier == Tier.NATION and row.nation not in set(Nation):
        words = f"{_say(row)} does not say which nation it is: “{row.nation}” is none."
        yield Fault(row.id, "wrong-nation", words, f"Set its nation to one of {', '.join(Nation)}, then {_MEND}.")
    elif row.nation != nation:
        words = f"{_say(row)} says “{row.nation}”, and hangs below “{nation}”."
        yield Fault(row.id, "wrong-nation", words, f"Take note, then {_MEND}.")
