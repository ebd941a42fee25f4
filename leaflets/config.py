"""The settings of one installation, read once from the environment and never changed.

A missing or bad setting stops the start with one clear line: outside the demo nothing is guessed, because a guess
here is a lost election leaflet or an open door later.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from leaflets.domain.errors import Invalid

ROOT = Path(__file__).resolve().parents[1]
"""The folder that holds wsgi.py, library/, templates/ and static/."""

SECRET_KEY_LENGTH = 32
DATABASE_SCHEMES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
REDIS_SCHEMES = ("redis", "rediss", "unix")
SMTP_SCHEMES = ("smtp", "smtps")
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Config:
    """What an installation decides. Paths are absolute.

    `data_folder` is everything that we write outside the database. `demo` fills an empty database with
    invented people whom anybody may sign in as. `metrics_token` opens /metrics to whoever sends it; empty closes it.
    `smtp_url` is the server that takes our mail; without one, what people are told stays on the page. `mail_from` is
    who the mail is from.
    `proxies` is how many proxies in front of us are believed about the visitor's address and https.
    `upload_mb` is in millions of bytes, `render_memory_mb` in 2^20 bytes; `render_seconds` bounds one render.
    """

    secret_key: str
    database_url: str
    redis_url: str
    data_folder: Path
    library_folder: Path
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    metrics_token: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    proxies: int = 0
    upload_mb: int = 60
    upload_megapixels: int = 120
    render_seconds: int = 60
    render_memory_mb: int = 1024

    @property
    def blobs_folder(self) -> Path:
        """Where originals, masters and finished PDFs lie, each named by its content. Site and workers share it."""
        return self.data_folder / "blobs"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Config:
        """Read the LEAFLETS_ settings of `env`, by default the process's own; `Invalid` names the setting at fault."""
        settings = _Settings(os.environ if env is None else env)
        demo = settings.yes("DEMO")
        data = settings.folder("DATA", default=ROOT / "var")
        return cls(
            secret_key=settings.secret_key(demo_file=data / "secret-key" if demo else None),
            database_url=settings.database_url(demo_default=f"sqlite:///{data / 'leaflets.db'}" if demo else None),
            redis_url=settings.redis_url(demo_default="redis://127.0.0.1:6379/0" if demo else None),
            data_folder=data,
            library_folder=settings.library(),
            base_url=settings.base_url(demo_default="http://127.0.0.1:8000" if demo else None),
            demo=demo,
            metrics_token=settings.given("METRICS_TOKEN"),
            smtp_url=settings.smtp_url(),
            mail_from=settings.mail_from(),
            proxies=settings.number("PROXIES", default=0, least=0, most=9),
            upload_mb=settings.number("UPLOAD_MB", default=60, least=1, most=1024),
            upload_megapixels=settings.number("UPLOAD_MEGAPIXELS", default=120, least=1, most=1000),
            render_seconds=settings.number("RENDER_SECONDS", default=60, least=5, most=3600),
            render_memory_mb=settings.number("RENDER_MEMORY_MB", default=1024, least=256, most=65536),
        )


@dataclass(frozen=True, slots=True)
class _Settings:
    """One reader for each kind of setting. Names are given without their LEAFLETS_."""

    env: Mapping[str, str]

    def given(self, name: str) -> str:
        return self.env.get(f"LEAFLETS_{name}", "").strip()

    def text(self, name: str, *, purpose: str, demo_default: str | None) -> str:
        value = self.given(name) or demo_default
        if value is None:
            raise Invalid(
                f"LEAFLETS_{name} is not set: {purpose}.",
                "Set it, or set LEAFLETS_DEMO=1 to try Leaflets on this machine.",
                code="setting-missing",
            )
        return value

    def yes(self, name: str) -> bool:
        value = self.given(name).lower()
        if value and value not in YES + NO:
            raise _bad(name, f"is “{value}”", "Say 1 or 0.")
        return value in YES

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self.given(name) or str(default)
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            raise _bad(name, f"is “{value}”", f"Give a whole number from {least} to {most}.")
        return int(value)

    def folder(self, name: str, *, default: Path) -> Path:
        """An absolute path to a folder that exists and can be written in."""
        path = Path(self.given(name) or default).expanduser().absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _bad(
                name, f"is {path}, which cannot be made ({error.strerror})", "Name a folder we may write in."
            ) from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise _bad(name, f"is {path}, which cannot be written in", "Change its owner or name another folder.")
        return path

    def library(self) -> Path:
        path = Path(self.given("LIBRARY") or ROOT / "library").expanduser().absolute()
        if not path.is_dir():
            raise _bad("LIBRARY", f"is {path}, which is not a folder", "Name the folder that holds the templates.")
        return path

    def secret_key(self, *, demo_file: Path | None) -> str:
        """The key that signs sessions; the demo makes its own once and keeps it, so that people stay signed in."""
        if not self.given("SECRET_KEY") and demo_file is not None:
            return _kept_secret(demo_file)
        key = self.text("SECRET_KEY", purpose="it signs the sessions of everybody who signs in", demo_default=None)
        if len(key) < SECRET_KEY_LENGTH:
            raise _bad(
                "SECRET_KEY",
                f"has {len(key)} characters, which can be guessed",
                f"Give {SECRET_KEY_LENGTH} or more random ones, for example from `openssl rand -hex 32`.",
            )
        return key

    def database_url(self, *, demo_default: str | None) -> str:
        url = self.text("DATABASE_URL", purpose="it says where everything is kept", demo_default=demo_default)
        scheme, separator, rest = url.partition("://")
        if not separator or scheme not in DATABASE_SCHEMES:
            raise _bad(
                "DATABASE_URL",
                f"begins with “{scheme}”" if separator else "is not a URL",
                "Use postgresql://user:password@host/name, or sqlite:////absolute/path.db.",
            )
        return f"{DATABASE_SCHEMES[scheme]}://{rest}"

    def redis_url(self, *, demo_default: str | None) -> str:
        url = self.text("REDIS_URL", purpose="it wakes the workers", demo_default=demo_default)
        if urlsplit(url).scheme not in REDIS_SCHEMES:
            raise _bad("REDIS_URL", "is not the URL of a Redis", "Use redis://host:6379/0.")
        return url

    def smtp_url(self) -> str:
        """Empty, or the URL of a mail server."""
        url = self.given("SMTP_URL")
        parts = urlsplit(url)
        if url and (parts.scheme not in SMTP_SCHEMES or not parts.hostname):
            raise _bad("SMTP_URL", "is not the URL of a mail server", "Use smtp://user:password@host:587, or smtps://.")
        return url

    def mail_from(self) -> str:
        """Who the mail is from; needed as soon as there is a server."""
        sender = self.given("MAIL_FROM")
        if (sender or self.given("SMTP_URL")) and "@" not in sender[1:-1]:
            raise _bad("MAIL_FROM", f"is “{sender}”", "Give the address that mail is from: leaflets@example.org.")
        return sender

    def base_url(self, *, demo_default: str | None) -> str:
        url = self.text("BASE_URL", purpose="it is the address people type", demo_default=demo_default)
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise _bad("BASE_URL", f"is “{url}”", "Use the whole address, such as https://leaflets.example.org.")
        return url.rstrip("/")


def _bad(name: str, what: str, remedy: str) -> Invalid:
    return Invalid(f"LEAFLETS_{name} {what}.", remedy, code="setting-bad")


def _kept_secret(file: Path) -> str:
    """The secret in `file`, made now if there is none. Two processes that start together get the same one."""
    if not file.exists():
        with NamedTemporaryFile("w", dir=file.parent) as draft:  # made readable by its owner alone
            draft.write(secrets.token_hex(SECRET_KEY_LENGTH))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text()
