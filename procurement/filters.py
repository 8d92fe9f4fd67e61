"""The filter of purchases; one set serves page, API, export and figures."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import (
    BooleanFilter,
    CharFilter,
    FilterSet,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)

from agencies.models import Person
from procurement.answers import Answer, with_answer
from procurement.models import Purchase, PurchaseQuerySet
from procurement.states import Status
from registry.filters import mission_choices, reader_agencies, search_text


def purchases_for_list(person: Person) -> PurchaseQuerySet:
    """The purchases this person may read with the answer of their dossier, newest first: every list starts here."""
    return with_answer(Purchase.objects.visible_to(person).for_list())


class PurchaseFilter(FilterSet):
    """Takes the rows of `purchases_for_list` and the request of the reader, whose scope limits the choices."""

    q = CharFilter(label=_("Search"), method="search", help_text=_("Number or title."))
    agency = ModelMultipleChoiceFilter(
        label=_("Agency"),
        queryset=reader_agencies,  # type: ignore[arg-type]  # may be a function of the request, which the stubs leave out
        field_name="agency__code",
        to_field_name="code",
        distinct=False,
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
        label=_("Mission"), method="with_mission", choices=mission_choices
    )
    mine = BooleanFilter(
        label=_("Only what I asked for"), method="asked_by_reader", widget=forms.CheckboxInput
    )

    class Meta:
        model = Purchase
        fields: tuple[str, ...] = ()

    def search(
        self, purchases: "QuerySet[Purchase]", name: str, value: str
    ) -> "QuerySet[Purchase]":
        text = search_text(value)
        return purchases.filter(number__icontains=text) | purchases.filter(title__icontains=text)

    def with_mission(
        self, purchases: "QuerySet[Purchase]", name: str, value: list[str]
    ) -> "QuerySet[Purchase]":
        return purchases.filter(missions__overlap=value) if value else purchases

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
