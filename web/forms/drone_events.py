"""The forms of what happens to an aircraft: what each event needs, and no more."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Membership, Person
from registry.drone_events import Report
from registry.models import Build, Drone, DroneEvent, Vendor
from registry.refusals import text
from registry.swaps import NewPart, build_after_swap
from registry.transitions import TRANSITIONS, Action, Status
from standards.component_roles import ROLES
from web.values import language

NEEDS_REASON = {each.action for each in TRANSITIONS if each.needs_reason}


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class EventForm(forms.Form):
    """What every event has: the day, a reason, and the number of the last event the reader saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    on = day_field(gettext_lazy("When it happened"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(
        self, data: Any, *, drone: Drone, action: DroneEvent.Action, person: Person
    ) -> None:
        initial = {"seen": drone.events_made, "on": timezone.localdate()}
        super().__init__(data, initial=initial)
        self.drone, self.person = drone, person
        if action not in NEEDS_REASON:
            self.fields["reason"].required = False
            self.fields["reason"].label = gettext_lazy("Remark")
        self.order_fields([name for name in self.fields if name not in ("reason", "understood")])

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(text("future"))
        return on

    def report(self) -> Report:
        """What is told. Stores nothing, but for a build that a swap makes."""
        data = self.cleaned_data
        return Report(on=data["on"], reason=data["reason"].strip(), **self.more())

    def more(self) -> dict[str, Any]:
        return {}


class HandOverForm(EventForm):
    custodian = forms.ModelChoiceField(
        label=gettext_lazy("New custodian"),
        queryset=Person.objects.none(),
        required=False,
        help_text=gettext_lazy("Somebody who has a role at the agency."),
    )
    custodian_name = forms.CharField(
        label=gettext_lazy("Or a name in words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For somebody without an account, or a post or a unit."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Person]", self.fields["custodian"])
        field.queryset = colleagues(self.person, self.drone)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if bool(data.get("custodian")) == bool(data.get("custodian_name", "").strip()):
            self.add_error("custodian", text("custodian"))
        return data

    def more(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"custodian": data["custodian"], "custodian_name": data["custodian_name"].strip()}


def colleagues(person: Person, drone: Drone) -> Any:
    """The people with a role today at the agency of the aircraft, as far as the reader may see."""
    today = timezone.localdate()
    held = Membership.objects.visible_to(person).filter(
        Q(until__isnull=True) | Q(until__gt=today), agency=drone.agency_id, since__lte=today
    )
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("pk")


class LoanForm(EventForm):
    lent_to = forms.CharField(label=gettext_lazy("Lent to"), max_length=200)
    lent_until = day_field(gettext_lazy("To be back by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lent_to"].initial = self.drone.lent_to

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("lent_until") and data.get("on") and data["lent_until"] < data["on"]:
            self.add_error("lent_until", _("It cannot be due before it is lent."))
        return data

    def more(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"lent_to": data["lent_to"].strip(), "lent_until": data["lent_until"]}


class SwapForm(EventForm):
    """The aircraft moves to a build that is there, or to a new one that differs in this part alone."""

    component_role = forms.ChoiceField(
        label=gettext_lazy("Component"), choices=lambda: ROLES.choices(language())
    )
    build_to = forms.ModelChoiceField(
        label=gettext_lazy("The build it is now"),
        queryset=Build.objects.none(),
        required=False,
        empty_label=gettext_lazy("None of these: record a new build"),
        help_text=gettext_lazy("Another build of the same model that has the new part."),
    )
    new_name = forms.CharField(
        label=gettext_lazy("Name of the new build"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Only for a new build. The other parts are copied without their evidence."
        ),
    )
    new_part = forms.CharField(
        label=gettext_lazy("Product name of the new part"), max_length=200, required=False
    )
    new_maker = forms.ModelChoiceField(
        label=gettext_lazy("Maker of the new part"),
        queryset=Vendor.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("Not known"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Build]", self.fields["build_to"])
        others = Build.objects.filter(model_id=self.drone.build.model_id)
        field.queryset = others.exclude(pk=self.drone.build_id).select_related("model")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if bool(data.get("build_to")) == bool(data.get("new_name", "").strip()):
            self.add_error("build_to", _("Choose a build, or name a new one, not both."))
        return data

    def more(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "build_to": data["build_to"] or self._new_build(data),
            "component_role": data["component_role"],
        }

    def _new_build(self, data: Mapping[str, Any]) -> Build:
        new = NewPart(data["component_role"], data["new_part"].strip(), data["new_maker"])
        return build_after_swap(
            build=self.drone.build, new=new, name=data["new_name"], by=self.person
        )


class DisposeForm(EventForm):
    sanitised = forms.ChoiceField(
        label=gettext_lazy("How its data was removed"), widget=forms.RadioSelect
    )
    sanitisation_record = forms.CharField(
        label=gettext_lazy("Record of the removal of data"),
        max_length=300,
        help_text=gettext_lazy("Number or place of the certificate or protocol."),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I have read what follows. It cannot be taken back.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lost = self.drone.status == Status.LOST
        cast("forms.ChoiceField", self.fields["sanitised"]).choices = [
            (code, label)
            for code, label in DroneEvent.Sanitisation.choices
            if lost or code != DroneEvent.Sanitisation.NOT_POSSIBLE
        ]

    def more(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "sanitised": data["sanitised"],
            "sanitisation_record": data["sanitisation_record"].strip(),
        }


FORMS: Mapping[DroneEvent.Action, type[EventForm]] = {
    Action.HAND_OVER: HandOverForm,
    Action.LEND: LoanForm,
    Action.PROLONG: LoanForm,
    Action.SWAP: SwapForm,
    Action.DISPOSE: DisposeForm,
}


def form_for(data: Any, drone: Drone, action: DroneEvent.Action, person: Person) -> EventForm:
    return FORMS.get(action, EventForm)(data, drone=drone, action=action, person=person)
