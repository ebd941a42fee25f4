"""The work that everybody is given: two sides of A4 with three twelve-megapixel photographs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from leaflets.bench.photographs import photograph
from leaflets.catalogue import load_library
from leaflets.domain.press.printing import Purpose
from leaflets.domain.template import Kind, Kit, Template, Values
from leaflets.press.job import Inputs
from leaflets.press.sample import sample_inputs

LIBRARY = Path(__file__).parent / "library"
FOCUS = [0.5, 0.5]


@dataclass(frozen=True, slots=True)
class Work:
    """The sample, its photographs, and a folder to work in."""

    template: Template
    kit: Kit
    values: Values
    photographs: dict[str, Path]  # by zone
    masters: dict[str, Path]  # the same by content hash
    folder: Path

    def inputs(self, purpose: Purpose) -> Inputs:
        """The inputs of a render for this purpose."""
        inputs = sample_inputs(self.template, self.kit, purpose)
        return Inputs(replace(inputs.job, values=self.values), self.masters)


def prepare(folder: Path) -> Work:
    """The work, its photographs drawn once and kept in `folder`."""
    library = load_library(LIBRARY, drafts=True)
    template = library.template("two-sides")
    zones = [zone.key for zone in template.zones if zone.kind is Kind.PICTURE]
    photographs = {
        zone: photograph(folder / f"photograph-{number}.jpg", seed=number) for number, zone in enumerate(zones)
    }
    hashes = {zone: sha256(path.read_bytes()).hexdigest() for zone, path in photographs.items()}
    chosen = {zone: {"picture": name, "focus": FOCUS, "alt": "A photograph"} for zone, name in hashes.items()}
    return Work(
        template,
        library.kit("plain"),
        {**template.sample.values, **chosen},
        photographs,
        {hashes[zone]: path for zone, path in photographs.items()},
        folder,
    )
