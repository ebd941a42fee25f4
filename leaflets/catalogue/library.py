"""The library on disk: templates and brand kits, read and checked once, then looked up by name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leaflets import richtext, typefaces
from leaflets.catalogue.design import check_design
from leaflets.catalogue.manifest import INKS, KitPart, SamplePart, TemplatePart, read_part
from leaflets.catalogue.source import Fault, ManifestError, Source, read_source
from leaflets.domain.errors import NotFound
from leaflets.domain.press.geometry import BLEED_MM, FORMATS
from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Kind, Kit, Sample, Template, Values, Zone
from leaflets.domain.words.findings import is_empty
from leaflets.domain.words.first_leaflet import too_long
from leaflets.domain.words.values import check_values, clean_values

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_HTML = re.compile(r"</?(p|br|strong|b|em|i|ul|li|a)\b[^>]*>")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
KITS = "kits"


@dataclass(frozen=True, slots=True)
class Library:
    """Every version of every template, and every brand kit."""

    versions: tuple[Template, ...]
    kits: tuple[Kit, ...]

    @property
    def templates(self) -> tuple[Template, ...]:
        """The newest version of each template, by name."""
        return tuple({template.name: template for template in self.versions}.values())

    def template(self, ref: str) -> Template:
        """The template of that `name@version`, or the newest of that name. Raises `NotFound`."""
        name, _, version = ref.partition("@")
        named = [template for template in self.versions if template.name == name]
        if not named:
            raise NotFound(f"There is no template “{name}”.", _nearest(name, (one.name for one in self.versions)))
        for template in named:
            if template.version == version:
                return template
        if version:
            raise NotFound(
                f"Template “{name}” has no version {version}.",
                f"Its versions are {', '.join(one.version for one in named)}.",
            )
        return named[-1]

    def kit(self, key: str) -> Kit:
        """The brand kit of that key. Raises `NotFound`."""
        for kit in self.kits:
            if kit.key == key:
                return kit
        raise NotFound(f"There is no brand kit “{key}”.", _nearest(key, (one.key for one in self.kits)))


def _nearest(name: str, names: Iterable[str]) -> str:
    known = sorted(set(names))
    close = difflib.get_close_matches(name, known, 1)
    return f"Did you mean “{close[0]}”?" if close else f"There are: {', '.join(known) or 'none yet'}."


def load_library(root: Path, *, drafts: bool = False) -> Library:
    """Read and check the whole library under `root`.

    With `drafts` a template may still lack its thumbnail, so that one can be made from its first proof.
    Raises `ManifestError` with every fault of every template and kit.
    """
    if not root.is_dir():
        raise ManifestError([Fault(root, 0, "", "There is no library here.", "Give the folder that holds kits/.")])
    faults: list[Fault] = []
    kits: list[Kit] = []
    versions: list[tuple[str, tuple[int, ...], Template]] = []
    for folder in _folders(root / KITS):
        kit, wrong = _read_kit(folder)
        faults += wrong
        if kit:
            kits.append(kit)
    for name in _folders(root):
        if name.name == KITS:
            continue
        if not _SLUG.fullmatch(name.name):
            faults.append(Fault(name, 0, "", "A template's folder is named like small-words.", "Rename the folder."))
        for folder in _folders(name):
            if not _VERSION.fullmatch(folder.name):
                faults.append(Fault(folder, 0, "", "A version is three numbers, like 1.0.0.", "Rename the folder."))
                continue
            template, wrong = _read_template(folder, drafts=drafts)
            faults += wrong
            if template:
                versions.append((name.name, tuple(map(int, folder.name.split("."))), template))
    if faults:
        raise ManifestError(faults)
    versions.sort(key=lambda row: row[:2])
    return Library(tuple(template for _, _, template in versions), tuple(kits))


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._")


def _read_kit(folder: Path) -> tuple[Kit | None, list[Fault]]:
    source = read_source(folder / "kit.toml")
    if isinstance(source, Fault):
        return None, [source]
    part = read_part(KitPart, source)
    if isinstance(part, list):
        return None, part
    faults = [
        source.fault(("inks", ink), "There is no such ink.", f"The inks are {', '.join(INKS)}.")
        for ink in part.inks
        if ink not in INKS
    ]
    faults += [
        source.fault(("inks",), f"The ink “{ink}” is missing.", f"Add [inks.{ink}].")
        for ink in INKS
        if ink not in part.inks
    ]
    fonts = part.fonts.model_dump()
    faults += [
        source.fault(("fonts", role), f"“{family}” is not shipped.", f"Use one of {', '.join(typefaces.families())}.")
        for role, family in fonts.items()
        if family not in typefaces.families()
    ]
    for key, file in (("logo", part.logo), ("logo_reversed", part.logo_reversed)):
        if (file or key == "logo") and not _inside(folder, file):
            faults.append(source.fault((key,), f"There is no file “{file}” in the kit's folder.", "Add it."))
    inks = {name: ink.ink() for name, ink in part.inks.items()}
    kit = Kit(folder.name, part.party, inks, fonts, part.logo, folder, part.logo_reversed or part.logo)
    return kit, faults


def _inside(folder: Path, file: str) -> bool:
    path = (folder / file).resolve()
    return path.is_relative_to(folder.resolve()) and path.is_file()


def _read_template(folder: Path, *, drafts: bool) -> tuple[Template | None, list[Fault]]:
    source = read_source(folder / "template.toml")
    if isinstance(source, Fault):
        return None, [source]
    part = read_part(TemplatePart, source)
    if isinstance(part, list):
        return None, part
    zones = tuple(zone.zone() for zone in part.zone)
    template = Template(
        name=folder.parent.name,
        version=folder.name,
        title=part.title,
        description=part.description,
        purpose=part.purpose,
        format=FORMATS[part.format],
        zones=zones,
        folder=folder,
        language=part.language,
    )
    faults = [fault for index, zone in enumerate(part.zone) for fault in zone.faults(source, ("zone", index))]
    faults += _check_zones(source, template)
    if not faults:
        template = replace(
            template,
            zones=tuple(
                replace(zone, default=_read_value(zone, zone.default), fill=_read_value(zone, zone.fill))
                for zone in zones
            ),
        )
        faults += _check_defaults(source, template)
        faults += _check_fills(source, template)
        template, wrong = _with_sample(template)
        faults += wrong
    faults += check_design(folder, template.format, zones)
    if not drafts and not (folder / "thumbnail.webp").is_file():
        faults.append(
            Fault(folder / "thumbnail.webp", 0, "", "The thumbnail is missing.", "Run `leaflets library pictures`.")
        )
    return template, faults


def _check_zones(source: Source, template: Template) -> Iterator[Fault]:
    """Rules between zones, and between a zone and its panel."""
    panels = [panel.key for panel in template.format.panels]
    seen: set[str] = set()
    fits: dict[str, tuple[float, float]] = {}
    for index, zone in enumerate(template.zones):
        at = ("zone", index)
        if zone.key in seen:
            yield source.fault((*at, "key"), f"A second zone is called “{zone.key}”.", "Give it another key.")
        seen.add(zone.key)
        if zone.panel not in panels:
            yield source.fault(
                (*at, "panel"), f"The format has no panel “{zone.panel}”.", f"Its panels are {', '.join(panels)}."
            )
        if zone.frame:
            sheet = template.format
            widest, tallest = sheet.width_mm + 2 * BLEED_MM, sheet.height_mm + 2 * BLEED_MM
            if zone.frame.width_mm > widest or zone.frame.height_mm > tallest:
                yield source.fault(
                    (*at, "frame"),
                    f"The frame is larger than the sheet with bleed ({widest:g} × {tallest:g} mm).",
                    "Make it smaller.",
                )
        if zone.fit and fits.setdefault(zone.fit.group, (zone.fit.from_pt, zone.fit.to_pt)) != (
            zone.fit.from_pt,
            zone.fit.to_pt,
        ):
            yield source.fault(
                (*at, "fit"), f"The group “{zone.fit.group}” has other sizes above.", "Zones of a group share them."
            )


def _read_value(zone: Zone, written: Any) -> Any:
    """A default or a sample as it is stored: rich text is written in light markup."""
    return richtext.from_markup(written) if zone.kind is Kind.RICH and isinstance(written, str) else written


def _html_in(source: Source, at: tuple[str | int, ...], zone: Zone, written: Any) -> Iterator[Fault]:
    """HTML in rich text would be printed as it stands: manifests are written in light markup."""
    if zone.kind is Kind.RICH and isinstance(written, str) and (found := _HTML.search(written)):
        yield source.fault(at, f"“{found[0]}” would be printed as text.", "Write **bold**, *italic*, - list.")


def _check_defaults(source: Source, template: Template) -> Iterator[Fault]:
    defaults = {zone.key: zone.default for zone in template.zones if not is_empty(zone, zone.default)}
    problems = check_values(template, defaults)
    for index, zone in enumerate(template.zones):
        at = ("zone", index, "default")
        if zone.kind.is_system and zone.default is not None:
            yield source.fault(at, "The system fills this zone.", "Take the default out.")
        elif zone.key in defaults:
            yield from _html_in(source, at, zone, source.values["zone"][index]["default"])
            for problem in problems:
                if problem.zone == zone.key and _is_fault(problem):
                    yield source.fault(at, problem.message, "Correct the default.")
        elif zone.required and zone.kind in (Kind.LINE, Kind.RICH, Kind.ITEMS, Kind.CHOICE):
            yield source.fault(at[:2], f"The zone “{zone.key}” has no default.", "Nobody starts from an empty page.")


def _is_fault(problem: Problem) -> bool:
    """A template keeps the lengths that it asks of others, and has only zones of its own."""
    return problem.level is Level.ERROR or problem.code in ("too-long", "unknown-zone")


def _check_fills(source: Source, template: Template) -> Iterator[Fault]:
    """Words for the answers keep the limits of their zone even where names are long."""
    for index, zone in enumerate(template.zones):
        at = ("zone", index, "fill")
        if zone.fill is None:
            continue
        yield from _html_in(source, at, zone, source.values["zone"][index]["fill"])
        for wrong in too_long(template, zone):
            yield source.fault(at, f"With long names: {wrong}", "Shorten it.")


def _with_sample(template: Template) -> tuple[Template, list[Fault]]:
    source = read_source(template.folder / "sample.toml")
    if isinstance(source, Fault):
        return template, [source]
    part = read_part(SamplePart, source)
    if isinstance(part, list):
        return template, part
    known = {zone.key: zone for zone in template.zones}
    written = {key: _read_value(known[key], value) if key in known else value for key, value in part.values.items()}
    values: Values = clean_values(template, written)
    faults = []
    for problem in check_values(template, values):
        if _is_fault(problem):
            faults.append(source.fault(("values", problem.zone or ""), problem.message, "Correct the sample."))
    for key, value in values.items():
        if key in known:
            faults += _html_in(source, ("values", key), known[key], part.values[key])
        if key in known and known[key].kind is Kind.PICTURE and isinstance(value, Mapping):
            file = str(value.get("file", ""))
            if not file or not _inside(template.folder, file):
                missing = f"There is no file “{file}” in the template's folder."
                faults.append(source.fault(("values", key, "file"), missing, "Add it."))
    sample = Sample(values, Imprint(**part.imprint.model_dump()), ElectionDetails(**part.election.model_dump()))
    return replace(template, sample=sample), faults
