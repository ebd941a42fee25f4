"""The same page for the peers: one HTML file with screen colours, shipped fonts and the original photographs."""

from __future__ import annotations

from pathlib import Path

from leaflets import typefaces
from leaflets.domain.printing import Purpose
from leaflets.press import html
from leaflets.press.job import PressJob
from leaflets.press.sheet import fit_sheet, font_faces, press_sheet


def peers_page(job: PressJob, photographs: dict[str, Path], out: Path) -> Path:
    """Write the page of a proof job at `out`, with plain files in place of the press's own addresses."""
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
    for zone, photograph in photographs.items():
        page = page.replace(f"asset:{zone}", photograph.as_uri())
    page = page.replace("font:", f"{typefaces.FONTS.as_uri()}/")
    out.write_text(page, encoding="utf-8")
    return out
