"""The same page for the peers: one HTML file with screen colours, shipped fonts and the original photographs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from leaflets import typefaces
from leaflets.bench.photographs import HEIGHT_PX, WIDTH_PX
from leaflets.bench.work import Work
from leaflets.domain.press.printing import Purpose
from leaflets.press import html
from leaflets.press.job import PlacedPicture
from leaflets.press.sheet import fit_sheet, font_faces, press_sheet


def peers_page(work: Work, out: Path) -> Path:
    """Write the page of a proof at `out`, with plain files in place of the press's own addresses."""
    job = replace(
        work.inputs(Purpose.PROOF).job, pictures={zone: _placed(file) for zone, file in work.photographs.items()}
    )
    families = typefaces.families()
    used = [families[name] for name in job.kit.fonts.values()]
    sizes_pt = {zone.fit.group: zone.fit.from_pt for zone in job.template.zones if zone.fit}
    style = "".join(
        (
            font_faces(used),
            press_sheet(job.template.format, job.kit, Purpose.PROOF, job.spec.bleed_mm),
            (job.template.folder / "style.css").read_text(encoding="utf-8"),
            fit_sheet(sizes_pt),
        )
    )
    page = html.page(job).replace("</head>", f"<style>{style}</style></head>")
    for zone, file in work.photographs.items():
        page = page.replace(f"asset:{zone}", file.as_uri())
    page = page.replace("font:", f"{typefaces.FONTS.as_uri()}/")
    out.write_text(page, encoding="utf-8")
    return out


def _placed(photograph: Path) -> PlacedPicture:
    """The original where the press would place a crop: the peers scale it themselves."""
    return PlacedPicture(photograph, WIDTH_PX, HEIGHT_PX, ppi=300, alt="A photograph")
