"""The description of the interface is complete and true, and its page obeys the site's policy."""

import re
from io import StringIO

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from agencies.context import acting_as
from tests.api.programs import API, program_of
from tests.people import Society


def test_the_description_is_made_without_a_warning_and_is_valid_openapi_3_1() -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out, stderr=out)
    assert out.getvalue().startswith("openapi: 3.1")


def test_every_operation_names_its_problems_and_how_to_sign_in(society: Society) -> None:
    described = program_of(society.people.aiko).get(f"{API}/schema/").json()
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for address, methods in described["paths"].items():
        for method, operation in methods.items():
            problems = {"400", "401", "403", "404", "429"} | ({"409"} if method != "get" else set())
            assert problems <= set(operation["responses"]), (address, method)
            assert "application/problem+json" in operation["responses"]["404"]["content"]
            assert {"token": []} in operation["security"]


def test_the_description_names_filters_with_their_values(society: Society) -> None:
    described = program_of(society.people.aiko).get(f"{API}/schema/").json()
    given = {
        each["name"]: each["schema"]
        for each in described["paths"][f"{API}/drones/"]["get"]["parameters"]
    }
    assert given["held"] == {"type": "boolean"}
    assert given["maker"] == {"type": "integer"}
    assert "phase_out" in given["standing"]["items"]["enum"]
    assert {"cursor", "page_size"} <= set(given)


@pytest.fixture
def browser(society: Society) -> Client:
    client = Client()
    with acting_as(None):
        client.force_login(society.people.aiko)
    return client


def test_the_page_has_nothing_inline_and_every_file_it_names_is_there(browser: Client) -> None:
    page = browser.get(f"{API}/docs/").content.decode()
    assert not re.search(r"<style|style=|\son\w+=|<script>|<script[^>]*>[^<]", page)
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(sources) == 4
    for source in sources:
        if source.startswith("/static/"):
            assert finders.find(source.removeprefix("/static/")), source
        else:
            script = browser.get(source.replace("&amp;", "&"))
            assert script["Content-Type"] == "application/javascript"
            assert b"/api/v1/schema/" in script.content


def test_the_page_sends_strangers_to_the_sign_in_page(db: None) -> None:
    answer = Client().get(f"{API}/docs/")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={API}/docs/")


def test_the_description_comes_as_yaml_when_asked_for(society: Society) -> None:
    answer = program_of(society.people.aiko).get(f"{API}/schema/?format=yaml")
    assert answer.content.startswith(b"openapi: 3.1")
