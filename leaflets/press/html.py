"""From a template and values to one HTML page: a Jinja that is strict, sandboxed and small.

A template sees only `zones`, `kit`, `template` and `purpose`, all plain values. It has no filter that lets typed HTML
through, no way to read a file, and bounds on what it may repeat. What loops or eats memory all the same is stopped by
the limits of `press.isolate`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import Any

import segno
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2 import Template as Compiled
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from leaflets import richtext
from leaflets.domain.errors import Invalid
from leaflets.domain.template import MAX_SOURCE_CHARS, Kind, Zone
from leaflets.domain.words.characters import tidy_line
from leaflets.domain.words.values import usable
from leaflets.press.job import PressJob
from leaflets.press.runts import no_runts
from leaflets.press.sheet import colour
from leaflets.template_language import ALWAYS_ESCAPED, FILTERS, NO_OTHER_FILE

MAX_PAGE_CHARS = 500_000
MAX_REPEAT = 1_000

# No `safe`, `format` or `attr`: they let typed HTML through or reach into objects.


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with bounds on what one expression may make."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers or (operator == "**" and max(abs(left), abs(right)) > MAX_REPEAT):
            raise SecurityError(f"the operator {operator} is for small numbers")
        return super().call_binop(context, operator, left, right)


def _bounded_range(*arguments: int) -> range:
    counted = range(*arguments)
    if len(counted) > MAX_REPEAT:
        raise SecurityError(f"a range of more than {MAX_REPEAT}")
    return counted


def _environment() -> _Environment:
    environment = _Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters = dict(FILTERS)
    environment.globals = {"range": _bounded_range}
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=64)
def _compile(source: str, where: str) -> Compiled:
    if len(source) > MAX_SOURCE_CHARS:
        raise Invalid(f"{where} has more than {MAX_SOURCE_CHARS} characters.", "Make it smaller.")
    try:
        tree = _ENVIRONMENT.parse(source)
        for node in tree.find_all(NO_OTHER_FILE + ALWAYS_ESCAPED):
            raise Invalid(
                f"{where}, line {node.lineno}: a template reads no other file and always escapes what was typed.",
                "Take the tag out.",
            )
        return _ENVIRONMENT.from_string(source)
    except TemplateSyntaxError as broken:
        raise Invalid(
            f"{where}, line {broken.lineno}: this is not a Jinja template: {broken.message}.", "Correct the line."
        ) from None
    except (RecursionError, MemoryError):
        raise Invalid(f"{where} is nested too deeply.", "Make it simpler.") from None


def warm_up() -> None:
    """Do once what the first code and the first text cost more than the next."""
    segno.make_qr("https://example.org", error="m").save(io.BytesIO(), kind="svg")
    richtext.clean("<p>Words</p>")


def page(job: PressJob) -> str:
    """The whole HTML page of the job. Raises `Invalid` when the template cannot be read or run."""
    file = job.template.folder / "template.html"
    where = f"{job.template.ref}/template.html"
    try:
        source = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"{where} cannot be read.", "Install the template again.") from None
    body = _run(_compile(source, where), _names(job), where)
    return (
        f'<!DOCTYPE html><html lang="{escape(job.template.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(job.job_name or job.template.title)}</title></head><body>{body}</body></html>"
    )


def _run(compiled: Compiled, names: Mapping[str, Any], where: str) -> str:
    pieces: list[str] = []
    size = 0
    try:
        for piece in compiled.generate(names):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_PAGE_CHARS:
                raise Invalid(f"{where} makes a page of more than {MAX_PAGE_CHARS} characters.", "Make it smaller.")
    except Invalid:
        raise
    except RecursionError:
        raise Invalid(f"{where} calls itself without end.", "Take the recursion out.") from None
    except SecurityError as refused:
        raise Invalid(
            f"{where} asks for what a template may not do: {str(refused).rstrip('.')}.", "Take it out."
        ) from None
    except TemplateError as failed:
        raise Invalid(f"{where} cannot be set: {failed}.", "Correct the template.") from None
    except MemoryError:
        raise
    except Exception as failed:  # a template is data: whatever its expressions raise is the template's fault
        raise Invalid(f"{where} cannot be set: {type(failed).__name__}: {failed}.", "Correct the template.") from None
    return "".join(pieces)


def _names(job: PressJob) -> dict[str, Any]:
    kit = job.kit
    return {
        "zones": SimpleNamespace(**{zone.key.replace("-", "_"): _zone(job, zone) for zone in job.template.zones}),
        "kit": SimpleNamespace(
            party=kit.party, logo=f"library:{kit.logo}", logo_reversed=f"library:{kit.logo_reversed or kit.logo}"
        ),
        "template": SimpleNamespace(title=job.template.title, ref=job.template.ref),
        "purpose": str(job.purpose),
    }


def _zone(job: PressJob, zone: Zone) -> Any:
    """What the template sees of one zone; a value that cannot be set is as if there were none."""
    if zone.kind is Kind.IMPRINT:
        return job.imprint.sentence
    if zone.kind is Kind.ELECTION:
        details = job.election
        return SimpleNamespace(
            title=details.title, area=details.area, polling_day=details.polling_day, candidate=details.candidate
        )
    if zone.kind is Kind.PICTURE:
        placed = job.pictures.get(zone.key)
        return SimpleNamespace(src=f"asset:{zone.key}", alt=placed.alt) if placed else None
    value = job.values.get(zone.key)
    return _typed(job, zone, value) if usable(zone, value) else _EMPTY.get(zone.kind)


_EMPTY = {Kind.LINE: "", Kind.RICH: Markup(""), Kind.ITEMS: (), Kind.CHOICE: ""}


def _typed(job: PressJob, zone: Zone, value: Any) -> Any:
    """What the template sees of words that somebody typed."""
    match zone.kind:
        case Kind.RICH:
            return Markup(no_runts(richtext.clean(value)))
        case Kind.ITEMS:
            return [
                SimpleNamespace(**{field.key: tidy_line(item.get(field.key, "")) for field in zone.fields})
                for item in value
            ]
        case Kind.QR:
            return _qr(job, value)
        case Kind.CHART:
            return _chart(value)
        case _:
            return tidy_line(value)


def _qr(job: PressJob, value: Mapping[str, Any]) -> SimpleNamespace | None:
    url = tidy_line(value.get("url") or "")
    if not url:
        return None
    try:
        code = segno.make_qr(url, error="m")
    except segno.DataOverflowError:
        return None
    out = io.BytesIO()
    black = colour(job.kit.inks["ink"], job.purpose)
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, dark="#000")
    svg = out.getvalue().decode().strip().replace('stroke="#000"', f'stroke="{black}"')
    return SimpleNamespace(svg=Markup(svg), url=url, label=tidy_line(value.get("label") or ""))


def _chart(value: Mapping[str, Any]) -> SimpleNamespace:
    numbers = [int(number) if float(number).is_integer() else number for number in value["numbers"]]
    most = max(numbers, default=0) or 1
    bars = [
        SimpleNamespace(label=tidy_line(label), number=number, share=number / most)
        for label, number in zip(value["labels"], numbers, strict=False)
    ]
    return SimpleNamespace(bars=bars, source=tidy_line(value.get("source") or ""))
