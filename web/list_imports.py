"""New editions of lists from published files: upload, report, confirmation."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from compliance.assess import refresh_rulebook
from policy.models import ReferenceList
from policy.permissions import may_record_editions
from policy.services import EditionReport, compare_edition, record_edition
from procurement.jobs import follow_changed_rules
from web.access import MemberRequest, action, form_page, found, refuse_unless
from web.forms.editions import EditionConfirmForm, EditionUploadForm
from web.list_uploads import drop_upload, keep_upload

NAMES_SHOWN = 50


def _listed(request: MemberRequest, pk: int) -> ReferenceList:
    listed = found(ReferenceList.objects.all(), pk=pk)
    refuse_unless(
        may_record_editions(request.user),
        _("Only stewards and policy officers record editions of lists."),
    )
    return listed


@form_page
def import_edition(request: MemberRequest, pk: int) -> HttpResponse:
    """`/lists/<id>/import/`: the file, and then what it would change; nothing is stored yet."""
    listed = _listed(request, pk)
    sent = request.method == "POST"
    form = EditionUploadForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            report = compare_edition(
                of=listed, edition=form.cleaned_data["edition"], rows=form.rows
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _reported(request, listed, form, report)
    status = 422 if form.errors else 200
    return render(request, "lists/import.html", {"form": form, "listed": listed}, status=status)


def _reported(
    request: MemberRequest, listed: ReferenceList, form: EditionUploadForm, report: EditionReport
) -> HttpResponse:
    asked = {name: form.data.get(name, "") for name in EditionConfirmForm.base_fields}
    confirm = EditionConfirmForm(initial=asked | {"digest": keep_upload(form.content)})
    context = {
        "listed": listed,
        "report": report,
        "entries": len(form.rows),
        "ended": sum(_ended(each.ended_on, form.effect) for each in form.rows),
        "names": [
            (label, sorted(names)[:NAMES_SHOWN], len(names), max(0, len(names) - NAMES_SHOWN))
            for label, names in (
                (_("Added"), report.added),
                (_("Removed"), report.removed),
                (_("Changed"), report.changed),
            )
        ],
        "fields": [each.as_hidden() for each in confirm],
    }
    return render(request, "lists/import_report.html", context)


def _ended(last: date | None, effect: date) -> bool:
    """Whether the entry counts no more on the day on which the edition takes effect."""
    return last is not None and last < effect


@action
def confirm_edition(request: MemberRequest, pk: int) -> HttpResponse:
    """`/lists/<id>/import/confirm/`: records the edition that was reported, for good."""
    listed = _listed(request, pk)
    form = EditionConfirmForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError([each for errors in form.errors.values() for each in errors])
        report = record_edition(
            of=listed,
            edition=form.cleaned_data["edition"],
            rows=form.rows,
            effective_from=form.effect,
            source=form.cleaned_data["source"],
            by=request.user,
        )
    except ValidationError as error:
        for said in error.messages:
            messages.error(request, said)
        return redirect("import_edition", listed.pk)
    drop_upload(form.cleaned_data["digest"])
    messages.success(request, _("The edition is recorded for good."))
    if refresh_rulebook() is None:
        messages.info(request, _("Builds and aircraft are evaluated again by the job."))
    follow_changed_rules.enqueue()
    return redirect("edition", report.edition.pk)


urlpatterns: list[URLPattern] = [
    path("lists/<int:pk>/import/", import_edition, name="import_edition"),
    path("lists/<int:pk>/import/confirm/", confirm_edition, name="confirm_edition"),
]
