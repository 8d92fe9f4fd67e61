"""A real installation does not start with anything missing or odd; the demo world never meets a real database."""

import os
import subprocess
import sys

import pytest

from config.embedded import PROJECT
from config.environment import flag, problems

GOOD = {
    "SECRET_KEY": "vT3-9sQx_ZkL7w0pRj4NdB8yFhM2cUaG6eXo1iWqVtKz5nPl0rDb",
    "ALLOWED_HOSTS": "registry.go.jp, www.registry.go.jp",
    "DATABASE_URL": "postgres://registry_app:pw@db.go.jp/registry",
    "DATABASE_OWNER_URL": "postgres://registry_owner:pw@db.go.jp/registry",
    "EMAIL_URL": "smtp+tls://registry:pw@mail.go.jp:587",
}

REFUSED = [
    pytest.param({"SECRET_KEY": ""}, "SECRET_KEY is missing", id="no key"),
    pytest.param(
        {"SECRET_KEY": GOOD["SECRET_KEY"][:49]}, "SECRET_KEY is too simple", id="short key"
    ),
    pytest.param({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too simple", id="key of two letters"),
    pytest.param(
        {"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]},
        "SECRET_KEY looks like a placeholder",
        id="generated development key",
    ),
    pytest.param({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS is missing", id="no hosts"),
    pytest.param({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS contains '*'", id="any host"),
    pytest.param({"ALLOWED_HOSTS": "a.go.jp,*.go.jp"}, "contains '*.go.jp'", id="star among hosts"),
    pytest.param({"ALLOWED_HOSTS": "https://a.go.jp"}, "without scheme", id="address as host"),
    pytest.param({"ALLOWED_HOSTS": "a.go.jp:443"}, "without scheme, port", id="host with port"),
    pytest.param({"DATABASE_URL": ""}, "DATABASE_URL is missing", id="no database"),
    pytest.param(
        {"DATABASE_URL": "sqlite:///db.sqlite3"}, "DATABASE_URL is not a PostgreSQL", id="sqlite"
    ),
    pytest.param({"DATABASE_URL": "postgres://db/"}, "DATABASE_URL names no user", id="no user"),
    pytest.param(
        {"DATABASE_URL": "postgres://postgres:pw@db/registry"},
        "DATABASE_URL logs in as a superuser",
        id="superuser",
    ),
    pytest.param(
        {"DATABASE_URL": "postgres://registry_owner:pw@db/registry"},
        "DATABASE_URL logs in as a superuser or as the owner",
        id="owner as app",
    ),
    pytest.param(
        {"DATABASE_OWNER_URL": "mysql://registry_owner@db/registry"},
        "DATABASE_OWNER_URL is not a PostgreSQL",
        id="owner elsewhere",
    ),
    pytest.param(
        {"DATABASE_OWNER_URL": GOOD["DATABASE_URL"]},
        "DATABASE_OWNER_URL logs in as the same role",
        id="app as owner",
    ),
    pytest.param({"EMAIL_URL": ""}, "EMAIL_URL is missing", id="no mail"),
    pytest.param(
        {"EMAIL_URL": "consolemail://"}, "EMAIL_URL does not name a mail server", id="mail lost"
    ),
    pytest.param({"EMAIL_URL": "smtp://"}, "EMAIL_URL does not name a mail server", id="no host"),
    pytest.param({"EMAIL_URL": "smtp://[broken"}, "EMAIL_URL does not", id="broken address"),
    pytest.param({"DEBUG": "1"}, "DEBUG is set without DEMO", id="debug"),
    pytest.param({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'", id="debug neither yes nor no"),
    pytest.param({"DEMO": "perhaps"}, "DEMO is 'perhaps'", id="demo neither yes nor no"),
    pytest.param({"DEMO": "1"}, "DEMO is set together with DATABASE_URL", id="demo on real data"),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED)
def test_one_odd_value_is_refused_by_name(change: dict[str, str], sentence: str) -> None:
    found = problems({**GOOD, **change})
    assert any(sentence in problem for problem in found), found


def test_a_complete_environment_is_accepted() -> None:
    assert problems(GOOD) == []
    assert problems({name: GOOD[name] for name in GOOD if name != "DATABASE_OWNER_URL"}) == []


def test_the_demo_world_needs_nothing() -> None:
    assert problems({"DEMO": "1"}) == []


def test_everything_that_is_missing_is_named_at_once() -> None:
    named = {problem.split()[0] for problem in problems({})}
    assert named == {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL"}


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), (" TRUE ", True), ("", False), ("0", False), ("off", False)]
)
def test_yes_and_no_are_read_in_the_usual_spellings(text: str, value: bool) -> None:
    assert flag({"DEMO": text}, "DEMO") is value


def _load_settings(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Imports the settings in a process that has this environment and nothing of ours."""
    code = (
        "import config.settings as s;"
        "print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, sorted(s.DATABASES), s.EMAIL_HOST)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_settings_refuse_with_all_sentences_and_without_the_secret_itself() -> None:
    done = _load_settings({**GOOD, "SECRET_KEY": "short-one", "ALLOWED_HOSTS": "*"})
    assert done.returncode != 0
    assert "ImproperlyConfigured: The registry does not start:" in done.stderr
    assert "- SECRET_KEY is too simple" in done.stderr
    assert "- ALLOWED_HOSTS contains '*'" in done.stderr
    assert "short-one" not in done.stderr


def test_the_settings_of_a_real_installation_are_strict() -> None:
    done = _load_settings(GOOD)
    assert done.stdout == "True True ['default', 'owner'] mail.go.jp\n", done.stderr


def test_without_the_owners_address_there_is_no_owners_connection() -> None:
    done = _load_settings({name: GOOD[name] for name in GOOD if name != "DATABASE_OWNER_URL"})
    assert "['default'] mail.go.jp" in done.stdout, done.stderr
