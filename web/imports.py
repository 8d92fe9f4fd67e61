"""Imports of aircraft from spreadsheets: upload, what was found, explaining names, confirmation, progress, result."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from agencies.context import take_time
from agencies.models import Agency
from compliance.intake import store
from compliance.jobs import advance_import
from registry.aliases import remember
from registry.imports.applying import Overtaken
from registry.imports.checking import read_table
from registry.imports.sessions import (
    NotAsConfirmed,
    Source,
    State,
    begin,
    check,
    check_again,
    check_session,
    confirm,
    discard,
)
from registry.imports.uploads import forget, keep
from registry.matching import Reason, Why
from registry.models import Drone, ImportSession
from registry.permissions import may_log_drones
from standards.sheets.refusals import SheetRefused
from web.access import MemberRequest, action, form_page, found, page, refuse_unless
from web.forms.imports import ExplainForm, UploadForm
from web.import_samples import error_report, said, sample
from web.values import language, value_text

AT_ONCE = 2_000
"""Up to so many rows are checked and stored within the request; more are left to the worker."""
SHOWN, EARLIER = 200, 100


@page
def list_imports(request: MemberRequest) -> HttpResponse:
    """`/imports/`: earlier imports of the agencies that the reader keeps, newest first."""
    _custodians_only(request)
    kept = ImportSession.objects.visible_to(request.user).filter(
        agency__in=request.user.scope.where("custodian")
    )
    rows = kept.select_related("agency", "started_by").defer("report").order_by("-id")[:EARLIER]
    return render(request, "imports/list.html", {"rows": rows})


@form_page
def new_import(request: MemberRequest) -> HttpResponse:
    """`/imports/new/`: a file for one's own agency. A file that cannot be read is refused and not kept."""
    _custodians_only(request)
    form = UploadForm(request.POST or None, request.FILES or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            session = _begin(request, form.cleaned_data["agency"], form.cleaned_data["file"])
        except SheetRefused as refused:
            form.add_error("file", refused.said.text(language()))
        else:
            return redirect("import", session.pk)
    return render(request, "imports/form.html", {"form": form}, status=422 if form.errors else 200)


def _begin(request: MemberRequest, agency: Agency, file: "UploadedFile[Any]") -> ImportSession:
    upload = keep(file.chunks(), agency.pk)
    mine = ImportSession.objects.visible_to(request.user).filter(agency=agency)
    take_time()
    try:
        table = read_table(upload.path)
    except SheetRefused:
        if not mine.filter(digest=upload.digest).exists():
            forget(upload)
        raise
    name = "".join(each for each in str(file.name) if each.isprintable())
    session = begin(Source(upload, name, agency, request.user))
    if session.state == State.APPLYING:
        return session
    if len(table.rows) > AT_ONCE:
        _leave_to_the_worker(session)
        return session
    check(session, check_session(session, table))
    return session


@page
def show_import(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/imports/<id>/`: what was found, how far it is, or what came of it."""
    session = _session(request, pk)
    return render(request, "imports/page.html", Shown(session).context())


@page
def import_errors(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/imports/<id>/errors/`: the errors as CSV, to correct the file by."""
    return error_report(_session(request, pk))


@page
def import_sample(request: MemberRequest) -> HttpResponse:
    """`/imports/sample/`: a spreadsheet with the headings, to fill in."""
    _custodians_only(request)
    return sample()


@form_page
def explain_name(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/imports/<id>/explain/?text=<n>`: what a text for maker and model means, remembered for the agency."""
    session = _session(request, pk)
    unknown = session.report.get("unresolved", [])
    number = request.GET.get("text", "") or request.POST.get("text", "")
    text = unknown[int(number)] if number.isdecimal() and int(number) < len(unknown) else None
    if text is None or session.state != State.CHECKED:
        messages.info(request, _("There is nothing to explain here any more."))
        return redirect("import", session.pk)
    form = ExplainForm(request.POST or None, candidates=_choices(text))
    if request.method == "POST" and form.is_valid() and _remembered(form, session, text, request):
        _check_again(session)
        return redirect("import", session.pk)
    context = {"form": form, "session": session, "text": text, "number": number}
    return render(request, "imports/explain.html", context, status=422 if form.errors else 200)


def _remembered(
    form: ExplainForm, session: ImportSession, text: dict[str, Any], request: MemberRequest
) -> bool:
    try:
        remember(
            maker=text["maker"],
            model=text["model"],
            build=form.meant,
            agency_id=session.agency_id,
            by=request.user,
        )
    except ValidationError as refused:
        form.add_error(None, refused)
    return not form.errors


def _choices(text: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (str(each["build"]), f"{each['label']} — {' '.join(_reasons(each))}")
        for each in text["candidates"]
    ]


def _reasons(candidate: dict[str, Any]) -> list[str]:
    return [str(Reason(Why(each["why"]), each["detail"])) for each in candidate["reasons"]]


@action
def confirm_import(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/imports/<id>/confirm/`: store what was shown; 409 when it is not what was shown any more."""
    session = _session(request, pk)
    plan, partial = request.POST.get("plan", ""), bool(request.POST.get("partial"))
    try:
        confirm(session, plan=plan, partial=partial, by=request.user)
    except NotAsConfirmed:
        return render(
            request, "imports/page.html", Shown(session, stale=True).context(), status=409
        )
    counts = session.report["counts"]
    if max(session.report["rows"], counts["new"] + counts["changed"]) > AT_ONCE:
        _leave_to_the_worker(session)
    else:
        _store_now(request, session)
    return redirect("import", session.pk)


def _store_now(request: MemberRequest, session: ImportSession) -> None:
    try:
        store(session)
    except Overtaken:
        messages.info(request, _("The same import is being stored already."))
    except NotAsConfirmed:
        check_again(session)
        messages.warning(
            request, _("The registry changed meanwhile. Look again at what would be stored.")
        )
    else:
        messages.success(request, _("The import is done."))


@action
def discard_import(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/imports/<id>/discard/`: nothing of it is stored."""
    session = _session(request, pk)
    try:
        discard(session, by=request.user)
    except NotAsConfirmed:
        return render(
            request, "imports/page.html", Shown(session, stale=True).context(), status=409
        )
    messages.success(request, _("The import is discarded; nothing of it was stored."))
    return redirect("imports")


@action
def continue_import(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/imports/<id>/continue/`: give it to the worker once more, after it was stopped. Harmless while it runs."""
    session = _session(request, pk)
    if session.state in (State.UPLOADED, State.APPLYING):
        _leave_to_the_worker(session)
    return redirect("import", session.pk)


def _custodians_only(request: MemberRequest) -> None:
    refuse_unless(may_log_drones(request.user), _("Only a custodian imports aircraft."))


def _session(request: MemberRequest, pk: UUID) -> ImportSession:
    rows = ImportSession.objects.visible_to(request.user).select_related("agency", "started_by")
    session = found(rows, pk=pk)
    allowed = may_log_drones(request.user, session.agency_id)
    refuse_unless(allowed, _("Only a custodian of its agency sees an import."))
    return session


def _leave_to_the_worker(session: ImportSession) -> None:
    transaction.on_commit(lambda: advance_import.enqueue(str(session.pk)))


def _check_again(session: ImportSession) -> None:
    """After a name was explained. What was found so far stands until the worker has checked a long file."""
    if session.report.get("rows", 0) > AT_ONCE:
        session.state = State.UPLOADED
        session.save(update_fields=["state"])
        _leave_to_the_worker(session)
    else:
        check_again(session)


@dataclass(frozen=True)
class Shown:
    """An import as its page shows it. `stale`: what somebody wanted to act on is not there any more."""

    session: ImportSession
    stale: bool = False

    def context(self) -> dict[str, Any]:
        report = self.session.report
        counts = report.get("counts", {})
        pending = counts.get("new", 0) + counts.get("changed", 0)
        return {
            "session": self.session,
            "stale": self.stale,
            "report": report,
            "counts": counts,
            "pending": pending,
            "waiting": self.session.state in (State.UPLOADED, State.APPLYING),
            "remarks": [said(each) for each in report.get("remarks", ())],
            "problems": [
                each | {"reason": said(each["said"])} for each in report.get("problems", ())[:SHOWN]
            ],
            "changes": [_change(each) for each in report.get("changes", ())[:SHOWN]],
            "unresolved": report.get("unresolved", ()),
        }


def _change(change: dict[str, Any]) -> dict[str, Any]:
    field = Drone._meta.get_field(change["field"])
    if change["field"] == "build":
        return change | {"label": field.verbose_name}  # type: ignore[union-attr]  # a column of its own
    texts = {side: value_text(field, change[side]) for side in ("old", "new")}  # type: ignore[arg-type]  # as above
    return change | texts | {"label": field.verbose_name}  # type: ignore[union-attr]  # as above


urlpatterns: list[URLPattern] = [
    path("imports/", list_imports, name="imports"),
    path("imports/new/", new_import, name="new_import"),
    path("imports/sample/", import_sample, name="import_sample"),
    path("imports/<uuid:pk>/", show_import, name="import"),
    path("imports/<uuid:pk>/errors/", import_errors, name="import_errors"),
    path("imports/<uuid:pk>/explain/", explain_name, name="explain_name"),
    path("imports/<uuid:pk>/confirm/", confirm_import, name="confirm_import"),
    path("imports/<uuid:pk>/discard/", discard_import, name="discard_import"),
    path("imports/<uuid:pk>/continue/", continue_import, name="continue_import"),
]
