import csv
import io
import re
import time
from pathlib import Path

import pytest
from clockwork import Clockwork
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scene import Scene
from sqlalchemy import func, select

from leaflets.domain.errors import Invalid, LeafletsError, NotFound, Refused
from leaflets.domain.organisation.growth import Known, growth
from leaflets.domain.organisation.place_list import MOST_ROWS, read
from leaflets.domain.organisation.tree import Tier
from leaflets.services.organisation import organisations, place_lists, places, tree_check
from leaflets.storage.tree import Node

FILES = Path(__file__).parents[2] / "data" / "places"
HEAD = b"name,kind,code,parent,nation\n"


@pytest.fixture
def clock(scene: Scene) -> Clockwork:
    clock = Clockwork(scene)
    with clock.sessions() as session:
        places.rename(session, **clock.by, node_id=clock.seat.id, name="Harbour", code="E14000001")
    return clock


def _root(clock: Clockwork) -> int:
    return clock.nation.way_down[0]


def _count(clock: Clockwork) -> int:
    with clock.sessions() as session:
        assert tree_check.faults(session) == []
        return session.scalar(select(func.count(Node.id))) or 0


def _add(clock: Clockwork, data: bytes, node_id: int | None = None) -> int:
    with clock.sessions() as session:
        return place_lists.add(
            session, actor=clock.olga, now=clock.scene.now, node_id=node_id or _root(clock), data=data
        )


@pytest.mark.parametrize("file", sorted(FILES.glob("good*.csv")), ids=lambda file: file.stem)
def test_a_good_list_is_added_however_it_was_saved_and_only_once(clock: Clockwork, file: Path) -> None:
    before = _count(clock)
    with clock.sessions() as session:
        sheet, grown = place_lists.preview(session, actor=clock.olga, node_id=_root(clock), data=file.read_bytes())
    assert (sheet.faults, grown.faults, len(grown.added)) == ((), (), 4)
    assert _count(clock) == before
    assert _add(clock, file.read_bytes()) == 4
    assert _add(clock, file.read_bytes()) == 0
    assert _count(clock) == before + 4
    with clock.sessions() as session:
        castle = session.scalars(select(Node).where(Node.code == "E05000001")).one()
        above = [session.get_one(Node, each).name for each in castle.way_down]
        assert above[:4] == ["Plain", "England", "North", "Ashcombe"]
        assert castle.name == ("Câstle’s" if "1252" in file.stem else "Castle")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bad-no-header", "no column called name and none called kind"),
        ("bad-missing-column", "no column called kind"),
        ("bad-two-columns-for-one", "Two columns say the parent: “region” and “parent”"),
        ("bad-empty", "This file is empty"),
        ("bad-no-rows", "holds no place"),
        ("bad-open-quote", "From row 3 on"),
        ("bad-workbook", "a workbook and not a CSV file"),
        ("bad-picture", "no text that we can read"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_as_a_whole(name: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        read((FILES / f"{name}.csv").read_bytes())
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("row-formula", "begins like a formula"),
        ("row-formula-in-parent", "begins like a formula"),
        ("row-formula-behind-a-tab", "begins like a formula"),
        ("row-control-character", r"nobody can see \(U\+0007\)"),
        ("row-turned-round", r"nobody can see \(U\+202E\)"),
        ("row-too-long", "300 characters"),
        ("row-no-name", "needs its name"),
        ("row-no-kind", "North does not say what it is"),
        ("row-unknown-kind", "“shire” is no kind of place"),
        ("row-unknown-nation", "“cornwall” is none of the nations"),
        ("row-bad-code", "not an official code"),
        ("row-too-many-cells", "6 cells, and there are 5 columns"),
        ("tree-unknown-parent", "no place “Nowhere” for Castle"),
        ("tree-no-nation", "North does not say where it lies"),
        ("tree-nation-not-there", "Wales is not in the tree yet"),
        ("tree-loop", "hang in a loop: A below B below C below A"),
        ("tree-itself", "no place “A” for A"),
        ("tree-code-twice", "E05000009 is the code of row 2 as well"),
        ("tree-name-twice", "Row 2 has North below England already"),
        ("tree-region-below-ward", "North is a region, and cannot hang below Castle, a seat"),
        ("tree-two-parents-of-that-name", "2 places are called “Bath”"),
        ("tree-wrong-nation", "to lie in Wales, and South does not"),
        ("tree-code-of-another", "E14000001 is Harbour in the tree, and Somewhere here"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_what_to_do_and_nothing_is_written(
    clock: Clockwork, name: str, words: str
) -> None:
    data, before = (FILES / f"{name}.csv").read_bytes(), _count(clock)
    with clock.sessions() as session:
        sheet, grown = place_lists.preview(session, actor=clock.olga, node_id=_root(clock), data=data)
    (fault,) = (*sheet.faults, *grown.faults)
    assert fault.row >= 2
    assert re.search(words, fault.words)
    assert fault.remedy
    with pytest.raises(LeafletsError):
        _add(clock, data + b"Elsewhere,region,,,England\n")
    assert _count(clock) == before


def test_a_slip_in_a_parent_is_answered_with_the_place_that_is_meant_and_a_nation_with_where_it_is_added(
    clock: Clockwork,
) -> None:
    data = HEAD + b"Castle,ward,,Suoth,\nWales,nation,,,\n"
    with clock.sessions() as session:
        sheet, grown = place_lists.preview(session, actor=clock.olga, node_id=_root(clock), data=data)
    assert [fault.remedy.startswith("Is it South?") for fault in grown.faults] == [True]
    assert [fault.words for fault in sheet.faults] == ["Wales is a nation, and nations are not in a list."]


def test_a_hundred_thousand_rows_are_refused_before_they_are_read_through(clock: Clockwork) -> None:
    data = HEAD + b"".join(b"P%d,region,,,England\n" % number for number in range(100_000))
    began = time.process_time()
    with pytest.raises(Invalid, match="more than 10,000 rows"):
        read(data)
    assert time.process_time() - began < 30  # a bound, no measure
    with pytest.raises(Invalid, match="larger than 4 MB"):
        read(HEAD + b"x" * (5 << 20))


def test_as_many_rows_as_there_may_be_are_added_at_once(clock: Clockwork) -> None:
    rows = [b"North,region,,,England\n", *(b"W%d,ward,E%08d,North,\n" % (each, each) for each in range(1, MOST_ROWS))]
    assert _add(clock, HEAD + b"".join(rows)) == MOST_ROWS
    assert _add(clock, HEAD + b"".join(rows)) == 0


def test_a_region_sends_its_own_list_and_nobody_elses(clock: Clockwork) -> None:
    with clock.sessions() as session:
        other = organisations.add(session, **clock.by, name="Rival", administrator="Xenia", email="xenia@example.org")
        by = {"actor": clock.rita, "now": clock.scene.now}
        data = HEAD + b"Castle,ward,,Harbour,\nInner South,region,,,\n"
        assert place_lists.add(session, **by, node_id=clock.region.id, data=data) == 2
        with pytest.raises(NotFound):
            place_lists.add(session, **by, node_id=other.id, data=data)
        with pytest.raises((NotFound, Refused)):
            place_lists.add(session, **by, node_id=clock.nation.id, data=data)
        outside = HEAD + b"Up,ward,,England,\n"
        assert place_lists.preview(session, actor=clock.rita, node_id=clock.region.id, data=outside)[1].faults


def test_what_is_given_out_comes_back_as_nothing_new_and_is_never_calculated(clock: Clockwork) -> None:
    _add(clock, (FILES / "good.csv").read_bytes())
    with clock.sessions.begin() as session:
        session.get_one(Node, clock.region.id).name = "=2+2"
    with clock.sessions() as session:
        out = place_lists.written(session, actor=clock.olga, node_id=_root(clock))
    assert "'=2+2,region,,,England" in out.splitlines()
    assert "Castle,ward,E05000001,E07000001,England" in out.splitlines()
    with clock.sessions.begin() as session:
        session.get_one(Node, clock.region.id).name = "South"
    assert _add(clock, out.replace("'=2+2", "South").encode()) == 0


_CELL = st.one_of(
    st.sampled_from(["A", "B", "C", "a", "England", "region", "ward", "E1", "", "=1"]), st.text(max_size=3)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.lists(_CELL, max_size=6), max_size=12))
def test_any_file_at_all_is_either_added_soundly_or_refused_in_words(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["name", "kind", "code", "parent", "nation"], *table])
    england = Known(1, None, Tier.NATION, "England", "", "england", within=True)
    try:
        sheet = read(out.getvalue().encode("utf-8", "surrogatepass"))
    except Invalid:
        return
    grown = growth(sheet.rows, [england], england)
    done: set[int] = set()
    for row, parent in grown.added:
        assert isinstance(parent, Known) or parent.number in done
        done.add(row.number)
    faulty = {fault.row for fault in grown.faults}
    assert faulty or len(grown.added) + len(grown.there) == len(sheet.rows)
