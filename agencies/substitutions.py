"""Who stands in for whom: laying it down and ending it. What may be is decided by the database (agencies/sql_posts.py)."""

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Person, Substitution
from agencies.scoping import ScopedQuerySet

TEXTS: Mapping[str, Promise] = MappingProxyType(
    {
        "actor": _("A substitution is laid down by the person who stores it."),
        "not_yours": _(
            "Who is away, or an administrator of the agency, lays this down and ends it."
        ),
        "no_such_post": _("Who is away does not hold this role at this agency on that day."),
        "no_colleague": _(
            "The substitute holds no post at this agency, above it or below it from that day on."
        ),
        "past": _("The last day has passed already."),
        "ended": _("The substitution has ended already."),
    }
)


class SubstitutionNotAllowed(PermissionDenied):
    """`guard` names what refused it."""

    def __init__(self, guard: str) -> None:
        self.guard = guard
        super().__init__(TEXTS[guard])


def substitutions_of(person: Person) -> ScopedQuerySet[Substitution]:
    """Those in which this person is away or stands in, and those they laid down, as far as they see the agencies; newest first."""
    rows = Substitution.objects.unscoped(reason="one's own, at whatever node they stand")
    own = Q(person=person) | Q(substitute=person) | Q(set_by=person)
    return (
        rows.filter(own).select_related("person", "substitute", "agency", "set_by").order_by("-id")
    )


@transaction.atomic
def lay_down(*, substitution: Substitution, by: Person) -> Substitution:
    """Store it. Raises SubstitutionNotAllowed, and ValidationError with a sentence per field or for the whole."""
    substitution.set_by = by
    substitution.full_clean(exclude=["set_by"])
    try:
        with transaction.atomic():
            substitution.save(force_insert=True)
    except DatabaseError as error:
        raise _refusal(error) from error
    return substitutions_of(by).get(pk=substitution.pk)


@transaction.atomic
def end_substitution(*, pk: int, by: Person) -> Substitution:
    """Raises Substitution.DoesNotExist, SubstitutionNotAllowed, ValidationError where it has ended."""
    found = substitutions_of(by).get(pk=pk)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select agencies_end_substitution(%s)", [found.pk])
    except DatabaseError as error:
        raise _refusal(error) from error
    return substitutions_of(by).get(pk=pk)


def _refusal(error: DatabaseError) -> Exception:
    guard = getattr(getattr(error.__cause__, "diag", None), "message_detail", "")
    match getattr(error.__cause__, "pgcode", ""):
        case "RG403":
            return SubstitutionNotAllowed(guard)
        case "RG409":
            return ValidationError(str(TEXTS[guard]), code=guard)
    return error
