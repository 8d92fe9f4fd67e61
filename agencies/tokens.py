"""Tokens by which programs act as a person: 256 random bits, of which only the digest is kept."""

import secrets
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import ApiToken, Person

PREFIX: Final = "drg_"
SECRET_BYTES: Final = 32
LONGEST: Final = 366


def issue_token(*, person: Person, days: int, read_only: bool, today: date) -> str:
    """Store a token of this person that is good through `today + days` and answer its secret.

    The secret cannot be read again. Raises ValidationError when the person may not sign in or
    the days are none or more than a year.
    """
    if not person.is_active:
        raise ValidationError(_("This person may not sign in, so no program may act for them."))
    if not 1 <= days <= LONGEST:
        raise ValidationError(
            _("A token is good for 1 to %(longest)d days.") % {"longest": LONGEST}
        )
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    ApiToken.objects.create(
        person=person,
        digest=ApiToken.digest_of(secret),
        read_only=read_only,
        expires_on=today + timedelta(days=days),
    )
    return secret


def find_token(secret: str, today: date) -> ApiToken | None:
    """The token with this secret, with its person; None when there is none that is good today.

    Found by its digest, so that the time it takes tells nothing about stored secrets. One query.
    """
    tokens = ApiToken.objects.select_related("person")
    token = tokens.filter(digest=ApiToken.digest_of(secret), person__is_active=True).first()
    return token if token is not None and token.valid_on(today) else None
