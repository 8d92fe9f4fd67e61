#!/usr/bin/env python3
"""Everything one needs to run the registry, from an empty folder on: see README.md.

    python3 run.py             environment, PostgreSQL, migrations, translations, demo world, server
    python3 run.py test        the tests (--slow: the long sweeps too; further words go to pytest)
    python3 run.py check       format, lint, types, imports, migrations, deploy check, templates, translations
    python3 run.py bench       the benchmarks
    python3 run.py manage …    manage.py in the project's environment
    python3 run.py stop        stop the embedded PostgreSQL
    python3 run.py lock        write the requirements anew from pyproject.toml

Standard library only: it runs before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets here before it fails
    sys.exit(
        f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try python3.12 run.py, or install one."
    )

import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

PROJECT: Final = Path(__file__).resolve().parent
VENV: Final = PROJECT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
STAMP: Final = VENV / "requirements.sha256"
GRACE: Final = 10  # seconds for the server and the worker to finish what they do


def main(words: Sequence[str]) -> int:
    name, rest = (words[0], list(words[1:])) if words else ("run", [])
    if name in WITH_WORDS:
        return WITH_WORDS[name](rest)
    if name in ALONE and not rest:
        return ALONE[name]()
    print(f"run.py does not know “{' '.join(words)}”.\n\n{__doc__}", file=sys.stderr)
    return 2


# ---- Commands


def run() -> int:
    """Starts everything and stays until it is interrupted."""
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    _refuse_taken(host, port)
    environment = prepare(dev=False)
    command = [str(PYTHON), "manage.py", "prepare"]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, check=False, stdout=subprocess.PIPE, encoding="utf-8"
    )
    _require(done.returncode)
    return serve(host, port, environment, welcome=done.stdout)


def test(words: list[str]) -> int:
    """Further words go to pytest, which uses all cores unless told otherwise."""
    environment = prepare(dev=True, server=False)
    _require(inside(["-m", "config.translations", "compile"], environment=environment))
    arguments = [word for word in words if word != "--slow"]
    if "--slow" in words:
        arguments = ["-m", "slow or not slow", *arguments]
    if not any(word.startswith("-n") for word in arguments):
        arguments = ["-n", str(os.cpu_count() or 1), *arguments]
    return inside(["-m", "pytest", *arguments], environment=environment)


def check(words: list[str]) -> int:
    return inside(["-m", "config.check", *words], environment=prepare(dev=True, server=False))


def bench(words: list[str]) -> int:
    """On a server of its own under .data/bench; ROWS says for how many aircraft."""
    return inside(["-m", "bench", *words], environment=prepare(dev=False, server=False))


def manage(words: list[str]) -> int:
    return inside(["manage.py", *words], environment=prepare(dev=False))


def stop() -> int:
    if not PYTHON.exists():
        print("Nothing to stop: there is no environment yet.")
        return 0
    return inside(["-m", "config.embedded", "stop"])


def lock() -> int:
    """Pins every package by hash and names no host, for all Python versions and systems at once."""
    uv = shutil.which("uv")
    if uv is None:
        print("run.py lock needs uv: pip install uv", file=sys.stderr)
        return 2
    for extra, target in ((), "requirements.txt"), (("--extra", "dev"), "requirements-dev.txt"):
        status = subprocess.run(
            [
                *(
                    uv,
                    "pip",
                    "compile",
                    "--quiet",
                    "--universal",
                    "--python-version",
                    "3.11",
                    "--generate-hashes",
                ),
                *("--no-emit-index-url", "--custom-compile-command", "python3 run.py lock"),
                *(*extra, "pyproject.toml", "-o", target),
            ],
            cwd=PROJECT,
            check=False,
        ).returncode
        if status:
            return status
    return 0


def usage() -> int:
    print(__doc__)
    return 0


WITH_WORDS: Final = {"test": test, "check": check, "bench": bench, "manage": manage}
ALONE: Final = {"run": run, "stop": stop, "lock": lock} | dict.fromkeys(
    ("help", "-h", "--help"), usage
)


# ---- Environment


def prepare(*, dev: bool, server: bool = True) -> dict[str, str]:
    """Installs what is missing and starts the embedded server if it is wanted; returns the children's environment."""
    install(dev=dev)
    environment = dict(os.environ)
    if environment.get("DATABASE_URL"):
        return environment
    environment.setdefault("DEMO", "1")
    if server:
        _require(inside(["-m", "config.embedded", "start"], environment=environment))
    return environment


def install(*, dev: bool) -> None:
    """Brings .venv in step with the requirements; does nothing when it already is."""
    have = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else ["run"]
    kind = "dev" if dev or have[0] == "dev" else "run"
    wanted = [kind, _digest("requirements.txt"), _digest("requirements-dev.txt"), _interpreter()]
    if have == wanted and PYTHON.exists():
        return
    if VENV.exists() and (not PYTHON.exists() or have[-1] not in ("run", _interpreter())):
        shutil.rmtree(VENV)  # it belongs to a Python that is gone, or to another one
    target = PROJECT / ("requirements-dev.txt" if kind == "dev" else "requirements.txt")
    print(f"Installing {target.name} into .venv …", file=sys.stderr)
    uv = shutil.which("uv")
    if uv is not None:
        _install_with_uv(uv, target)
    else:
        _install_with_pip(target)
    STAMP.write_text(" ".join(wanted), encoding="utf-8")


def _digest(name: str) -> str:
    return hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()


def _interpreter() -> str:
    """Which Python made the environment, as one word: another one needs another environment."""
    return hashlib.sha256(f"{sys.version} {sys.base_prefix}".encode()).hexdigest()


def _install_with_uv(uv: str, target: Path) -> None:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    if not PYTHON.exists():
        _call([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)])
    _call([uv, "pip", "sync", "--quiet", "--require-hashes", str(target)], environment)


def _install_with_pip(target: Path) -> None:
    if not (VENV / "bin" / "pip").exists():
        _make_venv()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _call([*pip, "--no-deps", "--require-hashes", "-r", str(target)])


def _make_venv() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], check=False, capture_output=True
    )
    if made.returncode == 0:
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    sys.exit(
        "Python's venv module is not complete here. On Debian or Ubuntu:\n"
        f"    apt-get install python3-venv      (or python{version}-venv)\n"
        "Then run this again. With uv installed, venv is not needed."
    )


# ---- Server and worker


def serve(host: str, port: int, environment: dict[str, str] | None, *, welcome: str = "") -> int:
    """Runs the web server and the job worker until one ends or we are told to stop; PostgreSQL stays up."""
    children = [
        subprocess.Popen(
            [str(PYTHON), *command], cwd=PROJECT, env=environment, start_new_session=True
        )
        for command in (_server_command(host, port), _worker_command())
    ]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        _wait_until_open(host, port, children[0])
        print(
            f"{welcome}\nThe registry is open at http://{_address(_reachable(host), port)}/  (Ctrl-C stops it)",
            flush=True,
        )
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        print("The server or its worker has ended; see the messages above.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "\nStopped. PostgreSQL goes on, so that the next start is quick: python3 run.py stop ends it."
        )
        return 0
    finally:
        _end(children)


def _server_command(host: str, port: int) -> list[str]:
    workers = ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    quiet = ["--no-control-socket", "--log-level", "warning", "--graceful-timeout", "5"]
    once = ["--preload"]  # one import for all workers, and an unfit database ends the start at once
    return [
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        _address(host, port),
        *workers,
        *quiet,
        *once,
    ]


def _worker_command() -> list[str]:
    return ["manage.py", "worker"]


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()


def _wait_until_open(host: str, port: int, server: subprocess.Popen[bytes]) -> None:
    """Until a request is answered: the port is open a moment before the workers are there."""
    while server.poll() is None and not _is_alive(host, port):
        time.sleep(0.1)


def _is_alive(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_reachable(host), port), timeout=1):
            return True
    except OSError:
        return False


def _reachable(host: str) -> str:
    """An address of this machine to connect to: 0.0.0.0 is only for listening."""
    return "127.0.0.1" if host in ("", "0.0.0.0") else host  # noqa: S104 - compared, not bound


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _port() -> int:
    value = os.environ.get("PORT", "8000")
    if not value.isdigit() or not 0 < int(value) < 65536:
        sys.exit(f"PORT is {value!r}: write a number from 1 to 65535.")
    return int(value)


def _refuse_taken(host: str, port: int) -> None:
    if _answers(host, port):
        sys.exit(
            f"Port {port} on {_reachable(host)} is taken. Choose another one: PORT=8001 python3 run.py"
        )


# ---- Small things


def inside(words: Sequence[str], *, environment: dict[str, str] | None = None) -> int:
    """Runs Python in the project's environment and returns its exit status."""
    done = subprocess.run([str(PYTHON), *words], cwd=PROJECT, env=environment, check=False)
    return done.returncode


def _call(command: list[str], environment: dict[str, str] | None = None) -> None:
    _require(subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode)


def _require(status: int) -> None:
    if status != 0:
        sys.exit(status)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
