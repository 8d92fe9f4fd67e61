"""What a person may see and act on, worked out from the memberships that hold on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a node, and the ids of the agencies it covers: the node and all below."""

    role: str
    node: int
    agencies: frozenset[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """The grants of one person on one day. `central` when one of them stands at the root.

    `withheld` are the agencies that do not show the centre their aircraft; it is empty for everybody else.
    """

    grants: tuple[Grant, ...] = ()
    central: bool = False
    withheld: frozenset[int] = frozenset()

    @property
    def agencies(self) -> frozenset[int]:
        """The ids of every agency whose rows this person may read."""
        return frozenset().union(*(grant.agencies for grant in self.grants))

    def holds(self, role: str, agency_id: int | None = None) -> bool:
        """Whether the role is held for this agency, or anywhere when none is named."""
        return any(
            g.role == role and (agency_id is None or agency_id in g.agencies) for g in self.grants
        )

    def holds_any(self, roles: Iterable[str], agency_id: int | None = None) -> bool:
        return any(self.holds(role, agency_id) for role in roles)

    def where(self, role: str) -> frozenset[int]:
        """The agencies for which this role is held."""
        return frozenset().union(*(grant.agencies for grant in self.grants if grant.role == role))


NOBODY = Scope()


def load_scope(person_id: int, day: date) -> Scope:
    """One query through a function of the owner: it is needed before any context is set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select role, node, agencies, central, case when central then agencies_withholding() end"
            " from agencies_scope(%s, %s)",
            [person_id, day],
        )
        rows = cursor.fetchall()
    grants = tuple(Grant(role, node, frozenset(agencies)) for role, node, agencies, *_ in rows)
    withheld = frozenset(agency for row in rows for agency in row[4] or ())
    return Scope(grants, central=any(row[3] for row in rows), withheld=withheld)


def every_agency() -> list[int]:
    """The ids of the whole tree: what a context of the centre covers."""
    with connection.cursor() as cursor:
        cursor.execute("select id from agencies_agency")
        return [row[0] for row in cursor.fetchall()]
