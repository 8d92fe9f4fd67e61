"""For installations whose jobs are started by cron: the same as the worker does every few seconds."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reporting.clock import tell


class Command(BaseCommand):
    help = "Tell people of what happened and of what is due, and send the mails that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = tell(timezone.now())
        counts = {
            "sent": done.sent,
            "void": done.void,
            "failed": done.failed,
            "unsure": done.unsure,
        }
        self.stdout.write(
            json.dumps(counts)
            if options["json"]
            else f"{done.sent} mails sent, {done.void} had nothing left to say, {done.failed} failed,"
            f" of {done.unsure} it is not known."
        )
