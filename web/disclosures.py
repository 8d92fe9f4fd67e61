"""What agencies do not tell the centre: said beside every figure, and decided on a page of the agency."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from agencies.models import Disclosure, Person
from registry.disclosures import Given, disclose, disclosure_of, may_disclose, untold
from registry.filters import reader_agencies
from web.access import MemberRequest, form_page, found, refuse_unless
from web.forms.disclosures import DisclosureForm
from web.templatetags.formats import day_text


def number_told(said: Disclosure) -> str:
    """The number of aircraft in the words of the agency: "withheld", or about how many and when."""
    if said.aircraft == Given.APPROXIMATE:
        words = {"about": f"{said.about:,}", "day": day_text(said.as_of) if said.as_of else ""}
        return _("about %(about)s (as of %(day)s)") % words
    return str(Given(said.aircraft).label)


def left_out(person: Person) -> Sequence[str]:
    """What figures of aircraft do not contain for this reader, in one sentence; nothing where they are whole."""
    said = [f"{each.agency} ({number_told(each)})" for each in untold(person)]
    if not said:
        return ()
    return [_("Without the aircraft of: %(agencies)s.") % {"agencies": _(", ").join(said)}]


@form_page
def edit_disclosure(request: MemberRequest, pk: int) -> HttpResponse:
    """`/agencies/<id>/disclosure/`: an approver of the agency says what the centre is told."""
    agency = found(reader_agencies(request), pk=pk)
    refuse_unless(
        may_disclose(request.user, agency.pk),
        _("An approver of the agency decides what the centre is told of its aircraft."),
    )
    said = disclosure_of(request.user, agency.pk)
    given = request.POST if request.method == "POST" else None
    form = DisclosureForm(given, instance=said, person=request.user)
    if request.method == "POST" and form.is_valid():
        disclose(form.instance)
        messages.success(request, _("What the centre is told is recorded."))
        return redirect("agency", agency.pk)
    context = {"form": form, "agency": agency}
    return render(request, "agencies/disclosure.html", context, status=422 if form.errors else 200)


urlpatterns: list[URLPattern] = [
    path("agencies/<int:pk>/disclosure/", edit_disclosure, name="agency_disclosure")
]
