"""Files and notes of any record: their pages, adding, withdrawing, and sending a file out."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from agencies.models import Person
from procurement.models import Purchase
from records.keys import agency_of
from records.models import AgencyAttachment, Attachment, CatalogueAttachment
from records.permissions import may_add, may_open, may_withdraw
from records.services import attach, withdraw, write_note
from records.storage import open_content
from web.access import MemberRequest, form_page, page, refuse_unless
from web.elements import Tab
from web.forms.records import FileForm, NoteForm, WithdrawalForm
from web.paging import keyset
from web.record_kinds import (
    KINDS,
    TABLES,
    address_of,
    attached_tabs,
    files_of,
    notes_of,
    record_for,
)

PEOPLE = ("uploaded_by", "withdrawn_by")
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For files that go out: even where a browser shows one, nothing in it runs or is fetched."""


@form_page
def files(request: MemberRequest, pk: object, kind: str) -> HttpResponse:
    """`/<kind>/<id>/files/`: the files of a record, and adding one."""
    record = record_for(request.user, kind, pk)
    allowed = may_add(request.user, record)
    form = FileForm() if allowed else None
    if request.method == "POST":
        refuse_unless(allowed, _("Your roles let you read this record, not add to it."))
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and _attached(form, record, request.user):
            messages.success(request, _("The file is added."))
            return redirect(f"{address_of(record)}files/")
    rows, links = keyset(files_of(request.user, record).select_related(*PEOPLE), request)
    context = _frame(request.user, record, "files") | {
        "files": [(each, may_withdraw(request.user, each)) for each in rows],
        "page": links,
        "form": form,
        "decides": isinstance(record, Purchase),
    }
    return _answer(request, "records/files.html", context, form)


def _attached(form: FileForm, record: Model, by: Person) -> bool:
    """Whether it was stored; why not becomes an error of the form."""
    given = form.cleaned_data
    try:
        attach(to=record, upload=given["file"], about=given["about"], by=by)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


@form_page
def notes(request: MemberRequest, pk: object, kind: str) -> HttpResponse:
    """`/<kind>/<id>/notes/`: the notes on a record, and writing one."""
    record = record_for(request.user, kind, pk)
    allowed, of_agency = may_add(request.user, record), agency_of(record) is not None
    form = NoteForm(of_agency=of_agency) if allowed else None
    if request.method == "POST":
        refuse_unless(allowed, _("Your roles let you read this record, not add to it."))
        form = NoteForm(request.POST, of_agency=of_agency)
        if form.is_valid():
            write_note(on=record, by=request.user, **form.cleaned_data)
            messages.success(request, _("The note is written."))
            return redirect(_back(request) or f"{address_of(record)}notes/")
    rows, links = keyset(notes_of(request.user, record).select_related("author"), request)
    context = _frame(request.user, record, "notes") | {"notes": rows, "page": links, "form": form}
    return _answer(request, "records/notes.html", context, form)


def _back(request: MemberRequest) -> str:
    """The page of this site that the note was written on, when the form names one."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def _frame(person: Person, record: Model, here: str) -> dict[str, object]:
    """What both pages show around their list. Two queries."""
    address = address_of(record)
    return {
        "record": record,
        "here": here,
        "address": address,
        "tabs": [Tab(address, _("Record")), *attached_tabs(person, record, here)],
    }


def _answer(
    request: MemberRequest,
    template: str,
    context: dict[str, object],
    form: FileForm | NoteForm | None,
) -> HttpResponse:
    wrong = form is not None and form.is_bound and bool(form.errors)
    return render(request, template, context, status=422 if wrong else 200)


@page
def download(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """`/files/<id>/`: the content of a file, to be saved and never to be shown by the browser."""
    attachment = _attachment(request.user, pk)
    refuse_unless(
        may_open(request.user, attachment),
        _("This file has been withdrawn. Its content is kept for auditors."),
    )
    try:
        content = open_content(attachment.digest)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = "private, no-store"
    return answer


@form_page
def withdraw_file(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/files/<id>/withdraw/`: takes a file out of use, with a reason; it is kept."""
    attachment = _attachment(request.user, pk)
    refuse_unless(
        may_withdraw(request.user, attachment),
        _("Only who added a file or keeps the record withdraws it, and only once."),
    )
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    back = f"/{TABLES[attachment.record_table]}/{attachment.record_id}/files/"
    if request.method == "POST" and form.is_valid():
        withdraw(attachment=attachment, because=form.cleaned_data["because"], by=request.user)
        messages.success(request, _("The file is withdrawn."))
        return redirect(back)
    context = {"form": form, "file": attachment, "back": back}
    return render(request, "records/withdraw.html", context, status=422 if form.errors else 200)


def _attachment(person: Person, pk: UUID) -> Attachment:
    """A file of a record that this person may see, or 404: both, the row and its record, are asked."""
    rows = (AgencyAttachment.objects.visible_to(person), CatalogueAttachment.objects.all())
    attachment = next((each for row in rows if (each := row.filter(pk=pk).first())), None)
    if attachment is None or attachment.record_table not in TABLES:
        raise Http404
    record_for(person, TABLES[attachment.record_table], attachment.record_id)
    return attachment


urlpatterns: list[URLPattern] = [
    path("files/<uuid:pk>/", download, name="file"),
    path("files/<uuid:pk>/withdraw/", withdraw_file, name="withdraw_file"),
    *(
        path(f"{name}/<{kind.key}:pk>/{what}/", partial(view, kind=name), name=f"{name}_{what}")
        for name, kind in KINDS.items()
        for what, view in (("files", files), ("notes", notes))
    ),
]
