"""Declarations: who says so on what paper, and the facts that rest on it."""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from registry.models import Build, CatalogueRecord, Declaration, DroneCertificate, Vendor
from registry.permissions import may_keep_catalogue, may_propose
from web.access import MemberRequest, form_page, found, page
from web.catalogue_facts import (
    FACT_KINDS,
    facts_of,
    facts_of_build,
    facts_of_vendor,
    resting_on,
)
from web.checks import KINDS
from web.editing import FormPage, add, change, members_propose, shown_form
from web.elements import Text
from web.forms.declarations import AttachForm, DeclarationForm
from web.paging import keyset
from web.records import history
from web.vendor_changes import claim_lead, held


def trail(paper: Declaration | None = None) -> list[tuple[str, Text]]:
    above: list[tuple[str, Text]] = [(reverse("declarations"), _("Declarations"))]
    if paper is None:
        return above
    return [*above, (reverse("declaration", args=[paper.pk]), str(paper))]


@page
def list_declarations(request: MemberRequest) -> HttpResponse:
    """`/declarations/`: every paper, or those whose title or claimant contains `?q`."""
    text = request.GET.get("q", "").strip()
    rows = Declaration.objects.select_related("claimed_by", "verified_by", "refused_by")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(claimant__icontains=text))
    papers, links = keyset(rows, request)
    context = {"papers": papers, "page": links, "q": text, "may_propose": may_propose(request.user)}
    return render(request, "declarations/list.html", context)


@page
def show_declaration(request: MemberRequest, pk: int) -> HttpResponse:
    """`/declarations/<id>/`: the paper, what rests on it, and its history."""
    people = ("claimed_by", "verified_by", "refused_by")
    paper = found(Declaration.objects.select_related(*people), pk=pk)
    certificates = DroneCertificate.objects.visible_to(request.user).filter(declaration=paper)
    context = {
        "paper": paper,
        "facts": facts_of(resting_on(paper), request.user),
        "certificates": certificates.select_related("drone"),
        "may_check": may_keep_catalogue(request.user),
        "may_propose": may_propose(request.user),
    }
    return render(request, "declarations/page.html", context | history(request, paper))


@form_page
def new_declaration(request: MemberRequest) -> HttpResponse:
    """`/declarations/new/`"""
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    frame = FormPage(_("Propose a declaration"), trail(), claim_lead())
    answer = add(request, frame, form, lambda paper: None)
    stored = answer.status_code == 302
    return redirect("declaration", form.instance.pk) if stored else answer


@form_page
def edit_declaration(request: MemberRequest, pk: int) -> HttpResponse:
    """`/declarations/<id>/edit/`"""
    paper = found(held(request, Declaration.objects.all()), pk=pk)
    frame = FormPage(_("Change the declaration"), trail(paper), claim_lead())
    form = partial(DeclarationForm, instance=paper)
    return change(request, frame, paper, form, KINDS["declarations"].refresh)


@form_page
def attach_declaration(request: MemberRequest, pk: int) -> HttpResponse:
    """`/declarations/<id>/attach/?build=` or `?vendor=`: facts of one record that rest on it from now on."""
    members_propose(request)
    paper = found(Declaration.objects.all(), pk=pk)
    facts = facts_of(_candidates(request, paper), request.user)
    choices = [(fact.key, f"{fact.kind_label}: {fact.name}") for fact in facts]
    form = AttachForm(request.POST if request.method == "POST" else None, choices=choices)
    frame = FormPage(
        _("Attach to facts"),
        trail(paper),
        claim_lead(),
        button=_("Attach"),
        template="declarations/attach.html",
    )
    if request.method == "POST" and form.is_valid():
        attach(paper, form.cleaned_data["facts"])
        KINDS["declarations"].refresh(paper)
        messages.success(request, _("Recorded as your claim. A steward who is not you checks it."))
        return redirect(frame.back)
    builds = Build.objects.filter(configuration_known=True).select_related("model")
    return shown_form(
        request, frame, form, facts=facts, builds=builds, vendors=Vendor.objects.current()
    )


def _candidates(request: MemberRequest, paper: Declaration) -> list[CatalogueRecord]:
    """The facts of the build or vendor of the address that do not rest on this paper yet."""
    build, vendor = (request.GET.get(name, "") for name in ("build", "vendor"))
    rows: Iterable[CatalogueRecord] = ()
    if build.isdecimal() and len(build) < 18:
        known = Build.objects.filter(configuration_known=True).select_related("model")
        rows = facts_of_build(found(known, pk=build))
    elif vendor.isdecimal() and len(vendor) < 18:
        rows = facts_of_vendor(found(Vendor.objects.current(), pk=vendor))
    return [row for row in rows if getattr(row, "declaration_id", None) != paper.pk]


def attach(paper: Declaration, keys: Iterable[str]) -> None:
    """Let these facts rest on the declaration. One update per kind."""
    chosen: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        kind, _colon, pk = key.partition(":")
        chosen[kind].append(int(pk))
    for kind, pks in chosen.items():
        FACT_KINDS[kind].rows().filter(pk__in=pks).update(declaration=paper)


urlpatterns: list[URLPattern] = [
    path("declarations/", list_declarations, name="declarations"),
    path("declarations/new/", new_declaration, name="new_declaration"),
    path("declarations/<int:pk>/", show_declaration, name="declaration"),
    path("declarations/<int:pk>/edit/", edit_declaration, name="edit_declaration"),
    path("declarations/<int:pk>/attach/", attach_declaration, name="attach_declaration"),
]
