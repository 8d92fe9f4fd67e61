"""Who asks: a program with a token, or a person whose browser is signed in."""

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.context import work_for
from agencies.models import ApiToken, Person
from agencies.tokens import find_token
from audit.attempts import come_through
from audit.context import told

SCHEME: Final = "Bearer"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer drg_…`. The rest of the transaction works for the token's person.

    The middleware could not know the person yet and began for a stranger.
    """

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        come_through("api")
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = find_token(secret.strip(), timezone.localdate())
        if token is None:
            raise AuthenticationFailed(_("This token is not known, has expired or was revoked."))
        come_through("token")
        work_for(token.person, request=told()["app.request"])
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME
