"""`leaflets preflight` from the outside: what it prints and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

sys.path.append(str(Path(__file__).resolve().parents[1] / "press"))

import handmade

from leaflets.cli import main
from leaflets.domain.press.printing import Standard

X4 = Standard.X4


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("preflight") / "clean.pdf"
    path.write_bytes(handmade.saved(handmade.made(X4), X4))
    return path


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pdf = handmade.made(X4)
    handmade.content(pdf, 1, b"1 0 0 rg " + handmade.box(60, 40, 20, 10))
    path = tmp_path_factory.mktemp("preflight") / "spoilt.pdf"
    path.write_bytes(handmade.saved(pdf, X4))
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["preflight", *map(str, arguments)], catch_exceptions=False)


def test_a_clean_file_ends_with_0(clean: Path) -> None:
    result = run(clean, "--trim", "210x148", "--bleed", 3, "--profile", "x-4", "--folds", "105", "--folds", "105")
    assert result.exit_code == 0
    assert "2 pages, nothing to remark" in result.stdout


def test_an_error_is_one_line_with_its_place_and_code_and_ends_with_1(spoilt: Path) -> None:
    result = run(spoilt, "--trim", "210x148")
    assert result.exit_code == 1
    head, line = result.stdout.splitlines()
    assert head.endswith("2 pages, 1 error")
    for part in ("error", "page 2", "60, 98 mm", "convert it to CMYK", "[colour-rgb]"):
        assert part in line


def test_warnings_alone_end_with_0(clean: Path) -> None:
    result = run(clean, "--folds", "30")
    assert result.exit_code == 0
    assert "warning" in result.stdout
    assert "[text-across-fold]" in result.stdout


def test_json_is_one_object(spoilt: Path) -> None:
    result = run(spoilt, "--json", "--trim", "210x148")
    said = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (said["file"], said["pages"], said["ink_method"]) == (str(spoilt), 2, "rendered")
    (problem,) = said["problems"]
    assert (problem["code"], problem["level"], problem["page"]) == ("colour-rgb", "error", 2)
    assert problem["place"] == {"x_mm": 60.0, "y_mm": 98.0, "width_mm": 20.0, "height_mm": 10.0}


def test_a_profile_asked_for_is_held_against_the_file(clean: Path) -> None:
    codes = {problem["code"] for problem in json.loads(run(clean, "--json", "--profile", "x-1a").stdout)["problems"]}
    assert {"pdfx-other", "transparency", "pdf-version"} <= codes


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_what_cannot_be_read_ends_with_2_and_one_line(tmp_path: Path, as_json: bool) -> None:
    noise = tmp_path / "noise.pdf"
    noise.write_bytes(b"not a PDF at all")
    for path, said in (
        (noise, "not a PDF"),
        (tmp_path / "nowhere.pdf", "cannot be read"),
        (tmp_path, "cannot be read"),
    ):
        result = run(path, *(["--json"] if as_json else []))
        assert result.exit_code == 2
        assert said in (result.stdout if as_json else result.stderr)
        assert (result.stdout + result.stderr).count("\n") == 1


@pytest.mark.parametrize("arguments", [["--trim", "A5"], ["--trim", "0x5"], ["--folds", "a,b"], ["--bleed", "-1"]])
def test_an_argument_that_makes_no_sense_ends_with_2_and_says_how_to_write_it(
    clean: Path, arguments: list[str]
) -> None:
    result = run(clean, *arguments)
    assert result.exit_code == 2
    assert arguments[1] in result.stderr
