"""Forms of catalogue facts: shown, stored, and never over somebody else's change unseen.

A form that changes a record carries the number of the last event of its history. When there is a newer one
by the time it is sent, nothing is stored: the page shows what happened, keeps what was typed, and takes over
the new values where the reader had changed nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit.models import Event
from registry.permissions import may_propose
from web.access import MemberRequest, refuse_unless
from web.elements import Text
from web.events import events_of, timeline
from web.forms.countries import MORE, CountriesField

OPENED_WITH = "version"
TEMPLATE = "catalogue/form.html"
Form = forms.ModelForm[Any]
MakeForm = Callable[[QueryDict | None], Form]


@dataclass(frozen=True, slots=True)
class FormPage:
    """What stands around a form. `trail`: (address, label) of the pages above; the last one is the way back."""

    title: Text
    trail: Sequence[tuple[str, Text]]
    lead: Text = ""
    button: Text = ""
    template: str = TEMPLATE

    @property
    def back(self) -> str:
        return self.trail[-1][0]


def members_propose(request: MemberRequest) -> None:
    refuse_unless(may_propose(request.user), _("Only members of an agency propose facts."))


def version_of(*records: Model) -> str:
    """Names the state of these records, by the numbers of their last events. One query each."""
    numbers = (
        Event.objects.of(record).aggregate(last=Max("record_no"))["last"] or 0 for record in records
    )
    return ".".join(map(str, numbers))


def shown_form(
    request: MemberRequest,
    page: FormPage,
    form: forms.BaseForm,
    *,
    status: int = 0,
    **more: object,
) -> HttpResponse:
    context = {"page": page, "form": form, **more}
    return render(request, page.template, context, status=status or (422 if form.errors else 200))


def add(
    request: MemberRequest, page: FormPage, form: Form, after: Callable[[Any], object]
) -> HttpResponse:
    """Show the form of a new fact, or store it as a claim; `after` evaluates what depends on it."""
    members_propose(request)
    if request.method == "POST" and form.is_valid() and _stored(form, "add", request):
        after(form.instance)
        messages.success(request, _("Recorded as your claim. A steward who is not you checks it."))
        return redirect(page.back)
    return shown_form(request, page, form)


def change(
    request: MemberRequest,
    page: FormPage,
    record: Model,
    make_form: MakeForm,
    after: Callable[[Any], object],
) -> HttpResponse:
    """Show the form of a recorded fact, or store what was changed. `record` was locked by who asks to store."""
    members_propose(request)
    version = version_of(record)
    if request.method != "POST":
        return shown_form(request, page, make_form(None), version=version)
    if request.POST.get(OPENED_WITH) != version:
        return _stale(request, page, record, make_form, version)
    form = make_form(request.POST)
    if form.is_valid() and _stored(form, "change", request):
        after(form.instance)
        messages.success(request, _("Recorded as your claim. A steward who is not you checks it."))
        return redirect(page.back)
    return shown_form(request, page, form, version=version)


def _stored(form: Form, how: str, request: MemberRequest) -> bool:
    """What the registry refuses becomes an error of the form."""
    try:
        getattr(form, how)(request.user)
    except ValidationError as refused:
        form.add_error(None, _of_form(refused, form))
    return not form.errors


def _of_form(refused: ValidationError, form: Form) -> ValidationError:
    """Errors of fields that the form does not have stand above it."""
    if not hasattr(refused, "error_dict"):
        return refused
    if set(refused.error_dict) <= set(form.fields):
        return refused
    return ValidationError([each for errors in refused.error_dict.values() for each in errors])


def _stale(
    request: MemberRequest,
    page: FormPage,
    record: Model,
    make_form: MakeForm,
    version: str,
) -> HttpResponse:
    """409: what others did since, above the form with all that was typed."""
    since = request.POST.get(OPENED_WITH, "")
    events = _events_since(request, record, since)
    data = taken_over(make_form(None), request.POST, events)
    return shown_form(
        request,
        page,
        make_form(data),
        status=409,
        version=version,
        meanwhile=timeline(events, request.user),
    )


def _events_since(request: MemberRequest, record: Model, since: str) -> list[Event]:
    """Newest first; all of them when the form does not say when it was opened."""
    number = int(since) if since.isdecimal() and len(since) < 10 else 0
    return list(events_of(request.user, record).filter(record_no__gt=number))


def taken_over(form: Form, typed: QueryDict, events: Iterable[Event]) -> QueryDict:
    """What was typed, with the values of today in the fields that the reader had left as they were."""
    data = typed.copy()
    before = _values_before(events)
    for name, field in form.fields.items():
        column = f"{name}_id" if f"{name}_id" in before else name
        if column not in before or name not in form.initial:
            continue
        given = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        if not field.has_changed(before[column], given):
            _put(data, form.add_prefix(name), field, form.initial[name])
    return data


def _values_before(events: Iterable[Event]) -> Mapping[str, Any]:
    """Each column that was changed, with its value before the first of these changes."""
    return {name: old for event in events for name, old, _new in event.changes}


def _put(data: QueryDict, name: str, field: forms.Field, value: Any) -> None:
    if isinstance(field, CountriesField):
        data.setlist(name, value or [])
        data[name + MORE] = ""
    elif isinstance(value, list):
        data.setlist(name, value)
    else:
        shown = field.prepare_value(value)
        data[name] = "" if shown is None else str(shown)
