"""How the database refuses: by SQLSTATE, and by the guard that its own refusals name in the detail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg2
import pytest
from django.db import DatabaseError, transaction

NO_RIGHT: Final = "42501"
NOT_THERE: Final = "RG404"
NOT_ALLOWED: Final = "RG403"
NOT_NOW: Final = "RG409"
BROKEN_KEY: Final = "23503"


@contextmanager
def refused(code: str, guard: str | None = None) -> Iterator[None]:
    """The block must be refused by the database with this SQLSTATE and, where one is given, by this guard."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg2.Error), caught.value
    assert (cause.pgcode, guard and cause.diag.message_detail) == (code, guard), cause
