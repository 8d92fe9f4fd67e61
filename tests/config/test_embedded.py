"""The embedded PostgreSQL is set up by itself, keeps its secrets, and lets in nobody without a password."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from config import embedded
from config.embedded import Cluster, EmbeddedError
from config.roles import APP_ROLE, OWNER_ROLE

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="registry-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster(open_folder: Path) -> Iterator[Cluster]:
    made = Cluster(open_folder / "data", durable=False)
    yield made
    made.stop()


def _ask(cluster: Cluster, query: str, **other: str) -> object:
    where = cluster.connection(APP_ROLE)
    address = {
        "host": where["HOST"],
        "port": where["PORT"],
        "user": where["USER"],
        "password": where["PASSWORD"],
        "dbname": where["NAME"],
        **other,
    }
    db = psycopg2.connect(**address)
    try:
        with db.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        db.close()


def test_a_first_start_makes_everything_and_a_second_one_changes_nothing(cluster: Cluster) -> None:
    cluster.start()
    secrets = {path: path.read_bytes() for path in (cluster.data_dir / "secrets").iterdir()}
    began = _ask(cluster, "SELECT pg_postmaster_start_time()")
    cluster.start()
    assert {path: path.read_bytes() for path in secrets} == secrets
    assert _ask(cluster, "SELECT pg_postmaster_start_time()") == began
    assert _ask(cluster, "SELECT cardinality(show_trgm('無人航空機'))") == 6


def test_data_outlives_a_stop(cluster: Cluster) -> None:
    cluster.start()
    owner = {"user": OWNER_ROLE, "password": cluster.secret(OWNER_ROLE)}
    _ask(cluster, "CREATE TABLE kept AS SELECT 7 AS number; COMMIT; SELECT 1", **owner)
    assert cluster.stop() is True
    assert cluster.stop() is False
    with pytest.raises(psycopg2.OperationalError, match="connection to server on socket"):
        _ask(cluster, "SELECT 1")
    cluster.start()
    assert _ask(cluster, "SELECT number FROM kept") == 7


def test_nobody_gets_in_without_the_password_or_over_the_network(cluster: Cluster) -> None:
    cluster.start()
    for password in ("", "wrong"):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            _ask(cluster, "SELECT 1", password=password)
    assert _ask(cluster, "SELECT current_setting('listen_addresses')") == ""


def test_secrets_are_readable_by_their_owner_alone(cluster: Cluster) -> None:
    cluster.start()
    folder = cluster.data_dir / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {
        "postgres",
        "registry_app",
        "registry_owner",
        "secret_key",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert len({path.read_text() for path in folder.iterdir()}) == 4


def test_a_path_too_long_for_a_socket_still_works(open_folder: Path) -> None:
    cluster = Cluster(open_folder / ("d" * 90) / "data", durable=False)
    try:
        cluster.start()
        assert cluster.socket_dir.parent == Path(tempfile.gettempdir())
        assert _ask(cluster, "SELECT session_user") == APP_ROLE
    finally:
        cluster.stop()
    assert not cluster.socket_dir.exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root's server runs as another user")
def test_roots_server_moves_out_of_a_closed_folder(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_folder / "root"
    home.mkdir(mode=0o700)
    (open_folder / "lib").mkdir(mode=0o755)
    monkeypatch.setattr(embedded, "MOVED_DATA", open_folder / "lib")
    cluster = Cluster(home / "data", durable=False)
    try:
        cluster.start()
        assert (home / "data" / "postgres").is_symlink()
        assert cluster.pgdata.is_relative_to(open_folder / "lib")
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert _ask(cluster, "SELECT session_user") == APP_ROLE
    finally:
        cluster.stop()


@pytest.mark.skipif(not AS_ROOT, reason="needs a file of another user")
def test_anothers_server_is_refused_with_a_way_out(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.pgdata.mkdir(parents=True)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(EmbeddedError, match="belongs to another user: run as that user, or set"):
        cluster.start()


def test_a_server_that_cannot_start_says_why(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    with (cluster.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match="no_such_setting"):
        cluster.start()
