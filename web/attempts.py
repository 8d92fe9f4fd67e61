"""What a page refused: said to the reader, and noted for the audit trail when something was to be changed."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.attempts import Attempt, Refusal, Told, notice
from web.record_kinds import TABLES

SAFE: Final = ("GET", "HEAD", "OPTIONS")
NOT_ALLOWED: Final = "not_allowed"
"""The guard of pages that only a role opens, and that say so in a sentence of their own."""
OF_SEGMENT: Final = {segment: table for table, segment in TABLES.items()}


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler403`: the page that says why."""
    cause = exception.__cause__
    notice_on_page(request, cause.guard if isinstance(cause, Refusal) else NOT_ALLOWED)
    explanation = exception.args[0] if exception.args else ""
    return render(request, "403.html", {"explanation": explanation}, status=403)


def notice_on_page(request: HttpRequest, guard: str) -> None:
    """The address says what was tried, and on which record."""
    found = request.resolver_match
    if request.method in SAFE or found is None:
        return
    table = OF_SEGMENT.get(found.route.partition("/")[0], "")
    records = tuple(str(each) for each in found.kwargs.values())
    notice(Attempt(found.url_name or found.route, guard, table, records, Told.BY_FACE))
