"""Versions that are being written: begun from a pack or from the version before, asked for, withdrawn."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from policy.models import Policy, PolicyVersion, ReferenceList, Rule
from policy.packs import Pack, PackRule
from policy.services import faults
from standards.codec import encode

COPIED = (
    "code",
    "clause_en",
    "clause_local",
    "authoritative",
    "reason_en",
    "reason_local",
    "to_check_en",
    "to_check_local",
    "citation",
    "level",
    "on_unknown",
    "min_grade",
    "scope",
    "criterion",
    "held",
    "examples",
)
"""All of a rule except which version it belongs to."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a pack made; all empty when everything was there already."""

    version: PolicyVersion
    new: bool
    lists: tuple[str, ...]


@transaction.atomic
def load_pack(*, pack: Pack, by: Person | None = None) -> Loaded:
    """The policy of a pack with a draft of its version. What is there already stays as it is.

    Lists that the pack names are begun without an edition: who keeps them says what is on them.
    """
    policy, _new = Policy.objects.get_or_create(
        code=pack.policy,
        defaults={
            "name_en": pack.name.en,
            "name_local": pack.name.ja,
            "illustrative": pack.illustrative,
        },
    )
    lists = tuple(each.code for each in pack.lists if _begin_list(pack, each.code))
    known = policy.versions.filter(label=pack.version).first()
    if known is not None:
        return Loaded(known, new=False, lists=lists)
    version = PolicyVersion.objects.create(
        policy=policy,
        label=pack.version,
        in_force=DateRange(pack.in_force_from, pack.in_force_to),
        sensitive_missions=list(pack.sensitive_missions),
        source=pack.source,
        waiver_max_months=pack.waiver_max_months,
        drafted_by=by,
    )
    for rule in pack.rules:
        _rule(version, rule).save()
    return Loaded(version, new=True, lists=lists)


def _begin_list(pack: Pack, code: str) -> bool:
    """Raises ValidationError where a list of this code is of another kind."""
    asked = next(each for each in pack.lists if each.code == code)
    defaults = {
        "kind": asked.kind,
        "name_en": asked.name.en,
        "name_local": asked.name.ja,
        "kept_by": asked.kept_by,
        "illustrative": pack.illustrative,
    }
    stored, new = ReferenceList.objects.get_or_create(code=code, defaults=defaults)
    if stored.kind != asked.kind:
        raise ValidationError(
            _("The list %(code)s is of another kind than the pack asks: %(kind)s.")
            % {"code": code, "kind": asked.kind}
        )
    return new


def _rule(version: PolicyVersion, rule: PackRule) -> Rule:
    return Rule(
        version=version,
        code=rule.code,
        clause_en=rule.clause.en,
        clause_local=rule.clause.ja,
        authoritative=rule.authoritative,
        reason_en=rule.reason.en,
        reason_local=rule.reason.ja,
        to_check_en=rule.to_check.en,
        to_check_local=rule.to_check.ja,
        citation=rule.citation,
        level=rule.level.name.lower(),
        on_unknown=rule.on_unknown.name.lower(),
        min_grade=rule.min_grade.value,
        scope=encode(rule.scope),
        criterion=encode(rule.criterion),
        held=encode(rule.held),
        examples=[example.to_json() for example in rule.examples],
    )


@transaction.atomic
def start_draft(*, before: PolicyVersion, label: str, by: Person) -> PolicyVersion:
    """A draft with all rules of a version, to be changed. Raises ValidationError where the label is taken."""
    draft = PolicyVersion(
        policy=before.policy,
        label=label,
        in_force=DateRange(timezone.localdate(), None),
        sensitive_missions=before.sensitive_missions,
        source=before.source,
        waiver_max_months=before.waiver_max_months,
        based_on=before,
        drafted_by=by,
    )
    draft.full_clean()
    draft.save()
    for rule in before.rules.all():
        Rule.objects.create(version=draft, **{name: getattr(rule, name) for name in COPIED})
    return draft


@transaction.atomic
def propose(*, version: PolicyVersion, by: Person) -> None:
    """Ask a second officer to publish. Raises ValidationError with all that keeps it from being published."""
    held = _held(version, PolicyVersion.Status.DRAFT)
    if found := faults(held):
        raise ValidationError(found)
    held.status = PolicyVersion.Status.PROPOSED
    held.proposed_by, held.proposed_at = by, timezone.now()
    held.save(update_fields=["status", "proposed_by", "proposed_at"])


@transaction.atomic
def take_back(*, version: PolicyVersion) -> None:
    """Back to being a draft, to be changed: by whoever asked, or by the second officer."""
    held = _held(version, PolicyVersion.Status.PROPOSED)
    held.status, held.proposed_by, held.proposed_at = PolicyVersion.Status.DRAFT, None, None
    held.save(update_fields=["status", "proposed_by", "proposed_at"])


@transaction.atomic
def withdraw(*, version: PolicyVersion) -> None:
    """Give a draft up for good; it stays to be read."""
    held = _held(version, PolicyVersion.Status.DRAFT, PolicyVersion.Status.PROPOSED)
    held.status = PolicyVersion.Status.WITHDRAWN
    held.save(update_fields=["status"])


def _held(version: PolicyVersion, *expected: PolicyVersion.Status) -> PolicyVersion:
    """The version, locked, if it still is what the page showed; else ValidationError."""
    held = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if held.status not in expected:
        raise ValidationError(
            _("This version is %(status)s by now. Reload the page.")
            % {"status": held.get_status_display()}
        )
    return held
