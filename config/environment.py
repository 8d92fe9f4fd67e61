"""What the program takes from its environment, and the refusal of what is missing or odd.

A program that starts with a guessed secret or an open host list looks healthy until the day it matters: so outside the
demo world nothing has a default, and every problem is named at once.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from config.roles import OWNER_ROLE

TRUE: Final = frozenset({"1", "true", "yes", "on"})
FALSE: Final = frozenset({"", "0", "false", "no", "off"})
POSTGRES_SCHEMES: Final = frozenset({"postgres", "postgresql"})
MAIL_SCHEMES: Final = frozenset({"smtp", "smtps", "smtp+tls", "smtp+ssl"})
PLACEHOLDERS: Final = ("insecure", "changeme", "change-me", "secret", "example", "password")
SHORTEST_KEY: Final = 50
FEWEST_CHARACTERS: Final = 10


def flag(environ: Mapping[str, str], name: str) -> bool:
    """A yes-or-no variable; unset is no. Raises ValueError for anything that is neither."""
    value = environ.get(name, "").strip().lower()
    if value not in TRUE | FALSE:
        raise ValueError(f"{name} is {value!r}: write 1 or 0.")
    return value in TRUE


def problems(environ: Mapping[str, str]) -> list[str]:
    """All reasons not to start, each a sentence that names the variable; empty when there are none."""
    found = list(_flag_problems(environ))
    if found:
        return found
    if flag(environ, "DEMO"):
        return list(_demo_problems(environ))
    checks = (
        _key_problems,
        _host_problems,
        _database_problems,
        _owner_problems,
        _mail_problems,
        _site_problems,
        _debug_problems,
    )
    return [problem for check in checks for problem in check(environ)]


def _flag_problems(environ: Mapping[str, str]) -> Iterator[str]:
    for name in ("DEMO", "DEBUG"):
        try:
            flag(environ, name)
        except ValueError as error:
            yield str(error)


def _demo_problems(environ: Mapping[str, str]) -> Iterator[str]:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        if environ.get(name):
            yield f"DEMO is set together with {name}: the demo world is loaded into the embedded database alone."


def _key_problems(environ: Mapping[str, str]) -> Iterator[str]:
    key = environ.get("SECRET_KEY", "")
    if not key:
        yield "SECRET_KEY is missing: set it to a long random text that only this installation knows."
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield f"SECRET_KEY is too simple: use at least {SHORTEST_KEY} random characters."
    elif any(word in key.lower() for word in PLACEHOLDERS):
        yield "SECRET_KEY looks like a placeholder: use random characters."


def hosts(environ: Mapping[str, str]) -> list[str]:
    """ALLOWED_HOSTS, separated by commas."""
    return [host.strip() for host in environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]


def _host_problems(environ: Mapping[str, str]) -> Iterator[str]:
    if not hosts(environ):
        yield "ALLOWED_HOSTS is missing: name the hosts this site answers for, separated by commas."
    for host in hosts(environ):
        if "*" in host:
            yield f"ALLOWED_HOSTS contains {host!r}: name every host, a star would accept any."
        elif any(sign in host for sign in "/: ") and not host.startswith("["):
            yield f"ALLOWED_HOSTS contains {host!r}: write host names without scheme, port or path."


def _database_problems(environ: Mapping[str, str]) -> Iterator[str]:
    if not environ.get("DATABASE_URL"):
        yield "DATABASE_URL is missing: write postgres://registry_app:password@host/registry, or set DEMO=1 to try it."
        return
    yield from _url_problems("DATABASE_URL", environ["DATABASE_URL"])
    if _split(environ["DATABASE_URL"]).username in ("postgres", OWNER_ROLE):
        yield "DATABASE_URL logs in as a superuser or as the owner: row-level security needs the app role."


def _owner_problems(environ: Mapping[str, str]) -> Iterator[str]:
    owner = environ.get("DATABASE_OWNER_URL", "")
    if not owner:
        return
    yield from _url_problems("DATABASE_OWNER_URL", owner)
    if _split(owner).username == _split(environ.get("DATABASE_URL", "")).username:
        yield "DATABASE_OWNER_URL logs in as the same role as DATABASE_URL: migrations need the owner's."


def _url_problems(name: str, url: str) -> Iterator[str]:
    parts = _split(url)
    if parts.scheme not in POSTGRES_SCHEMES:
        yield f"{name} is not a PostgreSQL address: it begins with {parts.scheme or 'nothing'!r}, not postgres://."
    elif not parts.username or not parts.path.strip("/"):
        yield f"{name} names no user or no database: write postgres://user:password@host/database."


def _mail_problems(environ: Mapping[str, str]) -> Iterator[str]:
    url = environ.get("EMAIL_URL", "")
    if not url:
        yield "EMAIL_URL is missing: write smtp+tls://user:password@host:587, reminders and log-in links go there."
    elif _split(url).scheme not in MAIL_SCHEMES or not _split(url).hostname:
        yield f"EMAIL_URL does not name a mail server: use one of {', '.join(sorted(MAIL_SCHEMES))}, then a host."


def _site_problems(environ: Mapping[str, str]) -> Iterator[str]:
    site = environ.get("SITE_URL", "")
    if site and (_split(site).scheme != "https" or not _split(site).hostname):
        yield "SITE_URL is not the address of the site: write https://host, links in mails begin with it."


def _debug_problems(environ: Mapping[str, str]) -> Iterator[str]:
    if flag(environ, "DEBUG"):
        yield "DEBUG is set without DEMO: error pages would show secrets to anybody."


def _split(url: str) -> SplitResult:
    """The parts of a URL; all empty when it is none (urlsplit raises on broken brackets)."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
