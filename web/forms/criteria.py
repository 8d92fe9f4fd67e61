"""The parameters of each kind of rule as typed fields: stored JSON ⇄ form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from policy.criteria.listed_party import PartyRole
from policy.criteria.origin import AircraftMeaning, Meaning
from policy.models import ReferenceList
from standards.attributes import ATTRIBUTES
from standards.canonical import Json
from standards.certificates import CERTIFICATES
from standards.component_roles import ROLES
from standards.countries import COUNTRY_MEANINGS
from standards.measures import MEASURES
from standards.terms import Term, Vocabulary
from web.forms.sections import Section, folded
from web.rule_sentences import PARTIES
from web.values import language

ROWS = 3
"""Groups of parts that an origin rule asks alike, and limits of an attribute rule, that the form offers."""


def _terms(vocabulary: "Vocabulary[Any]", codes: Iterable[str] | None = None) -> Any:
    """Choices in the language of the reader, worked out when the form is shown."""
    chosen = None if codes is None else {str(code) for code in codes}

    def choices() -> list[tuple[str, str]]:
        return [
            (term.code, term.label(language()))
            for term in vocabulary
            if chosen is None or term.code in chosen
        ]

    return choices


def boxes(label: Any, choices: Any, *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


class CriterionForm(forms.Form):
    """One kind of criterion. `of` fills it from stored JSON, `value` gives the JSON to store."""

    kind = ""

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        """Initial values; empty for a criterion of another kind."""
        raise NotImplementedError

    def value(self) -> Json:
        raise NotImplementedError

    @property
    def plain(self) -> "Sequence[forms.BoundField]":
        """The fields that stand open."""
        away = {field.name for section in self.sections for field in section.fields}
        return [field for field in self if field.name not in away]

    @property
    def sections(self) -> "Sequence[Section]":
        """The fields that most rules of the kind leave as they are."""
        return ()


def _list_field(kind: str) -> Any:
    class ListField(forms.ModelChoiceField[ReferenceList]):
        def __init__(self) -> None:
            super().__init__(
                queryset=ReferenceList.objects.filter(kind=kind),
                to_field_name="code",
                label=_("List"),
                help_text=_("A rule names its list; who keeps the list says what is on it."),
            )

    return ListField()


MODES = [
    ("none", _("only the party itself")),
    ("share", _("owners in aggregate, step by step")),
    ("affiliate", _("any affiliate, in either direction")),
]


class OwnershipFields(forms.Form):
    """How far concern reaches from one party to another."""

    mode = forms.ChoiceField(label=_("How far it reaches"), choices=MODES, initial="share")
    threshold = forms.DecimalField(
        label=_("From which share (percent)"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        initial=50,
        help_text=_("Exactly this share counts."),
    )
    control = forms.BooleanField(
        label=_("Control counts whatever the share"), required=False, initial=True
    )
    undisclosed = forms.BooleanField(
        label=_("Owners that are not declared leave the result unknown"), required=False
    )

    def ownership(self) -> Json:
        data = self.cleaned_data
        return {
            "mode": data["mode"],
            "threshold": str(data["threshold"]),
            "control": data["control"],
            "undisclosed": data["undisclosed"],
        }


OWNERSHIP = ("mode", "threshold", "control", "undisclosed")


class OriginForm(OwnershipFields, CriterionForm):
    kind = "origin"
    list = _list_field(ReferenceList.Kind.JURISDICTIONS)
    where = forms.ChoiceField(
        label=_("Places of concern"),
        choices=[
            ("inside", _("those on the list")),
            ("outside", _("all that are not on the list")),
        ],
    )
    aircraft = boxes(_("Asked of the aircraft"), _terms(COUNTRY_MEANINGS, AircraftMeaning))
    roles_0 = boxes(_("Parts, first group"), _terms(ROLES))
    meanings_0 = boxes(_("Asked of the first group"), _terms(COUNTRY_MEANINGS, Meaning))
    roles_1 = boxes(_("Parts, second group"), _terms(ROLES))
    meanings_1 = boxes(_("Asked of the second group"), _terms(COUNTRY_MEANINGS, Meaning))
    roles_2 = boxes(_("Parts, third group"), _terms(ROLES))
    meanings_2 = boxes(_("Asked of the third group"), _terms(COUNTRY_MEANINGS, Meaning))

    field_order = (
        "list",
        "where",
        "aircraft",
        *(f"{part}_{row}" for row in range(ROWS) for part in ("roles", "meanings")),
        "mode",
        "threshold",
        "control",
        "undisclosed",
    )

    @property
    def sections(self) -> "Sequence[Section]":
        return (
            folded(self, _("Parts, second group"), ("roles_1", "meanings_1")),
            folded(self, _("Parts, third group"), ("roles_2", "meanings_2")),
            folded(self, _("How far it reaches"), OWNERSHIP),
        )

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        initial = {"list": criterion["list"], "where": criterion.get("where", "inside")}
        for row, question in enumerate(criterion.get("components", [])[:ROWS]):
            initial |= {f"roles_{row}": question["roles"], f"meanings_{row}": question["meanings"]}
        aircraft = criterion.get("aircraft", [])
        return {**initial, "aircraft": aircraft, **criterion.get("ownership", {})}

    def value(self) -> Json:
        data = self.cleaned_data
        return {
            "kind": self.kind,
            "list": data["list"].code,
            "where": data["where"],
            "aircraft": data["aircraft"],
            "components": [
                {"roles": data[f"roles_{row}"], "meanings": data[f"meanings_{row}"]}
                for row in range(ROWS)
                if data[f"roles_{row}"] or data[f"meanings_{row}"]
            ],
            "ownership": self.ownership(),
        }


class ListedPartyForm(OwnershipFields, CriterionForm):
    kind = "listed_party"
    list = _list_field(ReferenceList.Kind.ENTITIES)
    parties = boxes(
        _("Parties asked for"),
        lambda: [(role.value, PARTIES[role.value]()) for role in PartyRole],
        required=True,
    )
    roles = boxes(_("Makers of these parts; none chosen: of all parts recorded"), _terms(ROLES))

    field_order = ("list", "parties", "roles", "mode", "threshold", "control", "undisclosed")

    @property
    def sections(self) -> "Sequence[Section]":
        return (folded(self, _("How far it reaches"), OWNERSHIP),)

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        named = {name: criterion.get(name, []) for name in ("list", "parties", "roles")}
        return {**named, **criterion.get("ownership", {})}

    def value(self) -> Json:
        data = self.cleaned_data
        return {
            "kind": self.kind,
            "list": data["list"].code,
            "parties": data["parties"],
            "roles": data["roles"],
            "ownership": self.ownership(),
        }


class RequiredMeasureForm(CriterionForm):
    kind = "required_measure"
    measures = boxes(_("Security measures"), _terms(MEASURES), required=True)

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        return {"measures": criterion["measures"]}

    def value(self) -> Json:
        return {"kind": self.kind, "measures": self.cleaned_data["measures"]}


class ClearedBuildForm(CriterionForm):
    kind = "cleared_build"
    list = _list_field(ReferenceList.Kind.CLEARANCES)

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        return {"list": criterion["list"]}

    def value(self) -> Json:
        return {"kind": self.kind, "list": self.cleaned_data["list"].code}


class CertificateForm(CriterionForm):
    kind = "certificate"
    certificates = boxes(_("Certificates"), _terms(CERTIFICATES), required=True)

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        return {"certificates": criterion["certificates"]}

    def value(self) -> Json:
        return {"kind": self.kind, "certificates": self.cleaned_data["certificates"]}


YES_OR_NO = [("", _("a number")), ("yes", _("must hold")), ("no", _("must not hold"))]
BOUNDS = ("at_least", "at_most", "below")


class AttributeForm(CriterionForm):
    """Up to `ROWS` limits, and parts that must or must not be fitted."""

    kind = "attribute"
    fitted = boxes(_("Parts that must be fitted"), _terms(ROLES))
    not_fitted = boxes(_("Parts that must not be fitted"), _terms(ROLES))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(ROWS):
            self.fields |= _limit_fields(row)
        self.order_fields([*(name for row in range(ROWS) for name in _limit_fields(row))])

    @property
    def sections(self) -> "Sequence[Section]":
        return (
            folded(self, _("A second limit"), _limit_fields(1)),
            folded(self, _("A third limit"), _limit_fields(2)),
            folded(self, _("Parts that must or must not be fitted"), ("fitted", "not_fitted")),
        )

    @classmethod
    def of(cls, criterion: Mapping[str, Any]) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for row, limit in enumerate(criterion.get("limits", [])[:ROWS]):
            initial |= {f"{name}_{row}": limit.get(name) for name in ("attribute", *BOUNDS)}
            initial[f"present_{row}"] = {True: "yes", False: "no"}.get(limit.get("present"), "")
        parts = criterion.get("parts", [])
        return initial | {
            "fitted": [each["role"] for each in parts if each["fitted"]],
            "not_fitted": [each["role"] for each in parts if not each["fitted"]],
        }

    def value(self) -> Json:
        data = self.cleaned_data
        return {
            "kind": self.kind,
            "limits": [self._limit(row) for row in range(ROWS) if data[f"attribute_{row}"]],
            "parts": [
                {"role": role, "fitted": name == "fitted"}
                for name in ("fitted", "not_fitted")
                for role in data[name]
            ],
        }

    def _limit(self, row: int) -> Json:
        data = self.cleaned_data
        present = data[f"present_{row}"]
        bounds = {name: data[f"{name}_{row}"] for name in BOUNDS}
        return {
            "attribute": data[f"attribute_{row}"],
            "present": {"yes": True, "no": False}.get(present),
            **{name: None if bound is None else str(bound) for name, bound in bounds.items()},
        }


def _attributes() -> list[tuple[str, str]]:
    return [("", "—"), *((term.code, _named(term)) for term in ATTRIBUTES)]


def _named(term: Term) -> str:
    unit = getattr(term, "unit", "")
    return f"{term.label(language())} ({unit})" if unit else term.label(language())


def _limit_fields(row: int) -> dict[str, forms.Field]:
    return {
        f"attribute_{row}": forms.ChoiceField(
            label=_("Attribute"), choices=_attributes, required=False
        ),
        f"at_least_{row}": forms.DecimalField(label=_("at least"), required=False),
        f"at_most_{row}": forms.DecimalField(label=_("at most"), required=False),
        f"below_{row}": forms.DecimalField(label=_("below"), required=False),
        f"present_{row}": forms.ChoiceField(
            label=_("Number, or yes and no"), choices=YES_OR_NO, required=False
        ),
    }


CRITERION_FORMS: dict[str, type[CriterionForm]] = {
    form.kind: form
    for form in (
        OriginForm,
        ListedPartyForm,
        RequiredMeasureForm,
        ClearedBuildForm,
        AttributeForm,
        CertificateForm,
    )
}
