from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import DroneCertificate

DAY = {"type": "date"}


class CertificateForm(forms.ModelForm[DroneCertificate]):
    """What is known of one certificate of one aircraft; not known is an answer too."""

    held = forms.TypedChoiceField(
        label=_("Does the aircraft have it?"),
        choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Also “yes” when it has expired: the days below say until when it was valid."),
    )

    class Meta:
        model = DroneCertificate
        fields = ("held", "number", "valid_from", "valid_until", "declaration")
        widgets = {
            "valid_from": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        }
        help_texts = {
            "number": _("As it stands on the paper, such as the registration ID."),
            "valid_until": _("The last day. Leave it empty when the certificate does not end."),
            "declaration": _("The paper it rests on. A rule can ask for one that was checked."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as ModelForm takes them
        held = self.instance.held
        self.initial["held"] = "" if held is None else "yes" if held else "no"
