"""The first net: rows of an agency cannot be read, counted or written before they are scoped.

A queryset of such a table raises `Unscoped` when it is evaluated, unless it passed
`visible_to(person)` or `unscoped(reason=…)`. The second net is row-level security.
"""

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models.expressions import Combinable

from standards.uuids import uuid7

if TYPE_CHECKING:
    from agencies.models import Person

M = TypeVar("M", bound=models.Model)


class Unscoped(RuntimeError):
    """Rows of an agency were asked for without saying for whom."""


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to agencies; the flag travels with every clone."""

    _scoped = False
    agency_path: ClassVar[str] = "agency_id"

    def visible_to(self, person: "Person") -> Self:
        """The rows this person may read: the only way to rows of an agency."""
        scope = person.scope
        if not scope.central:
            rows = self.filter(**{f"{self.agency_path}__in": sorted(scope.agencies)})
        elif scope.withheld and getattr(self.model, "of_aircraft", False):
            rows = self.exclude(**{f"{self.agency_path}__in": sorted(scope.withheld)})
        else:
            rows = self.all()
        rows._scoped = True
        return rows

    def unscoped(self, *, reason: str) -> Self:
        """Rows of all agencies that the database lets through; for jobs and checks across them."""
        if not reason:
            raise ValueError("Say why these rows need no scope.")
        rows = self.all()
        rows._scoped = True
        return rows

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # private, and the only place every clone passes
        clone._scoped = self._scoped
        return clone

    def _merge_sanity_check(self, other: models.QuerySet[Any]) -> None:
        """`&`, `|` and `^`: rows that nobody scoped must not come in with scoped ones."""
        super()._merge_sanity_check(other)  # type: ignore[misc]  # private, and what all three pass
        if getattr(other, "_scoped", True) is not self._scoped:
            self._refuse()

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Self:
        """`union`, `intersection` and `difference`: the same."""
        combined: Self = super()._combinator_query(combinator, *others, all=all)  # type: ignore[misc]  # private
        combined._scoped = self._scoped and builtins.all(
            getattr(o, "_scoped", True) for o in others
        )
        return combined

    def _refuse(self) -> None:
        raise Unscoped(
            f"{self.model.__name__} rows belong to agencies:"
            " call visible_to(person) or unscoped(reason=…) first."
        )

    def _demand_scope(self) -> None:
        if not self._scoped:
            self._refuse()

    def _fetch_all(self) -> None:
        self._demand_scope()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        self._demand_scope()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._demand_scope()
        return super().count()

    def exists(self) -> bool:
        self._demand_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._demand_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Combinable | Any) -> int:
        self._demand_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._demand_scope()
        return super().delete()


class ScopedManager(models.Manager[M]):
    """Gives out scoped querysets; the queryset class can be a subclass with intention names."""

    queryset_class: type[ScopedQuerySet[Any]] = ScopedQuerySet

    def get_queryset(self) -> ScopedQuerySet[M]:
        return self.queryset_class(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]  # set by Manager

    def visible_to(self, person: "Person") -> ScopedQuerySet[M]:
        return self.get_queryset().visible_to(person)

    def unscoped(self, *, reason: str) -> ScopedQuerySet[M]:
        return self.get_queryset().unscoped(reason=reason)


class _ThroughBaseManager:
    """A model as its unique checks may see it: without the first net, through row-level security alone."""

    def __init__(self, model: type[models.Model]) -> None:
        self._model = model
        self._default_manager = model._base_manager

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


class ScopedUniqueConstraint(models.UniqueConstraint):
    """A unique constraint of an agency table, checked without the first net."""

    def validate(self, model: type[models.Model], *args: Any, **kwargs: Any) -> None:
        super().validate(_ThroughBaseManager(model), *args, **kwargs)  # type: ignore[arg-type]  # stands in for it


class AgencyRecord(models.Model):
    """A row of an agency. Its id is not guessable, and children point to (agency, id).

    Rows `of_aircraft` tell how many aircraft there are: an agency may withhold them from the centre.
    """

    of_aircraft: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def _get_unique_checks(self, *args: Any, **kwargs: Any) -> Any:
        """Without the id, which is made here; the others are checked without the first net."""
        unique, dates = super()._get_unique_checks(*args, **kwargs)  # type: ignore[misc]  # private
        through = [
            (_ThroughBaseManager(model), fields)
            for model, fields in unique
            if tuple(fields) != ("id",)
        ]
        return through, dates
