import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from compliance.feed import assess_touched
from procurement.recheck import recheck_purchases


class Command(BaseCommand):
    help = (
        "Evaluate what is stale, then send approved and ordered purchases whose dossier no longer holds back"
        " to security review. The worker does this daily, and after each edition and version."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        assessed = assess_touched()
        done = recheck_purchases()
        report = {
            "builds": assessed.builds,
            "purchases": done.looked_at,
            "sent_back": [str(pk) for pk in done.sent_back],
        }
        self.stdout.write(
            json.dumps(report)
            if options["json"]
            else f"{assessed.builds} builds evaluated; {done.looked_at} purchases compared, {len(done.sent_back)} sent back."
        )
