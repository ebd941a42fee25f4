"""A template is data that somebody sent us: whatever it tries, the press stops it with a sentence."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from card import card_job, planted

from leaflets.domain.errors import Invalid, LeafletsError
from leaflets.press import html
from leaflets.press.isolate import Limits, Stopped, run_isolated
from leaflets.press.job import PressJob
from leaflets.press.run import preload, proof_pages

_LIMITS = Limits(seconds=20, cpu_seconds=2, memory_mb=400)


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    preload()


def _side(body: str) -> str:
    return f'<section class="side"><div class="panel" data-panel="front">{body}</div></section>'


def _prove(job: PressJob) -> None:
    run_isolated(proof_pages, job, ppi=20, limits=_LIMITS)


# Row: what the template holds, what the refusal says.
_REFUSED = [
    ("{% for a in range(10000) %}{% endfor %}", "range of more than"),
    ("{% for a in range(1000) %}{% for b in range(1000) %}xxxxxxxxxx{% endfor %}{% endfor %}", "more than 500000"),
    ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "calls itself"),
    ("{{ 'x' * 100000000 }}", "for small numbers"),
    ("{{ 9 ** 9 ** 9 }}", "for small numbers"),
    ("{{ '%999999999d' % 1 }}", "for small numbers"),
    ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "may not do"),
    ("{{ zones.__dict__ }}", "may not do"),
    ("{{ zones|attr('__class__') }}", "No filter named 'attr'"),
    ("{{ self.__init__.__globals__ }}", "may not do"),
    ("{{ kit.party.format.__globals__ }}", "may not do"),
    ("{{ zones.points.append(1) }}", "may not do"),
    ("{% include '/etc/passwd' %}", "reads no other file"),
    ("{% import 'os' as os %}", "reads no other file"),
    ("{% extends '/etc/passwd' %}", "reads no other file"),
    ("{% autoescape false %}{{ zones.headline }}{% endautoescape %}", "always escapes"),
    ("{{ zones.headline | safe }}", "No filter named 'safe'"),
    ("{{ zones.nowhere }}", "has no attribute 'nowhere'"),
    ("{{ nowhere }}", "'nowhere' is undefined"),
    ("{% if %}", "not a Jinja template"),
    ("{{ 1 / 0 }}", "ZeroDivisionError"),
    ("{{ " + "(" * 5000 + ")" * 5000 + " }}", "nested too deeply"),
    ("x" * 60_001, "more than 60000 characters"),
    ('<img src="https://example.org/a.png">', "does not fetch"),
    ('<img src="http://169.254.169.254/latest/meta-data">', "does not fetch"),
    ('<img src="file:///etc/passwd">', "does not fetch"),
    ('<img src="data:image/png;base64,AAAA">', "does not fetch"),
    ('<img src="library:../../../../../etc/passwd">', "not in the library"),
    ('<img src="library:/etc/passwd">', "not in the library"),
    ('<img src="library:%2e%2e/%2e%2e/kits/plain/kit.toml">', "not in the library"),
    ('<img src="portrait.png">', "does not fetch"),
    ('<img src="//example.org/a.png">', "does not fetch"),
    ('<object data="https://example.org/a.svg"></object>', "does not fetch"),
    ('<div style="background:url(https://example.org/a.png)">x</div>', "does not fetch"),
    ('<img src="asset:portrait">', "job has none"),
    ('<link rel="stylesheet" href="https://example.org/a.css">', "does not fetch"),
    ("<style>@import url(https://example.org/a.css);</style>", "does not fetch"),
    ("<style>@font-face{font-family:x;src:url(file:///etc/passwd)}p{font-family:x}</style>", "does not fetch"),
    ("<div>" * 3000, "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "says"), _REFUSED, ids=[f"{row[1]}-{number}" for number, row in enumerate(_REFUSED)])
def test_a_template_that_asks_for_too_much_is_refused(tmp_path: Path, body: str, says: str) -> None:
    job = card_job(planted(tmp_path, html=_side(body)))
    with pytest.raises(Invalid) as raised:
        _prove(job)
    assert says in raised.value.message
    assert raised.value.remedy


# Row: what it holds, how it must end.
_STOPPED = [
    ("{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}" + "{% endfor %}" * 3, "timed-out"),
    ("{% set held = 'x'.ljust(1000000000) %}{{ held|length }}", "out-of-memory"),
    ("{% set held = 'xxxxxxxxxx'.ljust(100000000) %}{{ held.replace('x', held)|length }}", "out-of-memory"),
    ("{{ 'x'|batch(1000000000, 'y')|list|length }}", "out-of-memory"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), _STOPPED, ids=["loops", "eats memory", "grows", "fills a list"])
def test_a_template_that_loops_or_eats_memory_is_stopped(
    tmp_path: Path, body: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = card_job(planted(tmp_path, html=_side(body)))
    with caplog.at_level(logging.CRITICAL), pytest.raises(Stopped) as raised:
        _prove(job)
    assert raised.value.code == code
    assert "tell its designer" in raised.value.remedy


def test_a_template_that_makes_eight_thousand_boxes_is_stopped_in_time(tmp_path: Path) -> None:
    body = "{% for a in range(1000) %}<p>x</p><p>x</p><p>x</p><p>x</p><p>x</p><p>x</p><p>x</p><p>x</p>{% endfor %}"
    job = card_job(planted(tmp_path, html=_side(body)))
    with pytest.raises(Stopped) as raised:
        run_isolated(proof_pages, job, ppi=20, limits=Limits(seconds=1))
    assert raised.value.code == "timed-out"


def test_a_template_that_is_gone_or_is_no_text_is_refused(tmp_path: Path) -> None:
    template = planted(tmp_path)
    (template.folder / "template.html").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Invalid, match="cannot be read"):
        html.page(card_job(template))
    (template.folder / "style.css").unlink()
    with pytest.raises(LeafletsError):
        _prove(card_job(template))


def test_a_link_out_of_the_library_is_not_followed(tmp_path: Path) -> None:
    template = planted(tmp_path, html=_side('<img src="library:out.svg">'))
    (template.folder / "out.svg").symlink_to("/etc/passwd")
    with pytest.raises(Invalid, match="not in the library"):
        _prove(card_job(template))


def test_a_drawing_with_an_entity_or_a_fetch_of_its_own_gives_nothing_away(tmp_path: Path) -> None:
    template = planted(tmp_path, html=_side('<img src="library:evil.svg">') * 2)
    drawing = (
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text>&x;</text></svg>'
    )
    (template.folder / "evil.svg").write_text(drawing)
    assert "picture-unreadable" in _codes(card_job(template))
    (template.folder / "evil.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">'
        '<image width="9" height="9" href="https://example.org/a.png"/></svg>'
    )
    assert "picture-unreadable" in _codes(card_job(template))


def _codes(job: PressJob) -> set[str]:
    return {problem.code for problem in run_isolated(proof_pages, job, ppi=20, limits=_LIMITS).problems}


def test_zones_that_nobody_declared_are_set_and_named_as_they_are(tmp_path: Path) -> None:
    body = '<p data-zone="one">words</p><p data-zone="two" style="margin-top:-2em">words</p>'
    assert "words-overlap" in _codes(card_job(planted(tmp_path, html=_side(f"<div>{body}</div>"))))
