"""The forms of the steps of a purchase. Each carries the version and the digest that its reader saw."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.follow_ups import Demand, Wanted
from procurement.models import Line, Offer, Purchase
from procurement.receipts import Unit
from procurement.requests import Request
from procurement.states import Action, ConsultationAnswer, Reason
from web.templatetags.formats import money

UNITS_AT_ONCE = 50


DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def contract_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Contract reference"),
        max_length=100,
        help_text=gettext_lazy("The number under which your agency files the contract."),
    )


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


class ConditionsForm(RemarkForm):
    """A decision that may set conditions, a few at a time."""

    ROWS = range(1, 4)

    def __init__(self, data: Any, *, purchase: Purchase, **kwargs: Any) -> None:
        super().__init__(data, purchase=purchase, **kwargs)
        for number in self.ROWS:
            self.fields[f"condition-{number}"] = forms.CharField(
                label=_("Condition %(number)s") % {"number": number},
                required=False,
                max_length=4000,
            )
            self.fields[f"due-{number}"] = forms.DateField(
                label=_("To be met by"), required=False, widget=DAY
            )

    def clean(self) -> None:
        for number in self.ROWS:
            if self.cleaned_data.get(f"due-{number}") and not self.cleaned_data.get(
                f"condition-{number}"
            ):
                self.add_error(f"condition-{number}", _("Say what is to be met by this day."))

    def handed_in(self) -> dict[str, Any]:
        conditions = [
            Demand(said, self.cleaned_data.get(f"due-{number}"))
            for number in self.ROWS
            if (said := self.cleaned_data.get(f"condition-{number}", "").strip())
        ]
        return {**super().handed_in(), "conditions": conditions}


class AcceptanceForm(ConditionsForm):
    """An approval that accepts unknowns, which is done in writing."""

    letter = forms.CharField(
        label=gettext_lazy("Why the unknown can be accepted"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("A rule cannot be decided. Say in writing why you accept that."),
    )


class AnswerForm(ConditionsForm):
    """The answer of the central authority, with its conditions or its reasons."""

    field_order = ("answer", "letter", "reasons")
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=ConsultationAnswer.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Cleared with conditions needs at least one condition, refused at least one reason."
        ),
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons of a refusal"),
        choices=Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def handed_in(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in ("answer", "reasons")}
        return {**super().handed_in(), **said}

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        answer = given.get("answer")
        if answer == ConsultationAnswer.CONDITIONS and not given.get("condition-1"):
            self.add_error("condition-1", _("Name at least one condition."))
        if answer == ConsultationAnswer.REFUSED and not given.get("reasons"):
            self.add_error("reasons", _("Give at least one reason."))


class EvidenceForm(MoveForm):
    """What is missing, from whom, by when."""

    what = forms.CharField(
        label=gettext_lazy("What is needed"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    from_whom = forms.CharField(
        label=gettext_lazy("From whom"),
        max_length=200,
        help_text=gettext_lazy("The maker, the supplier, or an office of the agency."),
    )
    by_when = forms.DateField(label=gettext_lazy("By when"), widget=DAY)

    def clean_by_when(self) -> date:
        day: date = self.cleaned_data["by_when"]
        if day < timezone.localdate():
            raise ValidationError(_("The day has passed already."))
        return day

    def handed_in(self) -> dict[str, Any]:
        wanted = {name: self.cleaned_data[name] for name in ("what", "from_whom", "by_when")}
        return {"evidence": Wanted(**wanted)}


class WhyForm(MoveForm):
    """A step whose author says why, or what."""

    letter = forms.CharField(
        label=gettext_lazy("Why"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def handed_in(self) -> dict[str, Any]:
        return {"letter": self.cleaned_data["letter"]}


class GiveEvidenceForm(WhyForm):
    letter = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Say what you hand in and where it is filed."),
    )


class OrderFirstForm(WhyForm):
    """An order before the review, with its contract."""

    field_order = ("contract_reference", "letter")
    contract_reference = contract_field()

    def __init__(self, data: Any, *, purchase: Purchase, **kwargs: Any) -> None:
        initial = {"letter": purchase.emergency}
        super().__init__(data, purchase=purchase, initial=initial, **kwargs)

    def handed_in(self) -> dict[str, Any]:
        return {
            **super().handed_in(),
            "contract_reference": self.cleaned_data["contract_reference"],
        }


class NameOfferForm(MoveForm):
    """One offer for each line of the specification."""

    def __init__(self, data: Any, *, purchase: Purchase, offers: Sequence[Offer]) -> None:
        super().__init__(data, purchase=purchase)
        by_line: dict[Line, list[Offer]] = {}
        for offer in offers:
            by_line.setdefault(offer.line, []).append(offer)
        for line, offered in by_line.items():
            self.fields[f"offer-{line.pk}"] = forms.ChoiceField(
                label=line.description,
                choices=[(str(each.pk), _offer_label(each)) for each in offered],
                widget=forms.RadioSelect,
            )
        if not by_line:
            self.nothing_offered = True

    nothing_offered = False

    def clean(self) -> None:
        if self.nothing_offered:
            self.add_error(None, _("No offer has been recorded yet."))

    def handed_in(self) -> dict[str, Any]:
        chosen = [value for name, value in self.cleaned_data.items() if name.startswith("offer-")]
        return {"offers": [UUID(each) for each in chosen]}


def _offer_label(offer: Offer) -> str:
    price = money(offer.unit_price, offer.purchase.currency)
    return f"{offer.supplier}: {offer.build} ({strip_tags(price)})"


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
    contract_reference = contract_field()

    def __init__(self, data: Any, *, purchase: Purchase, **kwargs: Any) -> None:
        initial = {"contract_reference": purchase.contract_reference}
        super().__init__(data, purchase=purchase, initial=initial, **kwargs)

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
    offers: Sequence[Offer] = (),
) -> MoveForm:
    """The form of this step."""
    if action is Action.RECEIVE:
        return ReceiveForm(data, purchase=purchase, outstanding=outstanding)
    if action is Action.NAME_OFFER:
        return NameOfferForm(data, purchase=purchase, offers=offers)
    if action is Action.APPROVE and dossier and dossier["flags"]["acceptance"]:
        return AcceptanceForm(data, purchase=purchase)
    return FORMS.get(action, MoveForm)(data, purchase=purchase)


FORMS: Mapping[Action, type[MoveForm]] = {
    Action.APPROVE: ConditionsForm,
    Action.RECORD_ANSWER: AnswerForm,
    Action.ASK_EVIDENCE: EvidenceForm,
    Action.GIVE_EVIDENCE: GiveEvidenceForm,
    Action.AMEND: WhyForm,
    Action.ORDER_FIRST: OrderFirstForm,
    Action.RETURN: ReasonsForm,
    Action.DECLINE: ReasonsForm,
    Action.CANCEL: ReasonsForm,
    Action.ORDER: OrderForm,
}
