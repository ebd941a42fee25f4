from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from clockwork import Clockwork
from crooked_provider import CrookedProvider
from scene import NOON, Scene
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, LeafletsError, NotFound, Refused, Unavailable
from leaflets.domain.permissions import Role
from leaflets.domain.signing_in import Way
from leaflets.seal import Seal
from leaflets.services.organisation import campaigns, organisations
from leaflets.services.roles import grants, people
from leaflets.services.signing_in import domain_keepers, openid, provider_line, providers, signed_in, vouched
from leaflets.storage.alert import Letter
from leaflets.storage.people import Campaign, Person
from leaflets.storage.signing_in import IdentityProvider
from leaflets.storage.tree import Node

SEAL = Seal("x" * 32)
BACK = "http://127.0.0.1:8000/sign-in/back"
BY: dict[str, Any] = {"actor": "a test", "now": NOON}


@pytest.fixture
def provider() -> Iterator[CrookedProvider]:
    with CrookedProvider(NOON.timestamp) as running:
        yield running


@pytest.fixture
def clock(scene: Scene) -> Clockwork:
    """The organisation's tree; Olga administers all of it."""
    clock = Clockwork(scene)
    with scene.sessions() as session:
        root = session.get_one(Node, clock.seat.way_down[0])
        grants.give(session, **BY, node_id=root.id, person_id=clock.olga.id, role=Role.ADMINISTRATOR)
    return clock


@pytest.fixture
def kept(clock: Clockwork, provider: CrookedProvider) -> IdentityProvider:
    return _keep(clock, provider.issuer)


@pytest.fixture
def plain(provider: CrookedProvider) -> IdentityProvider:
    """The same as `kept`, in no database."""
    secret = SEAL.close("a secret")
    return IdentityProvider(
        name="Harbour account", issuer=provider.issuer, client_id="leaflets", client_secret=secret, domains=[]
    )


def _keep(clock: Clockwork, issuer: str = "https://login.harbour.example", **changed: Any) -> IdentityProvider:
    given: dict[str, Any] = {
        "actor": clock.olga,
        "now": NOON,
        "node_id": clock.seat.way_down[0],
        "seal": SEAL,
        "safe": False,
        "name": "Harbour account",
        "issuer": issuer,
        "client_id": "leaflets",
        "client_secret": "a secret",
        "domains": "example.org, quay.example",
        **changed,
    }
    with clock.sessions() as session:
        added = providers.keep(session, **given)
        for path in letters_to_postmasters(session, added):
            domain_keepers.agree(session, now=NOON, sent=sent_in(path), seal=SEAL)
        session.refresh(added)
        return added


def letters_to_postmasters(session: Session, kept: IdentityProvider) -> list[str]:
    """Where the letters lead that ask for the domains of a provider."""
    to = Letter.address.in_([f"postmaster@{domain}" for domain in kept.asked_domains])
    paths = session.scalars(select(Letter.path).where(to).order_by(Letter.id))
    return [path for path in paths if f"provider={kept.id}&" in path]


def sent_in(path: str) -> domain_keepers.Sent:
    said = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    return domain_keepers.Sent(int(said["provider"]), said["domain"], said["mark"])


def _answer(provider: CrookedProvider, kept: IdentityProvider, **changed: Any) -> openid.Said:
    question = openid.ask(kept, back=BACK, safe=False)
    provider.saw(question.address)
    given = {"code": "a code", "nonce": question.nonce, "verifier": question.verifier, "now": NOON, **changed}
    return openid.answer(kept, seal=SEAL, back=BACK, safe=False, **given)


def _let_in(scene: Scene, kept: IdentityProvider, said: openid.Said) -> Person:
    with scene.sessions() as session:
        return vouched.person_of(session, now=NOON, provider=kept, said=said)


def _said(email: str, *, subject: str = "subject-1", verified: bool = True) -> openid.Said:
    return openid.Said(subject, email, verified, "Somebody")


def test_somebody_is_sent_there_with_a_challenge_and_back_with_what_the_provider_says(
    provider: CrookedProvider, plain: IdentityProvider
) -> None:
    said = _answer(provider, plain)
    assert said == openid.Said("subject-1", "henry@example.org", True, "Henry")
    address = openid.ask(plain, back=BACK, safe=False).address
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [BACK]
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert provider.asked[0]["code_verifier"][0] not in address


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://elsewhere.example"}, "another provider issued it"),
        ({"aud": "another site"}, "meant for somebody else"),
        ({"aud": ["leaflets", "another site"]}, "meant for somebody else"),
        ({"exp": NOON.timestamp() - 120}, "too old"),
        ({"exp": "never"}, "too old"),
        ({"iat": NOON.timestamp() + 3600}, "from the future"),
        ({"nonce": "of another question"}, "another question"),
        ({"sub": ""}, "who you are"),
        ({"sub": "x" * 256}, "who you are"),
    ],
)
def test_a_token_that_does_not_hold_is_refused_in_words(
    provider: CrookedProvider, plain: IdentityProvider, claims: dict[str, Any], words: str
) -> None:
    provider.claims = claims
    with pytest.raises(Refused, match=words):
        _answer(provider, plain)


def test_a_forged_token_is_refused_in_words(provider: CrookedProvider, plain: IdentityProvider) -> None:
    provider.forge = True
    with pytest.raises(Refused, match="its signature is not the provider’s"):
        _answer(provider, plain)


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/.well-known/openid-configuration", 500, b"{}"),
        ("/.well-known/openid-configuration", 302, b"{}"),
        ("/.well-known/openid-configuration", 200, b"<html>"),
        ("/.well-known/openid-configuration", 200, b"\xff\xfe"),
        ("/.well-known/openid-configuration", 200, b"[]"),
        ("/.well-known/openid-configuration", 200, b" " * (provider_line.MOST_BYTES + 1)),
        ("/.well-known/openid-configuration", 200, b'{"issuer": "https://elsewhere.example"}'),
        ("/keys", 200, b"{}"),
        ("/keys", 200, b'{"keys": [{"kty": "?"}]}'),
        ("/token", 200, b'{"access_token": "no id token", "token_type": "Bearer"}'),
        ("/token", 200, b"<html>"),
        ("/token", 400, b'{"error": "invalid_grant"}'),
        ("/token", 500, b"broken"),
        ("/token", 200, b" " * (provider_line.MOST_BYTES + 1)),
    ],
)
def test_a_provider_that_answers_oddly_is_said_in_words(
    provider: CrookedProvider, plain: IdentityProvider, path: str, status: int, body: bytes
) -> None:
    provider.broken[path] = (status, body)
    with pytest.raises((Refused, Unavailable), match="Harbour account"):
        _answer(provider, plain)


def test_a_provider_that_is_away_or_slow_is_said_in_words(
    provider: CrookedProvider, plain: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openid, "TIMEOUT_S", (0.2, 0.2))
    provider.dawdle_s = 1
    with pytest.raises(Unavailable, match="Harbour account does not answer"):
        openid.ask(plain, back=BACK, safe=False)
    plain.issuer = "http://127.0.0.1:1"
    with pytest.raises(Unavailable, match="Harbour account does not answer"):
        openid.ask(plain, back=BACK, safe=False)


def test_over_https_no_provider_leads_into_our_own_network(plain: IdentityProvider) -> None:
    plain.issuer = "https://127.0.0.1:9"
    with pytest.raises(Unavailable, match="is not on the internet"):
        openid.ask(plain, back=BACK, safe=True)


def test_its_own_people_are_found_by_their_verified_address_and_then_by_subject(
    scene: Scene, clock: Clockwork, kept: IdentityProvider
) -> None:
    assert _let_in(scene, kept, _said("HENRY@example.org")).id == scene.helper.id
    assert _let_in(scene, kept, _said("another@elsewhere.example", verified=False)).id == scene.helper.id


def test_whoever_is_new_is_added_without_any_role(scene: Scene, kept: IdentityProvider) -> None:
    added = _let_in(scene, kept, _said("new@quay.example"))
    with scene.sessions() as session:
        assert grants.held_by(session, added.id) == []
        assert people.person_by_email(session, "new@quay.example") is not None


def test_an_address_that_it_does_not_vouch_for_lets_nobody_in(scene: Scene, kept: IdentityProvider) -> None:
    for said in (
        _said("henry@example.org", verified=False),
        _said("henry@elsewhere.example"),
        _said(""),
        _said("stella@example.org", subject="subject-2"),  # she is here, and holds no role
    ):
        with pytest.raises(Refused, match="Sign in with a link by e-mail"):
            _let_in(scene, kept, said)


def _belongs_elsewhere(scene: Scene, person: Person) -> Campaign:
    from leaflets.domain.press.printing import ElectionDetails, Imprint

    with scene.sessions() as session:
        other = campaigns.start_campaign(
            session,
            **BY,
            organisation="Other",
            name="Otto",
            kit="plain",
            election=ElectionDetails("General election", "Hill", "Thursday 6 May 2027", "Otto Hill"),
            imprint=Imprint("", "", "Otto Hill", "1 Hill Street", "Otto Hill"),
        )
        grants.give(session, **BY, campaign_id=other.id, person_id=person.id, role=Role.HELPER)
        return other


def test_a_provider_never_signs_in_somebody_who_also_belongs_elsewhere(scene: Scene, kept: IdentityProvider) -> None:
    other = _belongs_elsewhere(scene, scene.stranger)
    with pytest.raises(Refused):
        _let_in(scene, kept, _said("stella@example.org"))
    assert _let_in(scene, kept, _said("henry@example.org")).id == scene.helper.id
    with scene.sessions() as session:
        grants.give(session, **BY, campaign_id=other.id, person_id=scene.helper.id, role=Role.HELPER)
    with pytest.raises(Refused):
        _let_in(scene, kept, _said("henry@example.org"))


def test_what_a_provider_vouched_for_ends_when_somebody_comes_to_belong_elsewhere(
    scene: Scene, kept: IdentityProvider
) -> None:
    with scene.sessions() as session:
        token = signed_in.begin(
            session,
            now=NOON,
            person_id=scene.helper.id,
            way=Way.PROVIDER,
            organisation_id=kept.organisation_id,
        )
        assert signed_in.of_token(session, now=NOON, token=token)
    _belongs_elsewhere(scene, scene.helper)
    with scene.sessions() as session:
        assert signed_in.of_token(session, now=NOON, token=token) is None


def test_closing_a_provider_ends_what_it_vouched_for(scene: Scene, clock: Clockwork, kept: IdentityProvider) -> None:
    with scene.sessions() as session:
        ways = {"now": NOON, "person_id": scene.helper.id}
        through = signed_in.begin(session, **ways, way=Way.PROVIDER, organisation_id=kept.organisation_id)
        by_link = signed_in.begin(session, **ways, way=Way.LINK)
        node_id = clock.seat.way_down[0]
        providers.close(session, actor=clock.olga, now=NOON, node_id=node_id, provider_id=kept.id)
        assert signed_in.of_token(session, now=NOON, token=through) is None
        assert signed_in.of_token(session, now=NOON, token=by_link) is not None
        assert providers.for_address(session, "anybody@example.org") == []
        assert providers.open_one(session, kept.id) is None


def test_the_secret_is_kept_under_seal(kept: IdentityProvider) -> None:
    assert "a secret" not in kept.client_secret
    assert SEAL.open(kept.client_secret) == "a secret"
    with pytest.raises(Unavailable):
        Seal("y" * 32).open(kept.client_secret)


def test_a_provider_that_cannot_be_is_refused(clock: Clockwork, kept: IdentityProvider) -> None:
    wrong: list[tuple[dict[str, Any], type[LeafletsError]]] = [
        ({"domains": ""}, Invalid),
        ({"domains": "not a domain!"}, Invalid),
        ({"domains": "gmail.com"}, Invalid),
        ({"issuer": "ftp://login.example"}, Invalid),
        ({"issuer": "http://login.example", "safe": True}, Invalid),
        ({"issuer": "javascript:alert(1)"}, Invalid),
        ({"name": " "}, Invalid),
        ({"client_secret": " "}, Invalid),
    ]
    for changed, error in wrong:
        with pytest.raises(error):
            _keep(clock, **{"domains": "new.example", **changed})


def test_only_the_administrator_of_the_whole_organisation_keeps_one(scene: Scene, clock: Clockwork) -> None:
    for actor, error in ((clock.agent, Refused), (clock.nat, NotFound), (scene.stranger, NotFound)):
        with pytest.raises(error):
            _keep(clock, actor=actor)
    with pytest.raises(Invalid, match="at its head"):
        _keep(clock, node_id=clock.region.id)


def test_a_token_may_be_a_little_older_than_our_clock(provider: CrookedProvider, plain: IdentityProvider) -> None:
    assert _answer(provider, plain, now=NOON + timedelta(seconds=330)).subject == "subject-1"


def test_a_provider_vouches_for_a_domain_once_its_postmaster_agrees_and_nobody_hears_of_another(
    clock: Clockwork, kept: IdentityProvider
) -> None:
    with clock.sessions() as session:
        rival = organisations.add(session, **BY, name="Rival", administrator="Xenia", email="xenia@rival.example")
        xenia = people.person_by_email(session, "xenia@rival.example")
        given = {"actor": xenia, "now": NOON, "node_id": rival.id, "seal": SEAL, "safe": False, "client_id": "leaflets"}
        given |= {"name": "Rival account", "client_secret": "a secret", "issuer": "https://login.rival.example"}
        theirs = providers.keep(session, **given, domains="example.org")  # asked for like any other
        assert (theirs.domains, theirs.asked_domains) == ([], ["example.org"])
        assert [each.id for each in providers.for_address(session, "anybody@example.org")] == [kept.id]

        [path] = letters_to_postmasters(session, theirs)
        sent = sent_in(path)
        for forged in (replace(sent, mark="0" * 64), replace(sent, provider_id=kept.id), replace(sent, domain="x")):
            with pytest.raises(Invalid, match="asks for nothing"):
                domain_keepers.agree(session, now=NOON, sent=forged, seal=SEAL)
        for _ in range(2):
            domain_keepers.agree(session, now=NOON, sent=sent, seal=SEAL)
        assert [each.id for each in providers.for_address(session, "anybody@example.org")] == [theirs.id]
        assert session.get_one(IdentityProvider, kept.id).domains == ["quay.example"]

        with pytest.raises(NotFound):  # it asks for it no more
            domain_keepers.settle(
                session, actor="a test", now=NOON, domain="example.org", organisation_id=kept.organisation_id
            )


def test_whom_a_provider_let_in_it_lets_in_no_more_once_another_vouches_for_their_domain(
    scene: Scene, clock: Clockwork, kept: IdentityProvider
) -> None:
    said = _said(clock.agent.email)
    henry = _let_in(scene, kept, said)
    with clock.sessions() as session:
        ways = {"now": NOON, "person_id": henry.id, "way": Way.PROVIDER, "device": "", "address": ""}
        through = signed_in.begin(session, **ways, organisation_id=kept.organisation_id)
        assert signed_in.of_token(session, now=NOON, token=through)
    newer = _keep(clock, "https://login-2.harbour.example", domains="example.org")
    assert newer.domains == ["example.org"]
    with clock.sessions() as session:
        assert signed_in.of_token(session, now=NOON, token=through) is None
        kept = session.get_one(IdentityProvider, kept.id)
    with pytest.raises(Refused, match="does not vouch"):
        _let_in(scene, kept, said)


def test_a_postmaster_is_written_to_a_few_times_a_day_and_whoever_runs_the_site_can_settle_it(
    clock: Clockwork,
) -> None:
    for number in range(domain_keepers.MOST_LETTERS):
        given = {"issuer": f"https://login-{number}.harbour.example", "domains": "silent.example"}
        with clock.sessions() as session:
            held = {"actor": clock.olga, "now": NOON, "node_id": clock.seat.way_down[0], "seal": SEAL, "safe": False}
            named = {"name": "Harbour account", "client_id": "leaflets", "client_secret": "a secret"}
            added = providers.keep(session, **held, **named, **given)
    with pytest.raises(Conflict, match=r"postmaster@silent\.example 3 times"):
        _keep(clock, domains="silent.example")
    with clock.sessions() as session:
        known = {"domain": "silent.example", "organisation_id": added.organisation_id}
        settled = domain_keepers.settle(session, actor="a test", now=NOON, **known)
        assert settled.domains == ["silent.example"]
