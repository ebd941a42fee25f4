"""How JSON is read: what nobody could have written is no JSON, and not a fault of ours."""

from __future__ import annotations

from typing import Any

from flask.json.provider import DefaultJSONProvider


class SentJson(DefaultJSONProvider):
    """Flask's own, for which brackets inside brackets without end are one more text that is not JSON."""

    def loads(self, s: str | bytes, **how: Any) -> Any:
        """What it says. Raises `ValueError`, which `request.get_json(silent=True)` takes for nothing sent."""
        try:
            return super().loads(s, **how)
        except RecursionError:
            raise ValueError("Nested too deeply to be read.") from None
