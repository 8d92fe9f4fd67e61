"""How notices reach somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Person


class NoticeSettingsForm(forms.ModelForm[Person]):
    class Meta:
        model = Person
        fields = ("mail", "language")
        widgets = {"mail": forms.RadioSelect, "language": forms.RadioSelect}
        labels = {"language": _("Language of the e-mails")}
        help_texts = {
            "mail": _(
                "Urgent is what waits for you and what is due. The daily e-mail goes out at seven in the morning."
                " The inbox has all notices in any case."
            ),
        }
