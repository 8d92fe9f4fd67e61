"""Everything that can be said about the sources without running the tests: `python3 run.py check [name …]`."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
SCRIPTS: Final = Path(sys.executable).parent

Command = tuple[str, ...]


def commands() -> dict[str, Command]:
    """Each check by its name, in the order they run."""
    python, manage = sys.executable, (sys.executable, "manage.py")
    templates = [str(path) for path in sorted((PROJECT / "templates").rglob("*.html"))]
    return {
        "format": (_script("ruff"), "format", "--check", "."),
        "lint": (_script("ruff"), "check", "."),
        "types": (_script("mypy"),),
        "imports": (_script("lint-imports"),),
        "templates": (_script("djade"), "--check", "--target-version", "5.2", *templates),
        "migrations": (*manage, "makemigrations", "--check", "--dry-run"),
        "deployment": (*manage, "check", "--deploy", "--fail-level", "WARNING"),
        "schema": (*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull),
        "translations": (python, "-m", "config.translations", "check"),
    }


def _script(name: str) -> str:
    return str(SCRIPTS / name)


def production() -> dict[str, str]:
    """An environment like that of a real installation; nothing listens at its addresses."""
    return {
        "DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "registry.example.go.jp",
        "DATABASE_URL": "postgres://registry_app:unused@127.0.0.1:1/registry",
        "EMAIL_URL": "smtp+tls://registry:unused@mail.example.go.jp:587",
    }


def run_check(name: str, command: Command, environment: Mapping[str, str]) -> bool:
    """Runs one check; prints a line, and all that it said when it failed."""
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=dict(environment),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    print(f"{name:<14}{verdict:<8}{time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode != 0:
        print(done.stdout)
    return done.returncode == 0


def main(names: Sequence[str]) -> int:
    known = commands()
    if unknown := [name for name in names if name not in known]:
        print(
            f"No check is called {', '.join(unknown)}; there are: {', '.join(known)}.",
            file=sys.stderr,
        )
        return 2
    failed = []
    for name in names or known:
        environment = {**os.environ, **(production() if name == "deployment" else {})}
        if not run_check(name, known[name], environment):
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
