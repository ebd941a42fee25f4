"""Signing in at midnight: a link by mail, a passkey, an organisation's own provider, six digits; and mid-edit."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from barriers import nothing_serious
from house import House, running
from identity_provider import provider
from mail_server import Letterbox
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pyotp import TOTP
from scene import Scene

from leaflets.domain.organisation.tree import Place
from leaflets.domain.permissions import Role
from leaflets.services.organisation import tree
from leaflets.services.roles import grants, people
from leaflets.storage.people import Person
from leaflets.storage.tree import Node

Opened = Callable[[], BrowserContext]

USERS = (
    {"sub": "helper-7", "email": "helga@harbour.example", "email_verified": True, "name": "Helga Sand"},
    {"sub": "liar-1", "email": "agnes@example.org", "email_verified": True, "name": "Not Agnes"},
)
LINK = re.compile(r"http://\S+/sign-in(?:\?code|/domain\?provider)=\S+")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, redis_of_houses: Any, box: Letterbox) -> Iterator[House]:
    """A house with a mail server, at a name: browsers make no passkeys for a number."""
    mail = {"LEAFLETS_SMTP_URL": box.url, "LEAFLETS_MAIL_FROM": "Leaflets <leaflets@example.org>"}
    folder = tmp_path_factory.mktemp("house-with-mail")
    with running(folder, redis_of_houses.next_database(), host="localhost", settings=mail) as started:
        yield started


@pytest.fixture(scope="module")
def root(house: House) -> Node:
    """The head of the organisation, which Agnes administers."""
    by: dict[str, Any] = {"actor": "a test", "now": house.scene.now}
    with house.scene.sessions() as session:
        head = tree.find(session, organisation="Plain", place=Place())
        grants.give(session, **by, node_id=head.id, person_id=house.scene.agent.id, role=Role.ADMINISTRATOR)
        return head


@pytest.fixture
def context_of(house: House, browser: Browser) -> Iterator[Opened]:
    opened: list[BrowserContext] = []

    def open_one() -> BrowserContext:
        opened.append(browser.new_context(base_url=house.address))
        return opened[-1]

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def letters(box: Letterbox) -> Callable[[str], str]:
    """The link in the newest letter to an address, waited for; each is given once."""
    box.letters.clear()

    def link_to(address: str) -> str:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for letter in list(box.letters):
                if address in str(letter["To"]) and (found := LINK.search(letter.get_content())):
                    box.letters.remove(letter)
                    return found[0]
            time.sleep(0.05)
        raise AssertionError(f"No letter came to {address}.")

    return link_to


def newcomer(scene: Scene, name: str) -> Person:
    """Somebody of the campaign whom no other journey signs in as."""
    by: dict[str, Any] = {"actor": "a test", "now": scene.now}
    with scene.sessions() as session:
        person = people.add_person(session, **by, name=name, email=f"{name.lower()}@example.org")
        grants.give(session, **by, campaign_id=scene.campaign.id, person_id=person.id, role=Role.HELPER)
        session.refresh(person)
        return person


def sign_in(page: Page, person: Person, letters: Callable[[str], str], *, to: str = "/sign-in") -> None:
    """Through the door, by a link in a letter."""
    page.goto(to)
    page.get_by_label("Your e-mail address").fill(person.email)
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look in your mailbox").wait_for()
    page.goto(letters(person.email))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name=person.name, exact=True).wait_for()


def sign_out(page: Page) -> None:
    """From the page of one's own account, and not before the browser knows that it is done."""
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("status").filter(has_text="You are signed out.").wait_for()


def test_a_link_by_mail_leads_to_where_one_was_going_once_however_often_scanners_open_it(
    house: House, context_of: Opened, letters: Callable[[str], str]
) -> None:
    person = newcomer(house.scene, "Lena")
    page = context_of().new_page()
    page.goto("/library?kit=plain")
    nothing_serious(page)
    page.get_by_label("Your e-mail address").fill(person.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(f"If somebody here has the address {person.email}")
    nothing_serious(page)
    link = letters(person.email)
    for _ in range(3):
        assert b"Sign in as Lena" in urlopen(link).read()  # a scanner of the mailbox looks
    page.goto(link)
    nothing_serious(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Lena", exact=True).wait_for()
    assert page.url.endswith("/library?kit=plain")
    other = context_of().new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="That link is used up")).to_be_visible()
    other.get_by_role("button", name="Send me a fresh link").click()
    other.get_by_role("heading", name="Look in your mailbox").wait_for()
    other.goto(letters(person.email))
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.get_by_role("link", name="Lena", exact=True).wait_for()


def test_the_tab_that_asked_goes_on_when_the_link_is_opened_in_another(
    house: House, context_of: Opened, letters: Callable[[str], str]
) -> None:
    person, context = newcomer(house.scene, "Ottilie"), context_of()
    asking = context.new_page()
    asking.goto("/library")
    asking.get_by_label("Your e-mail address").fill(person.email)
    asking.get_by_role("button", name="Send me a link").click()
    asking.get_by_role("heading", name="Look in your mailbox").wait_for()
    opened = context.new_page()
    opened.goto(letters(person.email))
    opened.get_by_role("button", name="Sign in", exact=True).click()
    opened.get_by_role("link", name="Ottilie", exact=True).wait_for()
    opened.close()
    asking.get_by_role("link", name="Ottilie", exact=True).wait_for()
    assert asking.url.endswith("/library")


def test_a_passkey_is_made_signs_in_and_lets_nobody_in_once_it_is_removed(
    house: House, context_of: Opened, letters: Callable[[str], str]
) -> None:
    person, context = newcomer(house.scene, "Petra"), context_of()
    page = context.new_page()
    wires = context.new_cdp_session(page)
    wires.send("WebAuthn.enable")
    wires.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, person, letters)
    page.get_by_role("link", name="Petra", exact=True).click()
    page.get_by_label("What to call it").wait_for()
    nothing_serious(page)
    page.get_by_label("What to call it").fill("Petra’s telephone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("From now on this passkey signs you in.")).to_be_visible()
    page.get_by_role("button", name="Sign out here").click()  # and the browser offers the passkey by itself
    page.get_by_role("heading", name="Your leaflets").wait_for()
    page.get_by_role("link", name="Petra", exact=True).click()
    expect(page.get_by_text(", with a passkey.")).to_be_visible()
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    sign_out(page)
    page.goto("/sign-in?next=/library")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/library")
    page.get_by_role("link", name="Petra", exact=True).click()
    page.get_by_role("button", name="Remove Petra’s telephone").click()
    expect(page.get_by_text("lets nobody in any more")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="it may have been removed")).to_be_visible()


def test_an_organisation_signs_in_its_people_and_nobody_who_is_not_its_own(
    house: House, root: Node, context_of: Opened, letters: Callable[[str], str], tmp_path_factory: Any
) -> None:
    keeper = context_of().new_page()
    sign_in(keeper, house.scene.agent, letters, to=f"/sign-in?next=/offices/{root.id}/sign-in")
    with provider(tmp_path_factory.mktemp("provider"), *USERS) as issuer:
        nothing_serious(keeper)
        keeper.get_by_label("What people call it").fill("Harbour account")
        keeper.get_by_label("Issuer").fill(issuer)
        keeper.get_by_label("Client id").fill("leaflets")
        keeper.get_by_label("Client secret").fill("a secret of the provider")
        keeper.get_by_label("Addresses that it vouches for").fill("harbour.example")
        keeper.get_by_role("button", name="Ask to let people sign in with it").click()
        expect(keeper.get_by_text("A letter went to postmaster@harbour.example")).to_be_visible()
        postmaster = context_of().new_page()
        postmaster.goto(letters("postmaster@harbour.example"))
        nothing_serious(postmaster)
        postmaster.get_by_role("button", name="Yes, they may").click()
        expect(postmaster.get_by_text("There is nothing left for you to do")).to_be_visible()
        page = context_of().new_page()
        page.goto("/sign-in?next=/library")
        page.get_by_label("Your e-mail address").fill("somebody@harbour.example")
        page.get_by_role("link", name="Sign in with Harbour account").click()
        page.get_by_role("button", name="helper-7").click()
        page.get_by_role("link", name="Helga Sand", exact=True).wait_for()
        assert page.url.endswith("/library")
        liar = context_of().new_page()
        liar.goto("/sign-in")
        liar.get_by_label("Your e-mail address").fill("somebody@harbour.example")
        liar.get_by_role("link", name="Sign in with Harbour account").click()
        liar.get_by_role("button", name="liar-1").click()
        expect(liar.get_by_text("does not vouch for your e-mail address")).to_be_visible()
    away = context_of().new_page()
    away.goto("/sign-in")
    away.get_by_label("Your e-mail address").fill("somebody@harbour.example")
    away.get_by_role("link", name="Sign in with Harbour account").click()
    expect(away.get_by_text("Harbour account does not answer")).to_be_visible()
    keeper.get_by_role("button", name="Close Harbour account").click()
    expect(keeper.get_by_text("Nobody signs in that way any more")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Your e-mail address")).to_be_visible()  # at its very next request


def test_six_digits_are_asked_for_once_before_a_decision_and_a_recovery_code_goes_as_well(
    house: House, root: Node, context_of: Opened, letters: Callable[[str], str]
) -> None:
    by: dict[str, Any] = {"actor": "a test", "now": house.scene.now}
    with house.scene.sessions() as session:
        person = people.add_person(session, **by, name="Adele", email="adele@example.org")
        grants.give(session, **by, node_id=root.id, person_id=person.id, role=Role.ADMINISTRATOR)
        session.refresh(person)
    page = context_of().new_page()
    sign_in(page, person, letters, to="/sign-in?next=/account")
    page.get_by_role("link", name="Set it up with a telephone").click()
    nothing_serious(page)
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Type the six digits").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("Those digits are not right")).to_be_visible()
    page.get_by_label("Type the six digits").fill(TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    code = page.locator(".codes code").first.inner_text()
    nothing_serious(page)
    page.goto(f"/offices/{root.id}/sign-in")  # shown here already, a moment ago
    page.get_by_role("heading", name="How people sign in").wait_for()
    elsewhere = context_of().new_page()
    sign_in(elsewhere, person, letters, to=f"/sign-in?next=/offices/{root.id}/sign-in")
    elsewhere.get_by_role("heading", name="One more step").wait_for()
    nothing_serious(elsewhere)
    elsewhere.get_by_label("Six digits").fill(code.upper().replace("-", " "))
    elsewhere.get_by_role("button", name="Go on").click()
    elsewhere.get_by_role("heading", name="How people sign in").wait_for()


def test_a_sign_in_that_is_ended_elsewhere_mid_word_is_renewed_by_a_letter_and_the_caret_stays(
    house: House, context_of: Opened, letters: Callable[[str], str]
) -> None:
    person, context = newcomer(house.scene, "Wilma"), context_of()
    leaflet = house.scene.leaflet()
    page = context.new_page()
    sign_in(page, person, letters, to=f"/sign-in?next=/leaflets/{leaflet.id}")
    headline = page.locator("#zone-headline-input")
    headline.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Buses ")
    telephone = context_of().new_page()
    sign_in(telephone, person, letters, to="/sign-in?next=/account")
    telephone.get_by_role("button", name="Sign out everywhere but here").click()
    expect(telephone.get_by_text("signed out everywhere but here")).to_be_visible()
    page.keyboard.type("that ")
    panel = page.get_by_role("dialog", name="Your sign-in has ended")
    expect(panel).to_be_visible()
    page.keyboard.type("come")
    nothing_serious(page)
    panel.get_by_role("button", name="Send me a link").click()
    expect(panel).to_contain_text(f"A link is on its way to {person.email}")
    tab = context.new_page()
    tab.goto(letters(person.email))
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url(f"**/leaflets/{leaflet.id}")
    tab.close()
    expect(panel).to_have_count(0)
    expect(headline).to_have_value("Buses that come")
    for _ in range(600):
        if house.scene.texts(leaflet.id)["headline"] == "Buses that come":
            break
        page.wait_for_timeout(50)
    assert house.scene.texts(leaflet.id)["headline"] == "Buses that come"


def test_what_is_typed_after_somebody_else_signed_in_here_is_counted_too(
    house: House, context_of: Opened, letters: Callable[[str], str]
) -> None:
    first, second, context = newcomer(house.scene, "Berta"), newcomer(house.scene, "Clara"), context_of()
    leaflet = house.scene.leaflet()
    page = context.new_page()
    sign_in(page, first, letters, to=f"/sign-in?next=/leaflets/{leaflet.id}")
    other = context.new_page()
    other.goto("/account")
    sign_out(other)
    sign_in(other, second, letters)
    panel = page.get_by_role("dialog", name="Clara is signed in here now")
    expect(panel).not_to_contain_text("wait on this device")
    page.locator("#zone-headline-input").fill("Typed by Berta")
    expect(panel).to_contain_text("Words that Berta typed wait on this device.")
    expect(panel.get_by_role("button", name="Send the words of Berta as Clara")).to_be_visible()
