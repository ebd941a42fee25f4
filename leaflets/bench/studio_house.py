"""The whole of Leaflets as `leaflets up` starts it, and people who are signed in, each with a leaflet of their own."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from leaflets.bench.ticket import bench_campaign, running
from leaflets.catalogue import load_library
from leaflets.config import ROOT
from leaflets.domain.errors import Unavailable
from leaflets.domain.permissions import Role
from leaflets.redis_server import free_port, redis_command
from leaflets.services import leaflets
from leaflets.services.roles import grants, people
from leaflets.services.signing_in import sign_in
from leaflets.storage.migrations import migrate
from leaflets.storage.session import open_sessions

PATIENCE_S = 60.0
FIRST_PORT = 6690
TEMPLATE = "introduction"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


Commands = Callable[[str], Mapping[str, Sequence[str]]]
"""Given the address of the site, the command of each part as `leaflets up` starts it; the site's is called web."""


@dataclass(slots=True)
class Seat:
    """Somebody at their own leaflet: the address of the site, the leaflet, and the cookie of their sign-in."""

    port: int
    leaflet_id: int
    cookie: str


@contextmanager
def studio_house(folder: Path, commands: Commands, database_url: str, *, number: int) -> Iterator[list[Seat]]:
    """A running house with `number` people in it."""
    folder.mkdir(parents=True, exist_ok=True)
    redis_port = free_port("127.0.0.1", FIRST_PORT)
    port = free_port("127.0.0.1", redis_port + 1)
    settings = {
        "LEAFLETS_DEMO": "1",
        "LEAFLETS_DATA": str(folder),
        "LEAFLETS_DATABASE_URL": database_url,
        "LEAFLETS_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "LEAFLETS_PROXIES": "1",
    }
    migrate(database_url)
    log = folder / "log"
    with ExitStack() as house:
        house.enter_context(running(redis_command(redis_port, folder / "redis.log"), {}, log))
        for command in commands(f"127.0.0.1:{port}").values():
            house.enter_context(running(command, settings, log))
        codes = _people(database_url, number)
        wait_for(port)
        yield [Seat(port, leaflet, signed_in(port, code, each)) for each, (leaflet, code) in enumerate(codes)]


def _people(database_url: str, number: int) -> list[tuple[int, str]]:
    """A leaflet and a sign-in code for each of so many people of one campaign."""
    library = load_library(ROOT / "library")
    template = next(each for each in library.templates if each.name == TEMPLATE)
    kit = library.kits[0]
    now, made = datetime.now(UTC), []
    by: dict[str, Any] = {"actor": "leaflets bench", "now": now}
    with open_sessions(database_url, pooled=False)() as session:
        _, campaign = bench_campaign(session)
        for each in range(number):
            email = f"typist-{each}@example.org"
            person = people.add_person(session, **by, name=f"Typist {each}", email=email)
            grants.give(session, **by, campaign_id=campaign.id, person_id=person.id, role=Role.HELPER)
            leaflet = leaflets.start_leaflet(
                session, actor=person, now=now, campaign_id=campaign.id, template=template, kit=kit
            )
            made.append((leaflet.id, sign_in.make_code(session, **by, email=email)))
    return made


def signed_in(port: int, code: str, number: int) -> str:
    """The cookie of a new sign-in. Each comes from another address, as people do: one address is slowed down."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    address = {"X-Forwarded-For": f"192.0.2.{number + 1}"}
    line.request("GET", "/sign-in", headers=address)
    page = line.getresponse()
    token = _TOKEN.search(page.read().decode())
    cookie = cookie_of(page)
    if token is None:
        raise Unavailable("The bench cannot sign in.", "See the log of its site.")
    form = urlencode({"csrf_token": token[1], "code": code})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    line.request("POST", "/sign-in", form, headers={**address, **kind})
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status != 302:
        raise Unavailable(f"The bench could not sign in ({answer.status}).", "See the log of its site.")
    return cookie_of(answer)


def cookie_of(answer: http.client.HTTPResponse) -> str:
    """The cookie that an answer sets, as a browser sends it back; nothing when it sets none."""
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def wait_for(port: int) -> None:
    """Until the site on that port answers `/health`. Raises `Unavailable`."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            line.request("GET", "/health")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    raise Unavailable("The bench's site did not start.", "See its log.")
