"""Grounding and releasing all aircraft of a build: first which and how many, then the reason."""

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy, ngettext

from agencies.models import in_reader_language
from registry.groundings import Which, act_on_all, concerned, reach, seal
from registry.models import Build, DroneEvent
from registry.querysets import DroneQuerySet
from registry.refusals import NotNow, Refused, text
from registry.transitions import Action
from web.access import MemberRequest, form_page, found, refuse_unless
from web.forms.groundings import ALL, FirmwareForm, OrderForm

STEPS = (Action.GROUND, Action.RELEASE)
TITLES = {
    Action.GROUND: gettext_lazy("Ground the aircraft of this build"),
    Action.RELEASE: gettext_lazy("Release the aircraft of this build"),
}


@form_page
def order(request: MemberRequest, pk: int, action: DroneEvent.Action) -> HttpResponse:
    """`/builds/<id>/ground/` and `/builds/<id>/release/`: a preview of which, then doing it for all of them."""
    build = found(Build.objects.select_related("model__manufacturer"), pk=pk)
    refuse_unless(bool(reach(request.user)), text("role"))
    recorded = _recorded(concerned(request.user, action, Which(build)))
    posted = request.method == "POST"
    form = OrderForm(request.POST, recorded=recorded) if posted else None
    chosen = FirmwareForm(request.GET if "firmware" in request.GET else None, recorded=recorded)
    try:
        if form is not None and form.is_valid():
            return _done(request, Which(build, _firmware(form)), action, form)
    except NotNow as refused:
        context = {"explanation": refused.message, "back_url": request.path}
        return render(request, "409.html", context, status=409)
    except Refused as refused:
        raise PermissionDenied(refused.message) from refused
    which = Which(build, _firmware(form or chosen))
    shown: dict[str, object] = {
        "build": build,
        "title": TITLES[action],
        "chosen": chosen,
        **_preview(request, action, which, form, recorded),
    }
    return render(request, "builds/grounding.html", shown, status=422 if posted else 200)


def _recorded(drones: DroneQuerySet) -> Sequence[str]:
    """The firmware versions recorded for these aircraft."""
    return list(drones.order_by("firmware").values_list("firmware", flat=True).distinct())


def _firmware(form: FirmwareForm) -> str | None:
    """The firmware that was chosen; None is every firmware."""
    given = form.data.get("firmware", ALL) if form.is_bound else ALL
    known = [value for value, _label in form.fields["firmware"].choices]  # type: ignore[attr-defined]  # a choice field
    return None if given == ALL or given not in known else given


def _preview(
    request: MemberRequest,
    action: DroneEvent.Action,
    which: Which,
    form: OrderForm | None,
    recorded: Sequence[str],
) -> dict[str, object]:
    """How many at which agencies, and the form that takes exactly these."""
    drones = concerned(request.user, action, which)
    by_agency = drones.order_by("agency__code").values(
        "agency__code", "agency__name_en", "agency__name_local"
    )
    rows = [
        {
            "name": in_reader_language(row["agency__name_en"], row["agency__name_local"]),
            "number": row["number"],
        }
        for row in by_agency.annotate(number=Count("pk"))
    ]
    fresh = form or OrderForm(None, recorded=recorded)
    fresh.initial = {
        **fresh.initial,
        "shown": seal(drones),
        "firmware": ALL if which.firmware is None else which.firmware,
    }
    return {"rows": rows, "total": sum(row["number"] for row in rows), "form": fresh}


def _done(
    request: MemberRequest, which: Which, action: DroneEvent.Action, form: OrderForm
) -> HttpResponse:
    given = form.cleaned_data
    number = act_on_all(action, which, seen=given["shown"], reason=given["reason"], by=request.user)
    said = {
        Action.GROUND: ngettext(
            "%(n)s aircraft is grounded.", "%(n)s aircraft are grounded.", number
        ),
        Action.RELEASE: ngettext(
            "%(n)s aircraft is released.", "%(n)s aircraft are released.", number
        ),
    }
    messages.success(request, said[action] % {"n": number})
    return redirect("build", which.build.pk)


urlpatterns: list[URLPattern] = [
    path(f"builds/<int:pk>/{step.value}/", partial(order, action=step), name=f"build_{step.value}")
    for step in STEPS
]
