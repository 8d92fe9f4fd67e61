"""How a page gets its reader and its object: the one place that decides who sees what.

An object that the reader may not see does not exist for them (404, the same bytes); one that
they may see but not act on answers 403 with the reason.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeAlias, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from agencies.models import Person

P = ParamSpec("P")
M = TypeVar("M", bound=models.Model)
Response = TypeVar("Response", bound=HttpResponseBase)


class MemberRequest(HttpRequest):
    """A request behind `signed_in`: somebody is there, and htmx has been looked for."""

    user: Person
    htmx: HtmxDetails


View: TypeAlias = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
Route: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

NO_ROLE = _("You hold no role at any agency today. Ask the administrator of your agency for one.")


def signed_in(*methods: str, members_only: bool = True) -> Callable[[View[P]], Route[P]]:
    """A page for people who signed in and, unless said otherwise, hold a role somewhere today.

    Strangers are sent to the sign-in page whatever they asked for; other methods get 405.
    """

    def decorate(view: View[P]) -> Route[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, Person):
                return redirect_to_login(request.get_full_path())
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            refuse_unless(bool(request.user.scope.grants) or not members_only, NO_ROLE)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # narrowed above: the user is a Person

        return guarded

    return decorate


page = signed_in("GET", "HEAD")
"""Shows something."""
download = signed_in("GET")
"""Gives out a file, and leaves a line in the history each time."""
form_page = signed_in("GET", "HEAD", "POST")
"""Shows a form and takes it."""
action = signed_in("POST")
"""Does one thing."""


def found(rows: "models.QuerySet[M]", **lookup: object) -> M:
    """The one row of these, which were scoped already, or 404 without a word about why."""
    try:
        return rows.get(**lookup)
    except ObjectDoesNotExist:
        raise Http404 from None


def refuse_unless(allowed: bool, why: str | Promise) -> None:
    """For what the reader may see but not do: 403 with this sentence."""
    if not allowed:
        raise PermissionDenied(why)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`handler400`: the page that says what was wrong with the address, or with what was sent."""
    too_much = _TOO_MUCH.get(type(exception))
    explanation = too_much or (exception.args[0] if exception.args else "")
    context = {"explanation": explanation, "refused": isinstance(exception, SuspiciousOperation)}
    return render(request, "400.html", context, status=400)


_TOO_MUCH: Final[dict[type[Exception], Promise]] = {
    RequestDataTooBig: _("It is larger than any form here. Nothing of it was stored."),
    TooManyFieldsSent: _("It has more fields than any form here. Nothing of it was stored."),
    TooManyFilesSent: _("It has more files than any form here. Nothing of it was stored."),
}
"""What is said instead of the words of the framework."""
