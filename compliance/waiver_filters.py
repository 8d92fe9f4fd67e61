"""The filter of waivers; one set serves page and API."""

from datetime import date

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ModelMultipleChoiceFilter, MultipleChoiceFilter

from agencies.models import Agency, Person
from compliance.models import Waiver, WaiverState
from compliance.models.waivers import WaiverQuerySet, concerned
from policy.models import Rule
from registry.filtering import ListFilterSet, RecordFilter, Strict
from registry.filters import reader_agencies, with_below
from registry.models import Build, Drone

ENDING = "ending"
STATES = [
    (WaiverState.REQUESTED.value, _("requested")),
    (WaiverState.ENDORSED.value, _("first decision made")),
    (WaiverState.UPCOMING.value, _("not yet in force")),
    (WaiverState.VALID.value, _("valid")),
    (ENDING, _("ending within 90 days")),
    (WaiverState.ENDED.value, _("ended")),
    (WaiverState.DECLINED.value, _("declined")),
    (WaiverState.WITHDRAWN.value, _("withdrawn")),
]


def waivers_for_list(person: Person, day: date) -> WaiverQuerySet:
    """The waivers that concern this person's agencies with their state of the day, newest first."""
    return Waiver.objects.visible_to(person).on(day).for_list()


def reader_waivers(request: HttpRequest | None) -> QuerySet[Waiver]:
    """The waivers that the reader may see; none without a reader."""
    person = getattr(request, "user", None)
    return (
        Waiver.objects.visible_to(person) if isinstance(person, Person) else Waiver.objects.none()
    )


class WaiverFilter(ListFilterSet):
    """Takes the rows of `waivers_for_list` and the request of the reader."""

    first = ("state", "agency")
    state = MultipleChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=STATES,
        widget=forms.CheckboxSelectMultiple,
    )
    agency = ModelMultipleChoiceFilter(
        label=_("Agency"),
        queryset=reader_agencies,  # type: ignore[arg-type]  # a function of the request, which the stubs do not know
        to_field_name="code",
        method="concerning",
        help_text=_("Waivers that cover aircraft of it, also those granted to a body above it."),
    )
    rule = RecordFilter(
        label=_("Rule"),
        method="from_rule",
        queryset=Rule.objects.select_related("version__policy"),
    )
    build = RecordFilter(
        label=_("Build"), method="for_build", queryset=Build.objects.select_related("model")
    )

    class Meta(Strict):
        model = Waiver

    def in_state(self, waivers: WaiverQuerySet, name: str, value: list[str]) -> "QuerySet[Waiver]":
        if not value:
            return waivers
        wanted = Q(("state__in", value))
        if ENDING in value:
            ending = Waiver.objects.unscoped(reason="narrows rows that are scoped")
            wanted |= Q(pk__in=ending.ending(timezone.localdate()).values("pk"))
        return waivers.filter(wanted)

    def concerning(
        self, waivers: WaiverQuerySet, name: str, value: "QuerySet[Agency]"
    ) -> "QuerySet[Waiver]":
        if not value:
            return waivers
        below = with_below(value)
        return waivers.filter(agency__in=below | set(concerned(frozenset(below))))

    def from_rule(
        self, waivers: WaiverQuerySet, name: str, value: Rule | None
    ) -> "QuerySet[Waiver]":
        return waivers.filter(rules__contains=[value.pk]) if value else waivers

    def for_build(
        self, waivers: WaiverQuerySet, name: str, value: Build | None
    ) -> "QuerySet[Waiver]":
        """Also those for particular aircraft of the build that the reader may see."""
        if value is None:
            return waivers
        reader = getattr(self.request, "user", None)
        if not isinstance(reader, Person):
            return waivers.none()
        aircraft = Drone.objects.visible_to(reader).filter(build=value).order_by().values("pk")
        return waivers.filter(
            Q(builds__contains=[value.pk]) | Q(drones__overlap=ArraySubquery(aircraft))
        )
