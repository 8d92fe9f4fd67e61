from typing import TYPE_CHECKING, Self

from agencies.scoping import ScopedManager, ScopedQuerySet

if TYPE_CHECKING:
    from agencies.models import Person
    from registry.models import Drone

    Rows = ScopedQuerySet[Drone]
    Manager = ScopedManager[Drone]
else:
    Rows, Manager = ScopedQuerySet, ScopedManager

OUTSIDE_COUNTS = "entered_in_error"
GONE = ("transferred", "disposed", OUTSIDE_COUNTS)


class DroneQuerySet(Rows):
    def for_list(self) -> Self:
        """With all that a row of the list shows, newest first."""
        return self.select_related("agency", "custodian", "build__model__manufacturer").order_by(
            "-id"
        )

    def counted(self) -> Self:
        """Without rows entered in error: they are outside every figure."""
        return self.exclude(status=OUTSIDE_COUNTS)

    def held(self) -> Self:
        """What agencies have today: neither handed over, disposed of nor entered in error."""
        return self.exclude(status__in=GONE)


class DroneManager(Manager):
    queryset_class = DroneQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: Person) -> DroneQuerySet: ...
        def unscoped(self, *, reason: str) -> DroneQuerySet: ...
