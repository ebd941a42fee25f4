"""U+0000 and its like in what a stranger sends: refused in words on either database, at every door."""

from contextlib import suppress

import pytest
from clockwork import Clockwork
from scene import Scene

from leaflets.domain.errors import Invalid, NotFound
from leaflets.services import trail
from leaflets.services.message import message_library
from leaflets.services.message.message_library import Wanted
from leaflets.services.roles import joining, people
from leaflets.services.signing_in import sign_in
from leaflets.services.trail import Asked


@pytest.fixture
def clock(database_url: str) -> Clockwork:
    return Clockwork(Scene(database_url))


@pytest.mark.parametrize("email", ["a\0@example.org", "a\ud800@example.org", "a\u202e@example.org"])
def test_no_address_holds_what_nobody_sees(clock: Clockwork, email: str) -> None:
    with clock.sessions() as session:
        with pytest.raises(Invalid):
            sign_in.request_link(session, now=clock.scene.now, email=email)
        with pytest.raises(Invalid):
            people.add_person(session, actor="a test", now=clock.scene.now, name="Ann", email=email)


def test_a_search_for_it_finds_nothing_or_says_so(clock: Clockwork) -> None:
    nul = "a\0b"
    with clock.sessions() as session:
        with pytest.raises((Invalid, NotFound)):
            joining.organisation_of(session, nul)
        with suppress(Invalid):
            wanted = Wanted(search=nul)
            assert not message_library.find(session, actor=clock.nat, wanted=wanted, most=3, offset=0)[0]
        with suppress(Invalid):
            assert not trail.trail(session, actor=clock.nat, node_id=clock.nation.id, asked=Asked(who=nul)).lines
