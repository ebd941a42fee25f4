import time
from typing import Any

import pytest
from scene import NOWHERE

from leaflets.presence import Presence, Visitor

ADA = Visitor("tab-a", 1, "Ada", "headline")
HENRY = Visitor("tab-b", 2, "Henry")


def test_whoever_is_in_a_leaflet_is_seen_with_the_zone_they_are_in(redis_url: str) -> None:
    presence = Presence(redis_url)
    assert presence.note(7, HENRY) == (HENRY,)
    assert presence.note(7, ADA) == (ADA, HENRY)
    moved = Visitor("tab-b", 2, "Henry", "portrait")
    assert presence.note(7, moved) == (ADA, moved)


def test_nobody_is_seen_in_another_leaflet(redis_url: str) -> None:
    presence = Presence(redis_url)
    presence.note(7, ADA)
    assert presence.note(8, HENRY) == (HENRY,)


def test_one_person_in_two_tabs_is_there_twice(redis_url: str) -> None:
    presence = Presence(redis_url)
    other = Visitor("tab-c", 1, "Ada")
    presence.note(7, ADA)
    assert presence.note(7, other) == (ADA, other)


def test_a_tab_that_says_nothing_any_more_is_forgotten(redis_url: str) -> None:
    presence = Presence(redis_url, forgotten_after_s=0.2)
    presence.note(7, ADA)
    while (there := presence.note(7, HENRY)) != (HENRY,):
        assert there == (ADA, HENRY)
        time.sleep(0.05)


@pytest.mark.parametrize("name", ["Zoë Ŵyn", "half \ud83d", "nul \0", "🗳️"])
def test_a_name_of_any_characters_is_seen_as_it_is(redis_url: str, name: str) -> None:
    visitor = Visitor("tab-a", 1, name)
    assert Presence(redis_url).note(7, visitor) == (visitor,)


def test_with_redis_away_nobody_is_shown_and_nothing_fails(redis_server: Any) -> None:
    assert Presence(NOWHERE).note(7, ADA) == ()
    presence = Presence(redis_server.url)
    assert presence.note(7, ADA) == (ADA,)
    redis_server.stop()
    assert presence.note(7, ADA) == ()
