"""Work that is left to the worker: safe to run twice."""

from django_tasks import task

from compliance.feed import assess_touched
from procurement.recheck import recheck_purchases


@task()
def follow_changed_rules() -> None:
    """After an edition was recorded or a version published: evaluate what it touches, then send back what
    was approved and no longer holds."""
    assess_touched()
    recheck_purchases()
