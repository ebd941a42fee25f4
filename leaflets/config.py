"""The settings of one installation, read once from the environment. A bad one stops the start with one clear line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from leaflets.domain.errors import Invalid

ROOT = Path(__file__).resolve().parent.parent
_YES, _NO = frozenset({"1", "yes", "true", "on"}), frozenset({"", "0", "no", "false", "off"})


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation decides. Paths are absolute.

    `files` is the folder that holds pictures and PDFs by content hash. `demo` fills an empty database with invented
    people whom anybody may sign in as. `metrics_token` opens /metrics to whoever sends it; empty closes it.
    `behind_proxies` is how many proxies in front of us may be believed about the visitor's address and https.
    """

    secret_key: str
    database_url: str
    redis_url: str
    files: Path
    library: Path
    demo: bool = False
    secure_cookies: bool = True
    metrics_token: str = ""
    behind_proxies: int = 0

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """The settings in `env` (by default the process's own); raises `Invalid` naming the first bad one."""
        settings = os.environ if env is None else env
        demo = _flag(settings, "LEAFLETS_DEMO")
        return cls(
            secret_key=_secret(settings),
            database_url=settings.get("DATABASE_URL") or f"sqlite:///{ROOT / 'var' / 'leaflets.db'}",
            redis_url=settings.get("REDIS_URL") or "redis://127.0.0.1:6379/0",
            files=Path(settings.get("LEAFLETS_FILES") or ROOT / "var" / "files").absolute(),
            library=Path(settings.get("LEAFLETS_LIBRARY") or ROOT / "library").absolute(),
            demo=demo,
            secure_cookies=_flag(settings, "LEAFLETS_SECURE_COOKIES", default=not demo),
            metrics_token=settings.get("LEAFLETS_METRICS_TOKEN", ""),
            behind_proxies=_count(settings, "LEAFLETS_BEHIND_PROXIES"),
        )


def _secret(settings: Mapping[str, str]) -> str:
    secret = settings.get("LEAFLETS_SECRET_KEY", "")
    if not secret:
        raise Invalid(
            "LEAFLETS_SECRET_KEY is not set: nobody could stay signed in.",
            'Set it to a long random text, for example: python3 -c "import secrets; print(secrets.token_hex(32))".',
            code="setting-missing",
        )
    if len(secret) < 32:
        raise Invalid(
            f"LEAFLETS_SECRET_KEY has {len(secret)} characters: it can be guessed.",
            "Give it at least 32.",
            code="setting-bad",
        )
    return secret


def _flag(settings: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    said = settings.get(name)
    if said is None:
        return default
    if said.lower() in _YES | _NO:
        return said.lower() in _YES
    raise Invalid(f"{name} is {said!r}.", "Say yes or no.", code="setting-bad")


def _count(settings: Mapping[str, str], name: str) -> int:
    said = settings.get(name) or "0"
    if not said.isdecimal():
        raise Invalid(f"{name} is {said!r}.", "Give a whole number from 0.", code="setting-bad")
    return int(said)
