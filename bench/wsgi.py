"""The program as it is served, with a header that says how many queries each answer took."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from bench.report import QUERIES_HEADER
from config.wsgi import application as registry

StartResponse = Callable[..., Callable[[bytes], object]]


class Counter:
    """Counts the statements of one answer."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.queries += 1
        return execute(*statement)


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Queries of a streamed body come after the header and are not counted."""
    counter = Counter()

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
        return start_response(status, [*headers, (QUERIES_HEADER, str(counter.queries))], *rest)

    with connection.execute_wrapper(counter):
        return registry(environ, begin)
