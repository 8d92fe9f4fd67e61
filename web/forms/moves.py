"""The forms of the steps of a purchase. Each carries the version and the digest that its reader saw."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.models import Line, Purchase
from procurement.receipts import Unit
from procurement.states import Action, Reason
from procurement.workflow import Request

UNITS_AT_ONCE = 50


class MoveForm(forms.Form):
    """A step that needs nothing but to be confirmed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any, *, purchase: Purchase, **kwargs: Any) -> None:
        seen = {
            "version": purchase.version,
            "digest": purchase.dossier.digest if purchase.dossier else "",
        }
        super().__init__(data, initial={**seen, **kwargs.pop("initial", {})}, **kwargs)

    def request(self) -> Request:
        """What is handed in with the step."""
        return Request(
            version=self.cleaned_data["version"],
            digest=self.cleaned_data["digest"],
            **self.handed_in(),
        )

    def handed_in(self) -> dict[str, Any]:
        return {}

    def refused(self, error: ValidationError) -> None:
        """What the registry refused, as errors of the fields it names or of the whole."""
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)


class RemarkForm(MoveForm):
    """A decision with a remark that stays in the record."""

    letter = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stays in the record with the decision."),
    )

    def handed_in(self) -> dict[str, Any]:
        return {"letter": self.cleaned_data["letter"]}


class AcceptanceForm(RemarkForm):
    """An approval that accepts unknowns, which is done in writing."""

    letter = forms.CharField(
        label=gettext_lazy("Why the unknown can be accepted"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A rule cannot be decided. Say in writing why you accept that."),
    )


class ReasonsForm(MoveForm):
    """Reasons as boxes, and the letter they fill. `drafted`: reasons whose paragraphs are in the letter."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        choices=Reason.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Several may be given. Each puts a paragraph into the letter."),
    )
    letter = forms.CharField(
        label=gettext_lazy("Letter to the requester"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("In the requester's language. Change it as you see fit."),
    )
    drafted = forms.MultipleChoiceField(
        choices=Reason.choices, required=False, widget=forms.MultipleHiddenInput
    )

    def handed_in(self) -> dict[str, Any]:
        return {"reasons": self.cleaned_data["reasons"], "letter": self.cleaned_data["letter"]}


class OrderForm(MoveForm):
    contract_reference = forms.CharField(
        label=gettext_lazy("Contract reference"),
        max_length=100,
        help_text=gettext_lazy("The number under which your agency files the contract."),
    )

    def handed_in(self) -> dict[str, Any]:
        return {"contract_reference": self.cleaned_data["contract_reference"]}


class ReceiveForm(MoveForm):
    """One serial number and place for each aircraft that is still to come, fifty at a time."""

    def __init__(
        self, data: Any, *, purchase: Purchase, outstanding: Sequence[tuple[Line, int]]
    ) -> None:
        super().__init__(data, purchase=purchase)
        self.rows: list[tuple[UUID, str]] = []
        for line, count in outstanding:
            for number in range(1, min(count, UNITS_AT_ONCE - len(self.rows)) + 1):
                self._add(line, number, count)

    def _add(self, line: Line, number: int, count: int) -> None:
        name = f"{line.pk}-{number}"
        self.rows.append((line.pk, name))
        about = {"build": line.build, "number": number, "count": count}
        self.fields[f"serial-{name}"] = forms.CharField(
            label=_("Serial number: %(build)s, %(number)s of %(count)s") % about,
            max_length=60,
            required=False,
        )
        self.fields[f"place-{name}"] = forms.CharField(
            label=_("Place"), max_length=200, required=False
        )

    def clean(self) -> None:
        serials = [unit.serial_number for unit in self._units()]
        if not serials:
            self.add_error(None, _("Enter the serial number of at least one aircraft."))
        if len(set(serials)) < len(serials):
            self.add_error(None, _("A serial number is entered twice."))

    def _units(self) -> list[Unit]:
        return [
            Unit(line, serial, self.cleaned_data.get(f"place-{name}", ""))
            for line, name in self.rows
            if (serial := self.cleaned_data.get(f"serial-{name}", ""))
        ]

    def handed_in(self) -> dict[str, Any]:
        return {"units": self._units()}


def form_for(
    action: Action,
    data: Any,
    purchase: Purchase,
    *,
    dossier: Mapping[str, Any] | None,
    outstanding: Sequence[tuple[Line, int]],
) -> MoveForm:
    """The form of this step."""
    if action is Action.RECEIVE:
        return ReceiveForm(data, purchase=purchase, outstanding=outstanding)
    if action is Action.APPROVE and dossier and dossier["flags"]["acceptance"]:
        return AcceptanceForm(data, purchase=purchase)
    return FORMS.get(action, MoveForm)(data, purchase=purchase)


FORMS: Mapping[Action, type[MoveForm]] = {
    Action.APPROVE: RemarkForm,
    Action.RECORD_ANSWER: RemarkForm,
    Action.RETURN: ReasonsForm,
    Action.DECLINE: ReasonsForm,
    Action.CANCEL: ReasonsForm,
    Action.ORDER: OrderForm,
}
