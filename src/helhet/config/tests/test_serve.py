"""`helhet serve`: web server and worker live and die together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from helhet.config.serve import Child, Supervisor
from helhet.kit.command import DONE, FAILED, Output

PATIENCE = 240.0


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, log: Path) -> str:
    """The server's words, once they hold this."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text()
        if what in text:
            return text
        time.sleep(0.1)
    raise AssertionError(f"{what!r} did not come:\n{log.read_text()}")


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    """A running server, its address and its words."""
    address, log = f"127.0.0.1:{free_port()}", tmp_path / "log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELHET_", "DJANGO_"))}
    env = {**kept, "HELHET_DATA_DIR": str(tmp_path / "data"), "HELHET_BIND": address, "HELHET_WEB_WORKERS": "1"}
    command = [sys.executable, "-m", "helhet.config.cli", "serve"]
    with (
        log.open("wb") as words,
        subprocess.Popen(command, env=env, stdout=words, stderr=words, cwd="/", process_group=0) as process,
    ):
        yield process, address, log
        if process.poll() is None:
            process.kill()


@pytest.mark.slow
def test_one_signal_stops_all_and_the_first_start_gives_a_link(
    serving: tuple[subprocess.Popen[bytes], str, Path],
) -> None:
    process, address, log = serving
    text = wait_for("/link/", log)
    assert f"served at http://{address}" in text
    with urllib.request.urlopen(f"http://{address}/sign-in/", timeout=120) as answer:
        assert answer.status == 200
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == DONE
    for pid in children.stdout.split():
        assert not Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_a_second_server_says_that_the_port_is_taken(serving: tuple[subprocess.Popen[bytes], str, Path]) -> None:
    process, address, log = serving
    wait_for("served at", log)
    env = {
        **os.environ,
        "HELHET_DATA_DIR": str(log.parent / "data"),
        "DJANGO_SETTINGS_MODULE": "helhet.config.settings",
    }
    command = [sys.executable, "-m", "helhet.config.cli", "serve", "--bind", address]
    second = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert second.returncode == FAILED
    assert "cannot be served" in second.stderr
    assert process.poll() is None


def test_a_server_that_never_starts_ends_with_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    children = [Child("web server", [sys.executable, "-c", "raise SystemExit(3)"])]
    greeted: list[bool] = []
    code = Supervisor(children, Output(as_json=False)).run("127.0.0.1", free_port(), lambda: greeted.append(True))
    assert code == FAILED
    assert greeted == []
    assert "does not start" in capsys.readouterr().err


def test_a_child_that_fell_starts_again_after_a_growing_pause() -> None:
    child, out = Child("worker", [sys.executable, "-c", ""]), Output(as_json=False)
    pauses = []
    for _ in range(3):
        child.start_at = 0.0
        child.tend(out)
        assert child.process is not None
        child.process.wait()
        child.tend(out)
        pauses.append(child.pause)
    assert pauses == [2.0, 4.0, 8.0]
    assert child.falls == 3
