from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Drone
from registry.querysets import DroneQuerySet
from registry.refusals import text


class ConfirmForm(forms.Form):
    """Which of the aircraft shown were seen, and on which day. `offered` are those that may be named."""

    drones = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Aircraft"),
        queryset=Drone.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one aircraft.")},
    )
    on = forms.DateField(
        label=gettext_lazy("Seen on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day on which somebody had the aircraft before their eyes."),
    )

    def __init__(self, data: Any, *, offered: DroneQuerySet) -> None:
        super().__init__(data, initial={"on": timezone.localdate()})
        self.fields["drones"].queryset = offered  # type: ignore[attr-defined]  # a model choice field

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(text("future"))
        return on

    def clean_drones(self) -> Any:
        chosen = self.cleaned_data["drones"]
        if len(chosen) > MOST:
            raise ValidationError(_("At most %(most)s aircraft at once.") % {"most": MOST})
        return chosen


MOST = 200
"""Aircraft of one page."""
