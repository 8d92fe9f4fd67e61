from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Disclosure, Person
from registry.disclosures import prices_that_would_change


class DisclosureForm(forms.ModelForm[Disclosure]):
    """What an agency tells the centre. What it would do to recorded prices is said and agreed to first."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I know that this cannot be undone"), required=False
    )

    class Meta:
        model = Disclosure
        fields = ("aircraft", "about", "as_of", "prices", "basis")
        widgets = {
            "aircraft": forms.RadioSelect,
            "prices": forms.RadioSelect,
            "as_of": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "aircraft": gettext_lazy(
                "Unless it is exact, people at the centre see none of your aircraft, their history and"
                " files; they read this statement instead. Purchases and waivers are reviewed as before."
            ),
            "about": gettext_lazy("Only when the number is approximate."),
            "as_of": gettext_lazy("Only when the number is approximate."),
            "prices": gettext_lazy(
                "Approximate prices are kept to two digits, withheld ones not at all."
            ),
            "basis": gettext_lazy("Shown to the centre with the statement."),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.lost = 0

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        prices = data.get("prices", "")
        self.lost = prices_that_would_change(self.person, self.instance.agency_id, prices)
        if self.lost and not data.get("agreed"):
            raise ValidationError({"agreed": self._consequence(prices)})
        return data

    def _consequence(self, prices: str) -> str:
        words = (
            _("%(count)s recorded prices would be removed. Tick the box if this is meant.")
            if prices == Disclosure.Given.WITHHELD
            else _("%(count)s recorded prices would be rounded. Tick the box if this is meant.")
        )
        return words % {"count": self.lost}
