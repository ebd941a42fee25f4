"""What template.html and style.css may hold: zones that exist, the kit's colours and fonts, nothing that hides text.

The press would refuse or report most of this later, page by page; here the designer sees file and line at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import tinycss2
import tinycss2.color5
from jinja2 import Environment, TemplateSyntaxError, meta, nodes
from tinycss2.ast import AtRule, Declaration, Node, ParseError, QualifiedRule

from leaflets.catalogue.source import Fault
from leaflets.domain.press.geometry import Format
from leaflets.domain.template import MAX_SOURCE_CHARS, Kind, Zone
from leaflets.template_language import ALWAYS_ESCAPED, FILTERS, NAMES, NO_OTHER_FILE

TEXT_KINDS = frozenset({Kind.LINE, Kind.RICH, Kind.ITEMS, Kind.IMPRINT})

_TAGS = re.compile(r"<\s*(script|link|base|iframe|object|embed|form|style|meta)\b", re.IGNORECASE)
_DATA_ZONE = re.compile(r"""data-zone\s*=\s*["']([^"'{}]*)["']""")
_DATA_PANEL = re.compile(r"""data-panel\s*=\s*["']([^"'{}]*)["']""")
_SIDE = re.compile(r"""<section\b[^>]*class\s*=\s*["'][^"']*\bside\b""")
_ADDRESS = re.compile(r"""(?:\b(?:src|href|xlink:href)\s*=\s*["']|url\(\s*["']?)([^"'){}\s]+)""")
_LIBRARY_PATH = re.compile(r"library:([^\s\"')<>{}]+)")
_FIT = re.compile(r"var\(\s*--fit-([a-z0-9-]+)")
_HIDES_INLINE = re.compile(r"(overflow|clip-path|text-overflow|line-clamp)\s*:", re.IGNORECASE)


def check_design(folder: Path, format_: Format, zones: Iterable[Zone]) -> Iterator[Fault]:
    """Every fault of template.html and style.css in that folder, given the manifest's format and zones."""
    known = {zone.key: zone for zone in zones}
    html, css = folder / "template.html", folder / "style.css"
    texts: dict[Path, str] = {}
    for file in (html, css):
        try:
            texts[file] = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as unreadable:
            yield Fault(file, 0, "", f"The file cannot be read ({unreadable}).", "Write it, as UTF-8 text.")
            continue
        if len(texts[file]) > MAX_SOURCE_CHARS:
            yield Fault(file, 0, "", f"The file has more than {MAX_SOURCE_CHARS} characters.", "Make it smaller.")
            return
    if html in texts:
        yield from _check_html(html, texts[html], known)
        yield from _check_panels(html, texts[html], format_)
    if css in texts:
        yield from _check_css(css, texts[css], known)
    for file, text in texts.items():
        yield from _check_addresses(file, text, folder)
    yield from _check_fits(html, "".join(texts.values()), known)


def _environment() -> Environment:
    environment = Environment(autoescape=True)
    environment.filters = dict(FILTERS)
    return environment


def _check_html(file: Path, text: str, known: dict[str, Zone]) -> Iterator[Fault]:
    for found in _TAGS.finditer(text):
        yield _at(file, text, found, f"A template cannot use <{found[1].lower()}>.", "Take it out.")
    for found in _HIDES_INLINE.finditer(text):
        yield _at(file, text, found, "Inline styles that hide text are not allowed.", "Use style.css.")
    for found in _DATA_ZONE.finditer(text):
        if found[1] not in known:
            yield _at(file, text, found, f"data-zone names “{found[1]}”, which the manifest lacks.", "Correct it.")
    marked = {found[1] for found in _DATA_ZONE.finditer(text)}
    try:
        tree = _environment().parse(text)
        names = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as broken:
        yield Fault(file, broken.lineno, "", f"This is not a Jinja template: {broken.message}.", "Correct the line.")
        return
    for name in sorted(names - NAMES):
        line = next((node.lineno for node in tree.find_all(nodes.Name) if node.name == name), 0)
        yield Fault(file, line, name, "There is no such name.", f"The names are {', '.join(sorted(NAMES))}.")
    for kinds, message in _NOT_ALLOWED:
        for node in tree.find_all(kinds):
            yield Fault(file, node.lineno, "", message, "Take the tag out.")
    yield from _check_zones(file, dict(_zones_used(tree)), marked, known)


_NOT_ALLOWED: tuple[tuple[tuple[type[nodes.Node], ...], str], ...] = (
    (NO_OTHER_FILE, "A template cannot read another file."),
    (ALWAYS_ESCAPED, "A template always escapes what was typed."),
)


def _check_zones(file: Path, used: dict[str, int], marked: set[str], known: dict[str, Zone]) -> Iterator[Fault]:
    for key, line in used.items():
        if key not in known:
            yield Fault(file, line, key, "The zone is used here but missing from the manifest.", "Add a [[zone]].")
    for key, zone in known.items():
        if key not in used:
            yield Fault(file, 0, key, "The zone is in the manifest but not used here.", f"Show zones.{_name(key)}.")
        elif zone.kind in TEXT_KINDS and key not in marked:
            yield Fault(
                file, used[key], key, "No element is marked with this zone.", f'Add data-zone="{key}" to its box.'
            )


def _check_panels(file: Path, text: str, format_: Format) -> Iterator[Fault]:
    """Each panel of the format once, in the section of the side that it is on."""
    panels = {panel.key: panel for panel in format_.panels}
    seen = set()
    for found in _DATA_PANEL.finditer(text):
        key = found[1]
        side = len(_SIDE.findall(text, 0, found.start())) - 1
        if key not in panels:
            yield _at(file, text, found, f"The format has no panel “{key}”.", f"Its panels are {', '.join(panels)}.")
        elif key in seen:
            yield _at(file, text, found, f"The panel “{key}” is here a second time.", "Take one out.")
        elif panels[key].side != side:
            yield _at(
                file,
                text,
                found,
                f"The panel “{key}” is on side {panels[key].side + 1} of the sheet, not in section {side + 1}.",
                "Move it.",
            )
        seen.add(key)
    for key in panels:
        if key not in seen:
            yield Fault(file, 0, key, "The panel is missing.", f'Add <div class="panel" data-panel="{key}">.')


def _zones_used(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "zones":
            yield node.attr.replace("_", "-"), node.lineno
        elif (
            isinstance(node, nodes.Getitem)
            and isinstance(node.node, nodes.Name)
            and node.node.name == "zones"
            and isinstance(node.arg, nodes.Const)
        ):
            yield str(node.arg.value).replace("_", "-"), node.lineno


def _name(key: str) -> str:
    return key.replace("-", "_")


def _at(file: Path, text: str, found: re.Match[str], message: str, remedy: str) -> Fault:
    return Fault(file, text.count("\n", 0, found.start()) + 1, "", message, remedy)


def _check_addresses(file: Path, text: str, folder: Path) -> Iterator[Fault]:
    for found in _ADDRESS.finditer(text):
        if not found[1].startswith(("library:", "asset:", "#")):
            yield _at(
                file, text, found, f"“{found[1]}” cannot be fetched.", "Put the file beside this one: library:<file>."
            )
    for found in _LIBRARY_PATH.finditer(text):
        path = folder / found[1]
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            yield _at(file, text, found, f"There is no file “{found[1]}” in the template's folder.", "Add it.")


def _check_fits(file: Path, text: str, known: dict[str, Zone]) -> Iterator[Fault]:
    groups = {zone.fit.group for zone in known.values() if zone.fit}
    for group in sorted(groups ^ set(_FIT.findall(text))):
        if group in groups:
            message, remedy = "No style uses this copyfit group.", f"Set font-size: var(--fit-{group})."
        else:
            message, remedy = "No zone has this copyfit group.", f'Give a zone fit = {{ group = "{group}", … }}.'
        yield Fault(file.with_name("style.css"), 0, group, message, remedy)


def _check_css(file: Path, text: str, known: dict[str, Zone]) -> Iterator[Fault]:
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, ParseError):
            yield Fault(file, rule.source_line, "", f"This is not CSS: {rule.message}.", "Correct the line.")
        elif isinstance(rule, AtRule):
            yield Fault(
                file, rule.source_line, f"@{rule.at_keyword}", "The press writes these itself.", "Take the rule out."
            )
        elif isinstance(rule, QualifiedRule):
            yield from _check_rule(file, rule, known)


def _check_rule(file: Path, rule: QualifiedRule, known: dict[str, Zone]) -> Iterator[Fault]:
    selector = tinycss2.serialize(rule.prelude)
    contents = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    names = {part.lower_name for part in contents if isinstance(part, Declaration)}
    for part in contents:
        if isinstance(part, ParseError):
            yield Fault(file, part.source_line, "", f"This is not CSS: {part.message}.", "Correct the line.")
        if not isinstance(part, Declaration):
            continue
        for fault_in, message, remedy in _DECLARATIONS:
            if fault_in(part, selector, names, known):
                yield Fault(file, part.source_line, part.lower_name, message, remedy)


def _foreign_colour(part: Declaration, selector: str, names: set[str], known: dict[str, Zone]) -> bool:
    if "color" not in part.lower_name and part.lower_name.split("-")[0] not in _COLOURED:
        return False
    return any(_is_colour(token) for token in part.value)


_COLOURED = frozenset({"", "background", "border", "outline", "fill", "stroke", "column"})
_KIT_COLOURS = frozenset({"transparent", "currentcolor"})


def _is_colour(token: Node) -> bool:
    if token.type == "function":
        return token.lower_name == "color-mix" or tinycss2.color5.parse_color(token) is not None
    if token.type == "ident" and token.lower_value in _KIT_COLOURS:
        return False
    return token.type in ("hash", "ident") and tinycss2.color5.parse_color(token) is not None


def _foreign_font(part: Declaration, selector: str, names: set[str], known: dict[str, Zone]) -> bool:
    if part.lower_name not in ("font-family", "font"):
        return False
    value = tinycss2.serialize(part.value).strip()
    return value != "inherit" and not re.search(r"var\(\s*--font-(heading|text)\s*\)\s*$", value)


def _hides_text(part: Declaration, selector: str, names: set[str], known: dict[str, Zone]) -> bool:
    value = tinycss2.serialize(part.value).strip().lower()
    hides = part.lower_name in _HIDING and value not in ("visible", "none", "auto")
    return hides and not all(_holds_no_text(one, known) for one in selector.split(","))


_HIDING = frozenset(
    {
        "overflow",
        "overflow-x",
        "overflow-y",
        "clip",
        "clip-path",
        "text-overflow",
        "line-clamp",
        "max-lines",
        "continue",
    }
)


def _holds_no_text(selector: str, known: dict[str, Zone]) -> bool:
    last = re.split(r"[\s>+~]+", selector.strip())[-1]
    if re.match(r"(img|svg|figure|picture)(?![\w-])", last):
        return True
    named = re.search(r"""\[data-zone\s*=\s*["']?([a-z0-9-]+)""", last)
    return bool(named and named[1] in known and known[named[1]].kind is Kind.PICTURE)


def _balances(part: Declaration, selector: str, names: set[str], known: dict[str, Zone]) -> bool:
    return part.lower_name in ("columns", "column-count") and "column-fill" not in names


_Finder = Callable[[Declaration, str, set[str], dict[str, Zone]], bool]
# Row: what is looked for in a declaration, what is said, what to do.
_DECLARATIONS: tuple[tuple[_Finder, str, str], ...] = (
    (_foreign_colour, "This colour is not the brand kit's.", "Use var(--primary), --accent, --ink, --tint or --paper."),
    (_foreign_font, "This font is not the brand kit's.", "Use var(--font-heading) or var(--font-text)."),
    (_hides_text, "This could hide words that somebody typed.", "Hide only pictures: img, svg, figure."),
    (_balances, "Balanced columns take ten times as long to set.", "Add column-fill: auto and a height."),
)
