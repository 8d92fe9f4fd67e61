from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Membership, Person
from registry.models import Build
from standards.sheets.opening import MOST_BYTES
from web.forms.build_field import BuildSearchField


class UploadForm(forms.Form):
    """A spreadsheet, and the agency whose aircraft stand in it."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=gettext_lazy("Agency"))
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy(
            "CSV or Excel (.xlsx), up to 30 MB, one table with a row of headings. Nothing is stored before you confirm."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = sorted(person.scope.where(Membership.Role.CUSTODIAN))
        agencies = cast("forms.ModelChoiceField[Agency]", self.fields["agency"])
        agencies.queryset = Agency.objects.filter(pk__in=kept)
        agencies.initial = kept[0] if len(kept) == 1 else None

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file has %(size)s MB; at most %(most)s MB are read. Divide it.")
                % {
                    "size": round((file.size or 0) / 1_000_000),
                    "most": round(MOST_BYTES / 1_000_000),
                }
            )
        return file


class ExplainForm(forms.Form):
    """What a text for maker and model means: one of the candidates, or any build."""

    candidate = forms.ChoiceField(
        label=gettext_lazy("Proposed"), widget=forms.RadioSelect, required=False
    )
    build = BuildSearchField(
        label=gettext_lazy("Or another one"),
        required=False,
        help_text=gettext_lazy(
            "Type maker and model, or part of them; of several builds you choose by the number."
            " If you know only the model, choose the build whose configuration is not known."
        ),
    )

    def __init__(self, *args: Any, candidates: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["candidate"]).choices = candidates
        if not candidates:
            del self.fields["candidate"]

    def clean(self) -> None:
        chosen = [each for each in map(self.cleaned_data.get, ("candidate", "build")) if each]
        if len(chosen) != 1:
            raise ValidationError(_("Choose one: a proposed model, or another one."))

    @property
    def meant(self) -> Build:
        found: Build | None = self.cleaned_data.get("build")
        return found or Build.objects.get(pk=int(self.cleaned_data["candidate"]))
