"""The page of the interface in a real browser, under the site's own policy."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.context import acting_as
from tests.api.programs import API
from tests.people import settle


@pytest.fixture
def page_of_aiko(site: LiveServer, browser: Browser) -> Iterator[Page]:
    client, aiko = Client(), settle().people.aiko
    with acting_as(aiko):
        client.force_login(aiko)
    context = browser.new_context(base_url=site.url, locale="en-GB")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])
    yield context.new_page()
    context.close()


def test_the_page_shows_every_operation_and_the_browser_has_nothing_to_say(
    page_of_aiko: Page,
) -> None:
    said: list[str] = []
    page_of_aiko.on("console", lambda message: said.append(message.text))
    page_of_aiko.on("pageerror", lambda error: said.append(str(error)))
    page_of_aiko.goto(f"{API}/docs/")
    expect(page_of_aiko.get_by_role("button", name="POST /api/v1/check/").first).to_be_visible()
    page_of_aiko.get_by_role("button", name="GET /api/v1/agencies/").first.click()
    page_of_aiko.get_by_role("button", name="Try it out").first.click()
    page_of_aiko.get_by_role("button", name="Execute").first.click()
    expect(page_of_aiko.get_by_text('"Japan Coast Guard"').first).to_be_visible()
    assert said == []
