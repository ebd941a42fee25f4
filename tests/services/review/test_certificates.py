"""Certificates: made with the approval, signed when taken along, and held against the PDF with nothing else at hand."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from card import LIBRARY
from click.testing import CliRunner, Result
from clockwork import Clockwork
from scene import NOON, Scene
from sqlalchemy import select

from leaflets.catalogue import load_library
from leaflets.cli import main
from leaflets.cli.certificate import checked
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.leaflet import Content
from leaflets.domain.press.printing import PressSpec, Purpose, Standard
from leaflets.domain.review.certificate import certificate_from_json, contradictions
from leaflets.domain.words.values import clean_values
from leaflets.press import paper
from leaflets.press.job import ContentName, PressJob
from leaflets.press.run import print_leaflet
from leaflets.services.organisation import settings
from leaflets.services.review import certificates, passing, sending
from leaflets.storage.review import Approval
from leaflets.storage.session import writing
from leaflets.storage.signing_key import SigningKey

WORDS = "Self-employed? Official figures: a firefighter’s flat in Tŷ Newydd costs £9,000 a year to heat."
BODY = f"<p>{WORDS} A street of self-employed people, {WORDS}</p><p>And <em>a second</em> part of Dŵr Cymru.</p>"


def asking(url: str) -> Clockwork:
    """A seat whose region asks to see what speaks for the party, with the card as its template."""
    library = load_library(LIBRARY)
    clock = Clockwork(Scene(url, template=library.template("card"), kit=library.kit("plain")))
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="workflow", value=[{"office": "region"}])
    return clock


def passed(clock: Clockwork) -> Approval:
    """An approval of the card: Rita passed its headline."""
    leaflet, scene = clock.leaflet(), clock.scene
    sample = {key: value for key, value in scene.template.sample.values.items() if key != "portrait"}
    texts = {**sample, "headline": WORDS, "story": BODY}
    scene.save(leaflet.id, *(scene.edit(value, 0, zone=zone) for zone, value in texts.items()))
    with clock.sessions() as session:
        said: dict[str, Any] = {"now": scene.now, "template": scene.template}
        sent = sending.send(session, actor=clock.agent, leaflet_id=leaflet.id, note="Thank you", anyway=True, **said)
        seen = {"submission_id": sent.id, "content_hash": sent.revision.content_hash}
        passing.pass_all(session, actor=clock.rita, now=scene.now, **seen)
        return session.scalars(select(Approval)).one()


@pytest.fixture
def clock(migrated_sqlite_url: str) -> Clockwork:
    return asking(migrated_sqlite_url)


@pytest.fixture
def scene(clock: Clockwork) -> Scene:
    return clock.scene


@pytest.fixture
def approval(clock: Clockwork) -> Approval:
    return passed(clock)


def statement(scene: Scene, approval: Approval, folder: Path) -> dict[str, Any]:
    with scene.sessions() as session:
        return certificates.signed(
            session,
            session.get_one(Approval, approval.id),
            template=scene.template,
            key=SigningKey(folder),
            key_address="https://leaflets.example.org/signing-key",
        )


def printed(scene: Scene, approval: Approval, standard: Standard = Standard.X4, **changed: Any) -> bytes:
    content = Content.from_json(approval.certificate["content"])
    values = clean_values(scene.template, {**content.values, **changed})
    imprint = replace(content.imprint, printer="Press & Sons", printer_address="2 Ink Lane")
    job = PressJob(
        scene.template,
        scene.kit,
        values,
        imprint,
        content.election,
        Purpose.PRINT,
        PressSpec(standard=standard),
        content=ContentName(approval.content_hash, approval.id),
    )
    return print_leaflet(job, now=NOON).pdf


def verify(folder: Path, said: dict[str, Any], pdf: bytes, *more: str) -> Result:
    (folder / "certificate.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "leaflet.pdf").write_bytes(pdf)
    return CliRunner().invoke(
        main, ["certificate", "verify", str(folder / "certificate.json"), str(folder / "leaflet.pdf"), *more]
    )


def checks(found: Result) -> dict[str, list[str]]:
    """What was said, by how it was found: yes, NO, not checked."""
    said: dict[str, list[str]] = {}
    for line in found.output.splitlines():
        said.setdefault(line[:11].strip(), []).append(line[13:])
    return said


def test_an_approval_carries_its_certificate(migrated_url: str, tmp_path: Path) -> None:
    clock = asking(migrated_url)
    approval = passed(clock)
    assert statement(clock.scene, approval, tmp_path)["certificate"] == approval.certificate
    certificate = certificate_from_json(approval.certificate)
    assert certificate.as_json() == approval.certificate
    assert (certificate.approval, certificate.content_hash) == (approval.id, approval.content_hash)
    assert certificate.content.content_hash == approval.content_hash
    assert (certificate.leaflet.organisation, certificate.leaflet.seat) == ("Plain", "Harbour")
    assert certificate.sent is not None
    assert (certificate.sent.by, certificate.sent.note) == ("Agnes", "Thank you")
    headline = certificate.zones[0]
    assert (headline.zone, headline.words, headline.stage) == ("headline", WORDS, 1)
    assert headline.passed is not None
    assert headline.passed.in_words == "was passed by Rita, South, on 1 April 2027"
    assert contradictions(certificate) == []


def test_where_no_office_asks_the_certificate_says_so(clock: Clockwork) -> None:
    with clock.sessions() as session:
        settings.set_here(session, **clock.by, node_id=clock.region.id, name="workflow", value=None)
    leaflet = clock.leaflet()
    with clock.sessions() as session:
        said: dict[str, Any] = {"now": clock.scene.now, "template": clock.scene.template}
        sending.send(session, actor=clock.agent, leaflet_id=leaflet.id, anyway=True, **said)
        certificate = certificate_from_json(session.scalars(select(Approval)).one().certificate)
    assert certificate.zones == ()


def test_the_certificate_and_the_pdf_are_enough(scene: Scene, approval: Approval, tmp_path: Path) -> None:
    said = statement(scene, approval, tmp_path)
    key = tmp_path / "key.pem"
    key.write_text(said["signed"]["public_key"])
    pdf = printed(scene, approval)
    found = verify(tmp_path, said, pdf, "--key", str(key))
    assert found.exit_code == 0, found.output
    said_so = checks(found)
    assert "“Headline” was passed by Rita, South, on 1 April 2027." in said_so["yes"]
    assert "The PDF names that content." in said_so["yes"]
    assert [line.split(":")[0] for line in said_so["not checked"]] == [
        "Whatever else stands on its pages, from the template, the election and the imprint",
        "Whether it is the press’s own file",
        "Pictures and colours",
    ]
    assert "Printed by Press & Sons" in said_so["not checked"][0]
    assert WORDS not in said_so["not checked"][0]


@pytest.mark.parametrize("standard", list(Standard))
def test_a_word_that_was_changed_in_the_pdf_is_found(
    scene: Scene, approval: Approval, tmp_path: Path, standard: Standard
) -> None:
    said = statement(scene, approval, tmp_path)
    changed = printed(scene, approval, standard, headline=WORDS.replace("9,000", "8,000"))
    found = verify(tmp_path, said, changed)
    assert found.exit_code == 1
    assert checks(found)["NO"] == [f"“Headline”: these words stand nowhere on its pages: {WORDS}"]
    changed = printed(scene, approval, standard, story=BODY.replace("Cymru", "Cymry"))
    assert checks(verify(tmp_path, said, changed))["NO"][0].startswith("Zone story: these words stand nowhere")


def test_a_pdf_of_another_content_or_of_none_is_found(scene: Scene, approval: Approval, tmp_path: Path) -> None:
    said = statement(scene, approval, tmp_path)
    own = printed(scene, approval)
    for name, words in (
        (b"0" * 64, "The PDF says that it prints another content"),
        (b"", "The PDF does not say which content it prints."),
    ):
        other = io.BytesIO()
        with pikepdf.open(io.BytesIO(own)) as pdf:
            packet = pdf.Root.Metadata.read_bytes()
            pdf.Root.Metadata.write(packet.replace(approval.content_hash.encode(), name))
            pdf.save(other)
        found = verify(tmp_path, said, other.getvalue())
        assert found.exit_code == 1
        assert checks(found)["NO"][0].startswith(words)


FORGERIES: tuple[tuple[Callable[[Any], object], str], ...] = (
    (lambda said: said["certificate"]["content"]["values"].update(second="Other words"), "The words in the certif"),
    (lambda said: said["certificate"]["zones"][0].update(words="Other words"), "“Headline”: the words that were"),
    (lambda said: said["certificate"]["zones"][0].update(words_hash="0" * 64), "“Headline”: its words are not"),
    (lambda said: said["certificate"]["zones"][0].update(passed=None), "“Headline”: nobody passed its words."),
    (lambda said: said["certificate"]["zones"][0]["passed"].update(by="Nat"), "The certificate is not as it was s"),
    (lambda said: said.update(files=[{"order": 1, "sha256": "0" * 64}]), "The certificate is not as it was signed"),
    (lambda said: said.pop("signed"), "The certificate is not signed."),
)


def test_a_certificate_that_was_changed_is_found(scene: Scene, approval: Approval, tmp_path: Path) -> None:
    pdf = printed(scene, approval)
    for forge, words in FORGERIES:
        said = statement(scene, approval, tmp_path)
        forge(said)
        found = verify(tmp_path, said, pdf)
        assert found.exit_code == 1
        assert any(line.startswith(words) for line in checks(found)["NO"]), found.output


def test_a_certificate_that_somebody_else_signed_is_found_by_the_key(
    scene: Scene, approval: Approval, tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    theirs, pdf = statement(scene, approval, tmp_path / "theirs"), printed(scene, approval)
    key = tmp_path / "key.pem"
    key.write_text(SigningKey(tmp_path).public.pem)
    assert "Whose key that is" in verify(tmp_path, theirs, pdf).output
    found = verify(tmp_path, theirs, pdf, "--key", str(key))
    assert found.exit_code == 1
    assert "or another key signed it" in checks(found)["NO"][0]


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", "null", "{}", '{"certificate": 3}', '{"certificate": {"format": 2}}', "[" * 100_000, "\ud800"],
)
def test_what_is_no_certificate_is_said_in_words(tmp_path: Path, written: str) -> None:
    file = tmp_path / "certificate.json"
    file.write_text(written, encoding="utf-8", errors="surrogatepass")
    (tmp_path / "leaflet.pdf").write_bytes(b"no PDF")
    found = CliRunner().invoke(main, ["certificate", "verify", str(file), str(tmp_path / "leaflet.pdf")])
    assert found.exit_code == 2
    assert "certificate" in found.output


def test_whatever_stands_in_a_certificate_there_is_no_traceback(
    scene: Scene, approval: Approval, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = printed(scene, approval)
    monkeypatch.setattr(paper, "read", cache(paper.read))
    whole = statement(scene, approval, tmp_path)
    for path in _places(whole):
        for rubbish in (None, [], "x", -1, {"a": [1]}):
            said = json.loads(json.dumps(whole))
            holder = said
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = rubbish
            try:
                list(checked(said, pdf))
            except Invalid:
                continue


def _places(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    parts = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from _places(part, (*path, key))


def test_a_certificate_that_was_changed_in_the_database_is_not_signed(
    scene: Scene, approval: Approval, tmp_path: Path
) -> None:
    with scene.sessions() as session:
        with writing(session):
            stored = session.get_one(Approval, approval.id)
            zones = [{**zone, "passed": {**zone["passed"], "by": "Nat"}} for zone in stored.certificate["zones"]]
            stored.certificate = {**stored.certificate, "zones": zones}
        with pytest.raises(Conflict, match="not the one that was made with the approval"):
            certificates.signed(session, stored, template=None, key=SigningKey(tmp_path), key_address="")
