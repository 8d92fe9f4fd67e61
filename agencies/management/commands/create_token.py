from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.context import acting_as
from agencies.models import Person
from agencies.tokens import LONGEST, issue_token

REFUSED = 2


class Command(BaseCommand):
    help = "Makes a token by which a program acts as this person, and prints it this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")
        parser.add_argument("--read-only", action="store_true", help="refuses every change")
        parser.add_argument(
            "--days",
            type=int,
            default=90,
            metavar="N",
            help=f"how long it is good, 1 to {LONGEST} days (90 unless said otherwise)",
        )

    def handle(self, *args: Any, email: str, read_only: bool, days: int, **options: Any) -> None:
        with acting_as(None, reason="create_token"):
            secret = self._issue(email, days, read_only)
        self.stdout.write(secret)

    def _issue(self, email: str, days: int, read_only: bool) -> str:
        try:
            person = Person.objects.get(email__iexact=email)
            return issue_token(
                person=person, days=days, read_only=read_only, today=timezone.localdate()
            )
        except Person.DoesNotExist:
            raise CommandError(f"Nobody signs in as {email}.", returncode=REFUSED) from None
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages), returncode=REFUSED) from refused
