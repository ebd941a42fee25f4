"""The press's own style sheet: page and bleed, fonts, the kit's inks, and where the panels lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leaflets.domain.press.geometry import Format
from leaflets.domain.press.printing import Purpose
from leaflets.domain.template import Ink, Kit
from leaflets.typefaces import Family


def colour(ink: Ink, purpose: Purpose) -> str:
    """The ink as a CSS colour: CMYK for the press, its screen equivalent for a proof."""
    if purpose is Purpose.PROOF:
        return ink.screen
    return f"device-cmyk({ink.cyan:g}% {ink.magenta:g}% {ink.yellow:g}% {ink.black:g}%)"


def font_faces(families: Iterable[Family]) -> str:
    """The @font-face rules of these families."""
    return "".join(
        f'@font-face{{font-family:"{family.name}";font-weight:{face.weight};font-style:{face.style};'
        f'src:url("font:{family.slug}/{face.path.name}")}}'
        for family in families
        for face in family.faces
    )


SPARE_MM = 2000.0
"""Added below each page while it is laid out: WeasyPrint drops, without a word, the lines of an absolute box that
would fall off its page. `typeset` cuts the page back to its trim, so overset words are measured and never lost."""


def press_sheet(format_: Format, kit: Kit, purpose: Purpose, bleed_mm: float) -> str:
    """Everything that holds for each leaflet of this format and kit, whatever its template."""
    width, height = format_.width_mm, format_.height_mm
    inks = "".join(f"--{name}:{colour(ink, purpose)};" for name, ink in kit.inks.items())
    panels = "".join(
        f'.panel[data-panel="{panel.key}"]{{left:{panel.x_mm}mm;top:{panel.y_mm}mm;'
        f"width:{panel.width_mm}mm;height:{panel.height_mm}mm}}"
        for panel in format_.panels
    )
    return (
        f"@page{{size:{width}mm {height + SPARE_MM}mm;margin:0;bleed:{bleed_mm}mm;marks:none}}"
        f':root{{{inks}--font-heading:"{kit.fonts["heading"]}";--font-text:"{kit.fonts["text"]}"}}'
        "html{font-family:var(--font-text);color:var(--ink);hyphens:none}"
        "body{margin:0}"
        f"section.side{{display:block;position:relative;width:{width}mm;height:{height}mm;break-after:page}}"
        "section.side:last-of-type{break-after:auto}"
        f".panel{{position:absolute;box-sizing:border-box}}{panels}"
        "a{color:inherit;text-decoration:none}"
    )


def fit_sheet(sizes_pt: Mapping[str, float]) -> str:
    """The size of each copyfit group."""
    return f":root{{{''.join(f'--fit-{group}:{size:g}pt;' for group, size in sizes_pt.items())}}}"
