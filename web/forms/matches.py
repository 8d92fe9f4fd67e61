from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from compliance.models import ListMatch
from policy.models import Entry, ReferenceList
from registry.models import Build, Vendor


class MatchForm(forms.ModelForm[ListMatch]):
    """A steward decides whether an entry of a list is this vendor or, of a clearance list, this build."""

    class Meta:
        model = ListMatch
        fields = ("entry_key", "vendor", "build", "decision", "reason")
        widgets = {"decision": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "entry_key": _("The key of the entry, as the edition shows it."),
            "reason": _("What you compared: names, seat, identifiers, the source of the list."),
        }

    def __init__(self, *args: Any, listed: ReferenceList, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.list, self.instance.decided_by = listed, by
        self.instance.decided_on = timezone.localdate()
        of_builds = listed.kind == ReferenceList.Kind.CLEARANCES
        del self.fields["vendor" if of_builds else "build"]
        matched = cast(
            "forms.ModelChoiceField[Any]", self.fields["build" if of_builds else "vendor"]
        )
        matched.required = True
        if of_builds:
            known = Build.objects.filter(configuration_known=True).select_related("model")
            matched.queryset = known.order_by("model__name", "name", "id")
        else:
            matched.queryset = Vendor.objects.current()
        self.fields["decision"].choices = ListMatch.Decision.choices  # type: ignore[attr-defined]  # no empty choice

    def clean_entry_key(self) -> str:
        key: str = self.cleaned_data["entry_key"]
        if not Entry.objects.filter(edition__list=self.instance.list, key=key).exists():
            raise ValidationError(_("No edition of this list has an entry with this key."))
        return key

    def _get_validation_exclusions(self) -> set[str]:
        """The list is set here and is part of what must be unique."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # private
        return exclusions - {"list"}
