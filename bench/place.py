"""Where benchmarks run: an embedded server of their own for each size, never anybody's database.

`settle` has to be called before Django's settings are read. The seeded database is kept as a template;
each run works on a fresh copy of it, so that what one run writes does not slow the next.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg2
from psycopg2 import extensions
from psycopg2.sql import SQL, Identifier

from config.embedded import PROJECT, SUPERUSER, Cluster

HOME: Final = PROJECT / ".data" / "bench"
DATABASE: Final = "registry"
SEEDED: Final = "registry_seeded"
JOB_TIMEOUT_MS: Final = 3_600_000
FOREIGN: Final = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "DEBUG"),
    *("DEMO_PASSWORD", "PORT", "HOST"),
)
SOURCES: Final = (
    *("*/migrations/*.py", "*/sql*.py", "*/operations.py", "config/*.sql"),
    *("bench/seed*.py", "bench/size.py", "bench/copying.py"),
)


def settle(rows: int) -> Cluster:
    """Point this process and its children to the server for this many aircraft."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["DEMO"] = "1"
    os.environ["DATA_DIR"] = str(HOME / str(rows))
    os.environ["STATEMENT_TIMEOUT_MS"] = str(JOB_TIMEOUT_MS)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return Cluster(HOME / str(rows))


def fingerprint(rows: int) -> str:
    """Changes with the size and with everything that the seeded database is made by."""
    digest = hashlib.sha256(str(rows).encode())
    for pattern in SOURCES:
        for source in sorted(PROJECT.glob(pattern)):
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


def is_seeded(cluster: Cluster, mark: str) -> bool:
    stamp = _stamp(cluster)
    return stamp.exists() and bool(json.loads(stamp.read_text(encoding="utf-8"))["mark"] == mark)


def begin_anew(cluster: Cluster) -> None:
    """An empty database with the extensions and rights of a first start."""
    _stamp(cluster).unlink(missing_ok=True)
    cluster.start()
    with session(cluster, "postgres") as db, db.cursor() as cursor:
        for name in (DATABASE, SEEDED):
            cursor.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))
    (cluster.pgdata / "registry.sha256").unlink()
    cluster.start()


def keep(cluster: Cluster, mark: str, seconds: float) -> None:
    """The seeded database becomes the template of every run."""
    with session(cluster, "postgres") as db, db.cursor() as cursor:
        cursor.execute(
            SQL("alter database {} rename to {}").format(Identifier(DATABASE), Identifier(SEEDED))
        )
    _stamp(cluster).write_text(json.dumps({"mark": mark, "seconds": seconds}), encoding="utf-8")


def copy_seeded(cluster: Cluster) -> None:
    """A fresh copy of the seeded database under the name that the program uses."""
    with session(cluster, "postgres") as db, db.cursor() as cursor:
        cursor.execute(SQL("drop database if exists {} with (force)").format(Identifier(DATABASE)))
        cursor.execute(
            SQL("create database {} template {} strategy file_copy owner registry_owner").format(
                Identifier(DATABASE), Identifier(SEEDED)
            )
        )
        cursor.execute(SQL("revoke all on database {} from public").format(Identifier(DATABASE)))
        cursor.execute(
            SQL("grant connect, temporary on database {} to registry_app").format(
                Identifier(DATABASE)
            )
        )


@contextlib.contextmanager
def session(cluster: Cluster, database: str = DATABASE) -> Iterator[extensions.connection]:
    """A superuser's connection, each statement a transaction: COPY does not work under row-level security."""
    where = cluster.connection(SUPERUSER, database)
    db = psycopg2.connect(
        host=where["HOST"],
        port=where["PORT"],
        user=where["USER"],
        password=where["PASSWORD"],
        dbname=database,
    )
    db.autocommit = True
    try:
        yield db
    finally:
        db.close()


def _stamp(cluster: Cluster) -> Path:
    return cluster.data_dir / "seeded.json"
