"""What a page may fetch: its own pictures, files beside its template or kit, and shipped fonts. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from leaflets.domain.errors import Invalid
from leaflets.press.job import PressJob
from leaflets.press.sheet import colour
from leaflets.typefaces import Family

MAX_SVG_BYTES = 500_000
_FONT = re.compile(r"([a-z0-9-]+)/([a-z0-9-]+\.woff2)")
_INK_VARIABLE = re.compile(r"var\(\s*--([a-z-]+)\s*\)")
_INK_ATTRIBUTE = re.compile(r"""\b(fill|stroke|stop-color)\s*=\s*(["'])([a-z-]+)\2""")


class NotFetched(Invalid):
    """A page asked for what the press does not fetch, or for a file that is not there."""

    code = "not-fetched"


def fetch_for(job: PressJob, url: str) -> tuple[bytes, str]:
    """The bytes and media type behind an `asset:` or `library:` address of this job. Raises `NotFetched`."""
    scheme, _, rest = url.partition(":")
    path = unquote(rest)
    if scheme == "asset":
        placed = job.pictures.get(path)
        if placed is None:
            raise NotFetched(f"The page asks for the picture of “{path}”, and the job has none.", "Choose a picture.")
        return _read(placed.path, f"The picture of “{path}”"), "image/jpeg"
    if scheme == "library":
        file = _library_file(job, path)
        if file is None:
            raise NotFetched(f"The template asks for “{path}”, which is not in the library.", "Add the file.")
        content = _read(file, f"“{path}”")
        return (_inked(content, job), "image/svg+xml") if file.suffix == ".svg" else (content, "")
    raise NotFetched(
        f"The template asks for “{url[:80]}”, which the press does not fetch.", "Put the file beside the template."
    )


def fetch_font(families: Mapping[str, Family], url: str) -> bytes:
    """The shipped font behind a `font:<slug>/<file>` address. Raises `NotFetched`."""
    found = _FONT.fullmatch(url.removeprefix("font:"))
    for family in families.values() if found else ():
        for face in family.faces:
            if found and (family.slug, face.path.name) == found.groups():
                return _read(face.path, f"The font {face.path.name}")
    raise NotFetched(f"“{url[:80]}” is not a shipped font.", "Use a family of static/fonts/fonts.toml.")


def _library_file(job: PressJob, path: str) -> Path | None:
    """The file of that path in the template's folder or else the kit's, never outside them."""
    if ".." in Path(path).parts:
        return None
    for folder in (job.template.folder, job.kit.folder):
        root = folder.resolve()
        file = (root / path).resolve()
        if file.is_relative_to(root) and file.is_file():
            return file
    return None


def _read(file: Path, what: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise NotFetched(f"{what} cannot be read.", "Send it again.") from None


def _inked(svg: bytes, job: PressJob) -> bytes:
    """A drawing with the kit's inks: `var(--primary)` in a style, or `primary` as a fill or stroke."""
    if len(svg) > MAX_SVG_BYTES:
        raise NotFetched("A drawing in the library is too large.", f"Keep it below {MAX_SVG_BYTES // 1000} kB.")
    inks = {name: colour(ink, job.purpose) for name, ink in job.kit.inks.items()}
    text = _INK_VARIABLE.sub(lambda found: inks.get(found[1], found[0]), svg.decode("utf-8", "replace"))
    return _INK_ATTRIBUTE.sub(lambda found: f'{found[1]}="{inks.get(found[3], found[3])}"', text).encode()
