"""Two records of one vendor are made one: everything that points to the one moves to the other.

What points to a vendor is asked of the models, so that tables of higher layers move as well.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from agencies.context import because
from agencies.models import Person
from agencies.scoping import ScopedManager
from registry.models import DistinctVendors, DroneModel, OwnershipLink, Vendor
from registry.permissions import may_keep_catalogue

REDIRECT = "merged_into"


@dataclass(frozen=True, slots=True)
class Moving:
    """The rows of one kind that name the vendor in one of their fields.

    `stays`: those that the other record has already; they remain with the redirect.
    """

    model: type[models.Model]
    field: str
    moves: Sequence[models.Model]
    stays: Sequence[models.Model]


@dataclass(frozen=True, slots=True)
class Merger:
    """What a merge would do. `denied`: links between the two, which no longer say anything."""

    kept: Vendor
    gone: Vendor
    moving: Sequence[Moving]
    denied: Sequence[OwnershipLink]
    obstacles: Sequence[str]

    @property
    def digest(self) -> str:
        """Names what was shown, so that nothing else is done."""
        rows = [
            f"{each.model._meta.label}.{each.field}:{row.pk}"
            for each in self.moving
            for row in each.moves
        ]
        text = "\n".join([f"{self.gone.pk}>{self.kept.pk}", *sorted(rows)])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def merger(*, kept: Vendor, gone: Vendor, by: Person) -> Merger:
    """What moves from `gone` to `kept`, and what stands in the way. A few queries per kind of row."""
    denied = list(OwnershipLink.objects.filter(holder__in=(kept, gone), subject__in=(kept, gone)))
    between = {row.pk for row in denied}
    moving = [_moving(each, kept, gone, by, between) for each in pointing_fields()]
    return Merger(
        kept,
        gone,
        [each for each in moving if each.moves or each.stays],
        [row for row in denied if row.status != OwnershipLink.Status.DENIED],
        list(_obstacles(kept, gone)),
    )


def pointing_fields() -> "Iterator[models.ForeignKey[Any, Any]]":
    """Every foreign key to a vendor, in any app, but for the redirect and what stewards said of pairs."""
    for relation in Vendor._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if (
            isinstance(relation, models.ManyToOneRel)
            and isinstance(field, models.ForeignKey)
            and field.name != REDIRECT
            and field.model is not DistinctVendors
        ):
            yield field


def _rows(model: type[models.Model], by: Person) -> "models.QuerySet[Any]":
    manager = model._default_manager
    return manager.visible_to(by) if isinstance(manager, ScopedManager) else manager.all()


def _moving(
    field: "models.ForeignKey[Any, Any]",
    kept: Vendor,
    gone: Vendor,
    by: Person,
    between: set[int],
) -> Moving:
    rows = _rows(field.model, by).filter(**{field.name: gone}).order_by("pk")
    if field.model is OwnershipLink:
        rows = rows.exclude(pk__in=between)
    known = {_apart(row, field) for row in _rows(field.model, by).filter(**{field.name: kept})}
    moves: list[models.Model] = []
    stays: list[models.Model] = []
    for row in rows:
        apart = _apart(row, field)
        (stays if apart and apart in known else moves).append(row)
    return Moving(field.model, field.name, moves, stays)


def _apart(row: models.Model, field: "models.ForeignKey[Any, Any]") -> tuple[object, ...]:
    """The rest of what must be unique together with the vendor; empty where nothing must."""
    return tuple(
        getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]  # columns alone are constrained
        for constraint in row._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields
        for name in constraint.fields
        if name != field.name
    )


def _obstacles(kept: Vendor, gone: Vendor) -> Iterator[str]:
    if kept.pk == gone.pk:
        yield _("A vendor cannot be merged into itself.")
    for vendor in (kept, gone):
        if vendor.merged_into_id is not None:
            yield _("%(vendor)s was merged into another record before.") % {"vendor": vendor}
    names = DroneModel.objects.filter(manufacturer=kept).values("name")
    for model in DroneModel.objects.filter(manufacturer=gone, name__in=names):
        yield _(
            "Both have a model called %(model)s. Rename one of the two models first, so that no aircraft changes its model."
        ) % {"model": model}


@transaction.atomic
def merge(*, kept: Vendor, gone: Vendor, seen: str, by: Person) -> Merger:
    """Move everything from `gone` to `kept`, and leave `gone` as a redirect. Facts that move are claims of `by`.

    Raises PermissionDenied, or ValidationError when something stands in the way or is no longer what
    `seen` (`Merger.digest`) named.
    """
    if not may_keep_catalogue(by):
        raise PermissionDenied(_("Only a steward merges vendors."))
    held = Vendor.objects.select_for_update().filter(pk__in=(kept.pk, gone.pk)).order_by("pk")
    locked = {vendor.pk: vendor for vendor in held}
    planned = merger(kept=locked[kept.pk], gone=locked[gone.pk], by=by)
    if planned.obstacles:
        raise ValidationError(list(planned.obstacles), code="obstacle")
    if planned.digest != seen:
        raise ValidationError(
            _("What would move has changed since you looked. Look at it again, then merge."),
            code="changed",
        )
    with because(_("%(gone)s was merged into %(kept)s") % {"gone": gone, "kept": kept}):
        _carry_out(planned, by)
    return planned


def _carry_out(planned: Merger, by: Person) -> None:
    """Earlier redirects first, then this one, then the rest: lines follow a redirect that stands."""
    kept, gone = planned.kept, planned.gone
    Vendor.objects.filter(merged_into=gone).update(merged_into=kept)
    Vendor.objects.filter(pk=gone.pk).update(merged_into=kept)
    links = [link.pk for link in planned.denied]
    OwnershipLink.objects.filter(pk__in=links).update(status=OwnershipLink.Status.DENIED)
    for each in planned.moving:
        rows = _rows(each.model, by).filter(pk__in=[row.pk for row in each.moves])
        rows.update(**{each.field: kept})
