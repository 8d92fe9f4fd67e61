"""Reading a dossier: its results, and its answer in one word, in Python for one and in SQL for lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Func,
    JSONField,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from policy.trace import Result
from procurement.models import PurchaseQuerySet


class Answer(TextChoices):
    """Worst first. A purchase without a dossier has no answer yet."""

    FLAGGED = "flagged", _("flagged")
    UNDETERMINED = "undetermined", _("undetermined")
    CLEAN = "clean", _("nothing flagged")


def answer_of(body: Mapping[str, Any]) -> Answer:
    """Flagged: some rule fails, waived or not. Undetermined: none fails, some cannot be decided."""
    verdicts = [build["verdict"] for build in body["builds"]]
    if any(verdict["blocked"] or verdict["consult"] for verdict in verdicts):
        return Answer.FLAGGED
    if any(verdict["unknown"] for verdict in verdicts):
        return Answer.UNDETERMINED
    return Answer.FLAGGED if body["flags"]["flagged"] else Answer.CLEAN


def results_of(build: Mapping[str, Any]) -> Iterator[Result]:
    """The results of one build of a dossier as the engine gave them."""
    for each in build["results"]:
        yield Result.from_json({name: each[name] for name in ("rule", "outcome", "trace")})


class _Exists(Func):
    """Whether a path of the dossier's text leads anywhere."""

    function = "jsonb_path_exists"
    output_field = BooleanField()

    def __init__(self, path: str) -> None:
        super().__init__(Cast("dossier__body", JSONField()), Value(path))


def with_answer(purchases: PurchaseQuerySet) -> PurchaseQuerySet:
    """Each purchase with `answer`: that of the dossier it stands on, None without one."""
    return purchases.annotate(
        answer=Case(
            When(dossier__isnull=True, then=Value(None)),
            When(_Exists("$.builds[*].verdict.blocked[*]"), then=Value(Answer.FLAGGED.value)),
            When(_Exists("$.builds[*].verdict.consult[*]"), then=Value(Answer.FLAGGED.value)),
            When(_Exists("$.builds[*].verdict.unknown[*]"), then=Value(Answer.UNDETERMINED.value)),
            When(_Exists("$.flags.flagged ? (@ == true)"), then=Value(Answer.FLAGGED.value)),
            default=Value(Answer.CLEAN.value),
            output_field=CharField(),
        )
    )
