from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from registry.models import Drone
from web.forms.fields import MissionsField


class OfferForm(forms.Form):
    """To whom an aircraft is offered. `seen` is the number of the last event the reader saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    to = forms.ModelChoiceField(
        label=gettext_lazy("Offered to"), queryset=Agency.objects.none(), empty_label=None
    )
    message = forms.CharField(
        label=gettext_lazy("Message to the other agency"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def __init__(self, data: Any, *, drone: Drone) -> None:
        super().__init__(data, initial={"seen": drone.events_made})
        field = cast("forms.ModelChoiceField[Agency]", self.fields["to"])
        field.queryset = Agency.objects.exclude(pk=drone.agency_id).order_by("code")
        field.empty_label = gettext_lazy("Choose an agency")


class AnswerForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class AcceptForm(forms.Form):
    """What the receiver uses the aircraft for, and where it will stand."""

    missions = MissionsField(
        label=gettext_lazy("Missions"),
        required=False,
        help_text=gettext_lazy("Tick every kind of work it will be used for."),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
