"""What an agency tells the centre of its aircraft: who decides, what follows for prices, and storing it."""

from django.db import transaction

from agencies.models import Disclosure, Membership, Person
from registry.models import Drone

Given = Disclosure.Given


def may_disclose(person: Person, agency_id: int) -> bool:
    """An approver of the agency or of one above it; somebody of the centre does not decide what it is told."""
    return not person.scope.central and person.scope.holds(Membership.Role.APPROVER, agency_id)


def disclosure_of(person: Person, agency_id: int) -> Disclosure:
    """What stands for this agency; that everything is exact where nothing was said. One query."""
    said = Disclosure.objects.visible_to(person).filter(agency=agency_id).first()
    return said or Disclosure(agency_id=agency_id)


def untold(person: Person) -> list[Disclosure]:
    """The agencies whose aircraft this person is not shown. No query for those who are shown all."""
    if not person.scope.withheld:
        return []
    rows = Disclosure.objects.visible_to(person).exclude(aircraft=Given.EXACT)
    return list(rows.select_related("agency").order_by("agency__code"))


def prices_that_would_change(person: Person, agency_id: int, prices: str) -> int:
    """How many recorded prices are taken away, or rounded to two digits, when prices are given like this."""
    if prices == Given.EXACT:
        return 0
    priced = Drone.objects.visible_to(person).filter(agency=agency_id, price__isnull=False)
    return (
        priced.count() if prices == Given.WITHHELD else priced.exclude(price_given=prices).count()
    )


@transaction.atomic
def disclose(said: Disclosure) -> Disclosure:
    """Store what an agency tells; the database changes what is recorded of prices with it."""
    said.full_clean()
    said.save()
    return said


def prices_of(agency_id: int) -> str:
    """How this agency gives its prices: a value of `Given`. One query."""
    rows = Disclosure.objects.unscoped(reason="how prices of one agency are kept")
    said = rows.filter(agency=agency_id).values_list("prices", flat=True).first()
    return said or Given.EXACT


def price_as_kept(agency_id: int, price: int | None) -> int | None:
    """A price as this agency keeps prices: as it is, to two digits, or not at all. One query."""
    if price is None:
        return None
    prices = prices_of(agency_id)
    if prices == Given.WITHHELD:
        return None
    return rounded(price) if prices == Given.APPROXIMATE else price


def rounded(price: int) -> int:
    """To two digits, as `registry_rounded_price` of the database does."""
    unit = int("1".ljust(len(str(price)) - 1, "0"))
    return (price + unit // 2) // unit * unit
