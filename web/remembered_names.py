"""What texts in spreadsheets and forms mean: remembered by one agency, or confirmed by a steward for all."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from registry.aliases import share, unshare
from registry.models import AgencyAlias, CommonAlias
from registry.permissions import may_keep_catalogue
from web.access import MemberRequest, action, found, page
from web.paging import keyset

SHOWN = 100
BUILD = "build__model__manufacturer"


@page
def list_names(request: MemberRequest) -> HttpResponse:
    """`/catalogue/names/`: what single agencies remember, and what is understood in all of them."""
    known = CommonAlias.objects.filter(key=OuterRef("key"))
    own = AgencyAlias.objects.visible_to(request.user).exclude(Exists(known))
    shared, links = keyset(CommonAlias.objects.select_related(BUILD, "confirmed_by"), request)
    context = {
        "own": own.select_related("agency", BUILD, "chosen_by").order_by("-chosen_at")[:SHOWN],
        "shared": shared,
        "page": links,
        "steward": may_keep_catalogue(request.user),
    }
    return render(request, "vendors/names.html", context)


@action
def share_name(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/catalogue/names/<id>/share/`: a steward who did not choose it confirms it for all agencies."""
    alias = found(AgencyAlias.objects.visible_to(request.user), pk=pk)
    try:
        share(alias=alias, by=request.user)
    except ValidationError as refused:
        context = {"explanation": " ".join(refused.messages), "back_url": "/catalogue/names/"}
        return render(request, "409.html", context, status=409)
    messages.success(request, _("All agencies understand “%(text)s” now.") % {"text": alias})
    return redirect("remembered_names")


@action
def withdraw_name(request: MemberRequest, pk: int) -> HttpResponse:
    """`/catalogue/names/<id>/withdraw/`: a steward takes a name back from all agencies."""
    if not may_keep_catalogue(request.user):
        raise PermissionDenied(_("Only a steward takes a name back from all agencies."))
    shared = found(CommonAlias.objects.all(), pk=pk)
    unshare(shared=shared, by=request.user)
    messages.success(request, _("“%(text)s” is asked about again.") % {"text": shared})
    return redirect("remembered_names")


urlpatterns: list[URLPattern] = [
    path("catalogue/names/", list_names, name="remembered_names"),
    path("catalogue/names/<uuid:pk>/share/", share_name, name="share_name"),
    path("catalogue/names/<int:pk>/withdraw/", withdraw_name, name="withdraw_name"),
]
