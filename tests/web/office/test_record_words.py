from __future__ import annotations

import ast
from datetime import UTC, datetime

import pytest

from leaflets.config import ROOT
from leaflets.web.office.happenings import HAPPENINGS
from leaflets.web.office.record_words import Known, note_words, what_words, who_words

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HASH = "0123456789ab" + "c" * 52
KNOWN = Known(
    now=NOW,
    people={6: "Noel Hart"},
    kits={"plain": "The Plain Party"},
    zones=lambda ref: {"headline": "Headline", "letter-heading": "The letter"} if ref == "tiny@1.0" else {},
    title=lambda ref: "Tiny",
)

WORKFLOW = "Who approves a leaflet before it may be printed"
REGION_SEES = "The regional office sees what speaks for the party: headlines, pledges."
ON_DATE = "lands by Thursday 1 April 2027; Freepost election address; for all elections"


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("person 6: nation", "Noel Hart: national approver"),
        ("person 7: agent", "person 7: agent"),
        ("person 6", "Noel Hart"),
        ("submission 5", ""),
        ("comment 2: headline", "headline"),
        (f"submission 8: {HASH}", "content 0123456789ab…"),
        (f"approval 3: {HASH}, certificate {HASH}", "content 0123456789ab…, certificate 0123456789ab…"),
        ("waiting: 5000 by 2026-11-22T17:00:00.771230+00:00", "waiting: 5000 by 17:00"),
        ("She said: person 6 and comment 2 are wrong.", "She said: person 6 and comment 2 are wrong."),
        ("", ""),
    ],
)
def test_a_note_of_the_record_is_read_in_words(note: str, words: str) -> None:
    assert note_words(note, KNOWN) == words


@pytest.mark.parametrize(
    ("what", "note", "words"),
    [
        ("words saved", "headline v1, letter-heading kept beside v12", "Headline, The letter (kept beside another)"),
        ("version restored", "as after edit 12: headline", "as it was before: Headline"),
        ("text taken back", "headline of edit 4", "Headline"),
        ("words passed", "headline, as in other leaflets", "Headline, as in other leaflets"),
        ("change asked", "comment 2: headline", "Headline"),
        ("change asked", "comment 2: gone", "gone"),
        ("sent back", "Your headline is late.", "Your headline is late."),
        ("leaflet started", "tiny@1.0", "Tiny"),
        ("leaflet duplicated", "leaflet 4", ""),
        ("print running", "waiting", ""),
        ("print failed", "failed: It has no bleed.", "stopped: It has no bleed."),
        (
            "order placed",
            f"waiting: 5000 by 2026-11-22T17:00:00.771230+00:00, {HASH}",
            "in the queue: 5,000 copies by 17:00, content 0123456789ab…",
        ),
        ("step done", "pdf-at-printer", "PDF at the printer"),
        ("plan chosen", "on-date 2027-04-01 by freepost for all elections", ON_DATE),
        ("language chosen", "cy", "Welsh"),
        ("message translated", "cy: Ar eich ochr chi", "Welsh: Ar eich ochr chi"),
        ("polling day moved", "parl.2027-05-06", "the poll of Thursday 6 May 2027"),
        ("dispatch announced", "Dale: first 2027-04-19, second None", "Dale: first Monday 19 April 2027"),
        (
            "role given",
            "person 6: nation, until 2027-05-06 23:00 UTC: holiday",
            "Noel Hart: national approver, until Thursday 6 May 2027: holiday",
        ),
        ("setting changed", "workflow: [{'office': 'region'}]", f"{WORKFLOW}: {REGION_SEES}"),
        ("setting changed", "kits: ['plain']", "Which brand kits leaflets use: The Plain Party"),
        ("setting changed", "kits: as above", "Which brand kits leaflets use: as above"),
        ("setting changed", "workflow: an [older way", WORKFLOW),
        ("duration set", "approval: 3", "Approval by the office: 3 working days"),
        ("campaign changed", "promoter: Agnes Pier; kit: plain", "agent: Agnes Pier; brand kit: The Plain Party"),
    ],
)
def test_keys_are_read_by_their_names(what: str, note: str, words: str) -> None:
    assert note_words(note, KNOWN, what=what, template="tiny@1.0") == words


@pytest.mark.parametrize(
    ("what", "note"),
    [
        ("sent back", "It was said on 2026-99-99T99:99Z."),
        ("approved", "0001-01-01T00:00Z"),
        ("dispatch announced", "South, Council of 2026-02-30: first 2027-04-20; Anna"),
        ("role given", "agent: until 2026-99-99 99:99 UTC"),
        ("polling day moved", "as in abc.2026-02-30"),
    ],
)
def test_what_somebody_wrote_that_looks_like_a_day_and_is_none_stays_as_it_is(what: str, note: str) -> None:
    assert note_words(note, KNOWN, what=what) == note


def test_every_change_that_a_service_notes_has_words_in_the_record() -> None:
    assert [what for what in _noted() if what not in HAPPENINGS] == []
    assert what_words("something newer") == "Something newer"


def _noted() -> set[str]:
    """What the services call what happened, wherever they note it: by name, or fourth after session, actor and now."""
    noters = {"record", "of_leaflet", "of_thing", "of_campaign", "note", "_note", "_changed"}
    found: set[str] = set()
    for file in (ROOT / "leaflets" / "services").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in noters:
                said = [each.value for each in call.keywords if each.arg == "what"] + call.args[3:4]
                either = [part for each in said if isinstance(each, ast.IfExp) for part in (each.body, each.orelse)]
                words = [each.value for each in (*said, *either) if isinstance(each, ast.Constant)]
                found |= {each for each in words if isinstance(each, str)}
    assert "words passed" in found
    return found


def test_a_process_of_the_press_is_called_the_press() -> None:
    assert who_words("vm-2.local:22648:345e5f13") == "The press"
    assert who_words("Noel Hart") == "Noel Hart"
