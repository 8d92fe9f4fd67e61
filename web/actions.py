"""The steps of a purchase: one address per step. GET says what happens next and asks, POST takes the step."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from agencies.models import Person
from policy.wording import Names
from procurement.dossiers import stored
from procurement.errors import NotAllowed, NotNow
from procurement.guards import Involvement, refusal
from procurement.guidance import DONE, LABELS, consequence, guidance
from procurement.letters import revise
from procurement.models import Purchase
from procurement.states import Action, Reason
from procurement.transitions import TRANSITIONS
from procurement.workflow import RESTS_ON_DOSSIER, Available, available_actions, lines_of, perform
from web.access import MemberRequest, form_page
from web.access import action as posted
from web.conflicts import RENEWING, conflict
from web.forms.moves import MoveForm, form_for
from web.purchase_records import (
    as_changes,
    changed_since_dossier,
    dossier_view,
    offers_on,
    outstanding_of,
    purchase_for,
)
from web.values import country_name

WITH_LETTER = (Action.RETURN, Action.DECLINE, Action.CANCEL)
ENDING = (Action.DECLINE, Action.WITHDRAW, Action.CANCEL)
SHOW_DOSSIER = (Action.SUBMIT, Action.ORDER_FIRST, Action.APPROVE, Action.RECORD_ANSWER)
MOVES_SHOWN = 3


@form_page
def take_step(request: MemberRequest, pk: UUID, step: Action) -> HttpResponse:
    """`/purchases/<id>/<step>/`: the page of the step, and taking it."""
    purchase = purchase_for(request.user, pk)
    try:
        offered = _offered(purchase, request.user, step)
        form = _form(request, purchase, step)
        if request.method == "POST" and form.is_valid():
            return _taken(request, purchase, step, form)
    except NotAllowed as refused:
        raise PermissionDenied(refused.message) from refused
    except NotNow as refused:
        return conflict(request, purchase, refused)
    except ValidationError as error:
        form.refused(error)
    return _asked(request, purchase, offered, form)


def _offered(purchase: Purchase, person: Person, step: Action) -> Available:
    """The step as the workflow offers it to this person. Raises NotAllowed or NotNow with the reason."""
    for each in available_actions(purchase, person):
        if each.action is step:
            if each.blocked_by:
                raise NotNow(each.guard, each.blocked_by)
            return each
    raise _why_not(purchase, person, step)


def _why_not(purchase: Purchase, person: Person, step: Action) -> NotAllowed | NotNow:
    involved = Involvement.of(purchase)
    for way in TRANSITIONS:
        if (way.action, way.source) == (step, purchase.status):
            refused = refusal(way, purchase, person, involved)
            if refused is not None:
                return NotAllowed(refused)
    moves = purchase.moves.visible_to(person).select_related("actor").order_by("-no")
    message = _("The purchase is not in a state in which this can be done.")
    return NotNow("transition", message, moves=list(moves[:MOVES_SHOWN]))


def _form(request: MemberRequest, purchase: Purchase, step: Action) -> MoveForm:
    lines = lines_of(purchase, request.user) if step is Action.RECEIVE else []
    return form_for(
        step,
        request.POST if request.method == "POST" else None,
        purchase,
        dossier=stored(purchase),
        outstanding=outstanding_of(purchase, lines, request.user) if lines else [],
        offers=offers_on(purchase, request.user) if step is Action.NAME_OFFER else [],
    )


def _taken(
    request: MemberRequest, purchase: Purchase, step: Action, form: MoveForm
) -> HttpResponse:
    perform(step, purchase.pk, by=request.user, request=form.request())
    now = guidance(purchase_for(request.user, purchase.pk))
    said = format_lazy(
        "{number}: {done} {next_step}",
        number=purchase.number,
        done=DONE[step],
        next_step=now.next_step,
    )
    messages.success(request, said)
    return redirect("purchase", purchase.pk)


def _asked(
    request: MemberRequest, purchase: Purchase, offered: Available, form: MoveForm
) -> HttpResponse:
    """The page of a step: what it brings about, what it rests on, and its form."""
    step, lines = offered.action, lines_of(purchase, request.user)
    compared = step in RENEWING or step in RESTS_ON_DOSSIER
    context = {
        "purchase": purchase,
        "step": step,
        "label": LABELS[step],
        "consequences": dict.fromkeys(consequence(step, target) for target in offered.targets),
        "ending": step in ENDING,
        "renewing": step in RENEWING,
        "with_letter": step in WITH_LETTER,
        "form": form,
        "dossier": dossier_view(purchase, lines) if step in SHOW_DOSSIER else None,
        "changes": as_changes(changed_since_dossier(purchase, lines)) if compared else [],
    }
    return render(request, "purchases/step.html", context, status=422 if form.errors else 200)


@posted
def letter(request: MemberRequest, pk: UUID, step: Action) -> HttpResponse:
    """`/purchases/<id>/<step>/letter/`: the letter for the reasons ticked so far. Stores nothing."""
    purchase = purchase_for(request.user, pk)
    try:
        offered = _offered(purchase, request.user, step)
    except NotAllowed as refused:
        raise PermissionDenied(refused.message) from refused
    except NotNow as refused:
        return conflict(request, purchase, refused)
    form = _with_letter(request, purchase, step)
    if request.htmx:
        return render(request, "purchases/_letter.html", {"form": form})
    return _asked(request, purchase, offered, form)


def _with_letter(request: MemberRequest, purchase: Purchase, step: Action) -> MoveForm:
    """The form as it was posted, its letter revised for the reasons that are ticked."""
    reasons = [each for each in request.POST.getlist("reasons") if each in Reason.values]
    drafted = [each for each in request.POST.getlist("drafted") if each in Reason.values]
    text = revise(
        request.POST.get("letter", ""),
        action=step,
        purchase=purchase,
        dossier=stored(purchase),
        reasons=reasons,
        drafted=drafted,
        names=Names(country=country_name),
    )
    data = request.POST.copy()
    data["letter"] = text
    data.setlist("reasons", reasons)
    data.setlist("drafted", reasons)
    return form_for(step, data, purchase, dossier=stored(purchase), outstanding=[])


def _routes(step: Action) -> list[URLPattern]:
    base = f"purchases/<uuid:pk>/{step.value}/"
    routes = [path(base, partial(take_step, step=step), name=f"purchase_{step.value}")]
    if step in WITH_LETTER:
        routes.append(
            path(f"{base}letter/", partial(letter, step=step), name=f"purchase_{step.value}_letter")
        )
    return routes


urlpatterns: list[URLPattern] = [route for step in Action for route in _routes(step)]
