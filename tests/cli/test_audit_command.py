"""`leaflets audit`: the record before and after somebody alters it by hand."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scene import NOON, Scene

from leaflets.cli import main
from leaflets.services import audit_check
from leaflets.services.review import certificates
from leaflets.storage.review import Approval
from leaflets.storage.signing_key import SigningKey
from workers.sweeper import anchor


@pytest.fixture
def scene(tmp_path: Path, migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Scene:
    for name, value in {
        "SECRET_KEY": "x" * 32,
        "DATABASE_URL": migrated_sqlite_url,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "BASE_URL": "https://leaflets.example.org",
        "DATA": str(tmp_path),
    }.items():
        monkeypatch.setenv(f"LEAFLETS_{name}", value)
    return Scene(migrated_sqlite_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments])


def by_hand(tmp_path: Path, statement: str) -> None:
    with sqlite3.connect(tmp_path / "leaflets.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("DROP TRIGGER audit_no_delete")
        connection.execute(statement)
    connection.close()


def test_one_command_says_whether_the_record_is_what_it_was(scene: Scene, tmp_path: Path) -> None:
    leaflet = scene.leaflet()
    unwitnessed = run("verify")
    assert unwitnessed.exit_code == 0
    assert "Not checked: whether its end was cut off" in unwitnessed.output
    anchor(scene.sessions, tmp_path, NOON)
    before = run("verify")
    assert before.exit_code == 0
    assert before.output.startswith("The record is whole: ")
    assert "1 noted heads and 0 certificates bear it out" in before.output
    by_hand(tmp_path, f"UPDATE audit SET who = 'Nobody' WHERE subject = 'leaflet' AND subject_id = {leaflet.id}")
    after = run("verify")
    assert after.exit_code == 1
    assert "was altered: it does not say what it said when it was written." in after.output


def test_a_certificate_that_somebody_took_along_bears_witness_to_the_record(scene: Scene, tmp_path: Path) -> None:
    order = scene.order(scene.leaflet().id)
    with scene.sessions() as session:
        made = session.get_one(Approval, order.approval_id)
        key = SigningKey(tmp_path)
        said = certificates.signed(session, made, template=None, key=key, key_address="")
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(said))
    whole = run("verify", "--certificate", str(file))
    assert whole.exit_code == 0
    assert "2 certificates bear it out" in whole.output
    said["certificate"]["audit"]["hash"] = "0" * 64
    file.write_text(json.dumps(said))
    assert run("verify", "--certificate", str(file)).exit_code == 1
    file.write_text("nothing of ours")
    assert run("verify", "--certificate", str(file)).exit_code == 2


def test_what_happened_to_a_thing_is_shown_in_its_order(scene: Scene) -> None:
    leaflet = scene.leaflet()
    scene.save(leaflet.id, scene.edit("Better buses", 0))
    lines = run("show", "leaflet", str(leaflet.id)).output.splitlines()
    assert [line.partition(": ")[2].split("  ")[0] for line in lines] == ["leaflet started", "words saved"]
    assert run("show", "leaflet", "999").output == "Nothing is noted about leaflet 999.\n"


@pytest.mark.parametrize("line", ["garbage", "{}", "[]", '{"hash": 1, "signature": 2, "at": "2027-04-01T12:00:00"}'])
def test_a_sweep_that_cannot_note_the_head_goes_on_and_the_check_says_why(
    scene: Scene, tmp_path: Path, line: str
) -> None:
    scene.leaflet()
    (tmp_path / "audit-anchors.jsonl").write_text(f"{line}\n")
    anchor(scene.sessions, tmp_path, NOON)
    with scene.sessions() as session:
        found = audit_check.verify(session, data_folder=tmp_path)
    assert found.anchors_wrong.startswith("Line 1 of audit-anchors.jsonl")
