"""What the walks in a real browser share: people of the demo world, each in a window of their own.

On every page the browser must have nothing to say on its console, no rule of the content security policy broken
and no finding of axe.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOCALES = {"en": "en-GB", "ja": "ja-JP"}


@dataclass
class Window:
    """One person's browser window. It remembers what the browser complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def listen(self) -> "Window":
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self

    def open(self, address: str) -> None:
        self.page.goto(self.url + address)
        self.look()

    def look(self) -> None:
        """axe on the page as it stands; once for each kind of page is enough."""
        kind = re.sub(r"[0-9a-f-]{36}|\d+", "…", self.page.url.split("?", maxsplit=1)[0])
        if kind not in self.looked_at:
            self.looked_at.add(kind)
            found = Axe().run(self.page, options=AA).response["violations"]
            assert not found, (kind, [(f["id"], [n["html"] for n in f["nodes"]]) for f in found])

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        self.look()


Enter = Callable[[str], Window]
"""Signs a person of the demo world in, by the first part of their address."""


@pytest.fixture(params=sorted(LOCALES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def enter(demo_site: LiveServer, browser: Browser, language: str) -> Iterator[Enter]:
    windows: list[Window] = []

    def sign_in(name: str) -> Window:
        page = browser.new_context(locale=LOCALES[language]).new_page()
        window = Window(page, demo_site.url).listen()
        windows.append(window)
        window.open("/accounts/login/")
        page.fill("input[name=login]", f"{name}@demo.example")
        page.fill("input[name=password]", settings.DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        expect(page.locator("nav a[href='/drones/']")).to_be_attached()
        window.look()
        return window

    yield sign_in
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.page.context.close()
    assert complaints == []
