"""A steward checks what somebody else claimed: one address per kind of record."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from agencies.context import acting_as
from agencies.models import Person
from agencies.scoping import ScopedManager
from compliance.assess import refresh, refresh_vendors
from registry.models import (
    Attribute,
    Build,
    CatalogueRecord,
    Component,
    Declaration,
    DroneCertificate,
    DroneModel,
    Measure,
    OwnershipLink,
    Vendor,
    VendorIdentifier,
    VendorName,
)
from registry.permissions import may_keep_catalogue
from web.access import MemberRequest, action, found, refuse_unless

APART = ["verified_by", "claimed_by", "refused_by", "refused_because"]


def fingerprint(record: Model) -> str:
    """Names the fact as it stands. Whoever checks it hands back the one they saw."""
    fact = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False).encode(_fact(record))
    return hashlib.sha256(fact.encode()).hexdigest()[:32]


def _fact(record: Model) -> dict[str, object]:
    columns = [field for field in record._meta.concrete_fields if field.name not in APART]
    return {field.attname: field.value_from_object(record) for field in columns}


def refresh_evidence(declaration: Declaration) -> None:
    """Evaluate again whatever rests on this declaration."""
    resting = Q(declaration=declaration)
    links = OwnershipLink.objects.filter(resting).values_list("holder_id", "subject_id")
    vendors = set(Vendor.objects.filter(resting).values_list("pk", flat=True)).union(*links)
    refresh_vendors(vendors)
    builds = set(Build.objects.filter(resting).values_list("pk", flat=True))
    of_builds = (Component, Measure, Attribute)
    rows = (kind._default_manager.filter(resting).values_list("build_id") for kind in of_builds)
    refresh(builds.union(*(pk for each in rows for pk in each), _builds_with_papers(resting)))


def _builds_with_papers(resting: Q) -> set[int]:
    """The builds of the aircraft, of any agency, one of whose certificates rests on the declaration."""
    with acting_as(None, reason="certificates resting on a declaration"):
        papers = DroneCertificate.objects.unscoped(reason="a declaration serves every agency")
        return set(papers.filter(resting).values_list("drone__build_id", flat=True))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that is checked, and what has to be evaluated again when it changes."""

    model: type[CatalogueRecord]
    refresh: Callable[..., object]


KINDS: dict[str, Kind] = {
    "attributes": Kind(Attribute, lambda attribute: refresh([attribute.build_id])),
    "builds": Kind(Build, lambda build: refresh([build.pk])),
    "certificates": Kind(
        DroneCertificate,
        lambda paper: refresh(
            Build.objects.filter(drones=paper.drone_id).values_list("pk", flat=True)
        ),
    ),
    "components": Kind(Component, lambda component: refresh([component.build_id])),
    "declarations": Kind(Declaration, refresh_evidence),
    "identifiers": Kind(VendorIdentifier, lambda identifier: None),
    "links": Kind(OwnershipLink, lambda link: refresh_vendors([link.holder_id, link.subject_id])),
    "measures": Kind(Measure, lambda measure: refresh([measure.build_id])),
    "models": Kind(DroneModel, lambda model: refresh(model.builds.values_list("pk", flat=True))),
    "vendor-names": Kind(VendorName, lambda name: None),
    "vendors": Kind(Vendor, lambda vendor: refresh_vendors([vendor.pk])),
}


@action
def verify(request: MemberRequest, pk: int | UUID, kind: str) -> HttpResponse:
    """`/<kind>/<id>/verify/`: the reader, a steward who did not claim it, has checked this fact."""
    checked = KINDS[kind]
    rows = _rows(checked.model, request.user)
    record = found(rows.select_for_update(of=("self",)), pk=pk)
    refuse_unless(
        may_keep_catalogue(request.user), _("Only a steward checks facts of the catalogue.")
    )
    refuse_unless(
        record.claimed_by_id != request.user.pk,
        _("A fact is checked by somebody who did not claim it."),
    )
    back = _back(request)
    if request.POST.get("seen") != fingerprint(record):
        explanation = _(
            "The fact was changed after you opened the page. Look at it again, then check it."
        )
        return render(
            request, "409.html", {"explanation": explanation, "back_url": back}, status=409
        )
    rows.filter(pk=pk).update(verified_by=request.user, refused_by=None, refused_because="")
    checked.refresh(record)
    messages.success(request, _("Checked: %(record)s") % {"record": record})
    return redirect(back)


def _rows(model: type[CatalogueRecord], person: Person) -> "QuerySet[Any]":
    """The facts of this kind that the reader may see: those of the catalogue, or of their agencies."""
    manager = model._default_manager
    return manager.visible_to(person) if isinstance(manager, ScopedManager) else manager.all()


def _back(request: MemberRequest) -> str:
    """The page of this site that the check was sent from; home when the browser does not say."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe else "/"


urlpatterns: list[URLPattern] = [
    path(
        f"{kind}/<{'uuid' if kind == 'certificates' else 'int'}:pk>/verify/",
        verify,
        {"kind": kind},
        name=f"verify_{kind}",
    )
    for kind in KINDS
]
