"""The databases of the tests: one migrated template, copied in a tenth of a second wherever a test run needs one."""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2.extensions import make_dsn
from psycopg2.sql import SQL, Identifier

from config.embedded import PROJECT, SUPERUSER, Cluster, utf8_ctype
from config.roles import APP_ROLE, OWNER_ALIAS, OWNER_ROLE

TEMPLATE: Final = "registry_template_"
COPY: Final = "registry_test_"
KEPT_TEMPLATES: Final = 4
TEMPLATE_LOCK: Final = 7_270_001
DEMO_WORLD: Final = "demo"
_numbers = count(1)


@dataclass(frozen=True)
class FreshDatabase:
    """A copy of the template for one test, with addresses for connections of its own."""

    name: str
    app_dsn: str = field(repr=False)
    owner_dsn: str = field(repr=False)


def cluster() -> Cluster:
    """The server of the tests: not durable, so fast."""
    return Cluster(settings.DATA_DIR, durable=False)


def dsn(role: str, database: str) -> str:
    where = cluster().connection(role, database)
    address: str = make_dsn(
        host=where["HOST"],
        port=where["PORT"],
        user=where["USER"],
        password=where["PASSWORD"],
        dbname=where["NAME"],
    )
    return address


def template() -> str:
    """The name of the migrated template, which is made if the migrations have changed since the last one."""
    name = TEMPLATE + _fingerprint()
    with session(OWNER_ROLE) as db, db.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
        if not cursor.fetchone()[0]:
            _make_template(name)
    return name


def make_copy(of: str) -> str:
    name = f"{COPY}{os.getpid()}_{next(_numbers)}"
    with session(OWNER_ROLE) as db, db.cursor() as cursor:
        cursor.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(of))
        )
    return name


def demo_world(of: str, fill: Callable[[], None]) -> str:
    """The name of the copy that holds the demo world: filled once for all processes of a run, by whichever comes first."""
    name = f"{COPY}{_run()}_{DEMO_WORLD}"
    with session(OWNER_ROLE) as db, db.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        cursor.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name])
        if not cursor.fetchone()[0]:
            with copy_in_use(of) as filled:
                fill()
                connections.close_all()
                rename = SQL("ALTER DATABASE {} RENAME TO {}")
                cursor.execute(rename.format(Identifier(filled.name), Identifier(name)))
    return name


def _run() -> int:
    """The process that began the run: of pytest itself, or of the one that shares the tests between several."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def drop(name: str) -> None:
    with session(SUPERUSER) as db, db.cursor() as cursor:
        cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def point_to(name: str) -> None:
    """Makes Django's connections, those of other threads included, open this database from now on."""
    connections.close_all()
    for alias, role in ((DEFAULT_DB_ALIAS, APP_ROLE), (OWNER_ALIAS, OWNER_ROLE)):
        connections[alias].settings_dict.update(cluster().connection(role, name))


@contextlib.contextmanager
def copy_in_use(of: str) -> Iterator[FreshDatabase]:
    """A copy that Django's connections point to inside the block."""
    before = str(connections[OWNER_ALIAS].settings_dict["NAME"])
    name = make_copy(of)
    point_to(name)
    try:
        yield FreshDatabase(name, app_dsn=dsn(APP_ROLE, name), owner_dsn=dsn(OWNER_ROLE, name))
    finally:
        point_to(before)
        drop(name)


def drop_leftovers() -> None:
    """Removes the copies of runs that are no longer alive, and all but the newest templates."""
    with session(SUPERUSER) as db, db.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [COPY + "%"])
        dead = [
            name for (name,) in cursor.fetchall() if not _is_alive(int(re.findall(r"\d+", name)[0]))
        ]
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC OFFSET %s",
            [TEMPLATE + "%", KEPT_TEMPLATES],
        )
        for name in [*dead, *(name for (name,) in cursor.fetchall())]:
            cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _make_template(name: str) -> None:
    """Migrates under a temporary name: a run that dies on the way leaves nothing that looks finished."""
    unfinished = f"{name}_unfinished"
    drop(unfinished)
    with session(OWNER_ROLE) as db, db.cursor() as cursor:
        cursor.execute(
            SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin "
                "BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE %s"
            ).format(Identifier(unfinished)),
            [utf8_ctype()],
        )
    with session(OWNER_ROLE, unfinished) as db, db.cursor() as cursor:
        cursor.execute((PROJECT / "config" / "database.sql").read_text(encoding="utf-8"))
    point_to(unfinished)
    call_command("migrate", database=OWNER_ALIAS, verbosity=0, skip_checks=True)
    connections.close_all()
    with session(OWNER_ROLE) as db, db.cursor() as cursor:
        cursor.execute(
            SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name))
        )


def _fingerprint() -> str:
    """Changes with everything the template is made of: our migrations and SQL, and the packages' versions.

    The apps' other modules count too where a migration imports from them (`sql.py`, `operations.py`).
    """
    sources = [
        PROJECT / "requirements.txt",
        PROJECT / "config" / "database.sql",
        PROJECT / "config" / "roles.sql",
    ]
    for pattern in (
        "*/migrations/*.py",
        "*/migrations/*.sql",
        "*/sql*.py",
        "*/operations.py",
        "*/sql/*.sql",
    ):
        sources += sorted(PROJECT.glob(pattern))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(str(source.relative_to(PROJECT)).encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def session(role: str, database: str = "registry") -> Iterator[psycopg2.extensions.connection]:
    """A connection outside any transaction, as CREATE DATABASE wants it."""
    db = psycopg2.connect(dsn(role, database))
    db.autocommit = True
    try:
        yield db
    finally:
        db.close()
