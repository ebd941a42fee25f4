"""The servers that the other tests stand on are real, empty and our own."""

from __future__ import annotations

import signal
from typing import Any

import redis
import sqlalchemy as sa


def test_a_database_is_new_and_empty(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    assert sa.inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE seen (word TEXT)"))
    assert sa.inspect(engine).get_table_names() == ["seen"]
    engine.dispose()


def test_a_redis_is_empty_and_never_evicts(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.set("left", "behind")


def test_a_redis_that_is_killed_comes_back_at_the_same_address(redis_server: Any) -> None:
    redis_server.stop(signal.SIGKILL)
    assert not redis_server.answers()
    redis_server.start()
    assert redis_server.answers()


def test_chromium_reads_a_page(browser: Any) -> None:
    page = browser.new_page()
    page.set_content("<h1>Good morning</h1>")
    assert page.get_by_role("heading").inner_text() == "Good morning"
    page.close()
