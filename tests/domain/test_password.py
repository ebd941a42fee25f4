import pytest

from leaflets.domain.errors import Invalid
from leaflets.domain.password import hashed, matches


def test_a_password_opens_its_own_hash_and_no_other_does() -> None:
    kept = hashed("three plain words")
    assert matches("three plain words", kept)
    assert not matches("three plain word", kept)
    assert "three" not in kept


def test_two_people_with_one_password_have_two_hashes() -> None:
    assert hashed("three plain words") != hashed("three plain words")


def test_no_password_opens_an_account_that_has_none() -> None:
    assert not matches("", "")
    assert not matches("three plain words", "")


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 201])
def test_a_password_that_is_too_short_or_too_long_is_refused_with_what_to_do(password: str) -> None:
    with pytest.raises(Invalid, match="Choose one of 12 to 200"):
        hashed(password)
