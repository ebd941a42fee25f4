from __future__ import annotations

from dataclasses import replace

import pytest

from leaflets.domain.press.printing import Imprint

WHOLE = Imprint(
    printer="Tideway Press",
    printer_address="4 Quay Street, Port Ellery PE1 2AB",
    promoter="Nia Rowlands",
    promoter_address="12 Chapel Row, Port Ellery PE3 4CD",
    on_behalf_of="Tomos Adeyemi",
)


def test_the_imprint_names_printer_promoter_and_candidate_with_addresses() -> None:
    assert WHOLE.complete
    assert WHOLE.sentence == (
        "Printed by Tideway Press, 4 Quay Street, Port Ellery PE1 2AB. "
        "Promoted by Nia Rowlands on behalf of Tomos Adeyemi, both of 12 Chapel Row, Port Ellery PE3 4CD."
    )


def test_a_candidate_with_an_address_of_their_own_keeps_it() -> None:
    apart = replace(WHOLE, on_behalf_of_address="1 Hill View, Port Ellery PE5 6EF")
    assert apart.sentence.endswith(
        "Promoted by Nia Rowlands, 12 Chapel Row, Port Ellery PE3 4CD, "
        "on behalf of Tomos Adeyemi, 1 Hill View, Port Ellery PE5 6EF."
    )


def test_a_candidate_who_promotes_their_own_leaflet_is_named_once() -> None:
    own = replace(WHOLE, promoter="Tomos Adeyemi")
    assert own.sentence.count("Tomos Adeyemi") == 1


@pytest.mark.parametrize("missing", ["printer", "printer_address", "promoter", "promoter_address", "on_behalf_of"])
def test_an_imprint_without_one_of_its_parts_is_not_complete(missing: str) -> None:
    assert not replace(WHOLE, **{missing: ""}).complete


def test_a_leaflet_without_a_printer_says_so_in_its_imprint() -> None:
    assert "Printer not chosen yet" in replace(WHOLE, printer="").sentence
