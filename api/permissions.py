"""What a request may do before anybody looks at what it is about."""

from typing import Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from agencies.models import ApiToken, Person
from procurement.errors import NotAllowed

STORES_NOTHING: Final = "stores_nothing"


def person_of(request: Request) -> Person:
    """Who asks. Raises NotAuthenticated for strangers."""
    if not isinstance(request.user, Person):
        raise NotAuthenticated
    return request.user


class IsMember(BasePermission):
    """Signed in, and holding a role somewhere today."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not person_of(request).scope.grants:
            raise NotAllowed(
                "member",
                _(
                    "You hold no role at any agency today. Ask the administrator of your agency for one."
                ),
            )
        return True


class TokenMayWrite(BasePermission):
    """A token made for reading changes nothing. Views marked `stores_nothing` are reading too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        reading = request.method in SAFE_METHODS or getattr(view, STORES_NOTHING, False)
        if not reading and isinstance(request.auth, ApiToken) and request.auth.read_only:
            raise NotAllowed("read_only_token", _("This token is for reading only."))
        return True
