"""Confirming many aircraft at once: those of a filtered list that somebody has seen, on one day."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Membership, Person
from compliance.filters import DroneFilter
from registry.drone_events import confirm
from registry.models import Drone
from registry.permissions import may_log_drones
from registry.querysets import DroneQuerySet
from registry.refusals import NotNow, Refused
from registry.transitions import TRANSITIONS, Action
from web.access import MemberRequest, form_page, refuse_unless
from web.filtering import pills
from web.forms.confirmations import MOST, ConfirmForm

CONFIRMABLE = [each.source for each in TRANSITIONS if each.action is Action.CONFIRM]


def confirmable(person: Person) -> DroneQuerySet:
    """The aircraft that this person may confirm, those that nobody has seen for longest first."""
    rows = Drone.objects.visible_to(person).for_list()
    kept = person.scope.where(Membership.Role.CUSTODIAN)
    return rows.filter(agency__in=kept, status__in=CONFIRMABLE).order_by(
        F("last_confirmed_on").asc(nulls_first=True), "pk"
    )


@form_page
def confirm_drones(request: MemberRequest) -> HttpResponse:
    """`/drones/confirm/`: the list that the address filters, each with what is recorded; ticked ones are confirmed."""
    refuse_unless(
        may_log_drones(request.user), _("Only a custodian confirms that aircraft are there.")
    )
    filters = DroneFilter(request.GET, queryset=confirmable(request.user), request=request)
    valid = filters.is_valid()
    rows: list[Any] = list(filters.qs[: MOST + 1]) if valid else []
    posted = request.method == "POST"
    form = ConfirmForm(request.POST if posted else None, offered=confirmable(request.user))
    try:
        if posted and form.is_valid():
            return _confirmed(request, form)
    except NotNow as refused:
        told = {"explanation": refused.message, "back_url": request.get_full_path()}
        return render(request, "409.html", told, status=409)
    except Refused as refused:
        raise PermissionDenied(refused.message) from refused
    context = {
        "form": form,
        "rows": rows[:MOST],
        "more": len(rows) > MOST,
        "ticked": set(request.POST.getlist("drones")) if posted else None,
        "filter": filters,
        "pills": pills(filters, request),
        "today": timezone.localdate(),
    }
    wrong = not valid or bool(form.errors)
    return render(request, "drones/confirm.html", context, status=422 if wrong else 200)


def _confirmed(request: MemberRequest, form: ConfirmForm) -> HttpResponse:
    chosen = confirmable(request.user).filter(
        pk__in=[each.pk for each in form.cleaned_data["drones"]]
    )
    number = confirm(chosen, by=request.user, on=form.cleaned_data["on"])
    said = ngettext("%(n)s aircraft is confirmed.", "%(n)s aircraft are confirmed.", number)
    messages.success(request, said % {"n": number})
    return redirect(reverse("drones") + (f"?{request.GET.urlencode()}" if request.GET else ""))


urlpatterns: list[URLPattern] = [path("drones/confirm/", confirm_drones, name="confirm_drones")]
