"""`leaflets certificate`: whether a PDF is what was approved, from its certificate and the PDF alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leaflets.domain.errors import Invalid

if TYPE_CHECKING:
    from leaflets.domain.audit_chain import Anchor

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def certificate() -> None:
    """Certificates of approved leaflets."""


def read(path: Path) -> Any:
    """The JSON of a certificate's file. Raises `Invalid`."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is no certificate.", "Download it again from the leaflet’s page.") from error


def anchor_of(path: Path) -> Anchor:
    """The head of the audit that a certificate carries. Raises `Invalid`."""
    from leaflets.domain.audit_chain import Anchor
    from leaflets.domain.certificate import certificate_from_json

    said = read(path)
    certified = certificate_from_json(said.get("certificate") if isinstance(said, dict) else None)
    if certified.head is None:
        raise Invalid(f"{path} was made before the audit had a head.", "Leave it out.")
    return Anchor(certified.head, certified.approved_at)
