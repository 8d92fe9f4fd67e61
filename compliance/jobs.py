"""Work that pages leave to the worker: ids in, safe to run twice."""

from uuid import UUID

from django_tasks import task

from compliance.intake import take_up


@task()
def advance_import(session_id: str) -> None:
    """Check or store an import, whichever is next. One that is ended is left alone."""
    take_up(UUID(session_id))
