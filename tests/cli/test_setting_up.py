from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from leaflets.cli import main

CAMPAIGN = {
    "organisation": "Plain",
    "name": "Ada",
    "kit": "harbour-alliance",
    "title": "Ashcombe Council election",
    "election": "local.ashcombe.2027-05-06",
    "nation": "england",
    "region": "South",
    "seat": "Quay",
    "area": "Quay",
    "candidate": "Ada Quay",
    "promoter": "Agnes Pier",
    "promoter-address": "1 Quay Street",
}


def _add_campaign(**changed: str) -> list[str]:
    options = CAMPAIGN | changed
    return ["campaign", "add", *(part for name, value in options.items() for part in (f"--{name}", value))]


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SECRET_KEY": "x" * 32,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'leaflets.db'}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "BASE_URL": "https://leaflets.example.org",
        "DATA": str(tmp_path),
    }.items():
        monkeypatch.setenv(f"LEAFLETS_{name}", value)
    assert run("migrate").exit_code == 0


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_an_installation_is_set_up_without_a_page() -> None:
    added = run("person", "add", "Agnes Pier", "agnes@example.org")
    assert added.output.startswith("https://leaflets.example.org/sign-in?code=")
    started = run(*_add_campaign())
    assert started.output.strip() == "1"
    assert run("campaign", "member", "1", "AGNES@example.org", "agent").output == "Agnes Pier is agent of campaign 1.\n"
    place = ("--organisation", "Plain", "--nation", "england", "--region", "South")
    assert run("office", "agnes@example.org", "region", *place).output == "Agnes Pier is regional approver of South.\n"
    said = ("--council", "Ashcombe", "--said-by", "its website", "--said-on", "2026-11-01", "--first", "2027-04-20")
    announced = run("dispatch", "announce", CAMPAIGN["election"], *place, "--seat", "Quay", *said)
    assert announced.output == "Ashcombe’s dates hold at Quay.\n"
    moved = run("election", "move", CAMPAIGN["election"], "2027-06-03", "--organisation", "Plain")
    assert moved.output == "Polling day is Thursday 3 June 2027: local.ashcombe.2027-06-03.\n"
    stopped = run("election", "suspend", "local.ashcombe.2027-06-03", "A death", "--organisation", "Plain")
    assert stopped.output == "local.ashcombe.2027-06-03 is suspended: A death\n"
    assert run("election", "resume", "local.ashcombe.2027-06-03", "--organisation", "Plain").exit_code == 0
    house = ("Press & Sons", "2 Ink Lane", "--profile", "x-1a", "--marks", "--organisation", "Plain")
    assert run("printer", "add", *house).output == "Press & Sons is a printer of Plain.\n"
    prints = run("office", "agnes@example.org", "printer", *place, "--house", "Press & Sons", "--until", "2099-05-06")
    assert prints.output == "Agnes Pier is printer for Press & Sons of South.\n"
    quick = run("duration", "approval", "1", *place, "--source", "Rita", "--as-of", "2026-11-01")
    assert quick.output == "approval takes 1 days at South: Rita (1 November 2026).\n"
    shop = run("printer", "hours", "Press & Sons", "5", "--source", "its owner", "--weekdays", "012345")
    assert "Press & Sons takes 5 working days" in shop.output
    again = run("person", "link", "agnes@example.org")
    assert again.output.startswith("https://leaflets.example.org/sign-in?code=")
    assert again.output != added.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["person", "link", "nobody@example.org"], "Nobody here has the address"),
        (["person", "add", "Agnes", "not an address"], "name and an e-mail address"),
        (["campaign", "member", "7", "agnes@example.org", "agent", "--until", "soon"], "does not match the format"),
        (["campaign", "member", "7", "nobody@example.org", "agent"], "Nobody here has the address"),
        (_add_campaign(kit="sea"), "no brand kit"),
        (_add_campaign(election="local"), "is not an election id"),
        (_add_campaign(election="sp.c.2027-05-06"), "held in Scotland"),
        (["printer", "hours", "Nobody", "5", "--source", "me"], "no printer called"),
        (["duration", "--organisation", "x", "--source", "me", "--", "approval", "-1"], "No step can take -1 days"),
        (["duration", "approval", "9", "--organisation", "x", "--source", "me"], "There is no such place"),
        (["election", "move", "local.2027-05-06", "2027-06-03", "--organisation", "Plain"], "No campaign of Plain"),
    ],
)
def test_what_cannot_be_is_one_clear_line(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_an_organisation_comes_with_its_administrator_and_the_constituencies() -> None:
    added = run("organisation", "add", "Plain", "--administrator", "Xenia Keys", "--email", "xenia@example.org")
    first, link = added.output.splitlines()
    assert first == "Plain is there, and Xenia Keys is its administrator. They sign in with this, once:"
    assert link.startswith("https://leaflets.example.org/sign-in?code=")
    assert run("tree", "check").output == "Every place hangs where it should.\n"
    twice = run("tree", "seats", "--organisation", "Plain")
    assert twice.output.splitlines()[0] == "England: 0 added."
    again = run("organisation", "add", "plain", "--administrator", "Yan", "--email", "yan@example.org")
    assert again.exit_code == 2
    assert "plain is there already" in again.output


def test_a_tree_changed_by_hand_is_told_in_words_and_mended(tmp_path: Path) -> None:
    run("organisation", "add", "Plain", "--administrator", "Xenia Keys", "--email", "xenia@example.org")
    with sqlite3.connect(tmp_path / "leaflets.db") as database:
        database.execute("UPDATE node SET path = '/7/', nation = 'wales' WHERE name = 'Aldershot'")
    database.close()
    wrong = run("tree", "check")
    assert wrong.exit_code == 1
    assert "Aldershot (seat" in wrong.output
    assert "Wrong: 2." in wrong.output
    assert run("tree", "check", "--mend").output == "Mended: 1.\nEvery place hangs where it should.\n"
