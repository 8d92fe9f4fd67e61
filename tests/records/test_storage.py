"""Contents: each stored once, whole or not at all."""

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from records.storage import (
    A_DAY,
    LARGEST,
    NotTaken,
    open_content,
    place_of,
    store,
    sweep,
)

TEXT = b"Declaration of origin"
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "files"


def contents(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def aged(path: Path, seconds: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_a_content_lies_under_its_digest_and_only_the_program_reads_it(place: Path) -> None:
    stored = store([TEXT[:5], TEXT[5:]])
    assert (stored.digest, stored.size) == (DIGEST, len(TEXT))
    with open_content(DIGEST) as file:
        assert file.read() == TEXT
    assert stat.S_IMODE(place_of(DIGEST).stat().st_mode) == 0o600
    assert stat.S_IMODE(place_of(DIGEST).parent.stat().st_mode) == 0o700


def test_the_same_content_is_stored_once(place: Path) -> None:
    first, second = store([TEXT]), store([TEXT])
    assert first == second
    assert contents(place) == [place_of(DIGEST)]


def too_much() -> Iterator[bytes]:
    for _ in range(LARGEST // 1_000_000 + 1):
        yield b"x" * 1_000_000


@pytest.mark.parametrize(
    ("chunks", "code"),
    [([], "empty"), ([b""], "empty"), (too_much(), "too_large"), ([b"MZ\x00"], "wrong_type")],
    ids=["nothing", "no byte", "too large", "a program"],
)
def test_what_is_not_taken_leaves_nothing(chunks: Iterator[bytes], code: str, place: Path) -> None:
    with pytest.raises(NotTaken) as refused:
        store(chunks)
    assert refused.value.code == code
    assert contents(place) == []


def test_an_upload_that_breaks_off_leaves_nothing(place: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield TEXT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store(broken())
    assert contents(place) == []


KILLED = """
import os, sys
from django.conf import settings
settings.configure(MEDIA_ROOT=sys.argv[1])
from records import storage
def chunks():
    yield b"half of it"
    os.kill(os.getpid(), 9)
storage.store(chunks())
"""


def test_a_kill_in_the_middle_leaves_no_content_and_its_rest_is_swept(
    tmp_path: Path, place: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], check=False, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == -signal.SIGKILL
    (rest,) = contents(place)
    assert rest.parent.name == "incoming"
    assert sweep(frozenset()) == [], "it might still be being written"
    aged(rest, A_DAY + 60)
    assert sweep(frozenset()) == [rest]
    assert contents(place) == []


def test_sweeping_spares_what_a_row_names_and_what_is_new(place: Path) -> None:
    named, rest, new = ("a" * 64, "b" * 64, "c" * 64)
    for digest, age in ((named, A_DAY + 60), (rest, A_DAY + 60), (new, 60)):
        aged(place_of(digest), age)
    assert sweep({named}) == [place_of(rest)]
    assert {path.name for path in contents(place)} == {named, new}


def test_adding_a_content_that_is_there_makes_it_new_for_the_sweeper(place: Path) -> None:
    """Its row is only being written: an old content without a row must not be swept meanwhile."""
    store([TEXT])
    aged(place_of(DIGEST), A_DAY + 60)
    store([TEXT])
    assert sweep(frozenset()) == []


@pytest.mark.django_db
def test_the_command_removes_rests_and_says_how_many(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aged(place_of("d" * 64), A_DAY + 60)
    call_command("sweep_files")
    assert capsys.readouterr().out == "Removed 1.\n"
    assert contents(place) == []
