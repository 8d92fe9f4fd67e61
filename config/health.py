"""`/livez`: the process answers. `/readyz`: it can do its work: the database is there and fully migrated."""

from collections.abc import Callable

import structlog
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = structlog.get_logger(__name__)


class HealthMiddleware:
    """Answers probes before everything else: they carry no host name, no TLS and no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            problem = unready()
            return JsonResponse({"status": problem or "ok"}, status=503 if problem else 200)
        return self.get_response(request)


def unready() -> str:
    """Why the program cannot work now, in a word; empty when it can."""
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        missing = migrations_are_missing(connection)
    except DatabaseError as error:
        logger.error("database_unreachable", error=str(error))
        return "database"
    finally:
        connection.close_if_unusable_or_obsolete()
    return "migrations" if missing else ""


def migrations_are_missing(connection: BaseDatabaseWrapper) -> bool:
    """Asked as the program itself, which may read the list of migrations but not change the schema."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
