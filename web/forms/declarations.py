from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import Declaration
from web.forms.catalogue import CatalogueForm


class DeclarationForm(CatalogueForm[Declaration]):
    class Meta:
        model = Declaration
        fields = ("title", "kind", "claimant", "dated", "expires", "grade")
        widgets = {
            "dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "expires": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": _("What stands on the paper, so that somebody else finds it."),
            "expires": _("The last day on which it counts. Leave empty if it does not expire."),
            "grade": _(
                "Claimed: somebody says so. Documented: the paper was seen. Verified: somebody independent looked."
            ),
        }

    def clean_dated(self) -> Any:
        dated = self.cleaned_data["dated"]
        if dated > timezone.localdate():
            raise ValidationError(_("A declaration cannot be dated in the future."))
        return dated


class AttachForm(forms.Form):
    """Which of the facts on the page rest on the declaration."""

    facts = forms.MultipleChoiceField(
        label=_("Facts"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Ticked facts rest on this declaration from now on. Each becomes a claim of yours until it is checked again."
        ),
        error_messages={"required": _("Tick at least one fact.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facts"].choices = choices  # type: ignore[attr-defined]  # a choice field
