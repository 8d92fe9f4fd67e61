"""The filter of aircraft by all that is known of them; one set serves page, API, export and figures."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import (
    BooleanFilter,
    CharFilter,
    ModelChoiceFilter,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)

from agencies.models import Agency, Person
from compliance.models import RuleResult, Standing, StandingState, Waiver
from compliance.standings import with_standing
from compliance.waiver_filters import reader_waivers
from compliance.waivers import covered_by
from policy.models import Rule
from registry.filtering import (
    Blank,
    DayFilter,
    LightSelectMultiple,
    NumberRangeFilter,
    RecordFilter,
    Strict,
)
from registry.filters import (
    OriginFilters,
    makers,
    mission_choices,
    reader_agencies,
    with_below,
)
from registry.models import Build, Drone, DroneModel
from registry.querysets import GONE
from registry.search import named, search_drones

STANDINGS = [
    (StandingState.GROUND.value, _("ground now")),
    (StandingState.PHASE_OUT.value, _("phase out")),
    (StandingState.TRAINING_ONLY.value, _("training only")),
    (StandingState.UNDETERMINED.value, _("undetermined")),
    (StandingState.WAIVED.value, _("waived")),
    (StandingState.CLEAR.value, _("clear")),
]
"""As a filter names them: without the day that a badge adds."""

BLANKS = {
    "serial_number": (_("Serial number"), Q(serial_number="")),
    "registration_id": (_("Registration ID"), Q(registration_id="")),
    "missions": (_("Missions"), Q(missions__len=0)),
    "custodian": (_("Custodian"), Q(custodian__isnull=True, custodian_name="")),
    "place": (_("Place"), Q(place="")),
    "firmware": (_("Firmware"), Q(firmware="")),
    "flight_hours": (_("Flight hours"), Q(flight_hours__isnull=True)),
    "acquired_on": (_("Acquired on"), Q(acquired_on__isnull=True)),
    "price": (_("Price"), Q(price__isnull=True)),
    "last_confirmed_on": (_("Last confirmed on"), Q(last_confirmed_on__isnull=True)),
    "configuration": (_("Configuration"), Q(build__configuration_known=False)),
    "assembled_in": (_("Place of final assembly"), Q(build__assembled_in__isnull=True)),
    "note": (_("Note"), Q(note="")),
}
"""What can be asked to be recorded or not, and how "nothing there" is asked."""


def drones_for_list(person: Person, day: date) -> "QuerySet[Drone]":
    """The aircraft this person may read with their standing of the day, newest first: every list starts here."""
    return with_standing(Drone.objects.visible_to(person).for_list(), day)


class DroneFilter(OriginFilters):
    """Takes rows of aircraft that the reader may see and the request, whose reader limits the choices.

    The day of `on` (today unless said otherwise) is that of every standing it filters by.
    """

    first = ("q", "agency", "standing", "held", "mission", "status")
    build_path = "build"
    q = CharFilter(
        label=_("Search"),
        method="search",
        help_text=_(
            "Serial number, registration ID or asset tag from three characters; model or maker."
        ),
    )
    agency = ModelMultipleChoiceFilter(
        label=_("Agency"),
        queryset=reader_agencies,  # type: ignore[arg-type]  # a function of the request, which the stubs do not know
        to_field_name="code",
        method="of_agencies",
        widget=LightSelectMultiple,
        help_text=_("With all bodies below it."),
    )
    standing = MultipleChoiceFilter(
        label=_("Standing"),
        method="with_state",
        choices=STANDINGS,
        widget=forms.CheckboxSelectMultiple,
    )
    on = DayFilter(label=_("Standing on the day"), method="on_day")
    status = MultipleChoiceFilter(
        label=_("Status"),
        choices=Drone.Status.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    mission = MultipleChoiceFilter(
        label=_("Mission"),
        method="with_mission",
        choices=mission_choices,
        widget=LightSelectMultiple,
    )
    held = BooleanFilter(
        label=_("Only what is held today"), method="held_today", widget=forms.CheckboxInput
    )
    maker = RecordFilter(
        label=_("Maker"), field_name="build__model__manufacturer", queryset=makers(), listed=False
    )
    model = RecordFilter(
        label=_("Model"), field_name="build__model", queryset=DroneModel.objects.all(), listed=False
    )
    build = RecordFilter(
        label=_("Build"), queryset=Build.objects.select_related("model"), listed=False
    )
    waiver = ModelChoiceFilter(
        label=_("Covered by the waiver"),
        method="under_waiver",
        queryset=reader_waivers,  # type: ignore[arg-type]  # a function of the request, which the stubs do not know
        to_field_name="id",
        widget=forms.HiddenInput,
    )
    firmware = CharFilter(
        label=_("Firmware"), lookup_expr="iexact", help_text=_("The whole designation.")
    )
    custodian = CharFilter(
        label=_("Custodian"), method="with_custodian", help_text=_("Name or e-mail address.")
    )
    rule = RecordFilter(
        label=_("Deciding rule"),
        method="decided_by",
        queryset=Rule.objects.select_related("version__policy"),
    )
    flagged_by = RecordFilter(
        label=_("Build fails the rule"),
        method="failing",
        queryset=Rule.objects.select_related("version__policy"),
        listed=False,
    )
    acquired_since = DayFilter(
        label=_("Acquired on or after"), field_name="acquired_on", lookup_expr="gte"
    )
    acquired_until = DayFilter(
        label=_("Acquired on or before"), field_name="acquired_on", lookup_expr="lte"
    )
    price_min = NumberRangeFilter(label=_("Price in yen, at least"), method="price_from")
    price_max = NumberRangeFilter(label=_("Price in yen, at most"), method="price_to")
    confirmed_before = DayFilter(
        label=_("Not confirmed since"),
        method="unconfirmed",
        help_text=_("Last confirmed before this day, or never."),
    )
    empty = Blank(BLANKS, recorded=False)
    filled = Blank(BLANKS, recorded=True)

    class Meta(Strict):
        model = Drone

    @property
    def day(self) -> date:
        """The day whose standing is shown."""
        asked = self.form.cleaned_data.get("on") if self.is_valid() else None
        return asked or timezone.localdate()

    def search(self, drones: "QuerySet[Drone]", name: str, value: str) -> "QuerySet[Drone]":
        return search_drones(drones, value)

    def of_agencies(
        self, drones: "QuerySet[Drone]", name: str, value: "QuerySet[Agency]"
    ) -> "QuerySet[Drone]":
        return drones.filter(agency__in=with_below(value)) if value else drones

    def on_day(self, drones: "QuerySet[Drone]", name: str, value: date) -> "QuerySet[Drone]":
        """Chooses no rows: it is the day of the other filters."""
        return drones

    def periods(self) -> "QuerySet[Any]":
        """The standing of the day, as a part of a query over aircraft that were scoped."""
        return Standing.objects.get_queryset().filter(
            drone=OuterRef("pk"), begins__lte=self.day, ends__gt=self.day
        )

    def with_state(
        self, drones: "QuerySet[Drone]", name: str, value: list[str]
    ) -> "QuerySet[Drone]":
        """Undetermined takes in aircraft that were never assessed; other states are found by their periods."""
        if not value:
            return drones
        if StandingState.UNDETERMINED not in value:
            return drones.filter(Exists(self.periods().filter(state__in=value)))
        state = Subquery(self.periods().values("state")[:1])
        return drones.alias(
            state_asked=Coalesce(state, Value(StandingState.UNDETERMINED.value))
        ).filter(Q(("state_asked__in", value)))

    def with_mission(
        self, drones: "QuerySet[Drone]", name: str, value: list[str]
    ) -> "QuerySet[Drone]":
        return drones.filter(missions__overlap=value) if value else drones

    def held_today(
        self, drones: "QuerySet[Drone]", name: str, value: bool | None
    ) -> "QuerySet[Drone]":
        return drones.exclude(status__in=GONE) if value else drones

    def with_custodian(self, drones: "QuerySet[Drone]", name: str, value: str) -> "QuerySet[Drone]":
        people = Person.objects.filter(
            named("name_en", value) | named("name_local", value) | Q(email__iexact=value.strip())
        )
        return drones.filter(
            Q(custodian__in=people.values("pk")) | Q(custodian_name__icontains=value.strip())
        )

    def decided_by(self, drones: "QuerySet[Drone]", name: str, value: Rule) -> "QuerySet[Drone]":
        return drones.filter(Exists(self.periods().filter(rule=value)))

    def failing(self, drones: "QuerySet[Drone]", name: str, value: Rule) -> "QuerySet[Drone]":
        results = RuleResult.objects.on(self.day).filter(
            rule=value, outcome=RuleResult.Outcome.FAIL
        )
        return drones.filter(build__in=results.values("build"))

    def price_from(self, drones: "QuerySet[Drone]", name: str, value: int) -> "QuerySet[Drone]":
        return drones.filter(currency="JPY", price__gte=value)

    def price_to(self, drones: "QuerySet[Drone]", name: str, value: int) -> "QuerySet[Drone]":
        return drones.filter(currency="JPY", price__lte=value)

    def unconfirmed(self, drones: "QuerySet[Drone]", name: str, value: date) -> "QuerySet[Drone]":
        return drones.filter(Q(last_confirmed_on__lt=value) | Q(last_confirmed_on__isnull=True))

    def under_waiver(
        self, drones: "QuerySet[Drone]", name: str, value: Waiver
    ) -> "QuerySet[Drone]":
        """Within the scope of the waiver, whether or not it is in force."""
        return covered_by(value, drones)
