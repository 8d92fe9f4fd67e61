"""Evaluating one build, and all its aircraft, while somebody waits."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from compliance.assess import refresh
from compliance.permissions import may_evaluate
from registry.models import Build, Drone
from web.access import MemberRequest, action, found, refuse_unless


@action
def evaluate_build(request: MemberRequest, pk: int) -> HttpResponse:
    """`/builds/<id>/evaluate/`: what rules say of it on the facts as they are now; back to where it was asked for."""
    build = found(Build.objects.all(), pk=pk)
    refuse_unless(
        may_evaluate(request.user), _("Evaluating is for those who work with the results.")
    )
    back = _drone(request)
    refresh([build.pk])
    messages.success(request, _("The build was evaluated on the facts and rules as they are now."))
    return redirect("drone_results", back) if back else redirect("build_results", build.pk)


def _drone(request: MemberRequest) -> UUID | None:
    """The aircraft on whose page it was asked for, if the reader may see it."""
    sent = request.POST.get("drone", "")
    try:
        asked = UUID(sent)
    except ValueError:
        return None
    return (
        Drone.objects.visible_to(request.user).filter(pk=asked).values_list("pk", flat=True).first()
    )


urlpatterns: list[URLPattern] = [
    path("builds/<int:pk>/evaluate/", evaluate_build, name="evaluate_build")
]
