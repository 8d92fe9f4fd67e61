from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from agencies.context import work_for
from agencies.models import Person
from audit.refused import noting
from standards.uuids import uuid7


class ContextMiddleware:
    """One transaction around each request, in which the database knows who asks.

    ATOMIC_REQUESTS makes the view a part of it: when the view raises, its writes are
    undone and the error page is still rendered with the context. A streamed answer runs
    after this and opens a transaction of its own. What was refused is written down last.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with noting("page"), transaction.atomic():
            person = request.user if isinstance(request.user, Person) else None
            work_for(person, request=str(uuid7()))
            return self.get_response(request)
