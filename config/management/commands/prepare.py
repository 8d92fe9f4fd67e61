"""What run.py does before it serves, in one process: a start of Django takes longer than all of these together."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from config.health import migrations_are_missing
from config.roles import OWNER_ALIAS
from config.translations import compile_all


class Command(BaseCommand):
    help = "Compiles the translations, migrates where needed, loads the demo world or collects static files."

    def handle(self, *args: Any, **options: Any) -> None:
        compile_all()
        if migrations_are_missing(connections[DEFAULT_DB_ALIAS]):
            self._migrate()
        if settings.DEMO:
            call_command("demo", stdout=self.stdout)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _migrate(self) -> None:
        if OWNER_ALIAS not in settings.DATABASES:
            raise CommandError(
                "The database is behind the program: set DATABASE_OWNER_URL, or let its administrator "
                "run `python3 run.py manage migrate` with it."
            )
        self.stderr.write("Migrating the database …")
        call_command("migrate", verbosity=0)
