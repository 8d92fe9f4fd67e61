"""Security measures and attributes of a build as one form: a row for each, known or not known."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from registry.models import Attribute, Build, Declaration, Measure
from registry.proposals import record_properties
from standards.attributes import ATTRIBUTES, AttributeKind, AttributeTerm
from standards.measures import MEASURES
from standards.terms import Term
from web.forms.parts import EvidenceForm
from web.values import language

ANSWERS = [
    ("", gettext_lazy("not known")),
    ("yes", gettext_lazy("yes")),
    ("no", gettext_lazy("no")),
]
VALUES: dict[str, bool | None] = {"": None, "yes": True, "no": False}
WORDS = {value: word for word, value in VALUES.items()}


def answer_field(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=ANSWERS, required=False)


class MeasureRow(forms.Form):
    """Whether the build has one measure."""

    def __init__(
        self, data: QueryDict | None, *, term: Term, build: Build, known: Measure | None
    ) -> None:
        self.row = known or Measure(build=build, measure=term.code)
        start = {"claimed": WORDS[self.row.claimed]}
        super().__init__(data, prefix=f"measure-{term.code}", initial=start)
        self.fields["claimed"] = answer_field(term.label(language()))

    def apply(self) -> None:
        self.row.claimed = VALUES[self.cleaned_data["claimed"]]


class AttributeRow(forms.Form):
    """A quantity between two bounds, or a yes or no."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        term: AttributeTerm,
        build: Build,
        known: Attribute | None,
    ) -> None:
        self.term, self.row = term, known or Attribute(build=build, attribute=term.code)
        start: dict[str, Any] = {"present": WORDS[self.row.present]}
        start |= {"low": self.row.low, "high": self.row.high}
        super().__init__(data, prefix=f"attribute-{term.code}", initial=start)
        label = term.label(language())
        if term.kind is AttributeKind.YES_OR_NO:
            self.fields["present"] = answer_field(label)
        else:
            words = {"label": label, "unit": term.unit}
            self.fields["low"] = self._bound(_("%(label)s, at least (%(unit)s)") % words)
            self.fields["high"] = self._bound(_("%(label)s, at most (%(unit)s)") % words)

    @staticmethod
    def _bound(label: str) -> forms.DecimalField:
        return forms.DecimalField(
            label=label, required=False, max_digits=12, decimal_places=3, min_value=Decimal(0)
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("low", _("The smallest value cannot be above the largest."))
        return cleaned

    def apply(self) -> None:
        for name in self.fields:
            value = self.cleaned_data[name]
            setattr(self.row, name, VALUES[value] if name == "present" else value)


@dataclass
class PropertiesForm:
    """All measures and attributes of a build, and the declaration for what is changed."""

    build: Build
    data: QueryDict | None
    evidence: EvidenceForm = field(init=False)
    measures: list[MeasureRow] = field(init=False)
    attributes: list[AttributeRow] = field(init=False)

    def __post_init__(self) -> None:
        said = {each.measure: each for each in self.build.measures.all()}
        known = {each.attribute: each for each in self.build.attributes.all()}
        self.evidence = EvidenceForm(self.data)
        self.measures = [
            MeasureRow(self.data, term=term, build=self.build, known=said.get(term.code))
            for term in MEASURES
        ]
        self.attributes = [
            AttributeRow(self.data, term=term, build=self.build, known=known.get(term.code))
            for term in ATTRIBUTES
        ]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.evidence, *self.measures, *self.attributes]

    def is_valid(self) -> bool:
        valid = [each.is_valid() for each in self.forms]
        return all(valid)

    def store(self, by: Person) -> None:
        paper: Declaration | None = self.evidence.cleaned_data["declaration"]
        every: list[MeasureRow | AttributeRow] = [*self.measures, *self.attributes]
        changed = [each for each in every if each.has_changed()]
        for each in changed:
            each.apply()
            each.row.declaration = paper
        record_properties(build=self.build, rows=[each.row for each in changed], by=by)
