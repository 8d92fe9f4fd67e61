"""The frame around every page, and the style guide in a real browser."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from agencies.context import acting_as
from agencies.models import Membership, Person
from agencies.scopes import Grant, Scope
from tests.people import People, settle
from web.context_processors import SECTIONS, navigation
from web.styleguide import styleguide

GUIDE = "/styleguide/"
AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class EveryPage:
    """Addresses for each section of the navigation, whatever is built so far."""

    urlpatterns = [path(section.path.lstrip("/"), styleguide) for section in SECTIONS]


class OnePage:
    urlpatterns = [path("drones/", styleguide)]


def request_of(address: str, *roles: str) -> HttpRequest:
    """A request of somebody with these roles; nothing of it is stored."""
    request = RequestFactory().get(address)
    person = Person(pk=1, email="rin@test.example", name_en="Rin")
    person.scope = Scope(tuple(Grant(role, 1, frozenset({1})) for role in roles))
    request.user = person
    return request


def sign_in(client: Client, person: Person) -> None:
    """Without the form; a change of a person, their last sign-in, has to say who makes it."""
    with acting_as(person):
        client.force_login(person)


# ---- Navigation: without a database, so that the frame costs no query


@override_settings(ROOT_URLCONF=EveryPage)
def test_reviews_are_shown_to_those_who_review() -> None:
    assert "/reviews/" in [
        item.url for item in navigation(request_of("/", Membership.Role.AUDITOR))
    ]
    seen = [item.url for item in navigation(request_of("/", Membership.Role.CUSTODIAN))]
    assert "/reviews/" not in seen
    assert "/drones/" in seen


@override_settings(ROOT_URLCONF=EveryPage)
@pytest.mark.parametrize(
    ("address", "current"), [("/", "/"), ("/drones/", "/drones/"), ("/drones/7/", "/drones/")]
)
def test_the_navigation_marks_the_section_of_the_page(address: str, current: str) -> None:
    items = navigation(request_of(address, Membership.Role.VIEWER))
    assert [item.url for item in items if item.current] == [current]


def test_nobody_has_a_navigation_before_signing_in() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert navigation(request) == []


@override_settings(ROOT_URLCONF=OnePage)
def test_a_section_without_a_page_is_not_offered() -> None:
    items = navigation(request_of("/", Membership.Role.VIEWER))
    assert [item.url for item in items] == ["/drones/"]


# ---- Pages


def test_the_style_guide_needs_sign_in(client: Client, db: None) -> None:
    answer = client.get(GUIDE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_style_guide_speaks_both_languages(
    client: Client, people: People, language: str
) -> None:
    sign_in(client, people.rin)
    page = client.get(GUIDE, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()


def test_the_language_can_be_switched_and_leads_back_to_the_page(
    client: Client, people: People
) -> None:
    sign_in(client, people.rin)
    address = f"http://testserver{GUIDE}"
    answer = client.post("/language/setlang/", {"language": "en"}, headers={"Referer": address})
    assert answer["Location"] == address
    assert '<html lang="en">' in client.get(GUIDE).content.decode()


def test_what_is_not_found_answers_the_same_to_everybody(client: Client, people: People) -> None:
    answers = set()
    for person, address in ((people.rin, "/no/1/"), (people.rin, "/no/2/"), (people.eri, "/no/1/")):
        sign_in(client, person)
        answer = client.get(address, headers={"Accept-Language": "en"})
        assert answer.status_code == 404
        answers.add(answer.content)
    assert len(answers) == 1


def test_the_sign_in_page_shows_what_was_wrong(client: Client, db: None) -> None:
    page = client.post("/accounts/login/", {"login": "", "password": ""})
    html = page.content.decode()
    assert "data-error-summary" in html
    assert 'href="#id_login"' in html


# ---- In Chromium


@pytest.fixture
def guest(browser: Browser, site: LiveServer) -> Iterator[BrowserContext]:
    """A browser that is signed in as a viewer of the Coast Guard."""
    client = Client()
    sign_in(client, settle().people.rin)
    context = browser.new_context(base_url=site.url, locale="en-GB")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}]
    )
    yield context
    context.close()


@pytest.fixture
def page(guest: BrowserContext) -> Page:
    return guest.new_page()


def test_the_style_guide_is_accessible_in_both_schemes_wide_and_narrow(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    found = []
    for scheme in ("light", "dark"):
        for width in (1280, 390):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(GUIDE)
            violations = Axe().run(page, options=AA).response["violations"]
            found += [(scheme, width, violation["id"]) for violation in violations]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
    assert said == []


def test_the_menu_lies_flat_when_wide_and_folds_when_narrow(page: Page) -> None:
    guide = page.get_by_role("button", name="日本語")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(GUIDE)
    assert guide.is_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    assert not guide.is_visible()
    page.get_by_text("Menu", exact=True).click()
    assert guide.is_visible()
    page.keyboard.press("Escape")
    assert not guide.is_visible()


def test_a_destructive_form_asks_first_and_cancel_is_at_hand(page: Page) -> None:
    page.goto(GUIDE)
    page.get_by_role("button", name="Withdraw").click()
    dialog = page.get_by_role("dialog")
    assert "cannot be submitted again" in dialog.inner_text()
    assert dialog.locator(":focus").inner_text() == "Cancel"
    page.keyboard.press("Enter")
    assert not dialog.is_visible()
    assert "?" not in page.url
    page.get_by_role("button", name="Withdraw").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    assert page.url.endswith("?")
