"""Offers on a specification, conditions that are met, aircraft that are not taken."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from procurement.models import Line, Offer, Purchase
from web.forms.fields import BuildField


class OfferForm(forms.ModelForm[Offer]):
    """What a supplier offers for one line of the specification."""

    build = BuildField(label=gettext_lazy("Build"))

    class Meta:
        model = Offer
        fields = ("line", "supplier", "build", "unit_price", "declared_origin")
        widgets = {"declared_origin": forms.Textarea(attrs={"rows": 4})}
        labels = {
            "line": gettext_lazy("Line of the specification"),
            "supplier": gettext_lazy("Supplier"),
            "unit_price": gettext_lazy("Unit price"),
            "declared_origin": gettext_lazy("Origin as the supplier declares it"),
        }

    def __init__(self, data: Any, *, purchase: Purchase, lines: Sequence[Line]) -> None:
        super().__init__(data, instance=Offer(purchase=purchase))
        self.fields["line"] = forms.TypedChoiceField(
            label=gettext_lazy("Line of the specification"),
            choices=[(str(line.pk), line.description) for line in lines],
            coerce={str(line.pk): line for line in lines}.__getitem__,
        )


class ConditionMetForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("How it was met"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What you have seen. It stays in the record with your name."),
    )


class RefusalForm(forms.Form):
    """An aircraft that was delivered and is not taken."""

    line = forms.TypedChoiceField(label=gettext_lazy("Delivered as"), coerce=UUID)
    serial_number = forms.CharField(label=gettext_lazy("Serial number"), max_length=60)
    difference = forms.CharField(
        label=gettext_lazy("How it differs from what was approved"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any, *, lines: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        choices = [(str(pk), name) for pk, name in lines]
        field: Any = self.fields["line"]
        field.choices = choices
