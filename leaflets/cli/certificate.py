"""`leaflets certificate`: whether a PDF is what was approved, from its certificate and the PDF alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaflets.domain.errors import Invalid

if TYPE_CHECKING:
    from leaflets.domain.audit_chain import Anchor
    from leaflets.domain.review.certificate import Certificate
    from leaflets.press.paper import Paper

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN = 600  # characters of other words
_GOOD, _BAD, _OPEN = "yes", "NO", "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is as it should be (None: that could not be said), in words."""

    good: bool | None
    words: str


@click.group()
def certificate() -> None:
    """Certificates of approved leaflets."""


@certificate.command()
@click.argument("certificate", type=_FILE)
@click.argument("pdf", type=_FILE)
@click.option("--key", type=_FILE, help="The installation's public key, from its /signing-key.")
def verify(certificate: Path, pdf: Path, key: Path | None) -> None:
    """Is this PDF what was approved? Needs no database: the certificate and the PDF are enough.

    Says what was checked, and what was not. Ends with 1 when anything is not as it was approved.
    """
    statement, paper = read(certificate), pdf.read_bytes()
    checks = list(checked(statement, paper, key.read_text(errors="replace") if key else None))
    for check in checks:
        click.echo(f"{_OPEN if check.good is None else _GOOD if check.good else _BAD:>11}  {check.words}")
    if any(check.good is False for check in checks):
        raise click.exceptions.Exit(1)


def read(path: Path) -> Any:
    """The statement in a certificate's file. Raises `Invalid`."""
    try:
        statement = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is no certificate.", "Download it again from the leaflet’s page.") from error
    if not isinstance(statement, dict):
        raise Invalid(f"{path} is no certificate.", "Download it again from the leaflet’s page.")
    return statement


def anchor_of(path: Path) -> Anchor:
    """The head of the audit that a certificate carries. Raises `Invalid`."""
    from leaflets.domain.audit_chain import Anchor
    from leaflets.domain.review.certificate import certificate_from_json

    certified = certificate_from_json(read(path).get("certificate"))
    if certified.head is None:
        raise Invalid(f"{path} was made before the audit had a head.", "Leave it out.")
    return Anchor(certified.head, certified.approved_at)


def checked(statement: dict[str, Any], pdf: bytes, key: str | None = None) -> Iterator[Check]:
    """Every check of a PDF against the statement about it. Raises `Invalid` when either cannot be read."""
    from leaflets.domain.review.certificate import certificate_from_json, contradictions
    from leaflets.press import paper

    certified, printed = certificate_from_json(statement.get("certificate")), paper.read(pdf)
    yield from _signature(statement, key)
    wrong = contradictions(certified)
    yield from (Check(False, words) for words in wrong)
    if not wrong:
        yield Check(True, f"The content in the certificate has the hash that was approved: {certified.content_hash}.")
        yield from _passes(certified)
    yield _name(certified, printed)
    kinds, files = statement.get("kinds"), statement.get("files")
    yield from _words(certified, kinds if isinstance(kinds, dict) else {}, printed)
    yield _bytes(files if isinstance(files, list) else [], pdf)
    yield Check(None, "Pictures and colours: look at them.")


def _signature(statement: dict[str, Any], key: str | None) -> Iterator[Check]:
    from leaflets.domain.leaflet import canonical_json
    from leaflets.storage.signing_key import PublicKey

    signed = statement.get("signed")
    if not isinstance(signed, dict):
        yield Check(False, "The certificate is not signed.")
        return
    own = PublicKey.from_pem(key if key is not None else str(signed.get("public_key")))
    said = {name: part for name, part in statement.items() if name != "signed"}
    if not own.has_signed(canonical_json(said).encode(), str(signed.get("signature"))):
        yield Check(False, f"The certificate is not as it was signed with the key {own.id}, or another key signed it.")
    else:
        yield Check(True, f"The certificate is as it was signed with the key {own.id}.")
    if key is None:
        yield Check(None, f"Whose key that is: hold it against {signed.get('published_at')}, or give it with --key.")


def _passes(certified: Certificate) -> Iterator[Check]:
    for zone in certified.zones:
        assert zone.passed is not None  # contradictions would have said so
        yield Check(True, f"“{zone.label}” {zone.passed.in_words}.")
    if not certified.zones:
        yield Check(True, "No office had asked to see any of its words.")


def _name(certified: Certificate, paper: Paper) -> Check:
    if paper.content is None:
        return Check(False, "The PDF does not say which content it prints.")
    if paper.content.content_hash != certified.content_hash:
        return Check(False, f"The PDF says that it prints another content: {paper.content.content_hash}.")
    if paper.content.approval not in (None, certified.approval):
        return Check(False, f"The PDF was made under another approval: number {paper.content.approval}.")
    return Check(True, "The PDF names that content.")


def _words(certified: Certificate, kinds: dict[str, Any], paper: Paper) -> Iterator[Check]:
    from leaflets.domain.review.certificate import lines_on_paper, may_be_left_out

    of_zones = lines_on_paper(certified, {zone: str(kind) for zone, kind in kinds.items()})
    lines = [(zone, line) for zone, said in of_zones.items() for line in said]
    held = paper.against([line for _, line in lines])
    lacking = [lines[place] for place in held.missing]
    passed = {zone.zone for zone in certified.zones}
    for zone, line in lacking:
        good = None if zone not in passed and may_be_left_out(certified, kinds, zone) else False
        yield Check(good, f"{_called(certified, zone)}: these words stand nowhere on its pages: {line}")
    if len(lines) > len(lacking):
        found = len(lines) - len(lacking)
        yield Check(True, f"{found} stretches of words in {len(of_zones)} zones stand on its pages, letter by letter.")
    if held.rest:
        said = "Whatever else stands on its pages, from the template, the election and the imprint"
        yield Check(None, f"{said}: {_rest(held.rest)}")
    if not kinds:
        yield Check(None, "Words that no office asked to see: the template is not known any more.")


def _rest(lines: tuple[str, ...]) -> str:
    words = " · ".join(lines)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _called(certified: Certificate, key: str) -> str:
    return next((f"“{zone.label}”" for zone in certified.zones if zone.zone == key), f"Zone {key}")


def _bytes(files: list[Any], pdf: bytes) -> Check:
    own = sha256(pdf).hexdigest()
    made = {str(each.get("sha256")): each.get("order") for each in files if isinstance(each, dict)}
    if own in made:
        return Check(True, f"The PDF is byte for byte the one that the press made for order {made[own]}.")
    if made:
        return Check(False, "The PDF is none of the files that the press had made when this was signed: sign it again.")
    return Check(None, "Whether it is the press’s own file: nothing was printed yet when this was signed.")
