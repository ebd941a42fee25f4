"""A printing house as somebody describes it: what completes the imprint, and how it wants its PDF."""

from __future__ import annotations

from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import looks_like_formula
from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.domain.words.characters import hidden_characters, tidy_line, tidy_text

LONGEST_NAME, LONGEST_ADDRESS = 200, 400

INK_PERCENT = range(100, 401)
"""Four inks of up to 100% each; below 100% not even black would print."""

PPI = range(72, 601)
"""From what a screen shows to more than any offset press holds."""


def good_house_name(typed: str) -> str:
    """A house's name as the imprint prints it. Raises `Invalid` (code `name`)."""
    return _good("name", typed, tidy_line(typed), LONGEST_NAME, "Write it as the law wants it in the imprint.")


def good_house_address(typed: str) -> str:
    """Its address on one line, as the imprint prints it; lines of an envelope get commas. Raises `Invalid`."""
    lines = (line.strip(" ,") for line in tidy_text(typed).splitlines())
    kept = tidy_line(", ".join(line for line in lines if line))
    return _good("address", typed, kept, LONGEST_ADDRESS, "The law wants it in the imprint, with the postcode.")


def good_spec(*, standard: str, marks: bool, ink_limit_percent: object, min_ppi: object) -> PressSpec:
    """How it wants its PDF. Raises `Invalid` (code: the field) for a flavour or a number that cannot be."""
    if standard not in set(Standard):
        raise Invalid(
            "The kind of PDF is missing.", "Choose one of the two; most printers take PDF/X-4.", code="standard"
        )
    return PressSpec(
        standard=Standard(standard),
        marks=marks,
        ink_limit_percent=_within("most ink", ink_limit_percent, INK_PERCENT, "%", "ink_limit_percent"),
        min_ppi=_within("fewest pixels", min_ppi, PPI, " ppi", "min_ppi"),
    )


def say_spec(spec: PressSpec) -> str:
    """How a printer wants its PDF, in its words: `PDF/X-4, no marks, up to 300% ink, at least 200 ppi`."""
    marks = "with marks" if spec.marks else "no marks"
    return f"{spec.standard.label}, {marks}, up to {spec.ink_limit_percent}% ink, at least {spec.min_ppi} ppi"


def _good(what: str, typed: str, kept: str, most: int, why: str) -> str:
    if not kept:
        raise Invalid(f"The printing house’s {what} is missing.", why, code=what)
    if looks_like_formula(kept):
        raise Invalid(
            f"“{kept[:40]}” begins like a formula.", f"Begin the {what} with a letter or a figure.", code=what
        )
    if hidden := hidden_characters(typed):
        raise Invalid(
            f"The {what} holds a character that nobody can see ({', '.join(hidden[:3])}).",
            "Type it again by hand.",
            code=what,
        )
    if len(kept) > most:
        raise Invalid(f"This {what} has {len(kept):,} characters; {most} is the most.", "Shorten it.", code=what)
    return kept


def _within(what: str, said: object, bounds: range, unit: str, code: str) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or said not in bounds:
        shown = f"“{str(said)[:20]}” cannot be the {what}" if str(said).strip() else f"The {what} is missing"
        remedy = f"Give a whole number from {bounds[0]}{unit} to {bounds[-1]}{unit}."
        raise Invalid(f"{shown}.", remedy, code=code)
    return said
