"""What the database holds to when policies are written and published, whoever asks it."""

from datetime import date

import psycopg2
import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from psycopg2.errors import InsufficientPrivilege

from agencies.context import acting_as
from agencies.models import Person
from policy.drafts import propose, start_draft, take_back, withdraw
from policy.models import Policy, PolicyVersion, ReferenceList
from policy.services import publish
from tests.databases import FreshDatabase
from tests.people import People, settle
from tests.refusals import NO_RIGHT, refused
from tests.worlds import IN_FORCE, World, furnish

PUBLISHED = {"status": "published", "published_at": timezone.now()}


@pytest.fixture
def draft(world: World, hana: Person) -> PolicyVersion:
    with acting_as(hana):
        return start_draft(before=world.version, label="2", by=hana)


def update(version: PolicyVersion, **values: object) -> None:
    PolicyVersion.objects.filter(pk=version.pk).update(**values)


def later(version: PolicyVersion) -> dict[str, object]:
    """Days that no other version has, so that only what is asked about refuses."""
    return {**PUBLISHED, "in_force": DateRange(date(1990, 1, 1), date(1991, 1, 1))}


def test_a_version_is_stored_as_a_draft_and_as_nothing_else(world: World, people: People) -> None:
    with acting_as(people.fumi), refused(NO_RIGHT):
        PolicyVersion.objects.create(
            policy=world.version.policy,
            label="3",
            in_force=DateRange(date(1990, 1, 1), date(1991, 1, 1)),
            drafted_by=people.hana,
            published_by=people.fumi,
            **PUBLISHED,
        )


def test_nobody_publishes_what_they_wrote_even_with_a_statement(
    draft: PolicyVersion, people: People
) -> None:
    with acting_as(people.hana), refused(NO_RIGHT):
        update(draft, published_by=people.hana, **later(draft))
    with acting_as(people.hana), refused(NO_RIGHT):
        update(draft, published_by=people.fumi, **later(draft))  # in the name of another
    with acting_as(people.fumi):
        update(draft, published_by=people.fumi, **later(draft))
    draft.refresh_from_db()
    assert draft.status == "published"


def test_whoever_changed_a_rule_has_written_the_version(
    draft: PolicyVersion, people: People
) -> None:
    with acting_as(people.fumi):
        draft.rules.filter(code="origin").update(citation="Another")
    draft.refresh_from_db()
    assert draft.edited_by == [people.hana.pk, people.fumi.pk]
    assert draft.is_work_of(people.fumi.pk)
    with acting_as(people.fumi), refused(NO_RIGHT):
        update(draft, published_by=people.fumi, **later(draft))
    with acting_as(people.fumi), pytest.raises(ValidationError, match="whose work it is not"):
        publish(version=draft, by=people.fumi, in_force_from=date(2030, 1, 1))


def test_adding_and_removing_a_rule_is_writing_too(draft: PolicyVersion, people: People) -> None:
    with acting_as(people.fumi):
        draft.rules.filter(code="origin").delete()
    with acting_as(people.kei):
        rule = draft.rules.get()
        rule.pk, rule.code = None, "again"
        rule.save(force_insert=True)
    draft.refresh_from_db()
    assert draft.edited_by == [people.hana.pk, people.fumi.pk, people.kei.pk]


def test_who_wrote_it_cannot_be_rewritten(draft: PolicyVersion, people: People) -> None:
    with acting_as(people.fumi):
        update(draft, edited_by=[])
    draft.refresh_from_db()
    assert draft.edited_by == [people.hana.pk, people.fumi.pk]
    with acting_as(people.fumi), refused(NO_RIGHT):
        update(draft, drafted_by=people.kei)


def test_publishing_changes_nothing_else(draft: PolicyVersion, people: People) -> None:
    with acting_as(people.fumi), refused(NO_RIGHT):
        update(draft, published_by=people.fumi, sensitive_missions=[], **later(draft))


def test_a_version_asked_for_stays_as_it_was_asked_for(
    draft: PolicyVersion, people: People
) -> None:
    with acting_as(people.hana):
        propose(version=draft, by=people.hana)
        with refused(NO_RIGHT):
            update(draft, sensitive_missions=[])
        with refused(NO_RIGHT):
            draft.rules.update(level="inform")
        take_back(version=draft)
        update(draft, sensitive_missions=[])
    draft.refresh_from_db()
    assert (draft.status, draft.sensitive_missions) == ("draft", [])


def test_a_withdrawn_version_stays_withdrawn(draft: PolicyVersion, people: People) -> None:
    with acting_as(people.hana):
        withdraw(version=draft)
        with refused(NO_RIGHT):
            update(draft, status="draft")
    with acting_as(people.fumi):
        with refused(NO_RIGHT):
            update(draft, published_by=people.fumi, **later(draft))
        with pytest.raises(ValidationError, match="withdrawn"):
            publish(version=draft, by=people.fumi)


def test_a_pack_that_the_program_loaded_is_asked_for_by_one_and_published_by_another(
    world: World, people: People
) -> None:
    with acting_as(None):
        version = start_draft(before=world.version, label="program", by=people.hana)
        alone = PolicyVersion.objects.create(
            policy=Policy.objects.create(code="other", name_en="Other", name_local="別"),
            label="1",
            in_force=DateRange(date(2030, 1, 1), None),
        )
        for rule in version.rules.all():
            rule.pk, rule.version = None, alone
            rule.save(force_insert=True)
    alone.refresh_from_db()
    assert (alone.drafted_by, alone.edited_by) == (None, [])
    with acting_as(people.fumi), refused(NO_RIGHT):
        update(alone, published_by=people.fumi, **PUBLISHED)
    with acting_as(people.hana):
        propose(version=alone, by=people.hana)
    with acting_as(people.fumi):
        assert publish(version=alone, by=people.fumi).status == "published"


def test_the_version_before_ends_on_the_day_the_next_one_begins(
    world: World, draft: PolicyVersion, people: People
) -> None:
    with acting_as(people.fumi):
        publish(version=draft, by=people.fumi, in_force_from=date(2030, 4, 1))
    world.version.refresh_from_db()
    assert world.version.in_force == DateRange(IN_FORCE, date(2030, 4, 1))
    in_force = PolicyVersion.objects.in_force_on
    assert [in_force(date(2030, 3, 31)).get().label, in_force(date(2030, 4, 1)).get().label] == [
        "1",
        "2",
    ]


def test_two_published_versions_never_share_a_day_even_with_a_statement(
    draft: PolicyVersion, people: People
) -> None:
    overlap = {**PUBLISHED, "in_force": DateRange(date(2030, 1, 1), None)}
    with acting_as(people.fumi), refused("23P01"):
        update(draft, published_by=people.fumi, **overlap)


def test_codes_that_results_name_stay(world: World, people: People) -> None:
    with acting_as(people.hana):
        with refused(NO_RIGHT):
            Policy.objects.filter(pk=world.version.policy_id).update(code="renamed")
        with refused(NO_RIGHT):
            ReferenceList.objects.filter(pk=world.concern.pk).update(code="renamed")
        with refused(NO_RIGHT):
            ReferenceList.objects.filter(pk=world.concern.pk).update(kind="entities")
        ReferenceList.objects.filter(pk=world.concern.pk).update(name_en="Renamed")


STATEMENTS = [
    "update policy_policyversion set label = 'x' where status = 'published'",
    "delete from policy_policyversion where status = 'published'",
    "update policy_rule set level = 'inform'",
    "delete from policy_rule",
    (
        "insert into policy_rule (version_id, code, clause_en, clause_local, authoritative, reason_en, reason_local,"
        " to_check_en, to_check_local, citation, level, on_unknown, min_grade, scope, criterion, held, examples)"
        " select version_id, 'more', '', '', 'ja', '', '', '', '', '', 'inform', 'inform', 2, '{}', '{}', '{}', '[]'"
        " from policy_rule limit 1"
    ),
    "update policy_edition set source = 'x'",
    "delete from policy_edition",
    "update policy_entry set name = 'x'",
    "delete from policy_entry",
    "truncate policy_rule cascade",
    "truncate policy_policyversion cascade",
    "truncate policy_entry cascade",
    "truncate policy_edition cascade",
]


def test_what_is_published_stays_for_the_owner_too(fresh_database: FreshDatabase) -> None:
    furnish(settle())
    with psycopg2.connect(fresh_database.owner_dsn) as owner, owner.cursor() as cursor:
        cursor.execute("select set_config('app.actor', 'system:migrate', false)")
        for statement in STATEMENTS:
            cursor.execute("savepoint before")
            with pytest.raises(InsufficientPrivilege, match=r"never|only while"):
                cursor.execute(statement)
            cursor.execute("rollback to savepoint before")
