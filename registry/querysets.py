from typing import TYPE_CHECKING, Self

from django.db import models

from agencies.scoping import ScopedManager, ScopedQuerySet

if TYPE_CHECKING:
    from registry.models import Drone

OUTSIDE_COUNTS = "entered_in_error"
GONE = ("transferred", "disposed", OUTSIDE_COUNTS)


class DroneQuerySet(ScopedQuerySet["Drone"]):
    def for_list(self) -> Self:
        """With all that a row of the list shows, newest first."""
        return self.select_related("agency", "build__model__manufacturer").order_by(
            "-id"
        )

    def counted(self) -> Self:
        """Without rows entered in error: they are outside every figure."""
        return self.exclude(status=OUTSIDE_COUNTS)

    def held(self) -> Self:
        """What agencies have today: neither handed over, disposed of nor entered in error."""
        return self.exclude(status__in=GONE)


class DroneManager(ScopedManager["Drone"]):
    queryset_class = DroneQuerySet

    if TYPE_CHECKING:

        def visible_to(self, person: "models.Model") -> DroneQuerySet: ...  # type: ignore[override]
        def unscoped(self, *, reason: str) -> DroneQuerySet: ...  # type: ignore[override]
