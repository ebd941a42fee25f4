"""Ids as Democracy Club writes them, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from leaflets.domain.clock.election import Kind, Nation, nation_of, parse_election
from leaflets.domain.errors import Invalid


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("parl.2019-12-12", Kind.PARLIAMENT_GENERAL),
        ("parl.bristol-west.2019-12-12", Kind.PARLIAMENT_GENERAL),
        ("parl.some-seat.by.2025-05-01", Kind.PARLIAMENT_BY),
        ("local.2025-05-01", Kind.LOCAL),
        ("local.stroud.2025-05-01", Kind.LOCAL),
        ("local.stroud.central.by.2025-05-01", Kind.LOCAL),
        ("parish.stroud.painswick.2027-05-06", Kind.PARISH),
        ("mayor.bristol.2021-05-06", Kind.LOCAL_MAYOR),
        ("mayor.2017-05-04", Kind.LOCAL_MAYOR),
        ("mayor.greater-manchester-ca.2017-05-04", Kind.COMBINED_MAYOR),
        ("mayor.west-midlands.2024-05-02", Kind.COMBINED_MAYOR),
        ("mayor.london.2024-05-02", Kind.LONDON_MAYOR),
        ("gla.2024-05-02", Kind.LONDON_ASSEMBLY),
        ("gla.a.2024-05-02", Kind.LONDON_ASSEMBLY),
        ("gla.c.barnet-and-camden.2024-05-02", Kind.LONDON_ASSEMBLY),
        ("pcc.avon-and-somerset.2024-05-02", Kind.POLICE_COMMISSIONER),
        ("senedd.r.mid-and-west-wales.2021-05-06", Kind.SENEDD),
        ("senedd.ceredigion-penfro.2026-05-07", Kind.SENEDD),
        ("naw.c.2016-05-05", Kind.SENEDD),
        ("sp.c.hamilton.by.2025-06-05", Kind.SCOTTISH_PARLIAMENT),
        ("nia.belfast-north.2022-05-05", Kind.NI_ASSEMBLY),
    ],
)
def test_an_id_names_its_kind_and_its_day(text: str, kind: Kind) -> None:
    election = parse_election(f" {text} ")
    assert (election.id, election.kind) == (text, kind)
    assert election.polling_day == date.fromisoformat(text[-10:])
    assert election.by_election is (".by." in text)


def test_the_parts_of_an_id_are_kept() -> None:
    election = parse_election("local.stroud.central.by.2025-05-01")
    assert (election.organisation, election.division) == ("stroud", "central")
    assert parse_election("sp.c.hamilton.by.2025-06-05").subtype == "c"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "parl",
        "2019-12-12",
        "parl.",
        "parl.12-12-2019",
        "parl.2019-02-30",
        "parl.20191212",
        "parl.by.2025-05-01",
        "parl.a.b.2025-05-01",
        "parl.Some Seat.by.2025-05-01",
        "parl.-seat.2025-05-01",
        "nia.a.b.2022-05-05",
        "gla.barnet.2024-05-02",
        "gla.a.barnet.2024-05-02",
        "sp.hamilton.2026-05-07",
        "pcc.avon.bath.2024-05-02",
        "mayor.bristol.x.2024-05-02",
        "europarl.2019-05-23",
        "ref.2016-06-23",
        "senate.2025-05-01",
        "local.city-of-london.2025-03-20",
        "local.stroud.2025-05-01\n.x",
        "parl.٢٠١٩-12-12",
    ],
)
def test_anything_else_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_election(text)
    assert refused.value.message.endswith(".")
    assert refused.value.remedy


def test_the_nation_may_be_left_out_only_where_there_is_one() -> None:
    assert nation_of(parse_election("sp.2026-05-07"), None) is Nation.SCOTLAND
    with pytest.raises(Invalid, match="England, Wales, Scotland and Northern Ireland"):
        nation_of(parse_election("local.2026-05-07"), None)
    with pytest.raises(Invalid, match="no Senedd Cymru election in England") as refused:
        nation_of(parse_election("senedd.2026-05-07"), Nation.ENGLAND)
    assert refused.value.remedy.startswith("It is held in Wales")
