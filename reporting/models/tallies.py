from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from agencies.scoping import ScopedManager, ScopedUniqueConstraint
from compliance.models import StandingState
from registry.models import Build


class Tally(models.Model):
    """How many aircraft an agency holds, by one thing that can be said of them. Derived; see `reporting.counting`."""

    class Dimension(models.TextChoices):
        """`key` is the code of a mission, a year, or a column where nothing is recorded."""

        MISSION = "mission"
        YEAR = "year"
        NOT_RECORDED = "not_recorded"

    agency = models.ForeignKey("agencies.Agency", models.CASCADE, related_name="+", db_index=False)
    dimension = models.CharField(max_length=12, choices=Dimension.choices)
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()

    of_aircraft: ClassVar = True
    objects: ClassVar = ScopedManager["Tally"]()

    class Meta:
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["dimension", "agency", "key"], name="tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.dimension} {self.key}: {self.number}"


class BuildTally(models.Model):
    """How many aircraft of a build an agency holds. Derived."""

    agency = models.ForeignKey("agencies.Agency", models.CASCADE, related_name="+", db_index=False)
    build = models.ForeignKey(Build, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()

    of_aircraft: ClassVar = True
    objects: ClassVar = ScopedManager["BuildTally"]()

    class Meta:
        constraints: ClassVar = [
            ScopedUniqueConstraint(fields=["agency", "build"], name="build_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.build_id}: {self.number}"


class StandingTally(models.Model):
    """How many aircraft that an agency holds stand alike from one day until another. Derived."""

    agency = models.ForeignKey("agencies.Agency", models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=15, choices=StandingState.choices)
    begins = models.DateField()
    ends = models.DateField()
    number = models.PositiveIntegerField()

    of_aircraft: ClassVar = True
    objects: ClassVar = ScopedManager["StandingTally"]()

    class Meta:
        constraints: ClassVar = [
            ScopedUniqueConstraint(
                fields=["agency", "begins", "ends", "state"], name="standing_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.state} {self.begins}–{self.ends}: {self.number}"


class Counted(models.Model):
    """When the aircraft of an agency were counted last."""

    agency = models.OneToOneField(
        "agencies.Agency", models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField()

    of_aircraft: ClassVar = True
    objects: ClassVar = ScopedManager["Counted"]()

    def __str__(self) -> str:
        return f"{self.agency_id} {self.at}"


class Uncounted(models.Model):
    """That something was written about aircraft of an agency since they were counted.

    Appended by the database for each statement, never updated: two writers do not wait for each other.
    """

    agency = models.ForeignKey("agencies.Agency", models.CASCADE, related_name="+")

    of_aircraft: ClassVar = True
    objects: ClassVar = ScopedManager["Uncounted"]()

    def __str__(self) -> str:
        return str(self.agency_id)


class Origin(models.Model):
    """A country that a build comes from, in one sense of the word; an empty one where that is not known. Derived."""

    class Meaning(models.TextChoices):
        MAKER = "maker"
        CONTROL = "control"
        ASSEMBLY = "assembly"
        PARTS = "parts"
        CONFIGURATION = "configuration"

    build = models.ForeignKey(Build, models.CASCADE, related_name="origins", db_index=False)
    meaning = models.CharField(max_length=13, choices=Meaning.choices)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meaning", "country", "build"], name="origin_once")
        ]

    def __str__(self) -> str:
        return f"{self.build_id} {self.meaning} {self.country}"


class Placed(models.Model):
    """The day on which origins were read from the catalogue. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="placed_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.on)


class Unplaced(models.Model):
    """That the catalogue was written since origins were read from it. Appended as `Uncounted` is."""

    at = models.DateTimeField(auto_now_add=True, db_default=Now())

    def __str__(self) -> str:
        return str(self.at)
