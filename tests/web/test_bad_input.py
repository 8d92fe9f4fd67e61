"""What no form takes: a clear sentence in the reader's language, 4xx, nothing stored, and the site goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.conf import settings
from django.test import Client

from agencies.context import acting_as
from audit.models import Event
from tests.people import Society
from tests.web.pages import Answer, shown, signed_in
from tests.web.test_drones import given
from tests.worlds import World

URLENCODED = "application/x-www-form-urlencoded"
UNSEEN = {
    "en": "Contains characters that cannot be seen: {}.",
    "ja": "目に見えない文字が含まれています: {}。",
}
LOST = {
    "en": "Contains characters that were lost on the way (U+FFFD).",
    "ja": "送信の途中で失われた文字(U+FFFD)が含まれています。",
}
TEXTS: dict[str, tuple[bytes, dict[str, str]]] = {
    "NUL": (b"a\0b", {each: text.format("U+0000") for each, text in UNSEEN.items()}),
    "lone surrogate": (b"a\xed\xa0\x80b", LOST),
    "no UTF-8": (b"a\xff\xfeb", LOST),
    "right-to-left override": (
        "a\u202eb".encode(),
        {each: text.format("U+202E") for each, text in UNSEEN.items()},
    ),
    "bell": (b"a\x07b", {each: text.format("U+0007") for each, text in UNSEEN.items()}),
}


@dataclass(frozen=True)
class Form:
    """Where it stands, what is filled in rightly, and its fields of text."""

    address: str
    filled: dict[str, Any]
    texts: tuple[str, ...]


def _drone(society: Society, world: World) -> Form:
    texts = ("serial_number", "place", "note", "firmware", "registration_id", "custodian_name")
    return Form("/drones/new/", given(world, society.tree.coast_guard), texts)


def _vendor(society: Society, world: World) -> Form:
    return Form(
        "/vendors/new/", {"name": "Hoshi", "name_local": "星"}, ("name", "name_local", "note")
    )


def _model(society: Society, world: World) -> Form:
    maker = f"Sora Aircraft #{world.sora.pk}"
    filled = {"manufacturer": maker, "name": "S-2", "serial_scheme": "maker"}
    return Form("/models/new/", filled, ("name",))


def _build(society: Society, world: World) -> Form:
    address = f"/models/{world.clean.model_id}/builds/new/"
    return Form(address, {"name": "Lot 7", "design": "own"}, ("name",))


FORMS: dict[str, Callable[[Society, World], Form]] = {
    "drone": _drone,
    "vendor": _vendor,
    "model": _model,
    "build": _build,
}


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, society: Society, world: World) -> Form:
    return FORMS[request.param](society, world)


@pytest.fixture
def untouched(society: Society, world: World) -> Iterator[None]:
    """Nothing is recorded meanwhile, and the site answers."""
    before = _events()
    yield
    assert _events() == before
    assert shown(signed_in(society.people.aiko), "/drones/")


def _events() -> int:
    with acting_as(None):
        return Event.objects.count()


def _send(client: Client, address: str, filled: dict[str, Any]) -> Answer:
    pairs = [
        (name, each)
        for name, value in filled.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    body = "&".join(f"{name}={quote_from_bytes(_bytes(value))}" for name, value in pairs)
    return client.post(address, body, content_type=URLENCODED)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_that_cannot_be_seen_is_refused_at_its_field(
    kind: str, form: Form, society: Society, untouched: None
) -> None:
    text, sentences = TEXTS[kind]
    for language, sentence in sentences.items():
        client = signed_in(society.people.aiko, language=language)
        filled = {**form.filled, **dict.fromkeys(form.texts, text)}
        answer = _send(client, form.address, filled)
        assert answer.status_code == 422
        assert answer.content.decode().count(sentence) >= len(form.texts)
        assert set(answer.context["form"].errors) == set(form.texts)


@pytest.mark.parametrize(
    "number", ["999999", "9" * 30, "-1", "x", "\N{FULLWIDTH DIGIT NINE}" * 6, "\0"]
)
def test_an_id_that_is_not_there_is_refused_at_its_field(
    number: str, society: Society, world: World, untouched: None
) -> None:
    client = signed_in(society.people.aiko, language="ja")
    filled = given(world, society.tree.coast_guard)
    for name in ("agency", "build", "custodian"):
        answer = _send(client, "/drones/new/", {**filled, name: number})
        assert answer.status_code == 422
        assert name in answer.context["form"].errors
    answer = _send(client, "/models/new/", {"manufacturer": f"#{number}", "name": "S-2"})
    assert answer.status_code == 422
    assert "manufacturer" in answer.context["form"].errors


SENT: dict[str, tuple[Callable[[], str], str]] = {
    "10,000 fields": (
        lambda: urlencode([(f"x{number}", "1") for number in range(10_000)]),
        "送信された項目の数が、どの様式よりも多くなっています。何も保存していません。",
    ),
    "10 MB": (
        lambda: "note=" + "x" * 10_000_000,
        "送信された内容が、どの様式よりも大きくなっています。何も保存していません。",
    ),
}


@pytest.mark.parametrize("kind", SENT)
def test_more_than_any_form_has_is_refused_as_a_whole(
    kind: str, form: Form, society: Society, untouched: None
) -> None:
    body, sentence = SENT[kind]
    client = signed_in(society.people.aiko, language="ja")
    answer = client.post(form.address, body(), content_type=URLENCODED)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert sentence in page
    assert "<h1>送信された内容を読み取れません</h1>" in page


def test_a_file_of_100_mb_is_refused_before_it_is_read_in_the_language_of_the_reader(
    society: Society, untouched: None
) -> None:
    client = signed_in(society.people.aiko, language="ja")
    announced = str(100 * settings.LARGEST_UPLOAD)
    answer = client.post(
        "/imports/new/",
        b"--x--",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=announced,
    )
    assert answer.status_code == 400
    assert "40MB" in answer.content.decode().replace(" ", "")
