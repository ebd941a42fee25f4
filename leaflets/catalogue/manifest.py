"""The form of template.toml and kit.toml, as pydantic models, and how they become values of the domain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from leaflets.catalogue.source import Fault, Source
from leaflets.domain import template as domain
from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.template import Answer, Kind, Voice
from leaflets.domain.words.first_leaflet import GAPS, unknown_gaps

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Count = Annotated[int, Field(ge=0, le=5000)]
Millimetres = Annotated[float, Field(gt=0, le=1000)]
Points = Annotated[float, Field(ge=6, le=200)]
Percent = Annotated[float, Field(ge=0, le=100)]

INKS = ("primary", "on-primary", "accent", "on-accent", "ink", "tint", "paper")

# Which limits belong to which kind (the contract is the docstring of domain.template.Zone).
_LIMITS: dict[str, frozenset[Kind]] = {
    "max_chars": frozenset({Kind.LINE, Kind.QR, Kind.CHART}),
    "max_words": frozenset({Kind.RICH}),
    "min_items": frozenset({Kind.ITEMS, Kind.CHART}),
    "max_items": frozenset({Kind.ITEMS, Kind.CHART}),
    "fields": frozenset({Kind.ITEMS}),
    "options": frozenset({Kind.CHOICE}),
    "frame": frozenset({Kind.PICTURE}),
    "min_ppi": frozenset({Kind.PICTURE}),
    "fit": frozenset(Kind) - {Kind.PICTURE, Kind.CHOICE},
    "fill": frozenset({Kind.LINE, Kind.RICH, Kind.ITEMS, Kind.QR, Kind.PICTURE}),
}
_ASKED: dict[Answer, Kind] = {
    Answer.PROMISES: Kind.ITEMS,
    Answer.CONTACT: Kind.LINE,
    Answer.WEBSITE: Kind.QR,
    Answer.PHOTO: Kind.PICTURE,
}
_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.LINE: ("max_chars",),
    Kind.RICH: ("max_words",),
    Kind.ITEMS: ("max_items", "fields"),
    Kind.PICTURE: ("frame",),
    Kind.QR: ("max_chars",),
    Kind.CHART: ("max_items",),
    Kind.CHOICE: ("options",),
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_AnyPart = TypeVar("_AnyPart", bound=_Part)


class FitPart(_Part):
    """`fit` of a zone."""

    group: Slug
    from_pt: Points
    to_pt: Points

    @model_validator(mode="after")
    def _shrinks(self) -> FitPart:
        if self.to_pt >= self.from_pt:
            raise ValueError("to_pt is the smallest size and must be less than from_pt")
        return self


class FramePart(_Part):
    """`frame` of a picture zone."""

    width_mm: Millimetres
    height_mm: Millimetres


class FieldPart(_Part):
    """One of the `fields` of a list."""

    key: Slug
    label: Words
    max_chars: Annotated[int, Field(ge=1, le=2000)]
    required: bool = True

    @field_validator("key")
    @classmethod
    def _is_a_name(cls, key: str) -> str:
        if "-" in key:
            raise ValueError("a field's key is one word, because the template reads it as item.key")
        return key


class OptionPart(_Part):
    """One of the `options` of a choice."""

    key: Slug
    label: Words


class ZonePart(_Part):
    """One `[[zone]]`."""

    key: Annotated[Slug, StringConstraints(max_length=58)]  # with what history puts before it, 64
    kind: Literal["line", "rich", "items", "picture", "qr", "chart", "choice", "imprint", "election"]
    label: Words
    help: Words
    voice: Literal["message", "personal", "local", "system"]
    panel: str
    required: bool = True
    default: Any = None
    max_chars: Count = 0
    max_words: Count = 0
    min_items: Count = 0
    max_items: Count = 0
    fields: list[FieldPart] = Field(default_factory=list)
    options: list[OptionPart] = Field(default_factory=list)
    frame: FramePart | None = None
    min_ppi: Annotated[int, Field(ge=72, le=1200)] = 200
    fit: FitPart | None = None
    ask: Literal["promises", "contact", "website", "photo"] | None = None
    fill: Any = None

    def faults(self, source: Source, at: tuple[str | int, ...]) -> Iterator[Fault]:
        """Limits that do not belong to the kind, and those that it cannot do without."""
        kind = Kind(self.kind)
        for limit in sorted(self.model_fields_set & set(_LIMITS)):
            if kind not in _LIMITS[limit]:
                yield source.fault((*at, limit), f"A zone of kind {kind} has no {limit}.", "Take the key out.")
        for limit in _NEEDED.get(kind, ()):
            if not getattr(self, limit):
                yield source.fault(at, f"A zone of kind {kind} needs {limit}.", f"Add {limit}.")
        if self.ask and kind is not _ASKED[Answer(self.ask)]:
            wanted = _ASKED[Answer(self.ask)]
            yield source.fault((*at, "ask"), f"The answer “{self.ask}” fills a zone of kind {wanted}.", "Take it out.")
        for gap in unknown_gaps(self.fill):
            yield source.fault((*at, "fill"), f"There is no gap “{gap}”.", f"The gaps are {', '.join(GAPS)}.")
        if self.max_items and self.min_items > self.max_items:
            yield source.fault((*at, "min_items"), "min_items is more than max_items.", "Swap them.")
        if kind.is_system != (self.voice == "system"):
            yield source.fault(
                (*at, "voice"), f"A zone of kind {kind} cannot have the voice {self.voice}.", "See domain/template.py."
            )
        for name, parts in (("fields", self.fields), ("options", self.options)):
            keys = [part.key for part in parts]
            if len(set(keys)) < len(keys):
                yield source.fault((*at, name), "Two of them have one key.", "Give each its own key.")

    def zone(self) -> domain.Zone:
        """The zone as a value of the domain, its default still as written."""
        return domain.Zone(
            key=self.key,
            kind=Kind(self.kind),
            label=self.label,
            help=self.help,
            voice=Voice(self.voice),
            panel=self.panel,
            required=self.required,
            default=self.default,
            max_chars=self.max_chars,
            max_words=self.max_words,
            min_items=self.min_items,
            max_items=self.max_items,
            fields=tuple(domain.ItemField(**part.model_dump()) for part in self.fields),
            options=tuple(domain.Option(**part.model_dump()) for part in self.options),
            frame=domain.Frame(**self.frame.model_dump()) if self.frame else None,
            min_ppi=self.min_ppi,
            fit=domain.Fit(**self.fit.model_dump()) if self.fit else None,
            ask=Answer(self.ask) if self.ask else None,
            fill=self.fill,
        )


class TemplatePart(_Part):
    """The whole of template.toml."""

    title: Words
    description: Words
    purpose: Words
    format: str
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")] = "en-GB"
    zone: Annotated[list[ZonePart], Field(min_length=1, max_length=100)]

    @field_validator("format")
    @classmethod
    def _is_known(cls, key: str) -> str:
        if key not in FORMATS:
            raise ValueError(f"there is no format “{key}”; the formats are {', '.join(FORMATS)}")
        return key


class ElectionPart(_Part):
    """`[election]` of a sample."""

    title: Words
    area: Words
    polling_day: Words
    candidate: Words


class ImprintPart(_Part):
    """`[imprint]` of a sample."""

    printer: Words
    printer_address: Words
    promoter: Words
    promoter_address: Words
    on_behalf_of: Words
    on_behalf_of_address: str = ""


class SamplePart(_Part):
    """The whole of sample.toml. Rich text in `values` is written in light markup."""

    election: ElectionPart
    imprint: ImprintPart
    values: dict[str, Any]


class InkPart(_Part):
    """One of the `[inks.…]`."""

    cmyk: Annotated[list[Percent], Field(min_length=4, max_length=4)]
    screen: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]

    def ink(self) -> domain.Ink:
        """The ink as a value of the domain."""
        cyan, magenta, yellow, black = self.cmyk
        return domain.Ink(cyan, magenta, yellow, black, self.screen.lower())


class FontsPart(_Part):
    """`[fonts]` of a kit."""

    heading: str
    text: str


class KitPart(_Part):
    """The whole of kit.toml."""

    party: Words
    logo: str
    logo_reversed: str = ""
    inks: dict[str, InkPart]
    fonts: FontsPart


# Row: pydantic's type of error, what it means, what to do. The rest is said in pydantic's own words.
_SAID = {
    "missing": ("This key is missing.", "Add it."),
    "extra_forbidden": ("There is no such key.", "Check its spelling, or take it out."),
    "string_type": ("This must be text.", "Put it in quotation marks."),
    "int_type": ("This must be a whole number.", "Write it without quotation marks or decimals."),
    "float_type": ("This must be a number.", "Write it without quotation marks."),
    "bool_type": ("This must be true or false.", "Write it without quotation marks."),
    "list_type": ("This must be a list.", "Put it in square brackets."),
    "dict_type": ("This must be a table.", "Write it as { key = value }."),
    "model_type": ("This must be a table.", "Write it as { key = value }."),
}


def read_part(model: type[_AnyPart], source: Source) -> _AnyPart | list[Fault]:
    """The file as that model, or every fault of its form."""
    try:
        return model.model_validate(dict(source.values))
    except ValidationError as invalid:
        return [
            source.fault(error["loc"], *_SAID.get(error["type"], (_sentence(error["msg"]), "Correct it.")))
            for error in invalid.errors(include_url=False)
        ]


def _sentence(message: str) -> str:
    said = re.sub(r"^Value error, ", "", message)
    return f"{said[:1].upper()}{said[1:]}."
