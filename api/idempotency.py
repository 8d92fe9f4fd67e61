"""`Idempotency-Key`: a change that is sent twice under one key is done once and answered with the same bytes."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Person
from api.permissions import STORES_NOTHING
from records.kept_answers import held_answer, keep_answer
from records.models import KeptAnswer

HEADER: Final = "Idempotency-Key"
LONGEST_KEY: Final = 100
KEY: Final = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
Handler = Callable[..., Response]


class KeyUsed(APIException):
    status_code = 422


def takes_key(method: str | None, view: object) -> bool:
    """Whether the operation changes something."""
    return method not in SAFE_METHODS and not getattr(view, STORES_NOTHING, False)


def key_of(request: Request, view: object) -> str | None:
    """The key that a change was sent under; None without one, and for what changes nothing."""
    key = request.headers.get(HEADER)
    if key is None or not takes_key(request.method, view):
        return None
    if not KEY.fullmatch(key):
        why = _("Between 1 and %(longest)d letters, digits and signs of ASCII, without blanks.")
        raise ValidationError({HEADER: [why % {"longest": LONGEST_KEY}]})
    return str(key)


def once(
    handler: Handler, key: str, person: Person, request: Request, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    """What was kept under the key, or else what the handler answers, which is kept.

    A refusal raises, is undone with everything else, and leaves the key free.
    """
    digest = _digest(request)
    kept = held_answer(person, key)
    if kept is None:
        kept = _answered(handler(request, *args, **kwargs), request)
        kept.person, kept.key, kept.digest = person, key, digest
        keep_answer(kept)
    elif kept.digest != digest:
        raise KeyUsed(_used_for(kept, request))
    return _as_sent(kept)


def _digest(request: Request) -> str:
    """Of the method, the address and the body, byte for byte."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).hexdigest()


def _answered(response: Response, request: Request) -> KeptAnswer:
    renderer = request.accepted_renderer
    return KeptAnswer(
        method=str(request.method),
        path=request.path,
        status=response.status_code,
        body=renderer.render(response.data, renderer.media_type),
        at=timezone.now(),
    )


def _used_for(kept: KeptAnswer, request: Request) -> str:
    names = {
        "key": kept.key,
        "what": f"{kept.method} {kept.path}",
        "at": timezone.localtime(kept.at).isoformat(timespec="seconds"),
    }
    if (kept.method, kept.path) == (request.method, request.path):
        return (
            _("The key %(key)s was used for %(what)s at %(at)s with another body. Use a new key.")
            % names
        )
    return _("The key %(key)s was used for %(what)s at %(at)s. Use a new key.") % names


def _as_sent(kept: KeptAnswer) -> HttpResponse:
    body = bytes(kept.body)
    response = HttpResponse(body, status=kept.status, content_type="application/json")
    if not body:
        del response["Content-Type"]
    return response
