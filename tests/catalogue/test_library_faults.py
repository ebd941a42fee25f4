"""Each fault is planted in a copy of a sound library, and must be named with file, line, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from card import LIBRARY, copied_library

from leaflets.catalogue import Fault, ManifestError, load_library
from leaflets.catalogue.source import key_lines
from leaflets.domain.errors import NotFound

CARD = "card/1.0.0"


def _faults(root: Path) -> tuple[Fault, ...]:
    with pytest.raises(ManifestError) as raised:
        load_library(root)
    return raised.value.faults


def _plant(root: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` and return the line it stood on."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def test_a_sound_library_has_templates_kits_and_html_from_markup() -> None:
    library = load_library(LIBRARY)
    card = library.template("card")
    assert (card.ref, card.format.key, card.language) == ("card@1.0.0", "a5", "en-GB")
    assert library.template("card@1.0.0") is card
    assert card.zone("story").default.startswith("<p>I grew up on <strong>Quay Street</strong>")
    assert "<ul><li>Buses every ten minutes</li>" in card.sample.values["story"]
    assert library.kit("plain").inks["primary"].cyan == 100


# Row: file, what stands there, what is planted instead, the key and words that the fault must have.
_PLANTED = [
    ("template.toml", 'kind = "rich"', 'kind = "prose"', "zone.2.kind", "Input should be"),
    ("template.toml", "max_words = 200", 'max_words = "200"', "zone.2.max_words", "must be a whole number"),
    ("template.toml", "max_words = 200", "max_word = 200", "zone.2.max_word", "no such key"),
    ("template.toml", "max_words = 200\n", "", "zone.2", "needs max_words"),
    ("template.toml", 'label = "Story"\n', "", "zone.2.label", "missing"),
    ("template.toml", 'key = "second"', 'key = "headline"', "zone.1.key", "A second zone"),
    ("template.toml", 'key = "second"', 'key = "Second One"', "zone.1.key", "String should match"),
    ("template.toml", 'panel = "back"', 'panel = "spine"', "zone.1.panel", "no panel “spine”"),
    ("template.toml", 'format = "a5"', 'format = "a7"', "format", "no format “a7”"),
    ("template.toml", "width_mm = 60,", "width_mm = 160,", "zone.4.frame", "larger than the sheet"),
    ("template.toml", "frame = {", "max_chars = 3\nframe = {", "zone.4.max_chars", "has no max_chars"),
    ("template.toml", "to_pt = 20 }", "to_pt = 50 }", "zone.0.fit", "must be less than from_pt"),
    (
        "template.toml",
        'better."\nfit = { group = "heads", from_pt = 40',
        'better."\nfit = { group = "heads", from_pt = 42',
        "zone.1.fit",
        "has other sizes",
    ),
    ("template.toml", "min_items = 1", "min_items = 9", "zone.3.min_items", "more than max_items"),
    ("template.toml", 'voice = "system"', 'voice = "local"', "zone.8.voice", "cannot have the voice"),
    ("template.toml", 'key = "dark"', 'key = "light"', "zone.7.options", "have one key"),
    ("template.toml", 'default = "light"', 'default = "grey"', "zone.7.default", "not one of the options"),
    ("template.toml", 'default = "A surgery', f'default = "{"long " * 50}A surgery', "zone.1.default", "expects up to"),
    ("template.toml", 'default = "A surgery you can reach"\n', "", "zone.1", "no default"),
    ("template.toml", 'ask = "photo"', 'ask = "contact"', "zone.4.ask", "fills a zone of kind line"),
    ("template.toml", 'ask = "photo"', 'ask = "age"', "zone.4.ask", "Input should be"),
    ("template.toml", "{area} can", "{town} can", "zone.1.fill", "no gap “town”"),
    ("template.toml", "{area} can", f"{'long ' * 40}{{area}} can", "zone.1.fill", "With long names"),
    ("template.toml", "I am **{cand", "<p>I am **{cand", "zone.2.fill", "printed as text"),
    ("template.toml", 'default = "light"', 'fill = "dark"\ndefault = "light"', "zone.7.fill", "has no fill"),
    ("template.toml", "I grew up", "<p>I grew up", "zone.2.default", "printed as text"),
    ("template.toml", 'title = "Card"', "title = Card", "", "not TOML"),
    ("sample.toml", 'headline = "', f'headline = "{"x" * 200}', "values.headline", "expects up to"),
    ("sample.toml", 'headline = "Buses that come when they say"', "headline = 3", "values.headline", "one line of"),
    ("sample.toml", 'tone = "light"', 'tune = "light"', "values.tune", "not a zone"),
    ("sample.toml", "numbers = [4210, 3980]", "numbers = [4210, -1]", "values.result", "below zero"),
    ("sample.toml", 'url = "https://example.org/card"', 'url = "javascript:1"', "values.answer", "telephone can open"),
    ("sample.toml", 'file = "portrait.png"', 'file = "../../kits/plain/logo.svg"', "values.portrait.file", "no file"),
    ("sample.toml", 'printer = "Tideway Press"', 'printer = ""', "imprint.printer", "String should have"),
    ("template.html", "zones.story", "zones.tale", "tale", "missing from the manifest"),
    ("template.html", "{{ zones.second }}", "{{ wards }}", "wards", "no such name"),
    ("template.html", 'data-zone="story"', 'data-zone="tale"', "", "data-zone names “tale”"),
    ("template.html", '<div class="story" data-zone="story">', "<div>", "story", "No element is marked"),
    ("template.html", "{% if zones.portrait %}", "{% iff zones.portrait %}", "", "not a Jinja template"),
    ("template.html", '<section class="side">', '{% include "/etc/passwd" %}', "", "cannot read another file"),
    (
        "template.html",
        "{{ zones.second }}",
        "{% autoescape false %}{{ zones.second }}{% endautoescape %}",
        "",
        "escape",
    ),
    ("template.html", '<section class="side">', "<script>1</script>", "", "cannot use <script>"),
    ("template.html", "{{ kit.logo }}", "https://example.org/x.png", "", "cannot be fetched"),
    ("template.html", "{{ kit.logo }}", "library:missing.svg", "", "no file “missing.svg”"),
    ("template.html", "{{ kit.logo }}", "library:../../kits/plain/kit.toml", "", "no file"),
    ("template.html", '<h1 data-zone="second">', '<h1 data-zone="second" style="overflow:hidden">', "", "hide text"),
    ("template.html", 'data-panel="back"', 'data-panel="spine"', "", "no panel “spine”"),
    ("template.html", 'data-panel="back"', 'data-panel="spine"', "back", "The panel is missing"),
    ("template.html", 'data-panel="back"', 'data-panel="front"', "", "a second time"),
    ("template.html", 'data-panel="front"', 'data-panel="back"', "", "on side 2 of the sheet, not in section 1"),
    ("style.css", "background: var(--paper)", "background: #fff", "background", "not the brand kit's"),
    ("style.css", "color: var(--primary)", "color: rebeccapurple", "color", "not the brand kit's"),
    ("style.css", "var(--font-text)", "Helvetica", "font", "not the brand kit's"),
    ("style.css", ".story {", ".story { overflow: hidden;", "overflow", "hide words"),
    ("style.css", ".story {", ".story { columns: 2;", "columns", "ten times"),
    ("style.css", ".logo {", "@import url(x.css);\n.logo {", "@import", "The press writes these itself"),
    ("style.css", "top: 10mm;", "top 10mm;", "", "not CSS"),
    ("style.css", "var(--fit-heads)", "30pt", "heads", "No style uses"),
    ("style.css", "font-size: 7pt", "font-size: var(--fit-small)", "small", "No zone has"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "words"), _PLANTED, ids=[row[4] for row in _PLANTED])
def test_a_planted_fault_is_found_where_it_is(
    tmp_path: Path, file: str, old: str, new: str, key: str, words: str
) -> None:
    root = copied_library(tmp_path)
    line = _plant(root, f"{CARD}/{file}", old, new)
    faults = [fault for fault in _faults(root) if words in fault.message]
    assert faults, _faults(root)
    fault = faults[0]
    assert fault.file == root / CARD / file
    assert fault.key == key
    assert fault.remedy
    if (f"{key.rpartition('.')[2]} = " in old and new) or not key:
        assert fault.line == line + old.count("\n", 0, old.find(f"{key.rpartition('.')[2]} = "))
    else:  # the fault is in the table as a whole, or in a file that has lost a line
        assert fault.line in (0, *_table_of(root / CARD / file, line))


def _table_of(file: Path, line: int) -> range:
    """From the header of the table that holds this line, to the line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return range(next((number for number in range(line, 0, -1) if lines[number - 1].startswith("[")), 1), line + 1)


_KIT_PLANTED = [
    ("kit.toml", "[inks.accent]", "[inks.lime]", "inks.lime", "no such ink"),
    ("kit.toml", "[inks.accent]", "[inks.lime]", "inks", "The ink “accent” is missing"),
    ("kit.toml", "cmyk = [100, 60, 0, 20]", "cmyk = [100, 60, 0]", "inks.primary.cmyk", "at least 4"),
    ("kit.toml", "cmyk = [100, 60, 0, 20]", "cmyk = [100, 60, 0, 120]", "inks.primary.cmyk.3", "less than or equal"),
    ("kit.toml", "#00467f", "blue", "inks.primary.screen", "String should match"),
    ("kit.toml", '"Archivo"', '"Comic Sans"', "fonts.heading", "“Comic Sans” is not shipped"),
    ("kit.toml", '"logo.svg"', '"logo.png"', "logo", "no file “logo.png”"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "words"), _KIT_PLANTED, ids=[row[4] for row in _KIT_PLANTED])
def test_a_fault_in_a_kit_is_found_at_its_line(
    tmp_path: Path, file: str, old: str, new: str, key: str, words: str
) -> None:
    root = copied_library(tmp_path)
    line = _plant(root, f"kits/plain/{file}", old, new)
    fault = next(fault for fault in _faults(root) if words in fault.message)
    assert (fault.file, fault.key) == (root / "kits/plain" / file, key)
    assert fault.remedy
    assert fault.line == (0 if key == "inks" else line)


@pytest.mark.parametrize("name", ["template.toml", "template.html", "style.css", "sample.toml", "thumbnail.webp"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    root = copied_library(tmp_path)
    (root / CARD / name).unlink()
    assert any(fault.file == root / CARD / name for fault in _faults(root))


def test_a_draft_may_lack_its_thumbnail(tmp_path: Path) -> None:
    root = copied_library(tmp_path)
    (root / CARD / "thumbnail.webp").unlink()
    assert load_library(root, drafts=True).templates


def test_the_faults_of_all_templates_are_told_at_once(tmp_path: Path) -> None:
    root = copied_library(tmp_path)
    (root / "card/1.0.0").rename(root / "card/1.0")
    copied = copied_library(tmp_path / "again") / "card"
    copied.rename(root / "other")
    _plant(root, "other/1.0.0/template.toml", 'format = "a5"', 'format = "a7"')
    _plant(root, "kits/plain/kit.toml", "#00467f", "blue")
    with pytest.raises(ManifestError) as raised:
        load_library(root)
    assert [fault.file.relative_to(root).as_posix() for fault in raised.value.faults] == [
        "kits/plain/kit.toml",
        "card/1.0",
        "other/1.0.0/template.toml",
    ]
    assert len(str(raised.value).splitlines()) == 3


def test_a_folder_that_is_no_library_is_told_so(tmp_path: Path) -> None:
    assert "no library" in _faults(tmp_path / "nowhere")[0].message


def test_the_newest_version_answers_for_a_bare_name(tmp_path: Path) -> None:
    root = copied_library(tmp_path)
    for version in ("1.10.0", "1.9.0"):
        (copied_library(tmp_path / version) / CARD).rename(root / "card" / version)
    library = load_library(root)
    assert library.template("card").version == "1.10.0"
    assert library.template("card@1.9.0").version == "1.9.0"
    assert [one.version for one in library.versions] == ["1.0.0", "1.9.0", "1.10.0"]
    assert [one.version for one in library.templates] == ["1.10.0"]


@pytest.mark.parametrize(
    ("ref", "says"), [("cards", "Did you mean “card”?"), ("card@9.0.0", "Its versions are 1.0.0."), ("", "There are:")]
)
def test_an_unknown_template_is_answered_with_what_there_is(ref: str, says: str) -> None:
    with pytest.raises(NotFound) as raised:
        load_library(LIBRARY).template(ref)
    assert says in raised.value.remedy


def test_an_unknown_kit_is_answered_with_what_there_is() -> None:
    with pytest.raises(NotFound, match="Did you mean “plain”"):
        load_library(LIBRARY).kit("plane")


def test_lines_of_keys_are_found_through_arrays_strings_and_comments() -> None:
    lines = key_lines(
        'a = "[b]" # [c]\n[[zone]]\nkey = 1\ntext = """\nkey = 9\n[not.a.table]\n"""\n'
        "list = [\n  { key = 2 },\n]\n[[zone]]\nkey = 3\n[inks.on-primary]\ncmyk = [1]\n"
    )
    assert lines[("a",)] == 1
    assert lines[("zone", 0)] == 2
    assert lines[("zone", 0, "key")] == 3
    assert lines[("zone", 0, "list")] == 8
    assert lines[("zone", 1, "key")] == 12
    assert lines[("inks", "on-primary", "cmyk")] == 14
    assert ("not", "a", "table") not in lines
