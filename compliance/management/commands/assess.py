import json
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from agencies.context import acting_as
from compliance.assess import assess_builds
from compliance.models import RuleResult, Standing
from compliance.stale import stale_builds


class Command(BaseCommand):
    help = "Evaluate what is stale again: every rule on every build, and the standing of every aircraft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="evaluate everything, stale or not")
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        done = assess_builds(None if options["all"] else stale_builds())
        report = {
            "rules": done.rules,
            "builds": done.builds,
            **_outcomes(),
            "seconds": round(time.perf_counter() - began, 3),
        }
        self.stdout.write(json.dumps(report) if options["json"] else _sentence(report))


def _outcomes() -> dict[str, Any]:
    today = timezone.localdate()
    with acting_as(None):
        results = Counter(RuleResult.objects.on(today).values_list("outcome", flat=True))
        standings = Standing.objects.unscoped(
            reason="the report counts the fleets of all agencies"
        ).on(today)
        states = Counter(standings.values_list("state", flat=True))
    return {"aircraft": sum(states.values()), "outcomes": dict(results), "standings": dict(states)}


def _sentence(report: dict[str, Any]) -> str:
    outcomes = ", ".join(
        f"{count} {outcome}" for outcome, count in sorted(report["outcomes"].items())
    )
    return (
        f"{report['builds']} builds evaluated under {report['rules']} rules in {report['seconds']} s: "
        f"{outcomes or 'no results'}; {report['aircraft']} aircraft stand."
    )
