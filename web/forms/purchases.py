"""The form of a purchase: what it is for, and its lines."""

from collections.abc import Mapping
from copy import deepcopy
from functools import partial
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Membership, Person
from compliance.facts import Offer
from policy.models import PolicyVersion
from procurement.models import Line, Purchase
from registry.models import Declaration, Vendor
from standards.component_roles import ROLES
from standards.missions import MISSIONS
from web.forms.countries import CountriesField, CountriesInput
from web.forms.fields import BuildField, MissionsField
from web.values import language

SPARE_LINES = 2
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def sensitive_missions() -> frozenset[str]:
    """The missions that any version in force today holds sensitive. One query."""
    in_force = PolicyVersion.objects.in_force_on(timezone.localdate())
    return frozenset().union(*in_force.values_list("sensitive_missions", flat=True))


def marked_missions() -> list[tuple[str, str]]:
    """Every mission by its name, the sensitive ones said to be so."""
    sensitive = sensitive_missions()
    return [
        (term.code, _("%(mission)s (sensitive)") % {"mission": term.label(language())})
        if term.code in sensitive
        else (term.code, term.label(language()))
        for term in MISSIONS
    ]


class PurchaseForm(forms.ModelForm[Purchase]):
    """What an agency asks for. `version` is that of the draft as it was opened; a new one has none."""

    missions = MissionsField(
        label=gettext_lazy("Missions"),
        help_text=gettext_lazy(
            "What the aircraft are for decides which rules apply. Tick every mission."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Purchase
        fields = (
            "agency",
            "title",
            "kind",
            "missions",
            "purpose",
            "needed_by",
            "begins",
            "ends",
            "currency",
            "budget_line",
            "budget",
            "emergency",
        )
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "emergency": forms.Textarea(attrs={"rows": 3}),
            "needed_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "begins": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "currency": gettext_lazy("Three letters, such as JPY. Prices are whole units of it."),
            "ends": gettext_lazy("A lease, a loan and a service contract name both days."),
            "emergency": gettext_lazy(
                "Leave this empty unless it has to be ordered before its review. Such orders are counted in the open."
            ),
        }
        labels = {
            "agency": gettext_lazy("Agency"),
            "purpose": gettext_lazy("Purpose, and why each mission needs it"),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "missions" in self.fields:
            cast("MissionsField", self.fields["missions"]).choices = marked_missions()
        if "currency" in self.fields:
            self.fields["currency"].required = False
        if self.instance._state.adding:
            self._offer_agencies(person)
        else:
            self.fields.pop("agency", None)
            self.fields["version"].initial = self.instance.version

    def clean_currency(self) -> str:
        """Capitals; what it was where nothing is entered."""
        entered: str = self.cleaned_data["currency"]
        return entered.strip().upper() or self.instance.currency

    def _offer_agencies(self, person: Person) -> None:
        agencies = cast("forms.ModelChoiceField[Agency]", self.fields["agency"])
        custodian_of = sorted(person.scope.where(Membership.Role.CUSTODIAN))
        agencies.queryset = Agency.objects.filter(pk__in=custodian_of)
        agencies.empty_label = None
        agencies.initial = custodian_of[0] if len(custodian_of) == 1 else None

    def refused(self, error: ValidationError) -> None:
        """What the registry refused, as errors of the fields it names or of the whole."""
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def more_is_said(self) -> bool:
        """Whether the part that is folded away holds anything, or an error."""
        folded = ("begins", "ends", "budget_line", "budget", "emergency")
        return any(self[name].value() for name in folded) or any(
            self[name].errors for name in (*folded, "currency")
        )

    def chosen_agency(self) -> Agency | None:
        """The agency it is for, as far as is known already."""
        if not self.instance._state.adding:
            return self.instance.agency
        chosen: Agency | None = self.cleaned_data.get("agency")
        return chosen


class LineForm(forms.Form):
    """So many of one thing. `line` names a line that is stored already."""

    line = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=Line.Kind.choices,
        initial=Line.Kind.AIRCRAFT,
        required=False,
    )
    build = BuildField(label=gettext_lazy("Build"), required=False)
    description = forms.CharField(
        label=gettext_lazy("Description or specification"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What it must be able to do, or what is to be bought or done."),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"), min_value=1, max_value=10_000, initial=1
    )
    unit_price = forms.IntegerField(
        label=gettext_lazy("Unit price"), min_value=0, max_value=10**12, required=False
    )
    supplier = forms.ModelChoiceField(
        label=gettext_lazy("Supplier"), queryset=Vendor.objects.current(), required=False
    )
    role = forms.ChoiceField(label=gettext_lazy("Role of the part"), required=False)
    maker = forms.ModelChoiceField(
        label=gettext_lazy("Maker of the part"), queryset=Vendor.objects.current(), required=False
    )
    made_in = CountriesField(
        label=gettext_lazy("Place of manufacture"), widget=CountriesInput(listed=False)
    )
    developed_in = CountriesField(
        label=gettext_lazy("Place of development"), widget=CountriesInput(listed=False)
    )
    declaration = forms.ModelChoiceField(
        label=gettext_lazy("Declaration of its origin"),
        queryset=Declaration.objects.all(),
        required=False,
    )
    begins = forms.DateField(label=gettext_lazy("Flies from"), required=False, widget=DAY)
    ends = forms.DateField(label=gettext_lazy("Flies until"), required=False, widget=DAY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = cast("forms.ChoiceField", self.fields["role"])
        role.choices = [("", "—"), *ROLES.choices(language())]

    def refused(self, error: ValidationError) -> None:
        """What the registry refused, as errors of the fields it names or of the whole."""
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)

    @property
    def unusual(self) -> bool:
        """Whether it asks for something else than aircraft of a build, or has an error in what tells it apart."""
        kind = self["kind"].value() or Line.Kind.AIRCRAFT
        return kind != Line.Kind.AIRCRAFT or any(self[name].errors for name in TELLING_APART)

    def filled(self) -> bool:
        """Whether it asks for anything yet."""
        data = getattr(self, "cleaned_data", {})
        return bool(data.get("build") or data.get("description")) and not data.get("DELETE")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        data["kind"] = data.get("kind") or Line.Kind.AIRCRAFT
        if self.has_changed() and not data.get("build") and data["kind"] == Line.Kind.AIRCRAFT:
            self.add_error("build", _("Choose the build, or ask for aircraft by specification."))
        return data


TELLING_APART = (
    "kind",
    "description",
    "role",
    "maker",
    "made_in",
    "developed_in",
    "begins",
    "ends",
)


class BaseLines(forms.BaseFormSet[LineForm]):
    """The lines of a purchase. The drop-downs are read once for all lines."""

    def __init__(self, *args: Any, stored: Mapping[UUID, Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored
        self._read: dict[str, list[Any]] = {}

    def add_fields(self, form: LineForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name in ("build", "supplier", "maker", "declaration"):
            cast("forms.ChoiceField", form.fields[name]).choices = partial(self._choices, name)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take this line out")

    def _choices(self, name: str) -> list[Any]:
        """Read when the first drop-down is shown, and once. A copy: a class's own field would keep its rows for ever."""
        if name not in self._read:
            field = cast("Any", deepcopy(LineForm.base_fields[name]))
            self._read[name] = list(field.choices)
        return self._read[name]

    def clean(self) -> None:
        """A line that is named is one of this purchase; another's is unknown here."""
        for form in self.forms:
            named = getattr(form, "cleaned_data", {}).get("line")
            if named and named not in self.stored:
                raise forms.ValidationError(
                    _("A line is not part of this purchase. Open it again.")
                )

    def lines(self) -> list[Line]:
        """The lines as they are to be: known ones changed, new ones added, those taken out left out."""
        return [self._line(form.cleaned_data) for form in self.forms if form.filled()]

    def offers(self) -> list[Offer]:
        """The builds and suppliers chosen so far, in order, also where the rest of a line is not right yet."""
        chosen = [form.cleaned_data for form in self.forms if form.filled()]
        return list(
            dict.fromkeys(
                Offer(each["build"].pk, _key(each.get("supplier")))
                for each in chosen
                if each.get("build")
            )
        )

    def _line(self, data: dict[str, Any]) -> Line:
        line = self.stored.get(data["line"]) or Line()
        for name in Line.CONTENT:
            setattr(line, name, data[name])
        return line


def _key(vendor: Vendor | None) -> int | None:
    return None if vendor is None else vendor.pk


def lines_form(data: Any, stored: Mapping[UUID, Line]) -> BaseLines:
    """The formset over these stored lines, with spare ones to fill in."""
    made = cast(
        "type[BaseLines]",
        forms.formset_factory(
            LineForm,
            formset=BaseLines,
            extra=SPARE_LINES if stored else SPARE_LINES + 1,
            can_delete=True,
            max_num=50,
            validate_max=True,
        ),
    )
    initial = [_initial(line) for line in stored.values()]
    return made(data, initial=initial, prefix="lines", stored=stored)


def _initial(line: Line) -> dict[str, object]:
    stored = {name: getattr(line, name) for name in Line.CONTENT}
    chosen = {
        "build": line.build_id,
        "supplier": line.supplier_id,
        "maker": line.maker_id,
        "declaration": line.declaration_id,
    }
    return {**stored, **chosen, "line": line.pk}
