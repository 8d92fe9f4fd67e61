from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ALL, NONE = "*", ""


class FirmwareForm(forms.Form):
    """Which aircraft of a build: all, or those of one firmware."""

    firmware = forms.ChoiceField(label=gettext_lazy("Firmware"), required=False)

    def __init__(self, data: Any, *, recorded: Sequence[str]) -> None:
        super().__init__(data)
        known = [(each, each or _("not recorded")) for each in recorded]
        field = cast("forms.ChoiceField", self.fields["firmware"])
        field.choices = [(ALL, _("every firmware")), *known]
        field.initial = ALL


class OrderForm(FirmwareForm):
    """Grounding, or releasing, what the preview showed; `shown` is its seal."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, data: Any, *, recorded: Sequence[str]) -> None:
        super().__init__(data, recorded=recorded)
        self.fields["firmware"].widget = forms.HiddenInput()
