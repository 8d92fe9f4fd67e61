"""Every page as it looks: in both languages, light and dark, wide and on a phone, without a finding.

Each page is opened once, by turns in each language, scheme and width; the sweep over all of them is slow.
On each: no finding of axe, nothing on the console, no rule of the content security policy broken, nothing
wider than the screen, and little to load.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, product
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, Response
from pytest_django.live_server_helper import LiveServer

from tests.databases import FreshDatabase
from tests.isolation.pages import EXPORTS, routes
from tests.web.looks import Look, found, looks, person, prepare
from tests.web.pages import signed_in
from tests.web.windows import AA

LIMIT = 60 * 1024
"""Bytes of a first load, compressed: the page with its style sheet, scripts and drawings."""

NO_PAGES = {
    "account_confirm_login_code": "codes by e-mail are off",
    "account_set_password": "everybody has one",
    **dict.fromkeys(
        (
            *("check_purchase", "check_step_request", "check_step_terms"),
            *("check_new_line", "check_line", "remove_line"),
        ),
        "takes a form",
    ),
    "drone_candidates": "is a part of a page",
    **{f"export_{name}": "gives out a file" for name in EXPORTS},
    "notice": "leads to what it is about",
    "read_notice": "takes a form",
    "read_notices": "takes a form",
    "mail_again": "takes a form",
    "set_language": "takes a form",
    "purchase_return_letter": "takes a form",
    "purchase_decline_letter": "takes a form",
    "purchase_cancel_letter": "takes a form",
    "verify_builds": "takes a form",
    "verify_components": "takes a form",
    "verify_declarations": "takes a form",
    "verify_links": "takes a form",
    "verify_models": "takes a form",
    "verify_vendors": "takes a form",
}
"""Routes without a page of their own, and why."""

NOT_IN_THE_DEMO_WORLD = {
    **dict.fromkeys(
        (
            "check_claims",
            "claim_review",
            "end_substitution",
            "end_tie",
            "evaluate_build",
            "release_review",
            "share_name",
            "withdraw_name",
            "confirm_edition",
            "confirm_import",
            "continue_import",
            "discard_import",
            "keep_vendors_apart",
            "preview_waiver",
            "verify_attributes",
            "verify_certificates",
            "verify_identifiers",
            "verify_measures",
            "verify_vendor-names",
        ),
        "takes a form",
    ),
    "import_sample": "gives out a file",
    "purchase_evidence": "gives out a file",
    **dict.fromkeys(("import_errors", "explain_name"), "has no import that waits"),
    **dict.fromkeys(("file", "withdraw_file"), "has no file"),
    **dict.fromkeys(
        (
            "add_rule",
            "load_pack",
            "propose_version",
            "publish_version",
            "remove_example",
            "remove_rule",
            "take_back_version",
            "withdraw_version",
        ),
        "asks for a draft in a state that it has not, or for a word in the address",
    ),
    **dict.fromkeys(
        (
            "condition_met",
            "purchase_give_evidence",
            "purchase_name_offer",
            "purchase_order_first",
        ),
        "has no purchase in this state",
    ),
    **dict.fromkeys(
        (
            "edit_certificate",
            "end_vendor_name",
            "refuse_attributes",
            "refuse_identifiers",
            "refuse_models",
        ),
        "has no such claim, or takes a word in the address",
    ),
}
"""Routes that nobody can open on the rows of the demo world, and why: tests of their own open them."""


@dataclass(frozen=True)
class Screen:
    locale: str
    scheme: str
    width: int


SCREENS = [
    Screen(*chosen) for chosen in product(("ja-JP", "en-GB"), ("light", "dark"), (1280, 390))
]


@dataclass
class Window:
    """A browser window on one kind of screen: what the page in it loaded and what the browser complained about."""

    page: Page
    site: str
    loaded: int = 0
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> "Window":
        self.page.on("console", lambda message: self._complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfinished", lambda request: self._count(request.response()))
        return self

    def _complain(self, kind: str, text: str) -> None:
        """What is verbose is advice: Chromium gives some about every form that asks for a password alone."""
        if kind != "verbose":
            self.complaints.append(text)

    def _count(self, response: Response | None) -> None:
        """Also what came from the browser's cache: the first load would have fetched it."""
        if response is not None and response.ok:
            self.loaded += len(gzip.compress(response.body()))

    def open(self, look: Look) -> list[str]:
        """The page with this person signed in; what is wrong with it."""
        self.loaded, self.complaints = 0, []
        self._sign_in(look.who)
        answer = self.page.goto(self.site + look.address)
        if answer is None or answer.status != look.status:
            return [f"answered {answer and answer.status}, expected {look.status}"]
        return [*self._seen(), *self._heard(look.status)]

    def _sign_in(self, who: str) -> None:
        name = settings.SESSION_COOKIE_NAME
        self.page.context.clear_cookies()
        if who:
            value = signed_in(person(who)).cookies[name].value
            self.page.context.add_cookies([{"name": name, "value": value, "url": self.site}])

    def _seen(self) -> Iterator[str]:
        for each in Axe().run(self.page, options=AA).response["violations"]:
            yield f"axe: {each['id']} {each['nodes'][0]['html'][:120]}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            yield f"{wider} px wider than the screen"

    def _heard(self, status: int) -> Iterator[str]:
        if self.loaded > LIMIT:
            yield f"loads {self.loaded} bytes"
        for each in self.complaints:
            if status == 200 or f"status of {status}" not in each:  # an error page, rightly
                yield each


def window(browser: Browser, site: LiveServer, screen: Screen) -> Window:
    context = browser.new_context(
        locale=screen.locale,
        color_scheme="dark" if screen.scheme == "dark" else "light",
        viewport={"width": screen.width, "height": 900},
    )
    return Window(context.new_page(), site.url).listen()


@pytest.fixture
def every_look(demo_database: FreshDatabase) -> list[Look]:
    return looks(prepare())


def test_every_route_is_looked_at_or_shows_no_page(every_look: list[Look]) -> None:
    looked_at = {look.route for look in every_look}
    assert looked_at.isdisjoint(NO_PAGES)
    known = looked_at | set(NO_PAGES) | set(NOT_IN_THE_DEMO_WORLD)
    tried = {look.route for look in found(known)}
    assert set(routes()) - looked_at - tried - set(NO_PAGES) == set(NOT_IN_THE_DEMO_WORLD)
    client = signed_in(person("steward"))
    assert [name for name in NO_PAGES if client.get(_address(name)).status_code == 200] == []


@pytest.mark.slow
@pytest.mark.usefixtures("every_look")
def test_no_route_that_is_said_to_have_no_row_can_be_opened() -> None:
    assert found(set(routes()) - set(NOT_IN_THE_DEMO_WORLD)) == []


def _address(name: str) -> str:
    """Of a route without a page; its rows do not matter."""
    pattern = routes()[name].pattern
    return reverse(
        name,
        kwargs={key: 1 if name.startswith("verify") else UUID(int=1) for key in pattern.converters},
    )


def test_each_page_is_sound_on_one_kind_of_screen(
    demo_site: LiveServer, browser: Browser, every_look: list[Look]
) -> None:
    windows = {screen: window(browser, demo_site, screen) for screen in SCREENS}
    turns = list(zip(every_look, cycle(SCREENS), strict=False))
    assert {screen for _, screen in turns} == set(SCREENS)
    assert [
        f"{look}, {screen}: {it}" for look, screen in turns for it in windows[screen].open(look)
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_each_page_is_sound_on_every_kind_of_screen(
    screen: Screen, demo_site: LiveServer, browser: Browser, every_look: list[Look]
) -> None:
    opened = window(browser, demo_site, screen)
    known = {look.route for look in every_look} | set(NO_PAGES)
    assert [
        f"{it}: {each}" for it in [*every_look, *found(known)] for each in opened.open(it)
    ] == []
