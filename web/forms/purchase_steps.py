"""The forms of a purchase that is filled in step by step: each with the fields of its step, or of its kind of line."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Person
from procurement.models import Line, Purchase
from registry.models import Vendor
from web.forms.purchases import LineForm, PurchaseForm

Kind = Line.Kind
COMMON = ("quantity",)
FIELDS: Mapping[str, Sequence[str]] = {
    Kind.AIRCRAFT: ("build", *COMMON, "begins", "ends"),
    Kind.SPECIFICATION: ("description", *COMMON, "begins", "ends"),
    Kind.PART: ("role", "maker", "description", *COMMON, "made_in", "developed_in", "declaration"),
    Kind.SOFTWARE: ("role", "maker", "description", *COMMON, "developed_in", "declaration"),
    Kind.SERVICE: ("description", *COMMON, "begins", "ends"),
}
"""What each kind of line is asked for; who supplies it and at what price comes in the step after."""
DAYS = ("begins", "ends")
NEEDED = ("build", "description", "role")


class RequestForm(PurchaseForm):
    """The first step: for whom, what for, and what kind of purchase it is."""

    class Meta(PurchaseForm.Meta):
        fields = ("agency", "title", "kind", "missions", "purpose", "begins", "ends")  # type: ignore[assignment]  # fewer

    def changed_lines(self) -> list[Line]:
        return []


class TermsForm(PurchaseForm):
    """The third step: by when and from which budget, and of each line from whom and at what price."""

    missions = None  # type: ignore[assignment]  # declared above, and asked for in the first step

    class Meta(PurchaseForm.Meta):
        fields = ("needed_by", "currency", "budget_line", "budget", "emergency")  # type: ignore[assignment]  # fewer

    def __init__(self, *args: Any, lines: Sequence[Line], person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"supplier-{line.pk}"] = forms.ModelChoiceField(
                label=_("Supplier"),
                queryset=Vendor.objects.current(),
                required=False,
                initial=line.supplier_id,
            )
            self.fields[f"unit_price-{line.pk}"] = forms.IntegerField(
                label=_("Unit price"),
                min_value=0,
                max_value=10**12,
                required=False,
                initial=line.unit_price,
            )

    def of_lines(self) -> list[tuple[Line, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        return [
            (line, self[f"supplier-{line.pk}"], self[f"unit_price-{line.pk}"])
            for line in self.lines
        ]

    def changed_lines(self) -> list[Line]:
        """The lines with what was entered for them; what is wrong stays as it was."""
        for line in self.lines:
            for name in ("supplier", "unit_price"):
                if f"{name}-{line.pk}" in self.cleaned_data:
                    setattr(line, name, self.cleaned_data[f"{name}-{line.pk}"])
        return list(self.lines)


class ItemForm(LineForm):
    """One line of a kind that was chosen before, with the fields that this kind needs and no others."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, item: Line, purchase: Purchase) -> None:
        given = {name: getattr(item, name) for name in FIELDS[item.kind]}
        for name in ("build", "maker", "declaration"):
            given[name] = getattr(item, f"{name}_id")
        super().__init__(data, initial={**given, "version": purchase.version})
        self.item = item
        wanted = [*FIELDS[item.kind], "version"]
        if purchase.kind not in Purchase.FOR_A_TIME and not (item.begins or item.ends):
            wanted = [name for name in wanted if name not in DAYS]
        self.fields = {name: self.fields[name] for name in wanted}
        for name in NEEDED:
            if name in self.fields:
                self.fields[name].required = True
        if item.kind in (Kind.PART, Kind.SOFTWARE):
            description = cast("forms.CharField", self.fields["description"])
            description.label, description.help_text = (
                gettext_lazy("Name and model"),
                gettext_lazy("As the maker calls it."),
            )

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data

    def filled(self) -> bool:
        return not self.errors

    def entered(self) -> Line:
        """The line with what was entered as far as it is right."""
        for name, value in self.cleaned_data.items():
            if name != "version":
                setattr(self.item, name, value)
        return self.item
