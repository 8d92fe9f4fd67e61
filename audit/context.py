"""Who acts, in which request and why, told to the database for the current transaction."""

from collections.abc import Mapping

from django.db import connection

from audit.attempts import context_told

ANONYMOUS = "anonymous"
SYSTEM_JOB = "system:job"
SYSTEM_MIGRATE = "system:migrate"

SETTINGS = ("app.actor", "app.actor_name", "app.agencies", "app.request", "app.reason")
ROLE = "role"
"""The database role that the rest of the transaction works as; told with the others, in one statement."""


def tell(values: Mapping[str, str]) -> None:
    """Set these settings until the transaction ends. One statement, whatever their number."""
    if unknown := set(values) - {*SETTINGS, ROLE}:
        raise ValueError(f"Not settings of the context: {', '.join(sorted(unknown))}")
    if not connection.in_atomic_block:
        raise RuntimeError("The context belongs to a transaction: open one first.")
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    with connection.cursor() as cursor:
        cursor.execute(f"select {calls}", [part for pair in values.items() for part in pair])
    context_told(values)


def told() -> dict[str, str]:
    """The settings as they stand; an unset one is empty."""
    calls = ", ".join("current_setting(%s, true)" for _ in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"select {calls}", SETTINGS)
        row = cursor.fetchone()
    return {name: value or "" for name, value in zip(SETTINGS, row, strict=True)}
