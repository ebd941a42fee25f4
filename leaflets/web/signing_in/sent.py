"""What a browser sends of a passkey, judged by its shape before anybody looks into it."""

from __future__ import annotations

from typing import Annotated, Any

from flask import request
from pydantic import BaseModel, StringConstraints, ValidationError

from leaflets.domain.errors import Invalid


class SentPasskey(BaseModel):
    """A credential as the browser's own `toJSON` has it; `name` is how a new one is called, `next` where to go."""

    credential: dict[str, Any]
    name: Annotated[str, StringConstraints(max_length=200)] = ""


def sent_passkey() -> SentPasskey:
    """What was sent in this request. Raises `Invalid`."""
    try:
        return SentPasskey.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise Invalid("That is no passkey.", "Reload the page and try again.", code="passkey") from None
