"""run.py takes few words, says what it does not know, and names what is missing instead of a traceback."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config.embedded import PROJECT


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """run.py as a module whose environment is in an empty folder."""
    spec = importlib.util.spec_from_file_location("run_py", PROJECT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "requirements.sha256")
    (tmp_path / "requirements.txt").write_text("a==1\n")
    (tmp_path / "requirements-dev.txt").write_text("a==1\nb==1\n")
    return module


@pytest.fixture
def installs(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requirement files that were installed; stands in for uv and pip, which need a network."""
    names: list[str] = []

    def install(uv: str, target: Path) -> None:
        names.append(target.name)
        run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        run.PYTHON.touch()

    monkeypatch.setattr(run.shutil, "which", lambda name: name)
    monkeypatch.setattr(run, "_install_with_uv", install)
    return names


@pytest.mark.parametrize("words", [["dance"], ["stop", "now"], ["run", "fast"], ["lock", "x"]])
def test_unknown_words_are_answered_with_the_usage(
    run: ModuleType, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(words) == 2
    said = capsys.readouterr().err
    assert f"does not know “{' '.join(words)}”" in said
    assert "run.py test" in said


def test_help_is_printed_on_request(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--help"]) == 0
    assert "python3 run.py manage" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["eight", "0", "70000", "-1", ""])
def test_an_odd_port_is_refused(
    run: ModuleType, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match=f"PORT is '{port}'"):
        run.main([])


def test_a_taken_port_is_named(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(SystemExit, match=r"is taken\. Choose another one"):
            run.main(["run"])


def test_the_second_start_installs_nothing(run: ModuleType, installs: list[str]) -> None:
    run.install(dev=False)
    run.install(dev=False)
    assert installs == ["requirements.txt"]


def test_tests_add_what_they_need_and_a_later_start_keeps_it(
    run: ModuleType, installs: list[str]
) -> None:
    run.install(dev=False)
    run.install(dev=True)
    run.install(dev=False)
    assert installs == ["requirements.txt", "requirements-dev.txt"]


def test_changed_requirements_are_installed(
    run: ModuleType, installs: list[str], tmp_path: Path
) -> None:
    run.install(dev=True)
    (tmp_path / "requirements.txt").write_text("a==2\n")
    run.install(dev=False)
    assert installs == ["requirements-dev.txt", "requirements-dev.txt"]


def test_another_python_gets_another_environment(
    run: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.install(dev=False)
    (run.VENV / "of-the-old-python").touch()
    monkeypatch.setattr(run, "_interpreter", lambda: "another")
    run.install(dev=False)
    assert installs == ["requirements.txt"] * 2
    assert not (run.VENV / "of-the-old-python").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(
    run: ModuleType, installs: list[str]
) -> None:
    run.install(dev=True)
    run.PYTHON.unlink()
    run.PYTHON.symlink_to("/no/such/python")
    run.install(dev=False)
    assert installs == ["requirements-dev.txt"] * 2
    assert run.PYTHON.exists()


def test_an_environment_made_by_hand_is_brought_in_step_and_kept(
    run: ModuleType, installs: list[str]
) -> None:
    run.PYTHON.parent.mkdir(parents=True)
    run.PYTHON.touch()
    (run.VENV / "kept").touch()
    run.install(dev=True)
    assert installs == ["requirements-dev.txt"]
    assert (run.VENV / "kept").exists()


def test_a_missing_venv_module_is_named_with_its_package(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`false` fails as Debian's Python does when python3-venv is not installed."""
    monkeypatch.setattr(run.sys, "executable", "false")
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        run.install(dev=False)


def test_a_real_database_never_gets_the_demo_world(
    run: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgres://registry_app:pw@db/registry")
    assert "DEMO" not in run.prepare(dev=False)
    monkeypatch.delenv("DATABASE_URL")
    assert run.prepare(dev=False, server=False)["DEMO"] == "1"


def test_an_old_python_is_told_so_before_anything_else() -> None:
    """Python 3.9's parser is not here; a version that is too low is, by changing the number."""
    code = (
        "import sys; sys.version_info = (3, 9, 18, 'final', 0); "
        f"exec(compile(open({str(PROJECT / 'run.py')!r}).read(), 'run.py', 'exec'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed")


def test_stopping_ends_the_server_and_the_worker(run: ModuleType) -> None:
    """SIGTERM to run.py: both children end, in a process of its own with two sleepers for children."""
    code = f"""
import importlib.util, subprocess, sys
spec = importlib.util.spec_from_file_location("run_py", {str(PROJECT / "run.py")!r})
run = importlib.util.module_from_spec(spec); spec.loader.exec_module(run)
sleeper = ["-c", "import os, time; os.write(1, b'%d ' % os.getpid() + bytes([10])); time.sleep(60)"]
run._server_command = lambda host, port: sleeper
run._worker_command = lambda: sleeper
run._is_alive = lambda host, port: True
sys.exit(run.serve("127.0.0.1", 1, None))
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, encoding="utf-8", bufsize=1
    ) as starter:
        assert starter.stdout is not None
        lines = [starter.stdout.readline() for _ in range(4)]
        pids = [int(line) for line in lines if line.strip().isdigit()]
        starter.send_signal(signal.SIGTERM)
        assert starter.wait(20) == 0
    assert len(pids) == 2
    assert not any(Path(f"/proc/{pid}").exists() or _alive(pid) for pid in pids)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
