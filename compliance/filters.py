"""The filter of aircraft by all that is known of them; one set serves page, API, export and figures."""

from datetime import date

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import (
    BooleanFilter,
    CharFilter,
    FilterSet,
    ModelChoiceFilter,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)

from agencies.models import Agency, Person
from compliance.models import StandingState
from compliance.standings import with_standing
from policy.models import Rule
from registry.filters import mission_choices, reader_agencies, search_drones, with_below
from registry.models import Build, Drone, DroneModel, Vendor
from registry.querysets import GONE

STANDINGS = [
    (StandingState.GROUND.value, _("ground now")),
    (StandingState.PHASE_OUT.value, _("phase out")),
    (StandingState.TRAINING_ONLY.value, _("training only")),
    (StandingState.UNDETERMINED.value, _("undetermined")),
    (StandingState.WAIVED.value, _("waived")),
    (StandingState.CLEAR.value, _("clear")),
]
"""As a filter names them: without the day that a badge adds."""


def drones_for_list(person: Person, day: date) -> "QuerySet[Drone]":
    """The aircraft this person may read with their standing of the day, newest first: every list starts here."""
    return with_standing(Drone.objects.visible_to(person).for_list(), day)


class DroneFilter(FilterSet):
    """Takes the rows of `drones_for_list` and the request of the reader, whose scope limits the choices."""

    q = CharFilter(
        label=_("Search"), method="search", help_text=_("Serial number, asset tag, model or maker.")
    )
    agency = ModelMultipleChoiceFilter(
        label=_("Agency"),
        queryset=reader_agencies,  # type: ignore[arg-type]  # a function of the request, which the stubs do not know
        to_field_name="code",
        method="of_agencies",
        help_text=_("With all bodies below it."),
    )
    standing = MultipleChoiceFilter(
        label=_("Standing"),
        method="with_state",
        choices=STANDINGS,
        widget=forms.CheckboxSelectMultiple,
    )
    status = MultipleChoiceFilter(
        label=_("Status"), choices=Drone.Status.choices, widget=forms.CheckboxSelectMultiple
    )
    mission = MultipleChoiceFilter(
        label=_("Mission"), method="with_mission", choices=mission_choices
    )
    held = BooleanFilter(
        label=_("Only what is held today"), method="held_today", widget=forms.CheckboxInput
    )
    maker = ModelChoiceFilter(
        label=_("Maker"), field_name="build__model__manufacturer", queryset=Vendor.objects.all()
    )
    model = ModelChoiceFilter(
        label=_("Model"), field_name="build__model", queryset=DroneModel.objects.all()
    )
    build = ModelChoiceFilter(label=_("Build"), queryset=Build.objects.select_related("model"))
    rule = ModelChoiceFilter(
        label=_("Deciding rule"),
        field_name="standing_rule_id",
        method="decided_by",
        queryset=Rule.objects.all(),
    )

    class Meta:
        model = Drone
        fields: tuple[str, ...] = ()

    def search(self, drones: "QuerySet[Drone]", name: str, value: str) -> "QuerySet[Drone]":
        return search_drones(drones, value)

    def of_agencies(
        self, drones: "QuerySet[Drone]", name: str, value: "QuerySet[Agency]"
    ) -> "QuerySet[Drone]":
        return drones.filter(agency__in=with_below(value)) if value else drones

    def with_state(
        self, drones: "QuerySet[Drone]", name: str, value: list[str]
    ) -> "QuerySet[Drone]":
        """Undetermined takes in aircraft that were never assessed; other states are found by their periods."""
        if not value:
            return drones
        if StandingState.UNDETERMINED in value:
            return drones.filter(Q(("standing_state__in", value)))
        return drones.filter(Q(("on_day__state__in", value)))

    def with_mission(
        self, drones: "QuerySet[Drone]", name: str, value: list[str]
    ) -> "QuerySet[Drone]":
        return drones.filter(missions__overlap=value) if value else drones

    def held_today(
        self, drones: "QuerySet[Drone]", name: str, value: bool | None
    ) -> "QuerySet[Drone]":
        return drones.exclude(status__in=GONE) if value else drones

    def decided_by(
        self, drones: "QuerySet[Drone]", name: str, value: Rule | None
    ) -> "QuerySet[Drone]":
        return drones.filter(Q(("on_day__rule", value))) if value else drones
