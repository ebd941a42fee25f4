"""What a template must bear: each case is a leaflet that somebody will make one day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.template import Kind, Template, Zone
from leaflets.domain.words.first_leaflet import HARDEST, filled

CASES = ("defaults", "long-names", "welsh", "no-photo", "one-priority", "every-limit", "other-choices", "answers")

LONG_NAME = "Bartholomew Featherstonehaugh-Llewelyn"
LONG_AREA = "Upper Wharrendale, Saltmarsh and Hindle Vale"
WELSH = (
    "Mae pobl y dref yn haeddu gwell. Fe ddaw’r bws yn ôl cyn y gaeaf, a bydd y ŵyl yn cael ei chynnal bob blwyddyn "
    "ar lan y dŵr. Gofynnwch i mi am y ffordd, yr ysgol, y tŷ a’r ysbyty, ac fe gewch ateb o fewn pum diwrnod. "
)


def values_of(template: Template, name: str) -> tuple[dict[str, Any], ElectionDetails, Imprint]:
    """The values, election and imprint of that case, made from the template's own sample."""
    sample = template.sample
    values, election, imprint = dict(sample.values), sample.election, sample.imprint
    if name == "defaults":
        values = {zone.key: zone.default for zone in template.zones if not zone.kind.is_system}
    elif name == "long-names":
        election = replace(election, candidate=LONG_NAME, area=LONG_AREA)
        imprint = replace(imprint, on_behalf_of=LONG_NAME, promoter="Persephone Wolstenholme-Carrington")
    elif name == "welsh":
        values = {zone.key: _in_welsh(zone, values.get(zone.key), 1.2) for zone in template.zones}
        election = replace(
            election,
            area="Dyffryn Wysg a Gogledd Ceredigion Uchaf",
            polling_day="Dydd Iau 6 Mai 2027",
            candidate="Angharad Llywelyn-Prydderch",
        )
    elif name == "no-photo":
        values = {zone.key: None if zone.kind is Kind.PICTURE else values.get(zone.key) for zone in template.zones}
    elif name == "one-priority":
        values = {
            zone.key: values[zone.key][: max(1, zone.min_items)] if zone.kind is Kind.ITEMS else values.get(zone.key)
            for zone in template.zones
        }
    elif name == "answers":  # long ones, and no photo
        values = {zone.key: zone.default for zone in template.zones if not zone.kind.is_system}
        values |= filled(template, replace(HARDEST, photo=""))
        election = replace(election, candidate=HARDEST.candidate, area=HARDEST.area)
    elif name == "other-choices":
        values = {
            zone.key: zone.options[-1].key if zone.kind is Kind.CHOICE else values.get(zone.key)
            for zone in template.zones
        }
    elif name == "every-limit":
        values = {zone.key: _in_welsh(zone, values.get(zone.key), 99) for zone in template.zones}
    return {key: value for key, value in values.items() if value is not None}, election, imprint


def _in_welsh(zone: Zone, value: Any, longer: float) -> Any:
    """The value in Welsh: `longer` times the length of the English, within the zone's limits."""
    match zone.kind:
        case Kind.LINE if value:
            return _chars(len(value) * longer, zone.max_chars)
        case Kind.RICH if value:
            words = min(zone.max_words, round(len(value.split()) * longer))
            lines = (WELSH * 9).split()[:words]
            return f"<p>{' '.join(lines[: words // 3])}</p><p>{' '.join(lines[words // 3 :])}</p>"
        case Kind.ITEMS if value:
            return [
                {field.key: _chars(len(item[field.key]) * longer, field.max_chars) for field in zone.fields}
                for item in value
            ]
        case _:
            return value


def _chars(wanted: float, most: int) -> str:
    """About that many characters, never more than `most`, ending with a whole word."""
    cut = (WELSH * 3)[: round(min(wanted, most)) + 1]
    return cut[: cut.rfind(" ")].rstrip(" ,.")
