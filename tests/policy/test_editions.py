"""What needs real transactions to be shown of editions."""

from agencies.context import acting_as
from policy.models import Edition, Entry
from tests.databases import FreshDatabase
from tests.people import settle
from tests.refusals import NO_RIGHT, refused
from tests.worlds import furnish


def test_an_entry_cannot_be_slipped_into_an_edition_of_an_earlier_transaction(
    fresh_database: FreshDatabase,
) -> None:
    world = furnish(settle())
    edition = Edition.objects.get(list=world.companies)
    with acting_as(None), refused(NO_RIGHT):
        Entry.objects.create(edition=edition, key="late", name="Late")
