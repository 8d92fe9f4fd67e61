"""Benchmarks work on a server of their own, whatever the environment names."""

import os

import pytest

from bench import __main__ as command
from bench import place


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command changes in the environment is undone after the test."""
    monkeypatch.setattr(os, "environ", dict(os.environ))


def test_a_database_of_the_user_is_never_measured() -> None:
    os.environ |= {"DATABASE_URL": "postgres://registry_app:pw@db/registry", "DEBUG": "1"}
    cluster = place.settle(5_000)
    assert not {"DATABASE_URL", "DEBUG"} & set(os.environ)
    assert os.environ["DEMO"] == "1"
    assert os.environ["DATA_DIR"] == str(cluster.data_dir) == str(place.HOME / "5000")


def test_another_size_is_another_seed() -> None:
    assert place.fingerprint(5_000) == place.fingerprint(5_000) != place.fingerprint(6_000)


@pytest.mark.parametrize("rows", ["many", "999", "-5", "10000001"])
def test_a_number_of_aircraft_that_cannot_be_seeded_is_refused(rows: str) -> None:
    os.environ["ROWS"] = rows
    with pytest.raises(SystemExit, match="ROWS is"):
        command._rows()


def test_a_section_that_is_not_there_is_refused_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        command._arguments(["asses"])
    said = capsys.readouterr().err
    assert "no section is called asses" in said
    assert "assess" in said.split("there are:")[1]
