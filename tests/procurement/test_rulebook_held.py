"""No version or edition is put in force between what a step compares and the end of that step."""

import psycopg2
import pytest

from agencies.context import acting_as
from procurement.requests import Request
from procurement.states import Action
from procurement.workflow import perform
from tests.databases import FreshDatabase
from tests.people import settle
from tests.worlds import draft, furnish


def test_the_rulebook_cannot_change_until_a_step_is_done(fresh_database: FreshDatabase) -> None:
    society = settle()
    world, aiko = furnish(society), society.people.aiko
    purchase = draft(aiko, society.tree.coast_guard, world.clean)
    with psycopg2.connect(fresh_database.owner_dsn) as officer, officer.cursor() as cursor:
        with acting_as(aiko):
            perform(Action.SUBMIT, purchase.pk, by=aiko, request=Request(purchase.version))
            with pytest.raises(psycopg2.errors.LockNotAvailable):
                cursor.execute("select 1 from policy_rulebookstate for update nowait")
        officer.rollback()
        cursor.execute("select 1 from policy_rulebookstate for update nowait")
        assert cursor.fetchone() == (1,)
