import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from scene import NOWHERE, Scene

from leaflets.cli import main


@pytest.fixture
def now_scene(migrated_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A campaign that stands in the present, as the command does."""
    for name, value in {
        "SECRET_KEY": "x" * 32,
        "DATABASE_URL": migrated_sqlite_url,
        "REDIS_URL": NOWHERE,
        "BASE_URL": "https://leaflets.example.org",
        "DATA": str(tmp_path),
    }.items():
        monkeypatch.setenv(f"LEAFLETS_{name}", value)
    return Scene(migrated_sqlite_url, now=datetime.now(UTC))


def queue(*arguments: str) -> str:
    said = CliRunner().invoke(main, ["queue", *arguments])
    assert said.exit_code == 0, said.output
    return said.output


@pytest.mark.usefixtures("now_scene")
def test_an_empty_queue_is_said_in_a_sentence() -> None:
    assert queue() == "No print order is open.\n"


def test_orders_stand_in_the_order_of_the_press_and_everything_makes_it(now_scene: Scene) -> None:
    far, near = (now_scene.order(now_scene.leaflet().id, needed_in=timedelta(hours=hours)).id for hours in (40, 4))
    lines = queue("--workers", "2").splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["1", str(near)], ["2", str(far)]]
    assert lines[-1] == "Everything makes it with 2 workers. 1 would do."
    found = json.loads(queue("--workers", "1", "--json"))
    assert [each["order"] for each in found["orders"]] == [near, far]
    assert (found["everything_makes_it"], found["workers_needed"]) == (True, 1)


def test_an_order_at_risk_is_named(now_scene: Scene) -> None:
    tight = now_scene.order(now_scene.leaflet().id, needed_in=timedelta(minutes=5)).id
    said = queue("--workers", "1")
    assert "at risk" in said.splitlines()[1]
    assert f"With 1 worker, 1 of 1 are late or at risk: {tight}." in said
    assert "More workers would not help" in said
