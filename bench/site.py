"""The site under gunicorn with two workers, and people and programs who read it over HTTP."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final, Self
from urllib.parse import urlencode

from bench.report import QUERIES_HEADER
from bench.seed_people import PASSWORD
from config.embedded import PROJECT

WORKERS: Final = 2
PATIENCE: Final = 60  # seconds until the site answers; the longest that one answer may take
KEPT: Final = 1  # seconds; gunicorn keeps an idle connection for two
TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class AnswerError(RuntimeError):
    """The site answered something else than what is measured."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`ms`: from sending the request to the last byte of the body. `first_ms`: to the status line."""

    status: int
    ms: float
    first_ms: float
    queries: int | None
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """Runs while its block does. DEBUG is off, and statements have the time limit of every site."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        environment = {k: v for k, v in os.environ.items() if k != "STATEMENT_TIMEOUT_MS"}
        words = [
            *("-m", "gunicorn", "bench.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--workers", str(WORKERS), "--worker-class", "gthread", "--threads", "4"),
            *("--no-control-socket", "--log-level", "error", "--preload"),
        ]
        self._server = subprocess.Popen([sys.executable, *words], cwd=PROJECT, env=environment)
        self._await()
        return self

    def __exit__(self, *error: object) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(PATIENCE)

    def _await(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._server is None or self._server.poll() is not None:
                raise AnswerError("The server ended before it answered; its messages are above.")
            try:
                if Browser(self.port).get("/livez").status == http.HTTPStatus.OK:
                    return
            except OSError:
                time.sleep(0.1)
        raise AnswerError(f"The site did not answer within {PATIENCE} s.")

    def signed_in(self, email: str) -> "Browser":
        """A browser in which this person has signed in through the page, in English."""
        browser = Browser(self.port)
        page = browser.get("/accounts/login/")
        token = TOKEN.search(page.text)
        if token is None:
            raise AnswerError("The sign-in page has no form.")
        form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        answer = browser.post("/accounts/login/", form)
        if answer.status != http.HTTPStatus.FOUND:
            raise AnswerError(f"{email} could not sign in: {answer.status}")
        return browser

    def program(self, secret: str) -> "Browser":
        """A client of the API with this token."""
        return Browser(self.port, {"Authorization": f"Bearer {secret}"})


@dataclass(slots=True)
class Browser:
    """One connection that is kept, with its cookies."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None
    _used: float = 0

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(form).encode(), kind)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        connection = self._connect()
        began = time.perf_counter()
        connection.request(method, path, body, self._headers(headers or {}))
        answer = connection.getresponse()
        first = time.perf_counter()
        content = answer.read()
        done, self._used = time.perf_counter(), time.monotonic()
        self._remember(answer)
        queries = answer.headers.get(QUERIES_HEADER)
        return Answer(
            status=answer.status,
            ms=(done - began) * 1_000,
            first_ms=(first - began) * 1_000,
            queries=None if queries is None else int(queries),
            headers=dict(answer.headers.items()),
            body=content,
        )

    def _connect(self) -> http.client.HTTPConnection:
        """The server closes a connection that was not used for a while; one is open before the clock starts."""
        if self._connection is None or time.monotonic() - self._used > KEPT:
            if self._connection is not None:
                self._connection.close()
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self._connection.connect()
        return self._connection

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Accept-Language": "en", "Cookie": cookies, **self.headers, **more}

    def _remember(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
