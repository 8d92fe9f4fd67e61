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
class Loan(Grant):
    """A role of somebody who is away, lent to their substitute: for the steps of purchases and nothing else."""

    person_id: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The grants of one person on one day, and what they stand in for. `central` when one of either stands at the root.

    `withheld` are the agencies that do not show the centre their aircraft; it is empty for everybody else.
    """

    grants: tuple[Grant, ...] = ()
    central: bool = False
    withheld: frozenset[int] = frozenset()
    loans: tuple[Loan, ...] = ()

    @property
    def agencies(self) -> frozenset[int]:
        """The ids of every agency whose rows this person may read."""
        return frozenset().union(*(grant.agencies for grant in (*self.grants, *self.loans)))

    def stands_in(self, roles: Iterable[str], agency_id: int) -> bool:
        """Whether somebody who is away lent one of these roles for this agency."""
        wanted = set(roles)
        return any(loan.role in wanted and agency_id in loan.agencies for loan in self.loans)

    def where_for_others(self, role: str) -> frozenset[int]:
        """The agencies for which this role is lent."""
        return frozenset().union(*(loan.agencies for loan in self.loans if loan.role == role))

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
            "select role, node, agencies, central, instead_of,"
            " case when central then agencies_withholding() end"
            " from agencies_scope(%s, %s)",
            [person_id, day],
        )
        rows = cursor.fetchall()
    own, lent = ([row for row in rows if (row[4] is None) is mine] for mine in (True, False))
    return Scope(
        tuple(Grant(role, node, frozenset(agencies)) for role, node, agencies, *_ in own),
        central=any(row[3] for row in rows),
        withheld=frozenset(agency for row in rows for agency in row[5] or ()),
        loans=tuple(
            Loan(role, node, frozenset(agencies), person)
            for role, node, agencies, _, person, _ in lent
        ),
    )


def every_agency() -> list[int]:
    """The ids of the whole tree: what a context of the centre covers."""
    with connection.cursor() as cursor:
        cursor.execute("select id from agencies_agency")
        return [row[0] for row in cursor.fetchall()]
