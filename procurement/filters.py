"""The filter of purchases; one set serves page, API, export and figures."""

from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import (
    BooleanFilter,
    CharFilter,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)

from agencies.models import Agency, Person
from procurement.answers import Answer, with_answer
from procurement.due import is_overdue, ordered_without_review
from procurement.models import Line, Purchase, PurchaseQuerySet
from procurement.states import Status
from registry.filtering import (
    Blank,
    DayFilter,
    LightSelectMultiple,
    ListFilterSet,
    RecordFilter,
    Strict,
)
from registry.filters import mission_choices, reader_agencies, with_below
from registry.models import Build, DroneModel, Vendor
from registry.search import is_searchable, named


def purchases_for_list(person: Person) -> PurchaseQuerySet:
    """The purchases this person may read with the answer of their dossier, newest first: every list starts here."""
    return with_answer(Purchase.objects.visible_to(person).for_list())


def lines_with(**wanted: Model) -> "QuerySet[Any, Any]":
    """The purchases of such lines, as a part of a query over purchases that were scoped."""
    return Line.objects.get_queryset().filter(**wanted).values("purchase")


def suppliers(request: HttpRequest | None) -> "QuerySet[Vendor]":
    """The vendors that some line visible to the reader names."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return Vendor.objects.none()
    lines = Line.objects.visible_to(person).filter(supplier__isnull=False)
    return Vendor.objects.filter(pk__in=lines.values("supplier"))


BLANKS = {
    "needed_by": (_("Needed by"), Q(needed_by__isnull=True)),
    "contract_reference": (_("Contract reference"), Q(contract_reference="")),
    "dossier": (_("Dossier"), Q(dossier__isnull=True)),
}


class PurchaseFilter(ListFilterSet):
    """Takes the rows of `purchases_for_list` and the request of the reader, whose scope limits the choices."""

    first = ("q", "agency", "status", "answer", "mine")
    q = CharFilter(label=_("Search"), method="search", help_text=_("Number or title."))
    agency = ModelMultipleChoiceFilter(
        label=_("Agency"),
        queryset=reader_agencies,  # type: ignore[arg-type]  # may be a function of the request, which the stubs leave out
        to_field_name="code",
        method="of_agencies",
        widget=LightSelectMultiple,
        help_text=_("With all bodies below it."),
    )
    status = MultipleChoiceFilter(
        label=_("Status"),
        choices=Status.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    answer = MultipleChoiceFilter(
        label=_("Result"),
        choices=Answer.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    mission = MultipleChoiceFilter(
        label=_("Mission"),
        method="with_mission",
        choices=mission_choices,
        widget=LightSelectMultiple,
    )
    mine = BooleanFilter(
        label=_("Only what I asked for"), method="asked_by_reader", widget=forms.CheckboxInput
    )

    overdue = BooleanFilter(
        label=_("Only reviews that are overdue"), method="late", widget=forms.CheckboxInput
    )
    unreviewed_order = BooleanFilter(
        label=_("Only emergency orders without their review in time"),
        method="late_orders",
        widget=forms.CheckboxInput,
    )
    kind = MultipleChoiceFilter(
        label=_("Kind"),
        choices=Purchase.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    model = RecordFilter(
        label=_("Model"), method="for_model", queryset=DroneModel.objects.all(), listed=False
    )
    build = RecordFilter(
        label=_("Build"),
        method="for_build",
        queryset=Build.objects.select_related("model"),
        listed=False,
    )
    supplier = RecordFilter(
        label=_("Supplier"),
        method="from_supplier",
        queryset=suppliers,  # type: ignore[arg-type]  # a function of the request, which the stubs do not know
    )
    needed_until = DayFilter(
        label=_("Needed on or before"), field_name="needed_by", lookup_expr="lte"
    )
    waiting_since = DayFilter(
        label=_("In this state since, or longer"), field_name="since", lookup_expr="date__lte"
    )
    empty = Blank(BLANKS, recorded=False)
    filled = Blank(BLANKS, recorded=True)

    class Meta(Strict):
        model = Purchase

    def of_agencies(
        self, purchases: "QuerySet[Purchase]", name: str, value: "QuerySet[Agency]"
    ) -> "QuerySet[Purchase]":
        return purchases.filter(agency__in=with_below(value)) if value else purchases

    def for_model(
        self, purchases: "QuerySet[Purchase]", name: str, value: DroneModel
    ) -> "QuerySet[Purchase]":
        return purchases.filter(pk__in=lines_with(build__model=value))

    def for_build(
        self, purchases: "QuerySet[Purchase]", name: str, value: Build
    ) -> "QuerySet[Purchase]":
        return purchases.filter(pk__in=lines_with(build=value))

    def from_supplier(
        self, purchases: "QuerySet[Purchase]", name: str, value: Vendor
    ) -> "QuerySet[Purchase]":
        return purchases.filter(pk__in=lines_with(supplier=value))

    def search(
        self, purchases: "QuerySet[Purchase]", name: str, value: str
    ) -> "QuerySet[Purchase]":
        if not is_searchable(value):
            return purchases.none()
        return purchases.filter(named("number", value) | named("title", value))

    def with_mission(
        self, purchases: "QuerySet[Purchase]", name: str, value: list[str]
    ) -> "QuerySet[Purchase]":
        return purchases.filter(missions__overlap=value) if value else purchases

    def late(
        self, purchases: "QuerySet[Purchase]", name: str, value: bool | None
    ) -> "QuerySet[Purchase]":
        today = timezone.localdate()
        return (
            purchases.filter(is_overdue(today), status__in=Status.under_review())
            if value
            else purchases
        )

    def late_orders(
        self, purchases: "QuerySet[Purchase]", name: str, value: bool | None
    ) -> "QuerySet[Purchase]":
        return ordered_without_review(purchases, timezone.localdate()) if value else purchases

    def asked_by_reader(
        self, purchases: "QuerySet[Purchase]", name: str, value: bool | None
    ) -> "QuerySet[Purchase]":
        """Without a reader nobody asked."""
        if not value:
            return purchases
        reader = getattr(self.request, "user", None)
        return (
            purchases.filter(requester=reader) if isinstance(reader, Person) else purchases.none()
        )
