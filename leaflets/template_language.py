"""What a leaflet's template.html may say: its names and filters, and the tags it may not use.

The catalogue checks a template against this, and the press runs it with exactly this: Jinja, made small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.filters import FILTERS as JINJA_FILTERS

_NO_BREAK = "\u00a0"
_ALONE_IN_A_HEADING = 8  # letters: a shorter last word takes the word before it along
_TWO_TOGETHER = 6  # letters of the last two words, below which three stay together

NAMES = frozenset({"zones", "kit", "template", "purpose"})

NO_OTHER_FILE = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
ALWAYS_ESCAPED = (nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)

_FROM_JINJA = (
    *("abs", "batch", "capitalize", "count", "default", "e", "escape", "first", "float", "int", "join", "last"),
    *("length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
    *("select", "selectattr", "slice", "sort", "sum", "title", "trim", "unique", "upper", "wordcount"),
)


def kept(heading: str) -> str:
    """A heading whose short last words stay with the word before them: nothing short stands alone on a line.

    WeasyPrint has no balanced wrapping. The bond is a no-break space, so copyfit sees the same words.
    """
    words = heading.rsplit(" ", 2)
    if len(words) == 3 and len(words[1] + words[2]) < _TWO_TOGETHER:
        return _NO_BREAK.join(words)
    head, space, last = heading.rpartition(" ")
    return f"{head}{_NO_BREAK}{last}" if space and len(last) < _ALONE_IN_A_HEADING else heading


FILTERS: dict[str, Callable[..., Any]] = {name: JINJA_FILTERS[name] for name in _FROM_JINJA} | {"kept": kept}
