"""Saying when one is away: with who answers meanwhile, and with everything that was typed when it cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from clockwork import Clockwork
from site_of_scene import Site

PAGE = "/account/absences"


@pytest.fixture
def clock(site: Site) -> Clockwork:
    site.scene.now = datetime(2027, 2, 1, 10, tzinfo=UTC)
    return Clockwork(site.scene)


def test_somebody_names_who_answers_and_takes_the_office_back(site: Site, clock: Clockwork) -> None:
    client, other = site.client(clock.rita), site.client(clock.nat)
    typed = {"first": "2027-02-01", "last": "2027-02-05", "delegate": str(clock.nat.id)}
    answer = site.post(client, PAGE, typed)
    page = client.get(answer.headers["Location"]).text
    assert "Nat answers for you and is told." in page
    assert "You are away from Mon 1 Feb to Fri 5 Feb." in page
    theirs = other.get(PAGE).text
    assert "<strong>Rita</strong> is away from Mon 1 Feb to Fri 5 Feb." in theirs
    number = page.split('name="absence" value="')[1].split('"')[0]
    assert site.post(other, f"{PAGE}/back", {"absence": number}).status_code == 422
    answer = site.post(client, f"{PAGE}/back", {"absence": number})
    assert "What Nat was lent has ended." in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"last": ""}, "Both days are needed."),
        ({"last": "soon"}, "“soon” is not a day"),
        ({"last": "2027-01-31"}, "before the first"),
    ],
)
def test_days_that_cannot_be_come_back_with_what_was_typed(
    site: Site, clock: Clockwork, changed: dict[str, str], why: str
) -> None:
    typed = {"first": "2027-02-03", "last": "2027-02-05", "delegate": str(clock.olga.id)} | changed
    answer = site.post(site.client(clock.rita), PAGE, typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="2027-02-03"' in answer.text
    assert f'<option value="{clock.olga.id}" selected>' in answer.text


def test_whoever_approves_nothing_is_told_what_the_page_is_for(site: Site, clock: Clockwork) -> None:
    assert "Nothing waits for you as an approver" in site.client(clock.agent).get(PAGE).text
