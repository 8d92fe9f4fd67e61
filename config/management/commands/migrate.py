"""Django's migrate, on the owner's connection: the app role may not change the schema."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import DEFAULT_DB_ALIAS, connections

from config.roles import OWNER_ALIAS


class Command(DjangoMigrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER_ALIAS)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Refuses before Django looks for a connection that is not there."""
        if options["database"] != OWNER_ALIAS or OWNER_ALIAS not in settings.DATABASES:
            raise CommandError("Migrations run as the owner alone: set DATABASE_OWNER_URL.")
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        with owner_everywhere():
            super().handle(*args, **options)


@contextlib.contextmanager
def owner_everywhere() -> Iterator[None]:
    """Gives migrations the owner's connection under the default name too.

    Some packages' data migrations ask for the default connection by name; on a second one they would wait for the lock
    that the migration itself holds.
    """
    app = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[OWNER_ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = app
