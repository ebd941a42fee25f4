"""What people type into the zones of a template: tidied, then judged against the zone's limits.

Tidying never loses a word and never raises on a value of the wrong type: judging reports it. A value for a zone that
the template does not have (a newer version may have dropped it) is kept as it is and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leaflets.domain.errors import Invalid
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Kind, Template, Values, Zone
from leaflets.domain.words.characters import tidy_line, tidy_text
from leaflets.domain.words.findings import findings, is_empty

_TYPED_NUMBER = re.compile(r"-?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,9})?", re.ASCII)
# These do not spoil what is printed. What is longer than the design expects is for the press to judge: it measures
# what fits, and what does not is an error of its own (overset).
_GUESSED = "too-long"
_LOOK_AT = frozenset({"alt-missing", "unknown-field", _GUESSED})
_BARE_ADDRESS = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+([/?#]|$)", re.IGNORECASE)


def clean_values(template: Template, raw: Mapping[str, Any]) -> Values:
    """The same values with tidy text (see `domain.characters`), and numbers typed as text made numbers.

    Raises `Invalid` when `raw` is not a mapping with text keys.
    """
    if not isinstance(raw, Mapping) or not all(isinstance(key, str) for key in raw):
        raise Invalid("The values of a leaflet are a table of zones.", "Give one value for each zone, by its key.")
    known = {zone.key: zone for zone in template.zones}
    return {key: tidy_value(known[key], value) if key in known else value for key, value in raw.items()}


def tidy_value(zone: Zone, value: Any) -> Any:
    """One value, tidy."""
    if isinstance(value, str):
        return tidy_text(value).strip() if zone.kind is Kind.RICH else tidy_line(value)
    if isinstance(value, Mapping):
        return {key: _tidy_part(zone, key, part) for key, part in value.items()}
    if isinstance(value, Sequence) and zone.kind is Kind.ITEMS:
        return [tidy_value(zone, item) for item in value]
    return value


def check_values(template: Template, values: Values) -> list[Problem]:
    """Everything about these values that keeps the leaflet from printing, and what a person should look at."""
    known = {zone.key: zone for zone in template.zones}
    problems = [
        Problem(
            "unknown-zone",
            Level.WARNING,
            f"“{key[:40]}” is not a zone of {template.ref}: its words are kept but not printed.",
            zone=key,
        )
        for key in values
        if key not in known
    ]
    for zone in template.zones:
        if zone.kind.is_system:
            continue
        value = values.get(zone.key)
        problems.extend(
            Problem(code, Level.WARNING if code in _LOOK_AT else Level.ERROR, f"{zone.label}: {message}", zone=zone.key)
            for code, message in findings(zone, value)
        )
    return problems


def without_guesses(template: Template, problems: Iterable[Problem]) -> list[Problem]:
    """The same, once the press has set the words: it has measured what fits, so what the design expects is no news.

    Only the description of a picture, which is not printed, is still judged by its length.
    """
    pictures = {zone.key for zone in template.zones if zone.kind is Kind.PICTURE}
    return [problem for problem in problems if problem.code != _GUESSED or problem.zone in pictures]


def usable(zone: Zone, value: Any) -> bool:
    """Whether the press can set this value: it is there, of the right type, and not far too long for any leaflet."""
    return not is_empty(zone, value) and not any(
        code in ("wrong-type", "far-too-long") for code, _ in findings(zone, value)
    )


def _tidy_part(zone: Zone, key: str, part: Any) -> Any:
    if isinstance(part, str):
        typed = tidy_line(part)
        return f"https://{typed}" if zone.kind is Kind.QR and key == "url" and _BARE_ADDRESS.match(typed) else typed
    if isinstance(part, Sequence) and zone.kind is Kind.CHART:
        return [_number(item) if key == "numbers" else _tidy_part(zone, key, item) for item in part]
    return part


def _number(item: Any) -> Any:
    """`1,250.5` and ` 12 % ` as people type them; what is no number stays as it is, to be reported."""
    if not isinstance(item, str):
        return item
    typed = tidy_line(item).removesuffix("%").strip()
    return float(typed.replace(",", "")) if _TYPED_NUMBER.fullmatch(typed) else item
