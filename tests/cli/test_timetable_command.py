"""`leaflets timetable` from the outside."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from leaflets.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["timetable", *arguments], catch_exceptions=False)


def test_json_has_the_election_the_nation_the_poll_and_every_event_with_its_law() -> None:
    result = run("local.2025-05-01", "--nation", "england", "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert list(answer) == ["election", "nation", "polling_day", "events"]
    assert (answer["election"], answer["nation"], answer["polling_day"]) == (
        "local.2025-05-01",
        "england",
        "2025-05-01",
    )
    assert all(list(event) == ["date", "time", "rule", "source"] for event in answer["events"].values())
    postal, register = answer["events"]["postal_vote_application"], answer["events"]["register_to_vote"]
    assert (postal["date"], postal["time"]) == ("2025-04-14", "17:00")
    assert (register["date"], register["time"]) == ("2025-04-11", None)
    assert postal["rule"].startswith("11th working day before polling day")
    assert "Regulations 2001" in postal["source"]


def test_the_table_is_in_the_order_of_the_days_said_as_people_say_them() -> None:
    lines = run("parl.2019-12-12", "--nation", "scotland").stdout.splitlines()
    assert lines[0] == "UK Parliament general election, Scotland: Thursday 12 December 2019"
    nominations = next(line for line in lines if line.endswith("Nominations close"))
    assert " ".join(nominations.split()) == "Thursday 14 November 2019 4 pm Nominations close"
    assert [line.split("  ")[-1].strip() for line in lines[-5:-2]] == [
        "Polling day, 7 am to 10 pm",
        "Emergency proxy",
        "Return of election expenses",
    ]
    assert len({line.index(" 2019") for line in lines[2:-4]}) == 1, "the days stand in one column"


def test_a_by_election_takes_its_nominations_date_and_asks_for_it_when_it_is_missing() -> None:
    with_date = run("parl.x.by.2025-05-01", "--nation", "england", "--nominations-close", "2025-04-02", "--json")
    assert json.loads(with_date.stdout)["events"]["close_of_nominations"]["date"] == "2025-04-02"
    without = run("parl.x.by.2025-05-01", "--nation", "england").stdout
    assert "--nominations-close" in without
    assert "Nominations close, earliest" in without


def test_the_declaration_moves_the_expenses() -> None:
    result = run("local.2026-05-07", "--nation", "england", "--result-declared", "2026-05-09", "--json")
    assert json.loads(result.stdout)["events"]["expenses_return"]["date"] == "2026-06-15"


def test_northern_ireland_reads_one_deadline_for_absent_votes_and_gives_all_its_keys() -> None:
    table = run("nia.2022-05-05", "--nation", "northern-ireland").stdout
    assert "Apply for an absent vote (postal or proxy)" in table
    assert "Apply for a postal vote" not in table
    events = json.loads(run("nia.2022-05-05", "--nation", "northern-ireland", "--json").stdout)["events"]
    absent, postal = events["absent_vote_application"], events["postal_vote_application"]
    assert absent == postal == events["proxy_vote_application"]


def test_noon_is_called_noon() -> None:
    assert " noon  Nominations close" in run("pcc.2012-11-15", "--nation", "england").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("europarl.2019-05-23", "--nation", "england"),
        ("nonsense", "--nation", "england"),
        ("local.2025-05-01",),
        ("local.2025-05-01", "--nation", "france"),
        ("local.2025-05-04", "--nation", "england"),
        ("local.2009-05-04", "--nation", "england"),
        ("parl.x.by.2025-05-01", "--nation", "england", "--nominations-close", "2025-04-10"),
        ("parl.x.by.2025-05-01", "--nation", "england", "--nominations-close", "soon"),
        ("sp.2026-05-07", "--nation", "wales"),
    ],
)
def test_bad_input_ends_with_one_clear_line_and_code_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.strip().splitlines()[-1].endswith((".", "'northern-ireland'."))
