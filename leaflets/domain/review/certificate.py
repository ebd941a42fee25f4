"""The certificate of an approved leaflet: what was approved, and who passed which words, when and how.

It holds the whole content that was hashed, so that anybody can hash it again, and the head of the audit at that
moment, so that a record that was rewritten later contradicts it. What is signed is its canonical JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from leaflets.domain.audit_chain import Head
from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import Content, canonical_json
from leaflets.domain.review.approval import How, words_hash
from leaflets.domain.template import Kind, Voice, Zone
from leaflets.domain.words import prose
from leaflets.domain.words.values import tidy_value

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Made = TypeVar("_Made", bound="DataclassInstance")
_WORDS_BESIDE = {Kind.QR: ("label",), Kind.CHART: ("labels", "source")}

FORMAT = 1
"""Raised when a certificate of before could not be read any more."""


@dataclass(frozen=True, slots=True)
class UsedMessage:
    """The message of the library that a zone says."""

    id: int
    title: str
    version: int
    language: str


@dataclass(frozen=True, slots=True)
class Pass:
    """How words were passed (`How` of .approval), by whom, of which office, and why where that was said."""

    how: str
    by: str
    office: str
    at: datetime
    because: str = ""
    message: UsedMessage | None = None

    @property
    def in_words(self) -> str:
        """How it was passed, after the name of the zone: `was passed by Rita Quay, South, on 1 April 2027`."""
        when = f"on {self.at.day} {self.at:%B %Y}"
        of = f", {self.office}," if self.office else ""
        if self.how == How.MESSAGE and self.message:
            said = f"“{self.message.title}”, version {self.message.version} ({self.message.language})"
            return f"says the approved message {said}"
        if self.how == How.TEMPLATE:
            return "says what came with the template"
        if self.how == How.DEEMED:
            return f"was deemed passed {when}: {self.office or 'the office'} did not answer in time"
        if self.how == How.APPLIED:
            return f"was passed by {self.by}{of} {when}, with the same words of another leaflet"
        if self.how == How.SUGGESTED:
            return f"says what {self.by}{of} suggested {when}"
        return f"was passed by {self.by}{of} {when}"


@dataclass(frozen=True, slots=True)
class PassedZone:
    """One zone that an office was asked to see. `stage` counts from 1; `words` is the tidy value, as it was hashed."""

    zone: str
    label: str
    kind: str
    words: Any
    words_hash: str
    stage: int
    topics: tuple[str, ...]
    passed: Pass | None


@dataclass(frozen=True, slots=True)
class Subject:
    """Which leaflet it is. `seat` is the place of its campaign; `place` is its own where it is a variant for one."""

    id: int
    title: str
    campaign: str
    organisation: str
    seat: str
    nation: str
    place: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Who sent it for approval, when, and with which words."""

    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified. `zones` is empty where no office had asked to see anything; `head` where no audit was kept."""

    approval: int
    approved_at: datetime
    leaflet: Subject
    content_hash: str
    content: Content
    sent: Sent | None
    zones: tuple[PassedZone, ...]
    head: Head | None

    def as_json(self) -> dict[str, Any]:
        """What is stored and signed; `certificate_from_json` reads it."""
        return {
            "format": FORMAT,
            "approval": self.approval,
            "approved_at": self.approved_at.isoformat(),
            "leaflet": asdict(self.leaflet),
            "content_hash": self.content_hash,
            "content": self.content.as_json(),
            "sent": {**asdict(self.sent), "at": self.sent.at.isoformat()} if self.sent else None,
            "zones": [_zone_as_json(zone) for zone in self.zones],
            "audit": {"row": self.head.id, "hash": self.head.hash} if self.head else None,
        }


def certificate_from_json(stored: Any) -> Certificate:
    """What `as_json` gave. Raises `Invalid` for anything else."""
    try:
        if stored["format"] != FORMAT:
            raise Invalid("This certificate is of another kind than this release reads.", "Use a newer release.")
        certificate = Certificate(
            approval=stored["approval"],
            approved_at=_moment(stored["approved_at"]),
            leaflet=_whole_fields(Subject(**stored["leaflet"])),
            content_hash=stored["content_hash"],
            content=_content(stored["content"]),
            sent=_sent(stored["sent"]) if stored["sent"] else None,
            zones=tuple(_zone_from_json(zone) for zone in stored["zones"]),
            head=_whole_fields(Head(stored["audit"]["row"], stored["audit"]["hash"])) if stored["audit"] else None,
        )
        return _whole_fields(certificate)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Invalid("This is no certificate of ours, or a part of it is missing.", "Download it again.") from error


def contradictions(certificate: Certificate) -> list[str]:
    """Where a certificate does not agree with itself, in words; nothing where it is whole.

    The content must have the hash that was approved, each zone's words must have theirs, and be the content's.
    """
    found = []
    if certificate.content.content_hash != certificate.content_hash:
        found.append("The words in the certificate are not those that were approved: their hash is another.")
    for zone in certificate.zones:
        place = Zone(zone.zone, Kind(zone.kind), zone.label, "", Voice.MESSAGE, "")
        printed = tidy_value(place, certificate.content.values.get(zone.zone))
        if canonical_json(printed) != canonical_json(zone.words):
            found.append(f"“{zone.label}”: the words that were passed are not those of the leaflet.")
        elif words_hash(place.kind, zone.words) != zone.words_hash:
            found.append(f"“{zone.label}”: its words are not those that were passed.")
        if zone.passed is None:
            found.append(f"“{zone.label}”: nobody passed its words.")
    return found


def lines_on_paper(certificate: Certificate, kinds: Mapping[str, str]) -> dict[str, list[str]]:
    """The stretches of words that the leaflet prints, by the key of their zone.

    `kinds` says what the template prints; without it, only the zones that an office was asked for are known.
    """
    values = certificate.content.values
    known = {**{zone.zone: zone.kind for zone in certificate.zones}, **kinds}
    lines = {}
    for key, kind in known.items():
        if key in values and kind in set(Kind):
            place = Zone(key, Kind(kind), key, "", Voice.MESSAGE, "")
            lines[key] = printed_lines(place.kind, tidy_value(place, values[key]))
    return {key: said for key, said in lines.items() if said}


def may_be_left_out(certificate: Certificate, kinds: Mapping[str, str], zone: str) -> bool:
    """Whether a template may well not print a zone: one line, which can be the caption of a picture that is not there.

    Nothing else is ever left out by what else is filled in.
    """
    values = certificate.content.values
    return kinds.get(zone) == Kind.LINE and any(
        kind == Kind.PICTURE and not values.get(key) for key, kind in kinds.items()
    )


def printed_lines(kind: Kind, value: Any) -> list[str]:
    """The stretches of words that a value puts on paper, each to be found there unbroken.

    The address in a QR code and the numbers of a chart are drawn, and are not among them; nor is a picture, or a
    choice of layout.
    """
    if kind is Kind.RICH and isinstance(value, str):
        lines = prose.plain(prose.read_html(value)).splitlines()
    elif kind is Kind.LINE and isinstance(value, str):
        lines = [value]
    elif kind is Kind.ITEMS and isinstance(value, list):
        lines = [part for item in value if isinstance(item, Mapping) for part in item.values() if isinstance(part, str)]
    elif kind in _WORDS_BESIDE and isinstance(value, Mapping):
        said = [value.get(key) for key in _WORDS_BESIDE[kind]]
        every = [part for each in said for part in (each if isinstance(each, list) else [each])]
        lines = [part for part in every if isinstance(part, str)]
    else:
        lines = []
    return [line for line in lines if line.strip()]


def _zone_as_json(zone: PassedZone) -> dict[str, Any]:
    passed = {**asdict(zone.passed), "at": zone.passed.at.isoformat()} if zone.passed else None
    return {**asdict(zone), "topics": list(zone.topics), "passed": passed}


def _zone_from_json(stored: Mapping[str, Any]) -> PassedZone:
    topics = stored["topics"]
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise TypeError(topics)
    Kind(stored["kind"])
    passed = _pass(stored["passed"]) if stored["passed"] else None
    return _whole_fields(PassedZone(**{**stored, "topics": tuple(topics), "passed": passed}))


def _pass(stored: Mapping[str, Any]) -> Pass:
    message = _whole_fields(UsedMessage(**stored["message"])) if stored["message"] else None
    return _whole_fields(Pass(**{**stored, "at": _moment(stored["at"]), "message": message}))


def _sent(stored: Mapping[str, Any]) -> Sent:
    return _whole_fields(Sent(**{**stored, "at": _moment(stored["at"])}))


def _content(stored: Any) -> Content:
    content = _whole_fields(Content.from_json(stored))
    _whole_fields(content.election)
    _whole_fields(content.imprint)
    if not isinstance(content.values, dict) or not isinstance(stored["pictures"], list):
        raise TypeError(stored)
    return content


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


_PLAIN = {"str": str, "int": int}


def _whole_fields(made: _Made) -> _Made:
    """The same, where every text is a text and every number a number; raises `TypeError` else."""
    for field in fields(made):
        value, kind = getattr(made, field.name), _PLAIN.get(str(field.type))
        if kind is not None and type(value) is not kind:
            raise TypeError(field.name)
    return made
