from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Component
from web.forms.fields import CountriesField


class ComponentForm(forms.ModelForm[Component]):
    """Where a part comes from and on what evidence; not known is a fact of its own."""

    made_in = CountriesField(label=_("Place of manufacture"))
    developed_in = CountriesField(label=_("Place of development"))
    data_stored_in = CountriesField(label=_("Place of data storage"))
    administered_from = CountriesField(label=_("Place of administration"))

    class Meta:
        model = Component
        fields = (
            "part",
            "maker",
            "made_in",
            "developed_in",
            "data_stored_in",
            "administered_from",
            "declaration",
        )

    def change(self) -> None:
        """Store only what was changed. The database makes it a claim of whoever acts."""
        self.instance.save(update_fields=self.changed_data)
