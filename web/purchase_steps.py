"""A purchase filled in step by step: each step is stored in the draft when it is left, and can be come back to."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from procurement.errors import NotNow
from procurement.models import Line, Purchase
from procurement.permissions import may_request
from procurement.services import edit_purchase, start_purchase
from procurement.similar import similar_to
from procurement.workflow import lines_of
from records.services import attach
from web.access import MemberRequest, action, form_page, page, refuse_unless
from web.conflicts import conflict
from web.elements import Step, Text
from web.forms.purchase_steps import ItemForm, RequestForm, TermsForm
from web.forms.records import FileForm
from web.live_check import LiveCheck, check_draft
from web.purchase_records import purchase_for, steps_for
from web.record_kinds import files_of
from web.values import mission_names

STEPS: dict[str, Text] = {
    "request": gettext_lazy("What and what for"),
    "lines": gettext_lazy("Lines"),
    "terms": gettext_lazy("Suppliers, prices, dates"),
    "documents": gettext_lazy("Documents"),
    "overview": gettext_lazy("Look over and submit"),
}
SIMILAR_SHOWN = 5
CUSTODIANS_ONLY = gettext_lazy("Only a custodian of its agency changes a purchase.")


def strip(here: str, purchase: Purchase | None, lines: Sequence[Line], files: int) -> list[Step]:
    """The steps with what has been done in each; before the draft is stored only the first can be opened."""
    priced = bool(lines) and all(line.supplier_id and line.unit_price is not None for line in lines)
    done = {
        "request": purchase is not None,
        "lines": bool(lines),
        "terms": priced,
        "documents": files > 0,
        "overview": False,
    }
    notes: dict[str, Text] = {
        "lines": str(len(lines)) if lines else "",
        "documents": str(files) if files else _("where there are any"),
    }
    return [
        Step(
            label,
            "current" if name == here else "done" if done[name] else "ahead",
            notes.get(name, ""),
            "" if purchase is None else reverse(f"purchase_step_{name}", args=[purchase.pk]),
        )
        for name, label in STEPS.items()
    ]


def shown(
    request: MemberRequest,
    here: str,
    purchase: Purchase | None,
    lines: Sequence[Line],
    **more: object,
) -> HttpResponse:
    """The page of a step, 422 where its form has errors."""
    form = more.get("form")
    files = files_of(request.user, purchase).count() if purchase else 0
    context = {
        "purchase": purchase,
        "lines": lines,
        "here": here,
        "title": STEPS[here],
        "template": f"purchases/steps/_{'item' if 'item' in more else here}.html",
        "strip": strip(here, purchase, lines, files),
        "check": check_draft(purchase, lines) if purchase else LiveCheck(),
        "kinds": Line.Kind.choices,
        **more,
    }
    wrong = isinstance(form, RequestForm | TermsForm | ItemForm | FileForm) and bool(form.errors)
    return render(request, "purchases/steps.html", context, status=422 if wrong else 200)


def first_step(request: MemberRequest) -> HttpResponse:
    """`/purchases/new/`: the first step; stored as a draft without lines."""
    form = RequestForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        stored = start_purchase(purchase=form.instance, lines=(), by=request.user, complete=False)
        return redirect("purchase_step_lines", stored.pk)
    return shown(request, "request", None, (), form=form)


def _draft(request: MemberRequest, pk: UUID) -> tuple[Purchase, list[Line]]:
    """The draft and its lines, locked while something is stored. Raises NotNow when it is none any more."""
    purchase = purchase_for(request.user, pk, lock=request.method == "POST")
    refuse_unless(may_request(request.user, purchase.agency_id), CUSTODIANS_ONLY)
    if not purchase.editable:
        raise NotNow("not_a_draft")
    return purchase, lines_of(purchase, request.user)


def _demand_unmoved(request: MemberRequest, purchase: Purchase) -> None:
    if request.POST.get("version") != str(purchase.version):
        raise NotNow("moved")


FORMS = ("request", "terms")
NEXT = dict(zip(STEPS, list(STEPS)[1:], strict=False))


@never_cache
@form_page
def fill_in(request: MemberRequest, pk: UUID, here: str) -> HttpResponse:
    """`/purchases/<id>/steps/request/`, `…/terms/`: a step that is one form."""
    try:
        purchase, lines = _draft(request, pk)
        form = _form(request, here, purchase, lines)
        if request.method == "POST":
            _demand_unmoved(request, purchase)
            if form.is_valid():
                lines = form.changed_lines() or lines
                edit_purchase(purchase=purchase, lines=lines, by=request.user, complete=False)
                return redirect(f"purchase_step_{NEXT[here]}", pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    except ValidationError as error:
        form.refused(error)
    return shown(request, here, purchase, lines, form=form)


def _form(
    request: MemberRequest, here: str, purchase: Purchase, lines: list[Line]
) -> RequestForm | TermsForm:
    data = request.POST if request.method == "POST" else None
    if here == "request":
        return RequestForm(data, instance=purchase, person=request.user)
    return TermsForm(data, instance=purchase, person=request.user, lines=lines)


@action
def check_step(request: MemberRequest, pk: UUID, here: str) -> HttpResponse:
    """`/purchases/<id>/steps/<step>/check/`: what rules say of the step as it is filled in. Stores nothing."""
    try:
        purchase, lines = _draft(request, pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    form = _form(request, here, purchase, lines)
    form.is_valid()
    return _checked(request, check_draft(purchase, form.changed_lines() or lines))


def _checked(request: MemberRequest, check: LiveCheck) -> HttpResponse:
    return render(request, "purchases/_check.html", {"check": check})


@never_cache
@page
def lines_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/steps/lines/`: the lines so far, and a way to add one of each kind."""
    try:
        purchase, lines = _draft(request, pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    return shown(request, "lines", purchase, lines)


@never_cache
@form_page
def line(request: MemberRequest, pk: UUID, line_pk: UUID | None = None) -> HttpResponse:
    """`/purchases/<id>/lines/new/?kind=part`, `/purchases/<id>/lines/<line>/`: one line, stored by itself."""
    try:
        purchase, lines = _draft(request, pk)
        item = _item(request, lines, line_pk)
        form = ItemForm(
            request.POST if request.method == "POST" else None, item=item, purchase=purchase
        )
        if request.method == "POST":
            _demand_unmoved(request, purchase)
            if form.is_valid():
                _store(request, purchase, lines, form.entered())
                return redirect("purchase_step_lines", pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    except ValidationError as error:
        form.refused(error)
    return shown(request, "lines", purchase, lines, form=form, item=item, stored=line_pk)


def _item(request: MemberRequest, lines: Sequence[Line], line_pk: UUID | None) -> Line:
    """The stored line, or a new one of the kind that the address names. Raises Http404."""
    if line_pk is not None:
        found = next((each for each in lines if each.pk == line_pk), None)
        if found is None:
            raise Http404
        return found
    kind = request.GET.get("kind", Line.Kind.AIRCRAFT)
    if kind not in Line.Kind.values:
        raise Http404
    return Line(kind=kind)


def _with(lines: Sequence[Line], item: Line) -> list[Line]:
    return [*(each for each in lines if each.pk != item.pk), item]


def _store(request: MemberRequest, purchase: Purchase, lines: Sequence[Line], item: Line) -> None:
    edit_purchase(purchase=purchase, lines=_with(lines, item), by=request.user, complete=False)
    messages.success(request, _("The line is stored."))


@action
def check_line(request: MemberRequest, pk: UUID, line_pk: UUID | None = None) -> HttpResponse:
    """`/purchases/<id>/lines/…/check/`: what rules say with the line as it is filled in. Stores nothing."""
    try:
        purchase, lines = _draft(request, pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    form = ItemForm(request.POST, item=_item(request, lines, line_pk), purchase=purchase)
    form.is_valid()
    return _checked(request, check_draft(purchase, _with(lines, form.entered())))


@action
def remove_line(request: MemberRequest, pk: UUID, line_pk: UUID) -> HttpResponse:
    """`/purchases/<id>/lines/<line>/remove/`: takes a line out of the draft."""
    try:
        purchase, lines = _draft(request, pk)
        item = _item(request, lines, line_pk)
        _demand_unmoved(request, purchase)
        left = [each for each in lines if each.pk != item.pk]
        edit_purchase(purchase=purchase, lines=left, by=request.user, complete=False)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    messages.success(request, _("The line is taken out."))
    return redirect("purchase_step_lines", pk)


@never_cache
@form_page
def documents_step(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/steps/documents/`: files are added one at a time."""
    try:
        purchase, lines = _draft(request, pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    form = FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and _attached(form, purchase, request):
            return redirect("purchase_step_documents", pk)
    files = files_of(request.user, purchase).select_related("uploaded_by", "withdrawn_by")
    return shown(request, "documents", purchase, lines, form=form, files=files)


def _attached(form: FileForm, purchase: Purchase, request: MemberRequest) -> bool:
    """Whether the file was stored; why not becomes an error of the form."""
    given = form.cleaned_data
    try:
        attach(to=purchase, upload=given["file"], about=given["about"], by=request.user)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    messages.success(request, _("The file is added."))
    return True


@never_cache
@page
def overview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/purchases/<id>/steps/overview/`: all that was entered, what rules say of it, and what may be done."""
    try:
        purchase, lines = _draft(request, pk)
    except NotNow as refused:
        return conflict(request, purchase_for(request.user, pk), refused)
    return shown(
        request,
        "overview",
        purchase,
        lines,
        missions=mission_names(purchase.missions),
        files=files_of(request.user, purchase).select_related("uploaded_by", "withdrawn_by"),
        steps=steps_for(purchase, request.user),
        similar=similar_to(purchase, lines, request.user)[:SIMILAR_SHOWN],
    )


PURCHASE = "purchases/<uuid:pk>/"
urlpatterns: list[URLPattern] = [
    *(
        path(f"{PURCHASE}steps/{name}/", partial(fill_in, here=name), name=f"purchase_step_{name}")
        for name in FORMS
    ),
    *(
        path(
            f"{PURCHASE}steps/{name}/check/",
            partial(check_step, here=name),
            name=f"check_step_{name}",
        )
        for name in FORMS
    ),
    path(f"{PURCHASE}steps/lines/", lines_step, name="purchase_step_lines"),
    path(f"{PURCHASE}steps/documents/", documents_step, name="purchase_step_documents"),
    path(f"{PURCHASE}steps/overview/", overview, name="purchase_step_overview"),
    path(f"{PURCHASE}lines/new/", line, name="new_line"),
    path(f"{PURCHASE}lines/new/check/", check_line, name="check_new_line"),
    path(f"{PURCHASE}lines/<uuid:line_pk>/", line, name="edit_line"),
    path(f"{PURCHASE}lines/<uuid:line_pk>/check/", check_line, name="check_line"),
    path(f"{PURCHASE}lines/<uuid:line_pk>/remove/", remove_line, name="remove_line"),
]
