"""Errors as problem details (RFC 9457): every answer of 400 and above under `/api/` looks alike.

`type` names the kind of problem for programs, `title` and `detail` say it to people, `errors` holds
sentences by field ("lines.0.build"). What somebody may not see answers as if it did not exist.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core import exceptions as django_errors
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from agencies.models import Person
from audit.attempts import Attempt, Refusal, Told, notice
from procurement.errors import NotAllowed, NotNow
from procurement.models import Move, Purchase
from registry import refusals

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "tag:drone-procurement-registry,2026:problem/"
RETRY_AFTER_SECONDS: Final = "2"
PURCHASES: Final = "/v1/purchases/"

TITLES: Final[Mapping[int, tuple[str, Promise]]] = {
    400: ("invalid", gettext_lazy("The request is not valid")),
    401: ("not-authenticated", gettext_lazy("Sign in first")),
    403: ("not-allowed", gettext_lazy("You may not do this")),
    404: ("not-found", gettext_lazy("Not found")),
    405: ("method-not-allowed", gettext_lazy("This address does not take this method")),
    409: ("not-now", gettext_lazy("Not possible now")),
    413: ("too-large", gettext_lazy("The body is too large")),
    415: ("unsupported-media-type", gettext_lazy("Send the body as JSON")),
    422: ("key-used", gettext_lazy("This key was used for something else")),
    429: ("too-many-requests", gettext_lazy("Too many requests")),
    503: ("busy", gettext_lazy("Busy; try again")),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`more` are members beyond the five of the standard."""

    status: int
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        kind, title = TITLES[self.status]
        return {
            "type": TYPE + kind,
            "title": str(title),
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }


def handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """What REST framework calls with anything raised in a view. None lets an error of ours surface as 500."""
    problem = next((say(error) for kind, say in PROBLEMS if isinstance(error, kind)), None)
    if problem is None:
        return None
    notice_refused(error, context)
    set_rollback()
    return Response(
        problem.body(),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=MEDIA_TYPE,
    )


def notice_refused(error: Exception, context: Mapping[str, Any]) -> None:
    """Note down what somebody tried to change and was refused, for the audit trail."""
    request, view = context["request"], context["view"]
    if isinstance(error, Refusal) and request.method not in SAFE_METHODS:
        table = _table_of(view, request.path)
        records = tuple(str(each) for each in view.kwargs.values())
        what = request.resolver_match.url_name
        notice(Attempt(what, error.guard, table, records, Told.BY_FACE))


def _table_of(view: APIView, path: str) -> str:
    """Where the records are that a view is about; views that only act on purchases have no rows of their own."""
    rows = getattr(view, "queryset", None)
    if rows is not None:
        return str(rows.model._meta.db_table)
    return Purchase._meta.db_table if PURCHASES in path else ""


def not_found(error: Exception) -> Problem:
    """Says nothing of what was looked for, so that hidden and absent are the same bytes."""
    return Problem(404, _("There is nothing here that you may see."))


def _not_allowed(error: NotAllowed) -> Problem:
    return Problem(403, error.message, {"guard": error.guard})


def _not_now(error: NotNow) -> Problem:
    more = {
        "guard": error.guard,
        "differences": [asdict(each) for each in error.differences],
        "moves": [move_json(each) for each in error.moves],
    }
    return Problem(409, error.message, more)


def _aircraft(status: int) -> Callable[[refusals.Refused], Problem]:
    """What did not happen to an aircraft, by the name of its guard."""
    return lambda error: Problem(status, error.message, {"guard": error.guard})


def move_json(move: Move) -> dict[str, Any]:
    """A move as the interface shows it; `actor` is selected with it."""
    return {
        "no": move.no,
        "action": move.action,
        "from": move.from_status,
        "to": move.to_status,
        "at": localtime(move.at).isoformat(),
        "actor": move.actor.email if isinstance(move.actor, Person) else None,
        "acted_for": move.acted_for.email if isinstance(move.acted_for, Person) else None,
        "round": move.round,
        "version": move.version,
        "digest": move.digest,
        "reasons": list(move.reasons),
        "letter": move.letter,
        "answer": move.answer,
    }


def _conflict(error: IntegrityError) -> Problem:
    """Somebody else stored the same between the check and the write, or a rule of the database refused it."""
    return Problem(
        409,
        _("This cannot be stored beside what is stored already. Read it again."),
        {"guard": "stored_already", "differences": [], "moves": []},
    )


def _busy(error: OperationalError) -> Problem:
    """A lock or the time limit of a statement."""
    return Problem(
        503,
        _("The registry is busy with what you asked for. Nothing was stored; try again."),
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )


def _django_invalid(error: django_errors.ValidationError) -> Problem:
    """What the registry refused. Messages without a field belong to the whole."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return _invalid({name.replace("__all__", ""): texts for name, texts in by_field.items()})


def _rest_invalid(error: exceptions.ValidationError) -> Problem:
    by_field: dict[str, list[str]] = {}
    for path, text in _flat(error.detail, ()):
        by_field.setdefault(".".join(path), []).append(text)
    return _invalid(by_field)


def _invalid(by_field: Mapping[str, Sequence[str]]) -> Problem:
    """`errors` by the path of the field, "" for the whole; the detail says the first of them."""
    first, texts = next(iter(by_field.items()))
    detail = f"{first}: {texts[0]}" if first else texts[0]
    return Problem(400, detail, {"errors": {name: list(each) for name, each in by_field.items()}})


def _flat(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path, sentence) of each error of a serializer."""
    if isinstance(detail, Mapping):
        for name, each in detail.items():
            inner = path if name == "non_field_errors" else (*path, str(name))
            yield from _flat(each, inner)
    elif isinstance(detail, list):
        for each in detail:
            yield from _flat(each, path)
    else:
        yield path, str(detail)


def _permission_denied(error: Exception) -> Problem:
    """Refusals with a guard of their own, and REST framework's: a session without its CSRF token."""
    guard = getattr(error, "guard", "csrf")
    return Problem(403, str(error) or str(TITLES[403][1]), {"guard": guard})


def _suspicious(error: django_errors.SuspiciousOperation) -> Problem:
    if isinstance(error, django_errors.RequestDataTooBig):
        return Problem(413, _("The body is too large."))
    return Problem(400, _("The request cannot be read."), {"errors": {}})


def _rest(error: exceptions.APIException) -> Problem:
    """Statuses that REST framework gives; one without a title here is a bad request."""
    known = error.status_code if error.status_code in TITLES else status.HTTP_400_BAD_REQUEST
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    more: dict[str, Any] = {"errors": {}} if known == status.HTTP_400_BAD_REQUEST else {}
    return Problem(known, str(error.detail), more, headers)


# The first that fits is taken.
PROBLEMS: Final[tuple[tuple[type[Exception], Callable[[Any], Problem]], ...]] = (
    (NotAllowed, _not_allowed),
    (NotNow, _not_now),
    (refusals.NotThere, not_found),
    (refusals.NotAllowed, _aircraft(403)),
    (refusals.NotNow, _aircraft(409)),
    (Http404, not_found),
    (Purchase.DoesNotExist, not_found),
    (exceptions.NotFound, not_found),
    (exceptions.ValidationError, _rest_invalid),
    (django_errors.ValidationError, _django_invalid),
    (exceptions.PermissionDenied, _permission_denied),
    (django_errors.PermissionDenied, _permission_denied),
    (exceptions.APIException, _rest),
    (django_errors.SuspiciousOperation, _suspicious),
    (IntegrityError, _conflict),
    (OperationalError, _busy),
)
