"""What the printer was promised: the yardstick that a PDF is held against."""

from __future__ import annotations

from dataclasses import dataclass

from leaflets.domain.press.geometry import BLEED_MM, SAFE_FROM_FOLD_MM, SAFE_FROM_TRIM_MM, Format
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.press.job import ContentName


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a PDF should be. None means "whatever the file says, as long as it is sound".

    `trim_mm` is width and height of the finished flat sheet as a reader holds it. `folds_mm` has one tuple a
    page: how far each fold lies from the left trim, in millimetres; when a PDF has more pages than tuples, the
    remaining pages have no fold. `content` is what the file must say that it prints.
    """

    trim_mm: tuple[float, float] | None = None
    bleed_mm: float = BLEED_MM
    standard: Standard | None = None
    pages: int | None = None
    folds_mm: tuple[tuple[float, ...], ...] = ()
    ink_limit_percent: int = 300
    min_ppi: int = 200
    max_ppi: int = 450
    safe_from_trim_mm: float = SAFE_FROM_TRIM_MM
    safe_from_fold_mm: float = SAFE_FROM_FOLD_MM
    content: ContentName | None = None

    @classmethod
    def of(cls, format_: Format, spec: PressSpec, content: ContentName | None = None) -> Expectation:
        """What a leaflet of this format must be for a printer who wants it so, and which content it prints."""
        return cls(
            trim_mm=(format_.width_mm, format_.height_mm),
            bleed_mm=spec.bleed_mm,
            standard=spec.standard,
            pages=format_.sides,
            folds_mm=tuple(format_.folds_on(side) for side in range(format_.sides)),
            ink_limit_percent=spec.ink_limit_percent,
            min_ppi=spec.min_ppi,
            content=content,
        )

    def folds_on(self, page: int) -> tuple[float, ...]:
        """The folds of a page that counts from 1, in millimetres from its left trim."""
        return self.folds_mm[page - 1] if page <= len(self.folds_mm) else ()
