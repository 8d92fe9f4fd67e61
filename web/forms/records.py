from django import forms
from django.utils.translation import gettext_lazy as _

from records.models import AgencyNote


class FileForm(forms.Form):
    """A file for a record. What it is, the storage finds out; here it only has to be there."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "At most 25 MB: PDF, picture, office document or table without macros, plain text."
        ),
    )
    about = forms.CharField(label=_("What it shows"), max_length=300, required=False)


class WithdrawalForm(forms.Form):
    because = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=300,
        help_text=_("The file is kept and stays on the list with this reason."),
    )


class NoteForm(forms.Form):
    """A note. `of_agency`: the record is an agency's, so a note can be for the own side alone."""

    text = forms.CharField(
        label=_("Note"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A note is permanent: it can be neither changed nor deleted."),
    )
    audience = forms.ChoiceField(
        label=_("Who may read it"),
        choices=AgencyNote.Audience.choices,
        initial=AgencyNote.Audience.SHARED,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, of_agency: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Form takes them
        if not of_agency:
            del self.fields["audience"]
