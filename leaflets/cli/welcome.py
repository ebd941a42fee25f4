"""`leaflets welcome`: the part of `leaflets up` that says when all is ready and, in the demo, shows that it works."""

from __future__ import annotations

import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import click

from leaflets.cli import demo_reviews
from leaflets.cli.demo import demo
from leaflets.config import Config
from leaflets.domain.errors import LeafletsError, NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from leaflets.storage.leaflet import Leaflet
    from leaflets.storage.people import Person
    from leaflets.storage.press import Order

PATIENCE_S = 180
LOOK_EVERY_S = 0.5
FIRST_PDF = "first-leaflet.pdf"


@click.command(hidden=True)
@click.argument("address")
@click.pass_context
def welcome(ctx: click.Context, address: str) -> None:
    """Wait for the site at ADDRESS, say where to look, see the demo's first leaflet through the press; then stay."""
    config = Config.from_env()
    if config.demo:
        _wait_for_redis(config)  # the demo's pictures are for the workers at once
        ctx.invoke(demo)
    _wait_for_site(address)
    click.echo(f"Leaflets is up. Open {config.base_url}")
    if config.demo:
        try:
            click.echo(_first_print(config))
        except LeafletsError as error:  # the site stays up: whoever looks can find out more there
            click.echo(f"The first leaflet did not go through the press. {error}", err=True)
        click.echo(f"Sign in at {config.base_url} as anybody of the demo. Ctrl-C stops everything.")
    while True:
        signal.pause()


def _wait_for_redis(config: Config) -> None:
    from leaflets.queue import Tickets

    tickets = Tickets(config.redis_url)
    if not any(tickets.answers() for _ in _looks()):
        raise Unavailable(f"Redis did not answer in {PATIENCE_S} seconds.", "Check LEAFLETS_REDIS_URL.")


def _wait_for_site(address: str) -> None:
    for _ in _looks():
        try:
            with urlopen(address):
                return
        except HTTPError:
            return  # it speaks
        except URLError:
            continue
    raise Unavailable(f"The site did not answer at {address} in {PATIENCE_S} seconds.", "See what it said above.")


def _first_print(config: Config) -> str:
    """Order the demo's first leaflet, unless it was ordered before, and wait for its PDF; a line that says where."""
    from leaflets.domain.press.schedule import WorkState
    from leaflets.services.press import orders
    from leaflets.storage.blobs import Blobs
    from leaflets.storage.session import open_sessions

    with open_sessions(config.database_url)() as session:
        everybody = list(_leaflets(session))
        if not everybody:
            raise NotFound("The demo has no leaflet that anybody may order.", "Run `leaflets demo`.")
        actor, leaflet = min(everybody, key=lambda pair: pair[1].id)
        order = _ordered(session, config, actor, leaflet)
        _ask_for_proofs(session, config, everybody)  # now that the pictures are ready
        for _ in _looks():
            standing = orders.standing(session, actor=actor, now=datetime.now(UTC), order_id=order.id)
            session.rollback()  # the next look is a new one
            if standing.state == WorkState.DONE and standing.order.pdf_hash:
                target = config.data_folder / FIRST_PDF
                shutil.copyfile(Blobs(config.blobs_folder).path(standing.order.pdf_hash), target)
                return f"“{leaflet.title}” went through the press: {standing.order.pages} pages in {target}"
            if standing.state == WorkState.FAILED:
                raise Unavailable(standing.reason)
    raise Unavailable(f"It still waits after {PATIENCE_S} seconds.", "See what the press said above.")


def _leaflets(session: Session) -> Iterator[tuple[Person, Leaflet]]:
    """The demo's leaflets, each with somebody who may order it."""
    from leaflets.domain.permissions import Action, may
    from leaflets.services import access, leaflets
    from leaflets.services.organisation import campaigns
    from leaflets.services.roles import people

    for actor in people.people(session):
        for campaign in campaigns.campaigns_of(session, actor=actor):
            if may(Action.ORDER_PRINT, access.roles_in(session, actor, campaign.id)):
                for leaflet in leaflets.leaflets_of(session, actor=actor, campaign_id=campaign.id):
                    yield actor, leaflet


def _ask_for_proofs(session: Session, config: Config, everybody: list[tuple[Person, Leaflet]]) -> None:
    """Whoever opens a leaflet of the demo sees its pages at once. Asking twice for the same proof changes nothing."""
    from leaflets.queue import Tickets
    from leaflets.services.press import proofs

    for actor, leaflet in everybody:
        proofs.ask(
            session, actor=actor, now=datetime.now(UTC), tickets=Tickets(config.redis_url), leaflet_id=leaflet.id
        )


def _ordered(session: Session, config: Config, actor: Person, leaflet: Leaflet) -> Order:
    """Its latest order or, while its pictures may still be on their way, a new one."""
    from leaflets.catalogue import load_library
    from leaflets.queue import Tickets
    from leaflets.services.organisation import houses_known
    from leaflets.services.press import orders

    if placed := orders.orders_of(session, actor=actor, leaflet_id=leaflet.id):
        return placed[0]
    template = load_library(config.library_folder).template(leaflet.template_ref)
    houses = houses_known.offered_at(session, leaflet.campaign.node)
    printer = min(houses, key=lambda printer: printer.id)  # the demo's usual one
    refusal: LeafletsError = Unavailable("The press was not asked.")
    for _ in _looks():
        now = datetime.now(UTC)
        try:
            return orders.place(
                session,
                actor=actor,
                now=now,
                tickets=Tickets(config.redis_url),
                leaflet_id=leaflet.id,
                template=template,
                printer_id=printer.id,
                quantity=5_000,
                needed_by=now + timedelta(days=1),
            )
        except orders.NotReady as error:
            refusal, codes = error, {problem.code for problem in error.problems}
            if codes == {"not-approved"}:
                demo_reviews.approve(session, now, leaflet, actor, template)
            elif codes != {"picture-not-ready"}:
                break
    raise refusal


def _looks() -> Iterator[None]:
    """Look now and then, for as long as we are patient."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        yield
        time.sleep(LOOK_EVERY_S)
