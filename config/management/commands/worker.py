"""The job worker, with the clock of the program running in it."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.clock import wind_up


class Command(BaseCommand):
    help = "Does what pages leave to be done and what the program does by itself: notices, mails, daily checks."

    def handle(self, *args: Any, **options: Any) -> None:
        wind_up(timezone.now())
        call_command("db_worker", reload=False)
