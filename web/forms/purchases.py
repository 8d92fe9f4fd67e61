"""The form of a purchase: what it is for, and its lines."""

from collections.abc import Mapping
from copy import deepcopy
from functools import partial
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Membership, Person
from compliance.facts import Offer
from policy.models import PolicyVersion
from procurement.models import Line, Purchase
from registry.models import Vendor
from standards.missions import MISSIONS
from web.forms.fields import BuildField, MissionsField
from web.values import language

SPARE_LINES = 2


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
        fields = ("agency", "title", "kind", "missions", "purpose", "needed_by")
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 4}),
            "needed_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {
            "agency": gettext_lazy("Agency"),
            "purpose": gettext_lazy("Purpose, and why each mission needs it"),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("MissionsField", self.fields["missions"]).choices = marked_missions()
        if self.instance._state.adding:
            self._offer_agencies(person)
        else:
            del self.fields["agency"]
            self.fields["version"].initial = self.instance.version

    def _offer_agencies(self, person: Person) -> None:
        agencies = cast("forms.ModelChoiceField[Agency]", self.fields["agency"])
        custodian_of = sorted(person.scope.where(Membership.Role.CUSTODIAN))
        agencies.queryset = Agency.objects.filter(pk__in=custodian_of)
        agencies.empty_label = None
        agencies.initial = custodian_of[0] if len(custodian_of) == 1 else None

    def chosen_agency(self) -> Agency | None:
        """The agency it is for, as far as is known already."""
        if not self.instance._state.adding:
            return self.instance.agency
        chosen: Agency | None = self.cleaned_data.get("agency")
        return chosen


class LineForm(forms.Form):
    """So many of one build. `line` names a line that is stored already."""

    line = forms.UUIDField(widget=forms.HiddenInput, required=False)
    build = BuildField(label=gettext_lazy("Build"))
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"), min_value=1, max_value=10_000, initial=1
    )
    unit_price_yen = forms.IntegerField(
        label=gettext_lazy("Unit price (yen)"), min_value=0, max_value=10**12, required=False
    )
    supplier = forms.ModelChoiceField(
        label=gettext_lazy("Supplier"), queryset=Vendor.objects.current(), required=False
    )


class BaseLines(forms.BaseFormSet[LineForm]):
    """The lines of a purchase. The drop-downs are read once for all lines."""

    def __init__(self, *args: Any, stored: Mapping[UUID, Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored
        self._read: dict[str, list[Any]] = {}

    def add_fields(self, form: LineForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name in ("build", "supplier"):
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
        return [self._line(form.cleaned_data) for form in self.forms if self._filled(form)]

    def offers(self) -> list[Offer]:
        """The builds and suppliers chosen so far, in order, also where the rest of a line is not right yet."""
        chosen = [form.cleaned_data for form in self.forms if self._filled(form)]
        return list(
            dict.fromkeys(Offer(each["build"].pk, _key(each.get("supplier"))) for each in chosen)
        )

    def _filled(self, form: LineForm) -> bool:
        data = getattr(form, "cleaned_data", {})
        return bool(data.get("build")) and not data.get("DELETE")

    def _line(self, data: dict[str, Any]) -> Line:
        line = self.stored.get(data["line"]) or Line()
        for name in ("build", "quantity", "unit_price_yen", "supplier"):
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
    return {
        "line": line.pk,
        "build": line.build_id,
        "quantity": line.quantity,
        "unit_price_yen": line.unit_price_yen,
        "supplier": line.supplier_id,
    }
