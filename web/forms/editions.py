"""The file of a new edition of a list: uploaded, reported, and recorded once somebody confirms."""

import re
from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policy.list_formats.entries import EntryRow, ListFileError
from policy.list_formats.formats import read_list
from web.list_uploads import LARGEST, read_upload
from web.values import language

FORMATS = [
    ("csv", gettext_lazy("The registry's own table (CSV)")),
    ("dod1260h", gettext_lazy("Section 1260H list (CSV)")),
    ("csl", gettext_lazy("Consolidated Screening List (CSV)")),
    ("ofac", gettext_lazy("OFAC files (ZIP of sdn or prim, alt, add, comments)")),
]
PROBLEMS_SHOWN = 50
_DIGEST = re.compile(r"^[0-9a-f]{64}$")


def entries_of(form_name: str, content: bytes) -> tuple[EntryRow, ...]:
    """Raises ValidationError with the problems of the file, row by row."""
    try:
        return read_list(form_name, content)
    except ListFileError as error:
        shown = [each.said(language()) for each in error.problems[:PROBLEMS_SHOWN]]
        if (other := _form_of(form_name, content)) is not None:
            shown.insert(0, _("This reads as “%(form)s”: choose that form.") % {"form": other})
        if more := len(error.problems) - len(shown):
            shown.append(_("and %(more)s more problems") % {"more": more})
        raise ValidationError(shown) from error


def _form_of(chosen: str, content: bytes) -> Promise | None:
    """Another form in which the file can be read as it is."""
    for name, label in FORMATS:
        if name != chosen:
            with suppress(ListFileError):
                read_list(name, content)
                return label
    return None


class _EditionForm(forms.Form):
    form = forms.ChoiceField(label=gettext_lazy("Form of the file"), choices=FORMATS)
    edition = forms.DateField(
        label=gettext_lazy("Edition"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The day on which the list was published."),
    )
    effective_from = forms.DateField(
        label=gettext_lazy("In effect from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Leave empty if it takes effect on the day it was published."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=500,
        help_text=gettext_lazy("Who published it, and where."),
    )

    content = b""
    rows: tuple[EntryRow, ...] = ()

    @property
    def effect(self) -> date:
        found: date = self.cleaned_data["effective_from"] or self.cleaned_data["edition"]
        return found


class EditionUploadForm(_EditionForm):
    """First step: the file. `content` and `rows` are there once the form is valid."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=200)
    field_order = ("file", "form", "edition", "effective_from", "source")

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(
                _("The file is larger than %(limit)s MB.") % {"limit": LARGEST // 1_000_000}
            )
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "file" in data and "form" in data:
            self.content = data["file"].read()
            self.rows = entries_of(data["form"], self.content)
        return data


class EditionConfirmForm(_EditionForm):
    """Second step: the same file, by its digest."""

    digest = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        digest = data.get("digest", "")
        content = read_upload(digest) if _DIGEST.match(digest) else None
        if content is None:
            raise ValidationError(_("The file is no longer there. Upload it again."))
        if "form" in data:
            self.rows = entries_of(data["form"], content)
        return data
