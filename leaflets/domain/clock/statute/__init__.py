"""Election law as tables: for every kind of election and nation, the rows of its timetable, each citing its law."""

from __future__ import annotations

from collections.abc import Mapping

from leaflets.domain.clock.election import Election, Kind, Nation
from leaflets.domain.clock.statute import devolved, local, westminster
from leaflets.domain.clock.statute.rule import Rule

_E, _W, _S, _NI = Nation

RULES: Mapping[tuple[Kind, Nation], tuple[Rule, ...]] = {
    (Kind.PARLIAMENT_GENERAL, _E): westminster.GENERAL_EW,
    (Kind.PARLIAMENT_GENERAL, _W): westminster.GENERAL_EW,
    (Kind.PARLIAMENT_GENERAL, _S): westminster.GENERAL_S,
    (Kind.PARLIAMENT_GENERAL, _NI): westminster.GENERAL_NI,
    (Kind.PARLIAMENT_BY, _E): westminster.BY_EW,
    (Kind.PARLIAMENT_BY, _W): westminster.BY_EW,
    (Kind.PARLIAMENT_BY, _S): westminster.BY_S,
    (Kind.PARLIAMENT_BY, _NI): westminster.BY_NI,
    (Kind.LOCAL, _E): local.ENGLAND,
    (Kind.LOCAL, _W): local.WALES,
    (Kind.LOCAL, _S): devolved.SCOTTISH_LOCAL,
    (Kind.LOCAL, _NI): devolved.NI_LOCAL,
    (Kind.PARISH, _E): local.PARISH,
    (Kind.PARISH, _W): local.COMMUNITY,
    (Kind.LOCAL_MAYOR, _E): local.LOCAL_MAYOR,
    (Kind.COMBINED_MAYOR, _E): local.COMBINED_MAYOR,
    (Kind.LONDON_MAYOR, _E): local.LONDON_MAYOR,
    (Kind.LONDON_ASSEMBLY, _E): local.LONDON_CONSTITUENCY,
    (Kind.POLICE_COMMISSIONER, _E): local.COMMISSIONER,
    (Kind.POLICE_COMMISSIONER, _W): local.COMMISSIONER,
    (Kind.SENEDD, _W): devolved.SENEDD,
    (Kind.SCOTTISH_PARLIAMENT, _S): devolved.SCOTTISH_PARLIAMENT,
    (Kind.NI_ASSEMBLY, _NI): devolved.NI_ASSEMBLY,
}


def rules_of(election: Election, nation: Nation) -> tuple[Rule, ...]:
    """The rows that are the law for this election's polling day in this nation, which must hold such elections."""
    london_wide = election.kind is Kind.LONDON_ASSEMBLY and election.subtype == "a"
    rows = local.LONDON_WIDE if london_wide else RULES[election.kind, nation]
    return tuple(row for row in rows if row.applies(election.polling_day))
