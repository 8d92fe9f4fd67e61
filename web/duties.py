"""What keeps one from deciding, and who decides in one's stead: declared ties and substitutes, under one's own menu."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership, Person, Substitution
from agencies.substitutions import end_substitution, lay_down, substitutions_of
from procurement.errors import NotNow
from procurement.models import Tie
from procurement.ties import declare_tie, end_tie, ties_of
from web.access import MemberRequest, action, form_page, found, refuse_unless
from web.forms.duties import SubstitutionForm, TieForm, posts_of


@form_page
def ties(request: MemberRequest) -> HttpResponse:
    """`/ties/`: what the reader declared, and declaring more."""
    form = TieForm(_sent(request), person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            declare_tie(tie=form.tie(), by=request.user)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(
                request, _("The tie is declared. You decide on nothing that concerns it.")
            )
            return redirect("ties")
    context = {"form": form, "ties": ties_of(request.user)}
    return render(request, "duties/ties.html", context, status=422 if form.errors else 200)


@action
def end_one_tie(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`/ties/<id>/end/`."""
    try:
        end_tie(tie_id=pk, by=request.user)
    except Tie.DoesNotExist:
        raise Http404 from None
    except NotNow as refused:
        messages.error(request, refused.message)
        return redirect("ties")
    messages.success(
        request, _("The tie has ended. Reviews that have begun are still decided by others.")
    )
    return redirect("ties")


@form_page
def substitutes(request: MemberRequest) -> HttpResponse:
    """`/substitutes/`: who stands in for the reader and for whom they stand in; an administrator does it for others."""
    away = _away(request)
    posts = posts_of(away, request.user)
    form = SubstitutionForm(_sent(request), away=away, posts=posts)
    if request.method == "POST" and form.is_valid():
        try:
            stored = lay_down(substitution=form.substitution(), by=request.user)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _said(stored))
            return redirect("substitutes")
    context = {
        "form": form,
        "away": away,
        "posts": posts,
        "for_others": away != request.user,
        "may_for_others": request.user.scope.holds(Membership.Role.ADMINISTRATOR),
        "rows": [(each, _state(each)) for each in substitutions_of(request.user)],
    }
    return render(request, "duties/substitutes.html", context, status=422 if form.errors else 200)


def _away(request: MemberRequest) -> Person:
    """Who is away: the reader, or whom an administrator names in the address."""
    named = request.GET.get("for", "")
    if not named:
        return request.user
    refuse_unless(
        request.user.scope.holds(Membership.Role.ADMINISTRATOR),
        _("Only an administrator names a substitute for somebody else."),
    )
    return found(Person.objects.filter(is_active=True), email__iexact=named)


def _said(stored: Substitution) -> str:
    return _("%(substitute)s stands in for %(person)s.") % {
        "substitute": stored.substitute,
        "person": stored.person,
    }


def _state(row: Substitution) -> str:
    today = timezone.localdate()
    if row.ended_on(today):
        return "ended"
    return "valid" if row.since <= today else "coming"


@action
def end_one_substitution(request: MemberRequest, pk: int) -> HttpResponse:
    """`/substitutes/<id>/end/`: one of the two, or an administrator."""
    try:
        end_substitution(pk=pk, by=request.user)
    except Substitution.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("substitutes")
    messages.success(request, _("The substitution has ended."))
    return redirect("substitutes")


def _sent(request: MemberRequest) -> QueryDict | None:
    """What was sent, nothing too; None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def _add(form: Form, error: ValidationError) -> None:
    for name, errors in error.update_error_dict({}).items():
        form.add_error(name if name in form.fields else None, errors)


urlpatterns: list[URLPattern] = [
    path("ties/", ties, name="ties"),
    path("ties/<uuid:pk>/end/", end_one_tie, name="end_tie"),
    path("substitutes/", substitutes, name="substitutes"),
    path("substitutes/<int:pk>/end/", end_one_substitution, name="end_substitution"),
]
