"""A rule of a draft, a draft itself, and its publication, as forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy.decoding import rule_facts
from policy.facts import Grade
from policy.models import PolicyVersion, Rule
from policy.rules import Effect
from standards.canonical import Json
from standards.missions import MISSIONS
from web.forms.build_field import BuildSearchField
from web.forms.criteria import CRITERION_FORMS, CriterionForm
from web.forms.fields import MissionsField
from web.forms.scopes import ScopeForm, scope_initial
from web.forms.sections import Section, folded
from web.states import LOOKS
from web.values import language

MISSION_ROWS = 4
LANGUAGES = [("ja", gettext_lazy("Japanese")), ("en", gettext_lazy("English"))]
EFFECTS = [
    (Effect.ALLOWED.value, gettext_lazy("may go on being used")),
    (Effect.TRAINING_ONLY.value, gettext_lazy("may be used for training only")),
    (Effect.PHASE_OUT.value, gettext_lazy("is phased out")),
    (Effect.GROUND.value, gettext_lazy("stays on the ground")),
]


class RuleTextForm(forms.ModelForm[Rule]):
    """What is said of a rule, and how heavily it weighs."""

    min_grade = forms.TypedChoiceField(
        label=gettext_lazy("Least grade of evidence"),
        coerce=int,
        choices=lambda: [(g.value, LOOKS["grade"][str(g.value)].word) for g in Grade],
        initial=Grade.DOCUMENTED.value,
    )
    authoritative = forms.ChoiceField(
        label=gettext_lazy("Authoritative language"), choices=LANGUAGES, initial="ja"
    )

    class Meta:
        model = Rule
        fields = (
            "code",
            "clause_local",
            "clause_en",
            "authoritative",
            "reason_local",
            "reason_en",
            "citation",
            "to_check_local",
            "to_check_en",
            "level",
            "on_unknown",
            "min_grade",
        )
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in (
                "clause_local",
                "clause_en",
                "reason_local",
                "reason_en",
                "to_check_local",
                "to_check_en",
            )
        }
        help_texts = {
            "code": gettext_lazy("Small letters, digits, hyphens: results name the rule by it."),
            "to_check_en": gettext_lazy(
                "What rests on general knowledge. Leave empty if nothing does."
            ),
        }

    @property
    def plain(self) -> "list[forms.BoundField]":
        """What every rule says; why, and what is to be checked, folds away."""
        return [self[name] for name in ("code", "citation", "level", "on_unknown")]

    @property
    def words(self) -> "list[forms.BoundField]":
        return [self[name] for name in ("clause_local", "clause_en", "authoritative")]

    @property
    def sections(self) -> tuple[Section, ...]:
        return (
            folded(self, gettext_lazy("Why the clause is there"), ("reason_local", "reason_en")),
            folded(
                self,
                gettext_lazy("What is still to be checked"),
                ("to_check_local", "to_check_en"),
            ),
            folded(self, gettext_lazy("Least grade of evidence"), ("min_grade",)),
        )


class HeldForm(forms.Form):
    """What a fail means for an aircraft that an agency already has."""

    effect = forms.ChoiceField(
        label=gettext_lazy("An aircraft already held"), choices=EFFECTS, initial="phase_out"
    )
    months = forms.IntegerField(
        label=gettext_lazy("Months until then"), required=False, min_value=0, max_value=600
    )
    counted_from = forms.DateField(
        label=gettext_lazy("Counted from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Leave empty to count from the day the version comes into force."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(MISSION_ROWS):
            self.fields[f"mission_{row}"] = forms.ChoiceField(
                label=gettext_lazy("Other for the mission"), choices=_missions, required=False
            )
            self.fields[f"months_{row}"] = forms.IntegerField(
                label=gettext_lazy("Months"), required=False, min_value=0, max_value=600
            )

    @property
    def missions(self) -> Section:
        names = [f"{part}_{row}" for row in range(MISSION_ROWS) for part in ("mission", "months")]
        return folded(self, gettext_lazy("Other months for single missions"), names)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"mission_{row}"], self[f"months_{row}"]) for row in range(MISSION_ROWS)]

    @staticmethod
    def of(held: Mapping[str, Any]) -> dict[str, Any]:
        initial = {name: held.get(name) for name in ("effect", "months", "counted_from")}
        for row, each in enumerate(held.get("missions", [])[:MISSION_ROWS]):
            initial |= {f"mission_{row}": each["mission"], f"months_{row}": each["months"]}
        return initial

    def value(self) -> Json:
        data = self.cleaned_data
        counted = data["counted_from"]
        return {
            "effect": data["effect"],
            "months": data["months"],
            "counted_from": counted and counted.isoformat(),
            "missions": [
                {"mission": data[f"mission_{row}"], "months": data[f"months_{row}"] or 0}
                for row in range(MISSION_ROWS)
                if data[f"mission_{row}"]
            ],
        }


def _missions() -> list[tuple[str, str]]:
    return [("", "—"), *MISSIONS.choices(language())]


class RuleForms:
    """The four forms of one rule together: text, what it asks, where it applies, aircraft held."""

    def __init__(self, rule: Rule, kind: str, data: Any = None) -> None:
        """Raises NotInGroups for a rule whose scope the form cannot show."""
        self.rule = rule
        stored = rule.pk is not None
        asks = CRITERION_FORMS[kind].of(rule.criterion) if stored else None
        self.text = RuleTextForm(data, instance=rule)
        self.criterion: CriterionForm = CRITERION_FORMS[kind](data, initial=asks, prefix="asks")
        scope = scope_initial(rule.scope) if stored else {"plain_0": ["sensitive_mission"]}
        self.scope = ScopeForm(data, initial=scope, prefix="scope")
        held = HeldForm.of(rule.held) if stored else None
        self.held = HeldForm(data, initial=held, prefix="held")

    @property
    def each(self) -> tuple[forms.BaseForm, ...]:
        return (self.text, self.criterion, self.scope, self.held)

    def is_valid(self) -> bool:
        """Also whether the engine can read what the fields say together."""
        answers = [
            form.is_valid() for form in self.each
        ]  # all of them, so that every error is shown
        if not all(answers):
            return False
        self.rule.criterion = self.criterion.value()
        self.rule.scope = self.scope.value()
        self.rule.held = self.held.value()
        try:
            rule_facts(self.rule)
        except ValueError as error:
            self.text.add_error(None, str(error))
            return False
        return True

    def save(self) -> Rule:
        return self.text.save()


class DraftForm(forms.Form):
    """Under which name the copy of a version begins."""

    label = forms.CharField(
        label=gettext_lazy("Name of the new version"),
        max_length=40,
        help_text=gettext_lazy("Such as the day it is meant to come into force: 2027-04-01."),
    )


class VersionForm(forms.ModelForm[PolicyVersion]):
    """What stands in a draft besides its rules."""

    begins = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    sensitive_missions = MissionsField(label=gettext_lazy("Sensitive missions"), required=False)

    class Meta:
        model = PolicyVersion
        fields = ("label", "sensitive_missions", "source", "waiver_max_months")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["begins"] = self.instance.in_force.lower
        self.order_fields(["label", "begins"])

    def save(self, commit: bool = True) -> PolicyVersion:
        last = self.instance.in_force.upper
        self.instance.in_force = DateRange(self.cleaned_data["begins"], last)
        return super().save(commit)


class PublishForm(forms.Form):
    """The day from which a version holds: never a day that has passed while another version held."""

    in_force_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The version in force until then ends on this day."),
    )

    def __init__(self, *args: Any, version: PolicyVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    def clean_in_force_from(self) -> Any:
        day = self.cleaned_data["in_force_from"]
        earlier = PolicyVersion.objects.published().filter(policy=self.version.policy_id)
        if day < timezone.localdate() and earlier.exists():
            raise ValidationError(
                _("This day has passed: what was decided under the version before stays decided.")
            )
        return day


class ExampleForm(forms.Form):
    """An example taken from a build as it is known today; the facts are kept with the rule."""

    build = BuildSearchField(
        label=gettext_lazy("Build"),
        help_text=gettext_lazy(
            "Type maker and model. The facts of the build as they are today are copied into the rule and stay as they are."
        ),
    )
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=200)
    title_ja = forms.CharField(label=gettext_lazy("Title in Japanese"), max_length=200)
    expected = forms.ChoiceField(
        label=gettext_lazy("What the rule must say"),
        choices=lambda: [(code, look.word) for code, look in LOOKS["outcome"].items()],
        widget=forms.RadioSelect,
    )
