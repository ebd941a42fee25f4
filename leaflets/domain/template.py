"""A leaflet template and its zones, and a brand kit, as values. `catalogue` reads them from library/.

What a zone's value looks like (JSON), by kind:

    line      "text"
    rich      "<p>restricted <strong>HTML</strong></p>"       see leaflets.richtext
    items     [{"heading": "text", "body": "text"}, …]        one dict an item, the keys are the zone's fields
    picture   {"picture": "<sha256 of the original>", "focus": [x, y], "zoom": 1.5, "alt": "text"} or None;
              x and y in 0..1 from the top left of the original; a zoom of 1, which is meant where none is given, shows
              as much of it as the frame's shape allows; samples say {"file": "portrait.png", …}
    qr        {"url": "https://…", "label": "text"}
    chart     {"labels": ["2019", …], "numbers": [1.5, …], "source": "text"}
    choice    "key of the option"
    imprint, election    none: the system fills them
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from leaflets.domain.press.geometry import Format
from leaflets.domain.press.printing import ElectionDetails, Imprint

Values = Mapping[str, Any]
"""Zone key to JSON value, as described at the top of this module."""

MAX_SOURCE_CHARS = 60_000
"""The most that template.html or style.css may hold: ten times what a careful design needs."""


class Kind(StrEnum):
    """What a zone holds."""

    LINE = "line"
    RICH = "rich"
    ITEMS = "items"
    PICTURE = "picture"
    QR = "qr"
    CHART = "chart"
    CHOICE = "choice"
    IMPRINT = "imprint"
    ELECTION = "election"

    @property
    def is_system(self) -> bool:
        """Whether the system fills it and nobody types into it."""
        return self in (Kind.IMPRINT, Kind.ELECTION)


class Voice(StrEnum):
    """Whose words a zone holds: the office approves messages, the candidate owns the rest."""

    MESSAGE = "message"
    PERSONAL = "personal"
    LOCAL = "local"
    SYSTEM = "system"


class Answer(StrEnum):
    """An answer to the first questions (leaflets.domain.words.first_leaflet) that a zone holds as it stands."""

    PROMISES = "promises"  # items: the first field is the promise, the second how it is kept
    CONTACT = "contact"  # a line: telephone and e-mail
    WEBSITE = "website"  # a QR code: the address; its label is the template's
    PHOTO = "photo"  # a picture


@dataclass(frozen=True, slots=True)
class Fit:
    """Copyfit: a zone may shrink from `from_pt` to `to_pt`, and no further.

    Zones of one `group` always share one size. The template's CSS reads the size as `var(--fit-<group>)`.
    """

    group: str
    from_pt: float
    to_pt: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle that a picture is cropped to, in millimetres, any bleed included."""

    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class ItemField:
    """One field of an item in a list."""

    key: str
    label: str
    max_chars: int
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Zone:
    """One place in a template that somebody, or the system, fills.

    Limits that do not belong to the kind are at their empty value. `max_words` is for rich text, `max_chars` for
    a line and a QR label; `min_items`, `max_items` count items of a list and bars of a chart.

    `ask` and `fill` say what the first questions make of it: the answer that it holds, and words with gaps such as
    {area_short}, of the same shape as `default`. See leaflets.domain.words.first_leaflet.
    """

    key: str
    kind: Kind
    label: str
    help: str
    voice: Voice
    panel: str
    required: bool = True
    default: Any = None
    max_chars: int = 0
    max_words: int = 0
    min_items: int = 0
    max_items: int = 0
    fields: tuple[ItemField, ...] = ()
    options: tuple[Option, ...] = ()
    frame: Frame | None = None
    min_ppi: int = 200
    fit: Fit | None = None
    ask: Answer | None = None
    fill: Any = None


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented leaflet that shows a template at its best: its values, and whose imprint and election it carries."""

    values: Values = field(default_factory=dict)
    imprint: Imprint = field(default_factory=lambda: Imprint("", "", "", "", ""))
    election: ElectionDetails = field(default_factory=lambda: ElectionDetails("", "", "", ""))


@dataclass(frozen=True, slots=True)
class Template:
    """One version of one leaflet template. `folder` holds template.html, style.css and assets."""

    name: str
    version: str
    title: str
    description: str
    purpose: str
    format: Format
    zones: tuple[Zone, ...]
    folder: Path
    sample: Sample = field(default_factory=Sample)
    language: str = "en-GB"

    @property
    def ref(self) -> str:
        """`name@version`, as people write it."""
        return f"{self.name}@{self.version}"

    def zone(self, key: str) -> Zone:
        """The zone of that key; `KeyError` when there is none."""
        for zone in self.zones:
            if zone.key == key:
                return zone
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour: CMYK in percent for the press, and its equivalent on screens as #rrggbb."""

    cyan: float
    magenta: float
    yellow: float
    black: float
    screen: str


@dataclass(frozen=True, slots=True)
class Kit:
    """A brand kit: what makes a template look like one party. `folder` holds the logo files.

    `inks` always has primary, on-primary, accent, on-accent, ink, tint and paper. `fonts` always has heading and
    text, each the name of a family shipped in static/fonts.
    """

    key: str
    party: str
    inks: Mapping[str, Ink]
    fonts: Mapping[str, str]
    logo: str
    folder: Path
    logo_reversed: str = ""
