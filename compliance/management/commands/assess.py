import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, QuerySet
from django.utils import timezone

from agencies.context import acting_as
from compliance.feed import assess_everything, assess_touched
from compliance.models import RuleResult, Standing


class Command(BaseCommand):
    help = "Evaluate what is stale again: every rule on every build, and the standing of every aircraft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="look at everything, stale or not")
        parser.add_argument(
            "--afresh",
            action="store_true",
            help="with --all: work out every result, those too whose facts and rule did not change",
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object and nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        done = assess_everything(afresh=options["afresh"]) if options["all"] else assess_touched()
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
        results = _counted(RuleResult.objects.on(today), "outcome")
        standings = Standing.objects.unscoped(
            reason="the report counts the fleets of all agencies"
        ).on(today)
        states = _counted(standings, "state")
    return {"aircraft": sum(states.values()), "outcomes": results, "standings": states}


def _counted(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(number=Count("pk")))


def _sentence(report: dict[str, Any]) -> str:
    outcomes = ", ".join(
        f"{count} {outcome}" for outcome, count in sorted(report["outcomes"].items())
    )
    return (
        f"{report['builds']} builds evaluated under {report['rules']} rules in {report['seconds']} s: "
        f"{outcomes or 'no results'}; {report['aircraft']} aircraft stand."
    )
