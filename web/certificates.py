"""The certificates of an aircraft: what is recorded of each, and recording one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Person
from compliance.assess import refresh_drone
from compliance.facts import certificate_facts
from policy.criteria.certificate import state_of
from registry.models import Drone, DroneCertificate
from registry.permissions import may_change_drone, may_keep_catalogue
from standards.certificates import CERTIFICATES
from web.access import MemberRequest, form_page, page, refuse_unless
from web.drone_records import drone_for, frame, papers_of
from web.forms.certificates import CertificateForm
from web.values import language


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate that an aircraft can have; without `row` nothing is recorded of it.

    `state` is one of the `certificate` states of `web/states.py`.
    """

    code: str
    label: str
    state: str
    row: DroneCertificate | None = None


def papers(person: Person, drone: Drone) -> Sequence[Paper]:
    """Every certificate in the order of the vocabulary. One query."""
    rows = {each.certificate: each for each in papers_of(person, drone)}
    today = timezone.localdate()
    shown = []
    for term in CERTIFICATES:
        row = rows.get(term.code)
        known = row is not None and row.held is not None
        state = state_of(certificate_facts(row), today) if row and known else "not_known"
        shown.append(Paper(term.code, term.label(language()), state, row))
    return shown


@page
def drone_certificates(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/drones/<id>/certificates/`: registration, Remote ID and other papers of one aircraft."""
    drone = drone_for(request.user, pk)
    context = frame(request, drone, "drone_certificates") | {
        "papers": papers(request.user, drone),
        "may_check": may_keep_catalogue(request.user),
    }
    return render(request, "drones/certificates.html", context)


@form_page
def edit_certificate(request: MemberRequest, pk: UUID, code: str) -> HttpResponse:
    """`/drones/<id>/certificates/<code>/`: a custodian records one paper; it is a claim until it is checked."""
    drone = drone_for(request.user, pk)
    if code not in CERTIFICATES:
        raise Http404
    refuse_unless(
        may_change_drone(request.user, drone),
        _("Only a custodian of its agency records the certificates of an aircraft."),
    )
    rows = DroneCertificate.objects.visible_to(request.user)
    row = rows.filter(drone=drone, certificate=code).first()
    new = DroneCertificate(
        agency=drone.agency, drone=drone, certificate=code, claimed_by=request.user
    )
    form = CertificateForm(request.POST if request.method == "POST" else None, instance=row or new)
    if request.method == "POST" and form.is_valid():
        form.save()
        refresh_drone(drone)
        messages.success(request, _("Recorded as your claim. A steward who is not you checks it."))
        return redirect("drone_certificates", drone.pk)
    context = {"form": form, "drone": drone, "label": CERTIFICATES[code].label(language())}
    return render(
        request, "drones/certificate_form.html", context, status=422 if form.errors else 200
    )


urlpatterns: list[URLPattern] = [
    path("drones/<uuid:pk>/certificates/", drone_certificates, name="drone_certificates"),
    path("drones/<uuid:pk>/certificates/<slug:code>/", edit_certificate, name="edit_certificate"),
]
