"""Policy areas: the words that name them, and which nation decides them for itself.

Devolution is law, and not the same everywhere. What is not reserved to Westminster is the nation's own: in Scotland by
Scotland Act 1998 s.29 and Sch.5, in Wales by Government of Wales Act 2006 s.108A and Sch.7A, in Northern Ireland by
Northern Ireland Act 1998 s.6 and Schs.2 (excepted) and 3 (reserved). A party's office in a nation answers for what is
decided there; the organisation's root for what is decided for all. England has no parliament of its own, but what the
others decide for themselves is decided for England alone: there England's office answers.

The words are looked for at the beginning of words, in English, Welsh and Gaelic. Finding one asks an office to look:
one too many costs a look, so common inflections and mutations are in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from leaflets.domain.clock.election import Nation


class Answerer(StrEnum):
    """Whose office answers for a policy area in a nation."""

    NATION = "nation"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Topic:
    """One policy area. `devolved_to` are the nations that decide it themselves, `source` the law that says so.

    `words` are beginnings of words; one that ends in a full stop is a whole word.
    """

    key: str
    label: str
    devolved_to: frozenset[Nation]
    source: str
    words: tuple[str, ...]


_S, _W, _NI = Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND
_ALL = frozenset({_S, _W, _NI})
_NOBODY: frozenset[Nation] = frozenset()

_FREE = "no reservation in SA 1998 Sch.5, GoWA 2006 Sch.7A, NIA 1998 Schs.2-3"
_A = "SA 1998 Sch.5 Pt.2 Head A, GoWA 2006 Sch.7A Pt.2 Head A, NIA 1998 Sch.2 paras.9-10"
_B6 = "SA 1998 Sch.5 Pt.2 s.B6, GoWA 2006 Sch.7A Pt.2 Head B, NIA 1998 Sch.2 para.8"
_LAW = "SA 1998 Sch.5 (not reserved), GoWA 2006 Sch.7A Pt.1 and Heads B, L (reserved), NIA 1998 as by SI 2010/976"
_PART_1 = "SA 1998 Sch.5 Pt.1, GoWA 2006 Sch.7A Pt.1, NIA 1998 Sch.2 paras.1-4"
_D = "SA 1998 Sch.5 Pt.2 Head D, GoWA 2006 Sch.7A Pt.2 Head D; transferred in Northern Ireland but for nuclear energy"
_E2 = "SA 1998 Sch.5 Pt.2 s.E2 with its exceptions, GoWA 2006 Sch.7A Pt.2 s.E2, transferred in Northern Ireland"
_F = "SA 1998 Sch.5 Pt.2 Head F, GoWA 2006 Sch.7A Pt.2 Head F, NIA 1998 s.87 (transferred, in parity)"
_H = "SA 1998 Sch.5 Pt.2 Head H, GoWA 2006 Sch.7A Pt.2 Head H, transferred in Northern Ireland but for Sch.3"
_K = "SA 1998 Sch.5 Pt.2 s.K1, GoWA 2006 Sch.7A Pt.2 Head K, NIA 1998 Sch.3"
_C = "SA 1998 Sch.5 Pt.2 ss.C10-C11, GoWA 2006 Sch.7A Pt.2 Head C, NIA 1998 Sch.3"

_ROWS = (
    Topic("health", "Health", _ALL, _FREE, (
        "nhs.", "health", "hospital", "gp.", "gps.", "doctor", "nurse", "dentist", "gp surger", "ambulance", "a&e.",
        "gig.", "iechyd", "ysbyty", "ysbytai", "meddyg", "feddyg", "nyrs", "deintydd", "ambiwlans",
        "slàinte", "ospadal", "dotair", "lighiche", "fiaclair", "carbad-eiridinn")),
    Topic("social-care", "Social care", _ALL, _FREE, (
        "social care", "care home", "carer", "home help", "gofal cymdeithasol", "cartref gofal", "gofalwyr", "ofalwyr",
        "cùram sòisealta", "taigh-cùraim", "luchd-cùraim")),
    Topic("schools", "Schools and nurseries", _ALL, _FREE, (
        "school", "teacher", "pupil", "nurser", "childcare", "classroom", "education",
        "ysgol", "hysgol", "athraw", "disgybl", "meithrinfa", "addysg", "haddysg",
        "sgoil", "tidsear", "sgoilear", "foghlam", "cùram-chloinne")),
    Topic("universities", "Universities, colleges and training", _ALL, _FREE, (
        "universit", "tuition fee", "college", "apprentice", "student", "prifysgol", "phrifysgol", "coleg", "myfyriw",
        "prentis", "oilthigh", "colaiste", "preantas", "oileanach")),
    Topic("housing", "Housing and planning", _ALL, _FREE, (
        "housing", "affordable home", "new homes", "rent", "tenant", "landlord", "homeless", "planning", "green belt",
        "tai.", "dai.", "thai.", "cartrefi", "rhent", "tenant", "landlord", "digartref", "cynllunio",
        "taigheadas", "dachaigh", "màl.", "uachdaran", "gun dachaigh", "dealbhachadh")),
    Topic("local-services", "Councils and council tax", _ALL, _FREE, (
        "council tax", "business rates", "bin collection", "recycling", "potholes", "librar", "leisure cent",
        "treth gyngor", "y dreth gyngor", "ailgylchu", "llyfrgell", "cìs comhairle", "ath-chuairteachadh",
        "leabharlann")),
    Topic("buses", "Buses and roads", _ALL, _FREE, (
        "bus.", "buses", "bus service", "road", "cycle lane", "cycle path", "ferry", "ferries",
        "bws", "bysiau", "ffordd.", "ffyrdd",
        "fferi", "bus-aiseag", "busaichean", "rathad", "rathaid", "aiseag")),
    Topic("trains", "Railways", frozenset({_S, _NI}), _E2, (
        "railway", "rail.", "train.", "trains.", "station", "trên", "trenau", "rheilffordd", "gorsaf", "trèan",
        "rèile", "stèisean")),
    Topic("environment", "Environment and rivers", _ALL, _FREE, (
        "environment", "sewage", "river", "flood", "nature", "wildlife", "clean air", "amgylchedd", "carthion", "afon",
        "llifogydd", "natur", "àrainneachd", "òtrachas", "abhainn", "aibhn", "tuil", "nàdar")),
    Topic("farming", "Farming and fishing", _ALL, _FREE, (
        "farm", "crofter", "crofting", "fisher", "fishing", "ffermio", "ffermwyr", "pysgota", "tuathanas", "croit",
        "iasgach", "iasgair")),
    Topic("policing", "Police, crime and courts", frozenset({_S, _NI}), _LAW, (
        "police", "policing", "crime", "criminal", "court.", "courts.", "prison", "burglar", "anti-social behaviour",
        "heddlu", "trosedd", "llys.", "carchar", "poileas", "eucoir", "cùirt", "prìosan")),
    Topic("languages", "Welsh, Gaelic and culture", _ALL, _FREE, (
        "welsh language", "gaelic", "irish language", "museum", "y gymraeg", "iaith", "amgueddfa", "gàidhlig",
        "taigh-tasgaidh")),
    Topic("benefits", "Benefits and pensions", frozenset({_NI}), _F, (
        "benefits", "universal credit", "pension", "winter fuel", "child benefit", "disability payment",
        "budd-dal", "credyd cynhwysol", "pensiwn", "sochair", "creideas coitcheann", "peinnsean")),
    Topic("taxes", "Taxes and public spending", _NOBODY, _A, (
        "income tax", "vat.", "national insurance", "corporation tax", "inheritance tax", "tax cut", "tax rise",
        "treth incwm", "taw.", "yswiriant gwladol", "cìs cosnaidh", "àrachas nàiseanta")),
    Topic("energy", "Energy", frozenset({_NI}), _D, (
        "energy bill", "energy price", "gas and electricity", "nuclear", "oil and gas", "wind farm", "price cap",
        "biliau ynni", "ynni", "niwclear", "bilean cumhachd", "niùclasach", "ola is gas")),
    Topic("work", "Rights at work", frozenset({_NI}), _H, (
        "minimum wage", "living wage", "zero-hour", "zero hour", "trade union", "sick pay", "parental leave",
        "isafswm cyflog", "cyflog byw", "undeb llafur", "tuarastal as ìsle", "aonadh-ciùird")),
    Topic("immigration", "Immigration and asylum", _NOBODY, _B6, (
        "immigra", "asylum", "refugee", "migrant", "visa", "small boats", "border control", "mewnfud", "lloches",
        "ffoadur", "in-imrich", "comraich", "fògarraich")),
    Topic("defence", "Defence and foreign affairs", _NOBODY, _PART_1, (
        "defence", "armed forces", "army", "royal navy", "royal air force", "nato.", "trident", "foreign aid",
        "ukraine", "gaza", "brexit", "european union", "amddiffyn", "lluoedd arfog", "undeb ewropeaidd",
        "dìon.", "feachdan armaichte", "an aonaidh eòrpach", "aonadh eòrpach")),
    Topic("constitution", "Independence and the constitution", _NOBODY, _PART_1, (
        "independence", "referendum", "devolution", "united ireland", "house of lords", "voting system", "the union.",
        "annibyniaeth", "refferendwm", "datganoli", "neo-eisimeileachd", "referendum", "fèin-riaghladh")),
    Topic("broadcasting", "Broadcasting and broadband", _NOBODY, f"{_K}; {_C}", (
        "bbc.", "licence fee", "broadband", "mobile signal", "post office", "s4c.", "band eang", "ffi'r drwydded",
        "swyddfa'r post", "bann-leathann", "oifis a’ phuist")),
)  # fmt: skip

TOPICS: Mapping[str, Topic] = {topic.key: topic for topic in _ROWS}
"""Every policy area by its key."""


def touched(text: str) -> tuple[str, ...]:
    """The policy areas whose words occur in a text, in the order of the table."""
    plain = text.casefold().replace("’", "'")
    return tuple(key for key, pattern in _PATTERNS.items() if pattern.search(plain))


def answerer(topic: str, nation: Nation | None) -> Answerer:
    """Whose office answers for a policy area in a nation. Raises `KeyError` for an area that is not known."""
    devolved_to = TOPICS[topic].devolved_to
    if nation is None or (nation not in devolved_to and not (nation is Nation.ENGLAND and devolved_to)):
        return Answerer.ORGANISATION
    return Answerer.NATION


def _pattern(topic: Topic) -> re.Pattern[str]:
    beginnings = []
    for word in topic.words:
        stem = re.escape(word.removesuffix(".").casefold().replace("’", "'"))
        beginnings.append(rf"{stem}(?!\w)" if word.endswith(".") else stem)
    return re.compile(rf"(?<!\w)(?:{'|'.join(beginnings)})")


_PATTERNS = {topic.key: _pattern(topic) for topic in _ROWS}
