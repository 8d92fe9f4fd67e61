"""Asking for a waiver, and deciding on one."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Person
from compliance.models import Waiver, WaiverStep
from compliance.waiver_refusals import WaiverRefused
from compliance.waiver_steps import ASKING
from policy.models import PolicyVersion, Rule
from policy.rules import months_after
from registry.models import Drone
from standards.uuids import uuid7
from web.forms.fields import MissionsField, builds_by_maker
from web.templatetags.formats import day_text

FIELD_OF = {
    "role": "agency",
    "rules": "rules",
    "builds": "builds",
    "drones": "drones",
    "retroactive": "valid_from",
    "max_period": "valid_until",
}
"""Where a refusal of the database is shown; any other stands above the form."""


def askable_agencies(person: Person) -> QuerySet[Agency]:
    """The bodies of which this person may ask for waivers."""
    covered = frozenset[int]().union(*(person.scope.where(role) for role in ASKING))
    return Agency.objects.filter(pk__in=sorted(covered))


class RulesField(forms.ModelMultipleChoiceField[Rule]):
    """Rules of the versions in force today, as boxes."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Rule) -> str:
        return f"{obj.version} {obj.code}: {obj.clause}"


def rules_in_force() -> QuerySet[Rule]:
    versions = PolicyVersion.objects.in_force_on(timezone.localdate())
    return (
        Rule.objects.filter(version__in=versions)
        .exclude(level=Rule.Level.INFORM)
        .select_related("version__policy")
    )


class WaiverForm(forms.ModelForm[Waiver]):
    """A request. `key` becomes the id of the waiver, so that a form sent twice is one request."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    rules = RulesField(label=gettext_lazy("Rules"), queryset=Rule.objects.none())
    builds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Builds"),
        queryset=builds_by_maker(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("All aircraft of these builds, also those acquired later."),
    )
    drones = forms.ModelMultipleChoiceField[Drone](
        label=gettext_lazy("Particular aircraft"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    missions = MissionsField(label=gettext_lazy("Missions"), required=False)

    class Meta:
        model = Waiver
        fields = (
            "agency",
            "kind",
            "rules",
            "builds",
            "drones",
            "all_missions",
            "missions",
            "valid_from",
            "valid_until",
            "reason",
            "conditions",
            "extends",
        )
        widgets = {
            "kind": forms.RadioSelect,
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 4}),
            "extends": forms.HiddenInput,
        }
        labels = {"agency": gettext_lazy("For which body"), "kind": gettext_lazy("Kind")}
        help_texts = {
            "agency": gettext_lazy("It covers this body and all below it."),
            "valid_until": gettext_lazy("The last day. The waiver ends by itself after it."),
            "kind": gettext_lazy("Mitigated: conditions lower the risk that the rule is about."),
            "conditions": gettext_lazy("What has to be kept to while the waiver is used."),
            "all_missions": gettext_lazy("Tick this, or choose the missions below."),
        }

    def __init__(
        self, data: Any = None, *, person: Person, drones: "QuerySet[Drone]", **kwargs: Any
    ) -> None:
        """`drones` are the particular aircraft that may be named: those that the page was opened for."""
        start = {"key": uuid7(), "valid_from": timezone.localdate()}
        super().__init__(data, initial={**start, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["agency"].queryset = askable_agencies(person)  # type: ignore[attr-defined]  # a model choice
        self.fields["extends"].queryset = Waiver.objects.visible_to(person)  # type: ignore[attr-defined]  # a model choice
        self.fields["rules"].queryset = rules_in_force()  # type: ignore[attr-defined]  # a model choice
        self.fields["drones"].queryset = drones  # type: ignore[attr-defined]  # a model choice
        if not drones:
            del self.fields["drones"]

    def clean_rules(self) -> list[int]:
        self.chosen_rules: list[Rule] = list(self.cleaned_data["rules"])
        return [rule.pk for rule in self.chosen_rules]

    def clean_builds(self) -> list[int]:
        return [build.pk for build in self.cleaned_data["builds"]]

    def clean_drones(self) -> list[UUID]:
        return [drone.pk for drone in self.cleaned_data["drones"]]

    def clean(self) -> dict[str, Any] | None:
        begins, until = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_until")
        if begins and until and (last := self.latest(begins)) and until > last:
            message = _("By its policy, a waiver that begins then ends on %(day)s at the latest.")
            self.add_error("valid_until", message % {"day": day_text(last)})
        return super().clean()

    def latest(self, begins: date) -> date | None:
        """The last day that the strictest policy of the rules chosen allows; None while none is chosen."""
        months = [rule.version.waiver_max_months for rule in getattr(self, "chosen_rules", [])]
        return months_after(begins, min(months)) - timedelta(days=1) if months else None

    def as_waiver(self) -> Waiver:
        """What would be stored, under the id that the form carries."""
        self.instance.pk = self.cleaned_data["key"]
        return self.instance

    def refused(self, refusal: WaiverRefused) -> None:
        name = FIELD_OF.get(refusal.guard)
        self.add_error(name if name in self.fields else None, refusal.message)

    def draft(self) -> Waiver | None:
        """As far as it is filled in, for a preview; None while rules, aircraft or the body are missing."""
        said = self.cleaned_data if self.is_bound else self._initial()
        subject = {name: said.get(name) or [] for name in ("rules", "builds", "drones")}
        body, begins = said.get("agency"), said.get("valid_from")
        if not (body and begins and subject["rules"] and (subject["builds"] or subject["drones"])):
            return None
        missions = said.get("missions") or []
        return Waiver(
            agency=body,
            valid_from=begins,
            valid_until=said.get("valid_until") or begins,
            missions=missions,
            all_missions=not missions,
            **subject,
        )

    def _initial(self) -> dict[str, Any]:
        said = dict(self.initial)
        said["agency"] = self.fields["agency"].queryset.filter(pk=said.get("agency")).first()  # type: ignore[attr-defined]  # a model choice
        return said


class WaiverStepForm(forms.Form):
    """A step with a waiver; `seen` is the number of decisions that its reader knew of."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    ends_from = forms.DateField(
        label=gettext_lazy("First day without it"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Today: it ends at once."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stays in the record with the decision."),
    )

    def __init__(self, data: Any, *, step: WaiverStep, seen: int, needs_reason: bool) -> None:
        super().__init__(data, initial={"seen": seen, "ends_from": timezone.localdate()})
        self.fields["reason"].required = needs_reason
        if step is not WaiverStep.END:
            del self.fields["ends_from"]
