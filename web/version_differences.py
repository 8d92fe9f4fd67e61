"""What a version of a policy changes against the one before, rule by rule, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from policy.decoding import rule_examples, rule_facts
from policy.models import PolicyVersion, ReferenceList, Rule
from web.elements import Change
from web.rule_sentences import criterion_sentences, held_sentences, scope_text
from web.values import mission_names


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """`state` is added, removed, changed or same; `changes` are the fields that differ."""

    code: str
    rule: Rule
    state: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionDifference:
    before: PolicyVersion
    changes: tuple[Change, ...]
    rules: tuple[RuleDifference, ...]


def version_before(version: PolicyVersion) -> PolicyVersion | None:
    """The version it was copied from, or else the published one that began last before it."""
    if version.based_on is not None:
        return version.based_on
    begins = version.in_force.lower
    earlier = (
        PolicyVersion.objects.published().filter(policy=version.policy_id).exclude(pk=version.pk)
    )
    return earlier.filter(in_force__startswith__lt=begins).order_by("-in_force").first()


def difference(version: PolicyVersion) -> VersionDifference | None:
    """None for the first version of a policy."""
    before = version_before(version)
    if before is None:
        return None
    old = {rule.code: rule for rule in before.rules.all()}
    new = {rule.code: rule for rule in version.rules.all()}
    names = {each.code: str(each) for each in ReferenceList.objects.all()}
    return VersionDifference(
        before, _version_changes(before, version), tuple(_rules(old, new, names))
    )


def _version_changes(before: PolicyVersion, version: PolicyVersion) -> tuple[Change, ...]:
    pairs = [
        (_("Sensitive missions"), _missions(before), _missions(version)),
        (_("Source"), before.source, version.source),
        (
            _("Longest waiver (months)"),
            str(before.waiver_max_months),
            str(version.waiver_max_months),
        ),
    ]
    return tuple(Change(label, old, new) for label, old, new in pairs if old != new)


def _missions(version: PolicyVersion) -> str:
    return mission_names(version.sensitive_missions)


def _rules(
    old: Mapping[str, Rule], new: Mapping[str, Rule], names: Mapping[str, str]
) -> Iterator[RuleDifference]:
    for code in sorted({*old, *new}):
        if code not in old:
            yield RuleDifference(code, new[code], "added")
        elif code not in new:
            yield RuleDifference(code, old[code], "removed")
        else:
            before, after = _told(old[code], names), _told(new[code], names)
            changes = tuple(
                Change(label, before[label], after[label])
                for label in after
                if before[label] != after[label]
            )
            yield RuleDifference(code, new[code], "changed" if changes else "same", changes)


def _told(rule: Rule, names: Mapping[str, str]) -> dict[str, str]:
    """Each part of the rule in words. A part that cannot be read stands as it is stored."""
    told = {
        _("Clause in Japanese"): rule.clause_local,
        _("Clause in English"): rule.clause_en,
        _("Authoritative language"): rule.authoritative,
        _("Why"): rule.reason,
        _("To be checked"): rule.to_check,
        _("Citation"): rule.citation,
        _("If it fails"): rule.get_level_display(),
        _("If it is unknown"): rule.get_on_unknown_display(),
        _("Least grade of evidence"): str(rule.min_grade),
    }
    return told | _parameters(rule, names)


def _parameters(rule: Rule, names: Mapping[str, str]) -> dict[str, str]:
    try:
        facts, examples = rule_facts(rule), rule_examples(rule)
    except (ValueError, KeyError):
        asks, applies, held = str(rule.criterion), str(rule.scope), str(rule.held)
        shown = str(rule.examples)
    else:
        asks = " ".join(criterion_sentences(facts.criterion, names))
        applies, held = scope_text(facts.scope), " ".join(held_sentences(facts.held))
        shown = _("; ").join(f"{each.title.en}: {each.expected.value}" for each in examples)
    return {
        _("What it asks"): asks,
        _("Where it applies"): applies,
        _("Aircraft already held"): held,
        _("Examples"): shown,
    }
